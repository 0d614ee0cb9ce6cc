/*
 * failures: RUN_ROOT/failures, one file per distinct failure of a task, with
 * how often and when it was seen and the stderr of its newest occurrence.
 *
 * TASK,SIGNATURE: a head of fixed size, "KEY VALUE" lines (version of the
 * signature, chain, exit, signal, count, first, last, subject), an empty line,
 * and the sample.  Bounded in number and size: the longest unseen one goes.  A
 * damaged file is skipped with a warning, never fatal.
 */
#ifndef RUNNER_FAILURES_H
#define RUNNER_FAILURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/captured.h"
#include "base/outcome.h"

enum {
	FAILURES_PER_TASK_MAX = 100,
	FAILURES_MAX = 1000,
	FAILURE_SAMPLE_MAX = 64 << 10,
};

struct failure {
	char task[208];
	char chain[208];
	uint32_t version; /* SIGNATURE_VERSION of `signature` */
	uint64_t signature;
	uint64_t count;
	int64_t first_wall_ms;
	int64_t last_wall_ms;
	struct outcome outcome;
	char subject[648];
	uint64_t sample_total; /* bytes that the task wrote, of which ... */
	uint32_t sample_size;  /* ... so many are kept */
};

struct failures_store;

/*
 * Opens the store for writing; makes the directory (0700).  Never fails for
 * want of a disk: notes are then lost, and failures_note() says so. NULL: no
 * memory.
 */
struct failures_store *failures_open(const char *run_root);
void failures_close(struct failures_store *s);

/*
 * Notes one occurrence: f's task, chain, signature, outcome, subject, and
 * last_wall_ms are read; count and first_wall_ms are brought up to date in it.
 * Cheap for one that is known (no fsync; the sample is replaced at most once a
 * minute, or when it was empty).  Returns 0, or -1 with errno.
 */
int failures_note(
    struct failures_store *s, struct failure *f, const struct captured *err);

/*
 * Those who look: calls `visit` for each kept failure, newest last, and `warn`
 * (or NULL) for what cannot be read.  Returns 0, also without the directory; or
 * -1 with errno.
 */
typedef void failures_visitor(const struct failure *f, void *data);
typedef void failures_warner(const char *file, const char *what, void *data);
int failures_each(const char *run_root, failures_visitor *visit,
    failures_warner *warn, void *data);

/*
 * Finds one by its signature (of any task when `task` is NULL) and gives its
 * sample: a malloc'd block of f->sample_size bytes and a NUL in `*sample`.
 * Returns 0, or -1 with errno ENOENT and others.
 */
int failures_show(const char *run_root, const char *task, uint64_t signature,
    struct failure *f, char **sample);

/*
 * What this version of the signature calls a failure that `signature` names:
 * computed again from the kept sample when an older version named it, so that a
 * failure which was told stays told after an upgrade.  Else `signature`.
 */
uint64_t failures_renamed(
    const char *run_root, const char *task, uint64_t signature);

#endif
