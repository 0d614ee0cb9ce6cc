/*
 * signals: the signals of the supervisor as a descriptor.
 *
 * All signals are blocked from the first line on and set to their default, so
 * that children inherit clean dispositions; the few that mean something are
 * read from one signalfd(2), which merges equal ones.
 */
#ifndef RUNNER_SIGNALS_H
#define RUNNER_SIGNALS_H

#include <stdbool.h>

/* What arrived since the last read; several may be set. */
struct signals {
	bool stop;   /* TERM, INT */
	bool reload; /* HUP */
	bool wake;   /* USR1 */
	bool child;  /* CHLD */
};

/* Returns the descriptor (close-on-exec, non-blocking), or -1 with errno. */
int signals_open(void);

/* Reads what arrived. */
struct signals signals_read(int fd);

/*
 * Waits as poll(2) on both; other_fd may be -1, timeout_ms < 0 has no end.
 * Reads `fd`, whatever arrived; returns whether a stop did.
 */
bool signals_wait_stop(int fd, int other_fd, int timeout_ms);

#endif
