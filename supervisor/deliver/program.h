/*
 * program: a message given to a local program, as its standard input.
 *
 * The program runs in a session of its own, with nothing open but its standard
 * descriptors; when its time is up its process group is killed, and it does not
 * outlive us.
 */
#ifndef RUNNER_NOTIFY_PROGRAM_H
#define RUNNER_NOTIFY_PROGRAM_H

#include <stdint.h>

#include "base/text.h"
#include "input.h"
#include "job.h"

/*
 * Runs `PATH -i -f FROM -- RCPT...`, as sendmail, msmtp, exim and nullmailer
 * are called, with `body` (lines ended by LF).
 * Returns EX_OK when it exits 0; EX_UNAVAILABLE when it says that the message
 * or a recipient is bad (EX_DATAERR, EX_NOUSER, EX_UNAVAILABLE); EX_CONFIG when
 * it cannot be executed or called like this (EX_USAGE, EX_NOPERM, EX_CONFIG);
 * else EX_TEMPFAIL.  `words` gets the last line that it printed.
 */
int sendmail_deliver(const char *path, const struct job *job,
    const struct body *body, int64_t limit_ms, struct text *words);

/* The same for an exit status alone. */
int sendmail_status(int exit_status);

/*
 * Runs the job's words, %{FIELD} filled in from the JSON document `body`, with
 * that document as input and RUNNER_CHAIN, RUNNER_TASK and RUNNER_REASON in its
 * environment.
 * Returns EX_OK when it exits 0, EX_TEMPFAIL when 75, a signal or our limit
 * ended it, EX_UNAVAILABLE when it ends otherwise; EX_CONFIG when it cannot be
 * executed or a word names an unknown field.
 */
int command_deliver(
    const struct job *job, const struct body *body, struct text *words);

#endif
