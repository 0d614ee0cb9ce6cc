/*
 * helper: one runner-notify at work, from its job to its answer.
 *
 * The supervisor's side of include/runner_notify.h: a job is text, a helper is
 * a child, an answer is what it printed and the status it ended with.
 */
#ifndef RUNNER_HELPER_H
#define RUNNER_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "task/spawn.h"

enum { HELPER_ANSWER_SIZE = 40 << 10 };

struct helper {
	struct child child; /* pid 0: none is at work */
	int64_t started_ms;
	size_t answer_size;
	/*
	 * What it printed, the newest if it is long.  All that runner-notify
	 * says of recipients fits: their addresses are less than a job.
	 */
	char *answer; /* HELPER_ANSWER_SIZE, borrowed */
};

/* What came of it. */
enum helper_result { HELPER_DONE, HELPER_LATER, HELPER_REFUSED };

void helper_init(struct helper *h);

/*
 * The program's path, to be freed: beside this one, else in libexec, even where
 * it is missing there.  NULL: no memory.
 */
char *helper_find(void);

/*
 * Starts it.  `timeout_ms` is the job's own; some seconds later it is killed.
 * Returns 0, or -1 with errno.
 */
int helper_start(struct helper *h, const char *path, const struct text *job,
    int message_fd, int64_t timeout_ms, int64_t now_ms);

/* Reads what it says by now.  Call when child.out_fd is readable. */
void helper_read(struct helper *h);

/*
 * It ended with that wait status: reads the rest, closes it.  The answer that
 * decided is in `*last`, what was said before in `*before` (lines; perhaps
 * empty); both point into `h`.
 */
enum helper_result helper_finish(
    struct helper *h, int wait_status, const char **last, const char **before);

#endif
