/*
 * channel: the ways on which notifications leave, by name.
 *
 * Pure.  A configuration has the channel "mail", one per webhook ("webhook" or
 * "webhook NAME") and "notify_command" when it is set.  What a chain remembers
 * of a channel is in the row of its name in the state file, so that a channel
 * keeps its count when others come and go.
 */
#ifndef RUNNER_CHANNEL_H
#define RUNNER_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "outbox/envelope.h"
#include "state/state.h"

struct channel {
	enum channel_kind kind;
	char name[STATE_CHANNEL_SIZE];
	const struct webhook_settings *webhook; /* of a webhook; borrowed */
	int64_t max_per_hour;
	const char *sent;   /* "Sent email to admins", for the log */
	const char *failed; /* "send email to admins" */
};

/* The i-th channel, mail first.  Returns false: there are no more. */
bool channel_at(const struct config *config, size_t i, struct channel *c);

/* The channel of that name.  Returns false: it is not configured. */
bool channel_find(
    const struct config *config, const char *name, struct channel *c);

/* Does it get messages for this reason (`only`)? */
bool channel_wants(const struct channel *c, enum reason reason);

/*
 * The row of a channel; a new one takes a free row, or that of a channel which
 * is not configured any more.
 */
struct throttle *channel_throttle(struct held_record *held,
    const struct config *config, const struct channel *c);

#endif
