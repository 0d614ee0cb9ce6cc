/*
 * sendmail: a message given to a local sendmail program, or to anything that
 * takes its command line (msmtp, exim, nullmailer, a script).
 */
#ifndef RUNNER_NOTIFY_SENDMAIL_H
#define RUNNER_NOTIFY_SENDMAIL_H

#include <stdint.h>

#include "body.h"
#include "job.h"
#include "base/text.h"

/*
 * Runs `PATH -i -f FROM -- RCPT...` with `body` (lines ended by LF) as its
 * standard input, in a process group of its own; at the end of `limit_ms` the
 * group is killed, and it does not outlive us.
 * Returns EX_OK when it exits 0; EX_UNAVAILABLE when it says that the message
 * or a recipient is bad (EX_DATAERR, EX_NOUSER, EX_UNAVAILABLE); EX_CONFIG when
 * it cannot be executed or called like this (EX_USAGE, EX_NOPERM, EX_CONFIG);
 * else EX_TEMPFAIL.  `words` gets the last line that it printed.
 */
int sendmail_deliver(const char *path, const struct job *job,
    const struct body *body, int64_t limit_ms, struct text *words);

/* The same for an exit status alone. */
int sendmail_status(int exit_status);

#endif
