/*
 * clock: what time it is, for decisions and for people.
 *
 * Decisions (cooldowns, timeouts, deadlines) use the clock that never jumps
 * and counts the time a machine is suspended; a step of the wall clock changes
 * none of them.  The wall clock is for what people read.
 */
#ifndef RUNNER_CLOCK_H
#define RUNNER_CLOCK_H

#include <stdint.h>

/* CLOCK_BOOTTIME in milliseconds, rounded down. */
int64_t clock_now_ms(void);

/* The same in nanoseconds, for measuring. */
int64_t clock_now_ns(void);

/* UTC in milliseconds since 1970. */
int64_t clock_wall_ms(void);

#endif
