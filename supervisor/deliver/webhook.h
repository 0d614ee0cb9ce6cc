/*
 * webhook: a notification POSTed as JSON.
 */
#ifndef RUNNER_NOTIFY_WEBHOOK_H
#define RUNNER_NOTIFY_WEBHOOK_H

#include "body.h"
#include "job.h"
#include "base/text.h"

/*
 * POSTs `body` with the job's headers; "NAME: @FILE" takes its value from a
 * file that only its owner may read (see secret).  A Content-Type among them
 * replaces application/json.
 * Returns an exit status of runner_notify.h, the answer in `words`.
 */
int webhook_deliver(
    const struct job *job, const struct body *body, struct text *words);

#endif
