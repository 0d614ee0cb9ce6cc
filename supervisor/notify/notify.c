/* What is sent, on which channels, and what is held back. */
#include "notify_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel.h"
#include "os/clock.h"
#include "os/pages.h"
#include "policy/schedule.h"
#include "runner_version.h"

/* The kinds of messages that one instant may have of a task. */
enum { ID_THREAD, ID_TASK, ID_REFUSED, ID_DIGEST };

enum {
	FULL_PAUSE_MS = 60000, /* until a digest that was not put is tried */
	SUBJECT_SIZE = 768,
};

int
notify_open(struct notify *n, struct records *records,
    const struct config *config, struct log *log, int64_t now_ms)
{
	n->records = records;
	n->config = config;
	n->log = log;
	n->helper_path = helper_find();
	if (gethostname(n->host, sizeof(n->host) - 1))
		strcpy(n->host, "localhost");
	n->outbox =
	    outbox_open(records->run_root, records->chain.name, log, now_ms);
	n->admins = calloc(records->task_count + 1, sizeof(*n->admins));
	if (!n->outbox || !n->admins || !n->helper_path)
		return -1;
	slots_open(&n->slots, records->run_root);
	return 0;
}

void
notify_release_sent(struct notify *n)
{
	for (size_t i = 0; i < n->records->task_count; i++)
		if (records_holds_policy(n->records, i) &&
		    !outbox_has_in_memory(n->outbox, n->records->tasks[i].name))
			records_release_policy(n->records, i);
}

void
notify_close(struct notify *n)
{
	child_close(&n->helper.child);
	slots_close(&n->slots);
	outbox_save(n->outbox);
	notify_release_sent(n);
	outbox_free(n->outbox);
	n->outbox = NULL;
	free(n->admins);
	free(n->helper_path);
	n->admins = NULL;
	n->helper_path = NULL;
}

void
notify_publish(struct notify *n)
{
	struct chain_record *c = &n->records->chain;
	const struct outbox_entry *oldest = outbox_at(n->outbox, 0);

	c->outbox_waiting = (uint32_t)outbox_count(n->outbox);
	c->outbox_oldest_wall_ms = oldest ? oldest->queued_wall_ms : 0;
	memset(c->outbox_answer, 0, sizeof(c->outbox_answer));
	for (size_t i = 0; (oldest = outbox_at(n->outbox, i)); i++) {
		if (!*oldest->answer)
			continue;
		snprintf(c->outbox_answer, sizeof(c->outbox_answer), "%s",
		    oldest->answer);
		break;
	}
	records_save_chain(n->records);
}

static struct throttle *
throttle_of(struct notify *n, const struct channel *c)
{
	return channel_throttle(n->records->held, n->config, c);
}

char *const *
notify_admins(const struct notify *n, const char *task)
{
	size_t index = n->records->task_count;
	char *const *admins;

	records_find(n->records, task, &index);
	admins = n->admins[index];
	return admins ? admins : n->config->mail.admins;
}

bool
notify_is_read(
    const struct notify *n, const struct channel *c, const char *task)
{
	return c->kind != CHANNEL_MAIL || notify_admins(n, task)[0];
}

bool
notify_has_readers(const struct notify *n, const char *task)
{
	struct channel c;

	for (size_t i = 0; channel_at(n->config, i, &c); i++)
		if (notify_is_read(n, &c, task) &&
		    (!c.webhook || config_webhook_gets_failures(c.webhook)))
			return true;
	return false;
}

/* For has_same_admins(): the admins a task must have. */
struct recipients {
	const struct notify *notify;
	char *const *admins;
};

static bool
has_same_admins(const char *task, const void *data)
{
	const struct recipients *recipients = data;
	char *const *a = recipients->admins;
	char *const *b = notify_admins(recipients->notify, task);

	while (*a && *b && !strcmp(*a, *b)) {
		a++;
		b++;
	}
	return !*a && !*b;
}

static void
hold_back(struct notify *n, const struct channel *c,
    const struct notification *what, const char *subject, const char *why)
{
	size_t index;
	struct task_record *t = records_find(n->records, what->task, &index);

	/* What a digest tells of is in the ledger and stays there. */
	if (what->reason == REASON_DIGEST)
		return;
	throttle_hold(throttle_of(n, c), what->task, what->reason,
	    what->signature, subject, what->now_wall_ms);
	records_save_held(n->records);
	if (c->kind != CHANNEL_MAIL || !t)
		return;
	t->mails_held_back++;
	records_save_task(n->records, index);
	log_say(n->log, LOG_LEVEL_INFO, what->task, "Held back (%s): %s", why,
	    subject);
}

/* Did a predecessor that was killed put it there? */
static bool
waits_already(const struct notify *n, const struct outbox_entry *entry)
{
	const struct outbox_entry *e;

	for (size_t i = 0; (e = outbox_at(n->outbox, i)); i++)
		if (!strcmp(e->channel, entry->channel) &&
		    !strcmp(e->unique, entry->unique))
			return true;
	return false;
}

const struct outbox_entry *
notify_find_same(const struct notify *n, const struct outbox_entry *entry)
{
	const struct outbox_entry *e = NULL;

	for (size_t i = 0;
	     entry->reason == REASON_FIRST && (e = outbox_at(n->outbox, i));
	     i++)
		if (e->reason == REASON_FIRST && !*e->only &&
		    !strcmp(e->channel, entry->channel) &&
		    !strcmp(e->task, entry->task) &&
		    !strcmp(e->subject, entry->subject) &&
		    strcmp(e->unique, entry->unique))
			return e;
	return NULL;
}

void
notify_drop_same(struct notify *n, const struct outbox_entry *entry)
{
	const struct outbox_entry *same = notify_find_same(n, entry);

	if (same)
		outbox_drop(n->outbox, same);
}

/* Composes for the channel and puts it into the outbox. */
static bool
put(struct notify *n, const struct channel *c, const struct notification *what,
    const char *subject, int64_t now_ms)
{
	bool is_mail = c->kind == CHANNEL_MAIL;
	size_t size = is_mail ? MESSAGE_SIZE : MESSAGE_JSON_SIZE;
	char *buffer;
	struct outbox_entry entry = {
	    .reason = what->reason, .queued_wall_ms = what->now_wall_ms};
	struct text t;
	int result;

	strcpy(entry.channel, c->name);
	snprintf(entry.task, sizeof(entry.task), "%s", what->task);
	snprintf(entry.subject, sizeof(entry.subject), "%s", subject);
	/* Names may be long, a file's name may not: the id tells them apart. */
	snprintf(entry.unique, sizeof(entry.unique), "%" PRId64 ".%.*s.%.32s",
	    what->told_wall_ms, (int)strcspn(what->id + 1, "@"), what->id + 1,
	    what->task);
	if (waits_already(n, &entry))
		return true;
	buffer = pages_new(size);
	if (!buffer)
		return false;
	text_init(&t, buffer, size);
	if (is_mail)
		message_compose_mail(
		    &t, what, &n->config->mail, notify_admins(n, what->task));
	else
		message_compose_json(&t, what);
	result = outbox_put(n->outbox, &entry, t.data, t.length, now_ms);
	pages_free(buffer, size);
	if (result >= 0)
		notify_drop_same(n, &entry);
	return result >= 0;
}

static bool
tell_channel(struct notify *n, const struct channel *c,
    struct notification *what, const char *subject, int64_t now_ms)
{
	struct throttle *throttle = throttle_of(n, c), held;
	/* A mail tells its recipients of what was held back from them. */
	throttle_filter *is_picked =
	    c->kind == CHANNEL_MAIL ? has_same_admins : NULL;
	struct recipients recipients = {n, notify_admins(n, what->task)};
	int64_t level = throttle->level, seen_ms = throttle->seen_ms;
	bool is_put;

	if (outbox_count(n->outbox) >= OUTBOX_WAITING_MAX) {
		hold_back(n, c, what, subject, "too many wait");
		return false;
	}
	if (!throttle_take(throttle, c->max_per_hour, what->reason, now_ms)) {
		hold_back(n, c, what, subject, "max_per_hour reached");
		return false;
	}
	throttle_pick(throttle, is_picked, &recipients, &held);
	what->held = held.held_total ? &held : NULL;
	is_put = put(n, c, what, subject, now_ms);
	what->held = NULL;
	if (!is_put) {
		/* The token was for nothing. */
		throttle->level = level;
		throttle->seen_ms = seen_ms;
		hold_back(n, c, what, subject, "the outbox takes nothing");
		return false;
	}
	throttle_drop(throttle, is_picked, &recipients);
	records_save_held(n->records);
	n->first_tries_left++;
	return true;
}

/* What is made for a notification, without secrets. */
enum { MESSAGE_WORDS = 768, COMMAND_WORDS = 4096 };
struct prepared {
	char id[MESSAGE_ID_SIZE], subject[SUBJECT_SIZE];
	char message[MESSAGE_WORDS], command[COMMAND_WORDS];
	struct acknowledgement acknowledged;
};

/* Copies and masks; of a word that is cut nothing is told.  NULL stays NULL. */
static const char *
mask_copy(const struct mask *m, char *out, size_t size, const char *s)
{
	size_t length = s ? strlen(s) : 0;

	if (length >= size) {
		length = size - 1;
		while (length && s[length] != ' ')
			length--;
	}
	memcpy(out, s ? s : "", length);
	out[length] = '\0';
	mask_string(m, out);
	return s ? out : NULL;
}

/*
 * Fills in what any message has: who sends it, its id and subject; and masks
 * what nobody is to read.
 */
static void
prepare(const struct notify *n, struct notification *what, uint64_t kind,
    struct prepared *made)
{
	const struct mask mask = {.patterns = n->config->mask,
	    .has_rules = n->config->mask_secrets,
	    .values = what->secrets};

	what->message =
	    mask_copy(&mask, made->message, MESSAGE_WORDS, what->message);
	what->command =
	    mask_copy(&mask, made->command, COMMAND_WORDS, what->command);
	if (what->acknowledged) {
		made->acknowledged = *what->acknowledged;
		mask_string(&mask, made->acknowledged.why);
		what->acknowledged = &made->acknowledged;
	}
	what->host = n->host;
	what->chain = n->records->chain.name;
	what->version = RUNNER_VERSION;
	what->config_file = n->config->file;
	what->id = made->id;
	message_make_id(made->id, n->host, what->chain, what->task,
	    what->told_wall_ms, kind);
	reason_describe(
	    what->reason, made->message, made->subject, SUBJECT_SIZE);
}

bool
notify_tell(struct notify *n, struct notification *what, int64_t thread_wall_ms,
    bool is_thread_start, int64_t now_ms)
{
	char thread[MESSAGE_ID_SIZE];
	struct prepared made;
	struct channel c;

	prepare(n, what, ID_TASK, &made);
	message_make_id(thread, n->host, what->chain, what->task,
	    thread_wall_ms, ID_THREAD);
	/* The first of a downtime is what the others refer to. */
	if (is_thread_start)
		what->id = thread;
	what->thread = thread_wall_ms ? thread : NULL;
	n->is_heard = false;
	for (size_t i = 0; channel_at(n->config, i, &c); i++)
		if (channel_wants(&c, what->reason) &&
		    tell_channel(n, &c, what, made.subject, now_ms) &&
		    notify_is_read(n, &c, what->task))
			n->is_heard = true;
	notify_publish(n);
	return !outbox_has_in_memory(n->outbox, what->task);
}

/* What was held back on one channel, in a message of its own. */
static bool
tell_digest(
    struct notify *n, size_t index, const struct channel *c, int64_t now_ms)
{
	const struct throttle *t = throttle_of(n, c);
	int64_t wall_ms = clock_wall_ms();
	struct prepared made;
	struct notification what = {.reason = REASON_DIGEST,
	    .task = t->held_count ? t->held[0].task : n->records->chain.name,
	    .now_wall_ms = wall_ms,
	    .told_wall_ms = wall_ms};

	prepare(n, &what, ID_DIGEST + index, &made);
	if (!tell_channel(n, c, &what, made.subject, now_ms))
		return false;
	notify_publish(n);
	return true;
}

int64_t
notify_tell_digests(struct notify *n, int64_t now_ms)
{
	int64_t deadline_ms = -1;
	struct channel c;

	for (size_t i = 0; channel_at(n->config, i, &c); i++) {
		int64_t due_ms = throttle_digest_ms(
		    throttle_of(n, &c), c.max_per_hour, now_ms);

		if (due_ms < 0)
			continue;
		if (due_ms <= now_ms && tell_digest(n, i, &c, now_ms))
			continue;
		if (due_ms <= now_ms)
			due_ms = now_ms + FULL_PAUSE_MS;
		deadline_ms = schedule_earlier(deadline_ms, due_ms);
	}
	return deadline_ms;
}

void
notify_tell_refusal(struct notify *n, const struct outbox_entry *e,
    const char *answer, int64_t now_ms)
{
	char message[512];
	int64_t wall_ms = clock_wall_ms();
	struct prepared made;
	struct notification what = {.reason = REASON_REFUSED,
	    .message = message,
	    .refused = e->subject,
	    .task = e->task,
	    .now_wall_ms = wall_ms,
	    .told_wall_ms = wall_ms};
	bool is_told = false;
	struct channel c;

	if (e->reason == REASON_REFUSED)
		return;
	snprintf(message, sizeof(message), "%s: %s", e->channel, answer);
	prepare(n, &what, ID_REFUSED, &made);
	/* By those who get this reason; else by whoever there is. */
	for (int any = 0; any < 2 && !is_told; any++)
		for (size_t i = 0; channel_at(n->config, i, &c); i++)
			if (strcmp(c.name, e->channel) &&
			    (any || channel_wants(&c, what.reason)))
				is_told |= tell_channel(
				    n, &c, &what, made.subject, now_ms);
}
