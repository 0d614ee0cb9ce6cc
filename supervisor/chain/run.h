/*
 * run: the life of one run, in three verbs: start, work, finish.
 *
 * Starts the task's process, watches its time, and when it has ended makes what
 * follows of it: the outcome, the signature, whom to tell and why, the records.
 */
#ifndef RUNNER_RUN_H
#define RUNNER_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/log.h"
#include "notify/notify.h"
#include "secrets.h"
#include "signature/signature.h"
#include "state/failures.h"
#include "state/records.h"
#include "task/capture.h"
#include "task/spawn.h"
#include "tasks.h"

struct run {
	/* What every run of the chain uses; borrowed. */
	struct records *records;
	struct capture *capture;
	struct failures_store *failures;
	struct notify *notify;
	struct ping *ping;
	struct log *log;
	struct secrets secrets;
	bool is_once;
	bool has_met_later; /* a failure kept by a later runner; it was said */
	/* The run in progress, or the last one. */
	struct chain_task *task; /* borrowed; NULL: none was */
	size_t index;            /* of the task */
	struct child child;      /* pid 0: no run is in progress */
	char rid[PING_RID_SIZE]; /* of the run, for pings */
	int64_t started_ms;
	int64_t started_wall_ms;
	int64_t started_ticks; /* as leftovers know it */
	int64_t timeout_ms;    /* TERM is due, or -1 */
	int64_t healthy_ms;    /* it counts as a success then, or -1 */
	int64_t slow_ms;       /* it is told to be slow then, or -1 */
	bool is_healthy;
	bool is_timed_out;
	bool is_stop_logged;
	bool is_interrupted;           /* we were told to stop: no failure */
	struct user_patterns patterns; /* the capture borrows them */
};

/*
 * Starts a run of the task with that index; `lease` is RUNNER_LEASE or NULL.
 * Returns 0, or -1 with errno: try again later.
 */
int run_start(struct run *r, struct chain_task *task, size_t index,
    const char *lease, int64_t now_ms);

/* Reads what it printed by now; call when a descriptor of it is readable. */
void run_read(struct run *r, enum log_stream stream);

/* It was stopped by that signal; or it goes on, when that is 0. */
void run_note_stop(struct run *r, int signal);

/* The same of a pipeline's stages; call when child.exec_fd is readable. */
void run_read_stages(struct run *r);

/* We slept (a paused machine) over a limit: it is granted again. */
void run_grant_anew(struct run *r, int64_t now_ms);

/*
 * Ends a run that is late, tells of one that is slow or has healed; returns
 * when to call again, or -1.
 */
int64_t run_check_time(struct run *r, int64_t now_ms);

/* We are told to stop, or lost the lease: TERM now, KILL later. */
void run_interrupt(struct run *r, int64_t now_ms);

/*
 * Its process ended.  Returns how long the cooldown is, in milliseconds;
 * `*is_success` says how it went.  Its record is then the caller's to save,
 * with what the turn makes of it.
 */
int64_t run_finish(
    struct run *r, int wait_status, int64_t now_ms, bool *is_success);

#endif
