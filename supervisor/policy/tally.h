/*
 * tally: the distinct failures of one task in this process, with counts.
 *
 * Pure, bounded: when it is full the one that was not seen for the longest time
 * gives way.
 */
#ifndef RUNNER_TALLY_H
#define RUNNER_TALLY_H

#include <stddef.h>
#include <stdint.h>

enum { TALLY_MAX = 24 };

/* One distinct failure of this process. */
struct failure_count {
	uint64_t signature;
	uint64_t count;
	int64_t first_wall_ms;
	int64_t last_wall_ms;
	char subject[160]; /* MESSAGE, cut at a character */
};

struct tally {
	size_t count;
	struct failure_count rows[TALLY_MAX]; /* order of first appearance */
};

/* Counts a failure; its subject is copied, and cut where it is too long. */
void tally_note(
    struct tally *t, uint64_t signature, const char *subject, int64_t wall_ms);

#endif
