/*
 * sweep: ends what a run left behind, while the cooldown passes.
 *
 * TERM once, KILL after stop_timeout, and a word about what cannot be killed.
 * Nothing starts before it is done.
 */
#ifndef RUNNER_SWEEP_H
#define RUNNER_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "task/leftovers.h"

struct chain;

struct sweep {
	bool is_active;
	bool is_final; /* of everything, before the end */
	bool is_killing;
	bool is_named; /* the one that cannot be killed was named */
	bool is_clear; /* the last look found nothing */
	size_t task;
	int64_t since_ticks;
	int64_t kill_ms;
	int64_t look_ms; /* the next look */
	int64_t pause_ms;
};

/* Begins, if there may be anything: after a run of the task, or finally. */
void sweep_start(struct chain *c, size_t task, int64_t since_ticks,
    bool is_final, int64_t now_ms);

/* Looks and acts; returns when to call again, or -1 when it is done. */
int64_t sweep_step(struct chain *c, int64_t now_ms);

/* A child of ours that was none of the known was reaped: look now. */
void sweep_hint(struct chain *c);

#endif
