/*
 * run: the life of one run, in three verbs: start, work, finish.
 *
 * Starts the task's process, watches its time, and when it has ended makes what
 * follows of it: the outcome, the signature, whom to tell and why, the records.
 */
#ifndef RUNNER_RUN_H
#define RUNNER_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "signature/signature.h"
#include "task/spawn.h"

struct chain;

struct run {
	size_t task;        /* index */
	struct child child; /* pid 0: no run is in progress */
	int64_t started_ms;
	int64_t started_wall_ms;
	int64_t started_ticks; /* as leftovers know it */
	int64_t timeout_ms;    /* TERM is due, or -1 */
	int64_t kill_ms;       /* KILL is due, or -1 */
	bool is_timed_out;
	bool is_interrupted;            /* we were told to stop: no failure */
	struct signature_levers levers; /* the capture borrows them */
};

void run_init(struct run *r);

/* Starts a run of the task.  Returns 0, or -1 with errno: try again later. */
int run_start(struct chain *c, size_t task, int64_t now_ms);

/* Ends a run that is late; returns when to call again, or -1. */
int64_t run_check_time(struct chain *c, int64_t now_ms);

/* We are told to stop, or lost the lease: TERM now, KILL later. */
void run_interrupt(struct chain *c, int64_t now_ms);

/*
 * Its process ended.  Returns how long the cooldown is, in milliseconds;
 * `*is_success` says how it went.
 */
int64_t run_finish(
    struct chain *c, int wait_status, int64_t now_ms, bool *is_success);

#endif
