/*
 * webhook: a notification sent as JSON, in the form that its receiver wants.
 */
#ifndef RUNNER_NOTIFY_WEBHOOK_H
#define RUNNER_NOTIFY_WEBHOOK_H

#include "base/text.h"
#include "input.h"
#include "job.h"

/*
 * Sends `body`, the JSON document of a notification, with the job's headers;
 * "NAME: @FILE" takes its value from a file that only its owner may read (see
 * secret).  A Content-Type among them replaces application/json.  With a
 * template (base/template.h) that says what is sent, where and how.
 * Returns an exit status of runner_notify.h, the answer in `words`.
 */
int webhook_deliver(
    const struct job *job, const struct body *body, struct text *words);

#endif
