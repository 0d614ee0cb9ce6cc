#include "channel.h"

#include <stdio.h>
#include <string.h>

/* What `only` leaves out: a test, and what was held back on this channel. */
static const char *const always[] = {"test", "digest", NULL};

bool
channel_at(const struct config *config, size_t i, struct channel *c)
{
	*c = (struct channel){
	    .name = "mail",
	    .max_per_hour = config->mail.max_per_hour,
	    .sent = "Sent email to admins",
	    .failed = "send email to admins",
	};
	if (!i)
		return true;
	c->sent = "Posted to";
	c->failed = "post to";
	if (i <= config->webhook_count) {
		c->kind = CHANNEL_WEBHOOK;
		c->webhook = &config->webhooks[i - 1];
		c->max_per_hour = c->webhook->max_per_hour;
		snprintf(c->name, sizeof(c->name), "webhook%s%s",
		    c->webhook->name ? " " : "",
		    c->webhook->name ? c->webhook->name : "");
		return true;
	}
	c->kind = CHANNEL_COMMAND;
	c->sent = "Told";
	c->failed = "tell";
	strcpy(c->name, "notify_command");
	return i == config->webhook_count + 1 && config->notify_command &&
	       config->notify_command[0];
}

bool
channel_find(const struct config *config, const char *name, struct channel *c)
{
	for (size_t i = 0; channel_at(config, i, c); i++)
		if (!strcmp(c->name, name))
			return true;
	return false;
}

static bool
is_in(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (!strcmp(*list, word))
			return true;
	return false;
}

bool
channel_wants(const struct channel *c, enum reason reason)
{
	const char *word = reason_name(reason);

	return !c->webhook || !c->webhook->only[0] ||
	       is_in((const char *const *)c->webhook->only, word) ||
	       is_in(always, word);
}

struct throttle *
channel_throttle(struct held_record *held, const struct config *config,
    const struct channel *c)
{
	struct channel_record *free_row = NULL, *row = held->channels;
	struct channel_record *end = row + STATE_CHANNELS;
	struct channel other;

	for (; row < end && *row->name; row++)
		if (!strcmp(row->name, c->name))
			return &row->throttle;
		else if (!free_row && !channel_find(config, row->name, &other))
			free_row = row;
	/* A configuration has no more channels than there are rows. */
	if (!free_row)
		free_row = row < end ? row : end - 1;
	/* Who has never been used is zeros, of pages that nobody touched. */
	if (*free_row->name)
		*free_row = (struct channel_record){0};
	strcpy(free_row->name, c->name);
	return &free_row->throttle;
}
