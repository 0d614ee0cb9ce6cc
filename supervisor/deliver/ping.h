/*
 * ping: a sign of life for a monitor, by the healthchecks convention
 * (https://healthchecks.io/docs/http_api/): GET says it all; a POST carries
 * the last lines of a failure.  Lossy on purpose: it is the caller who does
 * not try again.
 */
#ifndef RUNNER_NOTIFY_PING_H
#define RUNNER_NOTIFY_PING_H

#include "body.h"
#include "job.h"
#include "base/text.h"

/* Returns an exit status of runner_notify.h, the answer in `words`. */
int ping_deliver(
    const struct job *job, const struct body *body, struct text *words);

#endif
