/*
 * delivery: the job that a helper is given, from the settings.  Pure.
 */
#ifndef RUNNER_DELIVERY_H
#define RUNNER_DELIVERY_H

#include <stdint.h>

#include "outbox/envelope.h"
#include "runner_notify.h"
#include "config/settings.h"
#include "base/text.h"

enum { DELIVERY_JOB_SIZE = RUNNER_NOTIFY_JOB_SIZE + 1 };

/* All borrowed. */
struct delivery {
	enum outbox_channel channel;
	const struct mail_settings *mail;
	char *const *admins; /* mail: whom it is for; NULL-ended */
	const struct webhook_settings *webhook;
	const char *unique; /* mail: what makes a repetition known */
	const char *only;   /* mail: these recipients; "" or NULL: all */
};

/* Adds "KEY VALUE"; what cannot be in a line is dropped. */
void delivery_add(struct text *job, const char *key, const char *value);

/* Writes the job; returns its time limit in milliseconds. */
int64_t delivery_make_job(const struct delivery *d, struct text *job);

#endif
