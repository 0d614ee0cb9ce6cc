/*
 * leftovers: processes that a task left behind, and how they are ended.
 *
 * The supervisor is a child subreaper, so whatever a task started, however it
 * detached itself, is below us once its own parents are gone.  What a runner
 * that was killed outright left is found by the mark in its environment.
 */
#ifndef RUNNER_LEFTOVERS_H
#define RUNNER_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { LEFTOVERS_SPARED_MAX = 4 };

/* May a process of that task's run stay?  (RUNNER_TASK, RUNNER_RUN.) */
typedef bool leftovers_spared(const char *task, uint64_t run, void *data);

/* Which of our descendants are leftovers. */
struct leftovers_search {
	/* Children of ours that are none: helpers, the run in progress; they
	 * and what is below them are left alone.  Ended by 0. */
	pid_t spared[LEFTOVERS_SPARED_MAX + 1];
	/* Only what started at or after this, in ticks since boot; what started
	 * with it, or came to process 1, only with the entry "NAME=VALUE" in
	 * its environment. */
	int64_t since_ticks;
	const char *entry;
	leftovers_spared *is_spared; /* or NULL */
	void *data;
};

/*
 * Signals every leftover below us.  Returns how many there are, at least 1 when
 * not all could be seen; the first one's name and pid go to `who` (may be
 * NULL), for diagnostics.
 */
size_t leftovers_signal(const struct leftovers_search *search, int signal,
    char *who, size_t who_size);

/* What a runner that was killed outright left. */
struct leftovers_marked {
	const char *mark; /* RUNNER_MARK */
	int64_t since_ticks;
	uid_t user; /* only processes of that user; 0: of any */
	int64_t stop_timeout_ms;
	leftovers_spared *is_spared; /* or NULL */
	void *data;
};

/*
 * Ends it in the whole system, save what is spared: TERM, and KILL after
 * stop_timeout_ms.  Waits.  Returns how many are still there then (0: all
 * ended), the first one in `who`.
 */
size_t leftovers_end_marked(
    const struct leftovers_marked *m, char *who, size_t who_size);

#endif
