/*
 * schedule: when is the next run?  Pure.
 */
#ifndef RUNNER_SCHEDULE_H
#define RUNNER_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"

/*
 * The cooldown after a run, in milliseconds.  After a failure it doubles with
 * each further consecutive failure up to fail_cooldown_max.
 * `failures_in_row` counts the run itself.
 */
int64_t schedule_cooldown_ms(
    const struct task_settings *t, bool is_success, uint64_t failures_in_row);

/* The wait before a fault is tried again, growing from 100 ms to 30 s. */
int64_t schedule_retry_ms(uint32_t tries);

/* The earlier of two deadlines, of which -1 is none. */
int64_t schedule_earlier(int64_t a_ms, int64_t b_ms);

#endif
