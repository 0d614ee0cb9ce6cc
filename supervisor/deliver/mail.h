/*
 * mail: a message given to the first of the job's servers that takes it.
 */
#ifndef RUNNER_NOTIFY_MAIL_H
#define RUNNER_NOTIFY_MAIL_H

#include "body.h"
#include "job.h"
#include "base/text.h"

/*
 * Tries the job's URLs in order until one accepts the message or refuses it
 * for good; "passed over: WORDS" is said for each before.  `body` is as it was
 * read; its line ends are changed as each kind of server wants them.
 * Returns an exit status of runner_notify.h; EX_CONFIG only when no server
 * might take the message later without an operator.
 */
int mail_deliver(const struct job *job, struct body *body, struct text *words);

#endif
