/*
 * message_body: the text of a notification, for a person with a telephone.
 *
 * Pure.  The first lines say what happened, the message, how it ended, since
 * when, and when the next run is; what helps to find the cause comes after.
 */
#ifndef RUNNER_MESSAGE_BODY_H
#define RUNNER_MESSAGE_BODY_H

#include <stdbool.h>

#include "excerpt.h"
#include "message.h"
#include "mime.h"

enum {
	MESSAGE_STDERR_HEAD = 16 << 10, /* bytes of it shown in the text */
	MESSAGE_STDERR_TAIL = 48 << 10,
};

/* Does the reason come from a run, so that there is an outcome to tell of? */
bool message_has_run(const struct notification *n);

/* Writes the text into an encoder that has begun. */
void message_write_body(struct mime_body *b, const struct notification *n);

/* Writes "[... N bytes left out ...]" and a newline. */
void message_write_gap(struct mime_body *b, uint64_t left_out);

#endif
