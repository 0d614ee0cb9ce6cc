/*
 * leftovers: processes that a task left behind, and how they are ended.
 *
 * The supervisor is a child subreaper, so whatever a task started, however it
 * detached itself, is below us once its own parents are gone: that is found and
 * ended while the loop goes on (leftovers_end(), leftovers_step()).  What a
 * runner that was killed outright left is found in the whole system by the mark
 * in its environment (leftovers_end_marked(), which waits).
 *
 * A runner that a task started is no leftover, nor is what that one started: it
 * has a mark of its own.
 *
 * Each gets TERM once, also one that was not seen at first because it was in
 * the middle of execve(2), and KILL after stop_timeout.
 */
#ifndef RUNNER_LEFTOVERS_H
#define RUNNER_LEFTOVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "log/log.h"
#include "os/process.h"
#include "spawn.h"

enum { LEFTOVERS_TOLD_MAX = 256 };

/* May a process of that task's run stay?  (RUNNER_TASK, RUNNER_RUN.) */
typedef bool leftovers_spared(const char *task, uint64_t run, void *data);

/* What is to be ended; all borrowed until it is. */
struct leftovers_scope {
	const char *task; /* whose, for the log; NULL: the whole chain's */
	const char *mark; /* our RUNNER_MARK */
	/* Only what started at or after this, in ticks since boot; in the same
	 * tick, or when we are process 1, only with the mark. */
	int64_t since_ticks;
	int64_t stop_timeout_ms;
	/* The loop's own children (pid 0, NULL: nobody); they and what is
	 * below them are left alone. */
	struct child *const *spared;
	size_t spared_count;
	leftovers_spared *is_spared;
	void *data;
	struct log *log;
};

/* Whom TERM was sent to; when it is full the rest meets KILL alone. */
struct leftovers_told {
	struct {
		pid_t pid;
		int64_t start_ticks;
		int64_t seen_ms; /* first */
		bool is_told;
	} process[LEFTOVERS_TOLD_MAX];
	size_t count;
};

/* An end under way; all zero but `told`: none is. */
struct leftovers_ending {
	bool is_active;
	struct leftovers_scope scope;
	bool is_clear;  /* the last look found nothing */
	bool is_logged; /* that TERM was sent, and to whom */
	bool is_kill_logged;
	int64_t begun_ms;
	int64_t kill_ms;
	int64_t look_ms; /* the next look */
	int64_t pause_ms;
	struct leftovers_told *told; /* borrowed */
};

/* Begins to end what there is, if there may be anything. */
void leftovers_end(struct leftovers_ending *e,
    const struct leftovers_scope *scope, int64_t now_ms);

/* Looks and acts; returns when to call again, or -1 when it is done. */
int64_t leftovers_step(struct leftovers_ending *e, int64_t now_ms);

/* We slept over the limit: it begins now. */
void leftovers_grant_anew(struct leftovers_ending *e, int64_t now_ms);

/* A child that is not in `spared` was reaped: look soon. */
void leftovers_look_again(struct leftovers_ending *e);

/* What a runner that was killed outright left. */
struct leftovers_marked {
	const char *mark; /* its RUNNER_MARK */
	int64_t since_ticks;
	uid_t user; /* only processes of that user; 0: of any */
	int64_t stop_timeout_ms;
	leftovers_spared *is_spared; /* or NULL */
	void *data;
	struct log *log; /* is told whom TERM was sent to; or NULL */
};

/*
 * Ends it in the whole system, save what is spared: TERM, and KILL after
 * stop_timeout_ms.  Waits.  Returns how many are still there then (0: all
 * ended), the first one in `who`.
 */
size_t leftovers_end_marked(
    const struct leftovers_marked *m, char *who, size_t who_size);

#endif
