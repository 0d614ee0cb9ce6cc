/*
 * outcome: how one run ended, and whether that counts as a success.
 *
 * Pure.  Everything that speaks of the end of a run (policy, signature,
 * message, state file, views) speaks in this word.
 */
#ifndef RUNNER_OUTCOME_H
#define RUNNER_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OUTCOME_TEXT_SIZE = 64,
	/* What a shell reports for a program that it cannot execute. */
	OUTCOME_EXIT_NOT_EXECUTABLE = 126,
	OUTCOME_EXIT_NOT_FOUND = 127,
};

struct outcome {
	int exit;          /* exit status 0..255, or -1: a signal ended it */
	int signal;        /* the signal that ended it, or 0 */
	bool timed_out;    /* runner ended it: it outlived its timeout */
	bool not_executed; /* exec failed: exit is 126 or 127 */
	bool goes_on;      /* it has not ended: a success so far */
	bool is_success;   /* by the task's success_exit and fail_on_stderr */
};

/* The outcome of a wait status (waitpid(2)); is_success is left false. */
struct outcome outcome_of_wait(int status);

/*
 * Writes "exit status 3", "killed by signal 9 (SIGKILL)", "timed out, killed
 * by signal 15 (SIGTERM)", "could not be executed" or "still running" into
 * `text`.
 */
void outcome_describe(const struct outcome *o, char text[OUTCOME_TEXT_SIZE]);

/*
 * "SIGKILL" for 9, "SIGRTMIN+3" for a real-time one, "signal 77" for numbers
 * that have no name, in `text`.  Independent of locale.
 */
void outcome_signal_name(int signal, char text[OUTCOME_TEXT_SIZE]);

/*
 * The number of a signal written as "9", "KILL" or "SIGKILL".
 * Returns 1..64, or -1 when there is no such signal.
 */
int outcome_signal_number(const char *name);

#endif
