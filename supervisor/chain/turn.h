/*
 * turn: whose turn it is, and when.
 *
 * After a run comes the cooldown of its task, then the next task in the order;
 * after the last the first again, save that `once` is over then.  The line that
 * tells of a cooldown waits for a message that was just told, so that the two
 * stand in that order, but no longer than five seconds.
 */
#ifndef RUNNER_TURN_H
#define RUNNER_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/log.h"
#include "state/records.h"

struct turn {
	struct records *records; /* borrowed, as are order and log */
	struct log *log;
	const size_t *order;
	size_t order_count;
	bool is_once;
	size_t position; /* in order: the next to run */
	int64_t next_run_ms;
	uint32_t tries;        /* of a run that could not be started */
	int64_t sleep_ms;      /* a cooldown that is not logged yet, or -1 */
	size_t last;           /* the task whose cooldown it is */
	size_t last_position;  /* in order: where it ran */
	int64_t sleep_said_ms; /* when it is logged at the latest */
};

/* The first run is due at first_ms. */
void turn_init(struct turn *t, struct records *records, struct log *log,
    bool is_once, int64_t first_ms);

/* `once` has run all. */
bool turn_is_over(const struct turn *t);

/* The task whose turn it is; not when it is over. */
size_t turn_task(const struct turn *t);

/* A run of `task` ended: on to the next one, or back to the first. */
void turn_pass(struct turn *t, size_t task, int64_t cooldown_ms,
    bool is_from_start, int64_t now_ms);

/* The rest of a cooldown of `task` that a predecessor began. */
void turn_resume(struct turn *t, size_t task, size_t position, int64_t rest_ms,
    int64_t now_ms);

/* The task whose turn it is is left out this time. */
void turn_skip(struct turn *t);

/* The run could not be started: soon again. */
void turn_retry(struct turn *t, int64_t now_ms);

/* The cooldown is over now. */
void turn_wake(struct turn *t, int64_t now_ms);

/* The same; and the task whose cooldown it is runs again before others do. */
void turn_repeat(struct turn *t, int64_t now_ms);

/* Logs "Sleeping", once; turn_say_deadline_ms(): when to, at the latest. */
void turn_say(struct turn *t);
int64_t turn_say_deadline_ms(const struct turn *t);

#endif
