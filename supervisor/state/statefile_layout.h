/*
 * statefile_layout: what is where in a state file; shared by the writer
 * (statefile.c) and the reader (statefile_read.c), and by nobody else.
 *
 * A header, then pairs of sealed records (chain, held, each task), then the
 * ring of sealed runs.  Each version of the records has its layout, so that a
 * file of an earlier version can still be read.
 */
#ifndef RUNNER_STATEFILE_LAYOUT_H
#define RUNNER_STATEFILE_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "state.h"

/* "RUNNERST" as the bytes of a little-endian number. */
#define STATEFILE_MAGIC UINT64_C(0x545352454e4e5552)

enum { RECORD_CHAIN, RECORD_HELD, RECORD_TASKS /* and on */ };

/* The first bytes of a file; written once, before the file has its name. */
struct header {
	uint64_t magic;
	uint32_t version;
	uint32_t task_count;
	/* Records laid out otherwise are another version. */
	uint32_t chain_size, held_size, task_size, slot_size, runs_max, spare;
	uint64_t checksum; /* of what is before it */
};

/* What is before each copy of a record. */
struct seal {
	uint64_t sequence; /* the newer copy has the larger one; from 1 */
	uint64_t checksum; /* of the record, seeded with the sequence */
};

/* The records of one version of runner. */
struct layout {
	uint32_t version, chain_size, held_size, task_size, run_size;
	/*
	 * What such a record says, in a zeroed one of this version; `record`
	 * is RECORD_... or, for a run, -1.  NULL: it is one of this version.
	 */
	void (*upgrade)(int record, const void *old, void *out);
};

/* The checksum takes words of eight bytes. */
_Static_assert(sizeof(struct chain_record) % 8 == 0, "words");
_Static_assert(sizeof(struct held_record) % 8 == 0, "words");
_Static_assert(sizeof(struct task_record) % 8 == 0, "words");
_Static_assert(sizeof(struct run_record) % 8 == 0, "words");

extern const struct layout layout_now;
extern const struct layout layout_1; /* runner 1.0.0; see statefile_1.c */

uint64_t layout_checksum(const void *bytes, size_t size, uint64_t seed);

/* The header of a whole file. */
struct header layout_header(const struct layout *l, size_t task_count);

size_t layout_record_size(const struct layout *l, size_t record);

/* Where the first copy of a record is; the second follows it. */
size_t layout_record_offset(const struct layout *l, size_t record);

/*
 * Reads both copies of a record into `pair`, which has room for them and their
 * seals.  Returns the newest whole one, whose seal is before it; NULL: there is
 * none, with errno ENODATA when none was ever written.
 */
const void *layout_read(
    int fd, const struct layout *l, size_t record, char *pair);

/* A run and its seal, whose sequence is the run's number. */
size_t layout_slot_size(const struct layout *l);
size_t layout_run_offset(
    const struct layout *l, size_t task_count, uint64_t number);
size_t layout_file_size(const struct layout *l, size_t task_count);

#endif
