/*
 * sdnotify: one line to whoever started us and wants to know, by the datagram
 * protocol of sd_notify(3).  systemd listens so, and `runner start`.
 */
#ifndef RUNNER_SDNOTIFY_H
#define RUNNER_SDNOTIFY_H

#include <stdint.h>

/*
 * Sends "READY=1", "STATUS=..." and the like to $NOTIFY_SOCKET; does nothing
 * when there is none.  Never blocks, never fails: nobody need listen.
 */
void sdnotify_send(const char *state);

/* "STATUS=", one line for people as `format` says; as sdnotify_send(). */
void sdnotify_status(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* RELOADING=1 with its MONOTONIC_USEC. */
void sdnotify_reloading(void);

/*
 * How often WATCHDOG=1 is due, in milliseconds: half of $WATCHDOG_USEC when
 * that is meant for us; 0: never.
 */
int64_t sdnotify_watchdog_ms(void);

#endif
