/*
 * deadline: the one time limit over everything runner-notify does.
 *
 * Whoever waits (libcurl, the sendmail program) is given what is left and
 * gives up by itself, with a word about why; an alarm comes a moment after
 * them (1.5 s) for what cannot be interrupted otherwise (a name server that is
 * silent, a disk that hangs, a server that holds up our goodbye).  At the alarm
 * the process says so and ends: with EX_TEMPFAIL, or with the status that was
 * known already.
 * The alarm's handler needs what it says in static memory; nothing else does.
 */
#ifndef RUNNER_NOTIFY_DEADLINE_H
#define RUNNER_NOTIFY_DEADLINE_H

#include <stdint.h>

/* Starts the clock, or starts it again with a total of `timeout_ms` > 0. */
void deadline_start(int64_t timeout_ms);

/* Now, on the clock that the limit is measured with. */
int64_t deadline_now_ms(void);

/* After fork(2): the same limit for the child, whose alarm is its own. */
void deadline_inherit(void);

/*
 * Milliseconds left for one of `shares` attempts that are still to come, so
 * that a first server that hangs leaves time for the second.  At least 1.
 */
int64_t deadline_share_ms(unsigned shares);

/*
 * The result is known and the answer is written: from now on the alarm ends
 * the process with `status`, and comes after `grace_ms` > 0.
 */
void deadline_finish(int status, int64_t grace_ms);

#endif
