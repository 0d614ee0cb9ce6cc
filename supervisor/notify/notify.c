#include "notify.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/units.h"
#include "channel.h"
#include "delivery.h"
#include "os/clock.h"
#include "os/pages.h"
#include "policy/schedule.h"
#include "runner_version.h"

/* The kinds of messages that one instant may have of a task. */
enum { ID_THREAD, ID_TASK, ID_REFUSED, ID_DIGEST };

enum {
	SLOT_PAUSE_MAX_MS = 2000,
	FULL_PAUSE_MS = 60000,
	STOP_LIMIT_MS = 3000, /* a stop waits until a delivery has lasted it */
	EDIT_MS = 3600000,    /* in which a channel may come back */
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

/* What is on the disk or delivered by now counts as sent. */
static void
release_told(struct notify *n)
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
	release_told(n);
	outbox_free(n->outbox);
	n->outbox = NULL;
	free(n->admins);
	free(n->helper_path);
	n->admins = NULL;
	n->helper_path = NULL;
}

/* What waits and why, for status. */
static void
publish_outbox(struct notify *n)
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

static char *const *
admins_of(const struct notify *n, const char *task)
{
	size_t index = n->records->task_count;
	char *const *admins;

	records_find(n->records, task, &index);
	admins = n->admins[index];
	return admins ? admins : n->config->mail.admins;
}

/* A mail without recipients is told to nobody: it stays where it was put. */
static bool
is_read(const struct notify *n, const struct channel *c, const char *task)
{
	return c->kind != CHANNEL_MAIL || admins_of(n, task)[0];
}

bool
notify_has_readers(const struct notify *n, const char *task)
{
	struct channel c;

	for (size_t i = 0; channel_at(n->config, i, &c); i++)
		if (is_read(n, &c, task) &&
		    (!c.webhook || config_webhook_hears(c.webhook)))
			return true;
	return false;
}

/* Whose admins are the same lists, or lists of the same. */
struct recipients {
	const struct notify *notify;
	char *const *admins;
};

static bool
has_recipients(const char *task, const void *data)
{
	const struct recipients *recipients = data;
	char *const *a = recipients->admins;
	char *const *b = admins_of(recipients->notify, task);

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

/*
 * The other message that says the same: a predecessor told it and it has not
 * left yet when a runner that follows a clean stop says it again.
 */
static const struct outbox_entry *
find_same(const struct notify *n, const struct outbox_entry *entry)
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

/* Which leaves, unless it is on its way. */
static void
drop_same(struct notify *n, const struct outbox_entry *entry)
{
	const struct outbox_entry *same = find_same(n, entry);

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
		    &t, what, &n->config->mail, admins_of(n, what->task));
	else
		message_compose_json(&t, what);
	result = outbox_put(n->outbox, &entry, t.data, t.length, now_ms);
	pages_free(buffer, size);
	if (result >= 0)
		drop_same(n, &entry);
	return result >= 0;
}

static bool
tell_channel(struct notify *n, const struct channel *c,
    struct notification *what, const char *subject, int64_t now_ms)
{
	struct throttle *throttle = throttle_of(n, c), held;
	/* A mail tells its recipients of what was held back from them. */
	throttle_filter *is_picked =
	    c->kind == CHANNEL_MAIL ? has_recipients : NULL;
	struct recipients recipients = {n, admins_of(n, what->task)};
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
	n->first_tries++;
	return true;
}

/* A notification's words as they are told, without secrets. */
enum { MESSAGE_WORDS = 768, COMMAND_WORDS = 4096 };
struct told_words {
	char message[MESSAGE_WORDS], command[COMMAND_WORDS];
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

/* What notify knows itself of any message; and what nobody is to be told. */
static void
introduce(
    const struct notify *n, struct notification *what, struct told_words *words)
{
	const struct mask mask = {.patterns = n->config->mask,
	    .has_rules = n->config->mask_secrets,
	    .values = what->secrets};

	what->message =
	    mask_copy(&mask, words->message, MESSAGE_WORDS, what->message);
	what->command =
	    mask_copy(&mask, words->command, COMMAND_WORDS, what->command);
	what->host = n->host;
	what->chain = n->records->chain.name;
	what->version = RUNNER_VERSION;
	what->config_file = n->config->file;
}

bool
notify_tell(struct notify *n, struct notification *what, int64_t thread_wall_ms,
    bool is_thread_start, int64_t now_ms)
{
	char id[MESSAGE_ID_SIZE], thread[MESSAGE_ID_SIZE], subject[768];
	struct told_words words;
	struct channel c;

	introduce(n, what, &words);
	reason_describe(what->reason, words.message, subject, sizeof(subject));
	message_make_id(
	    id, n->host, what->chain, what->task, what->told_wall_ms, ID_TASK);
	message_make_id(thread, n->host, what->chain, what->task,
	    thread_wall_ms, ID_THREAD);
	/* The first of a downtime is what the others refer to. */
	what->id = is_thread_start ? thread : id;
	what->thread = thread_wall_ms ? thread : NULL;
	n->is_heard = false;
	for (size_t i = 0; channel_at(n->config, i, &c); i++)
		if (channel_wants(&c, what->reason) &&
		    tell_channel(n, &c, what, subject, now_ms) &&
		    is_read(n, &c, what->task))
			n->is_heard = true;
	publish_outbox(n);
	return !outbox_has_in_memory(n->outbox, what->task);
}

/* What was held back on one channel, in a message of its own. */
static bool
tell_digest(
    struct notify *n, size_t index, const struct channel *c, int64_t now_ms)
{
	const struct throttle *t = throttle_of(n, c);
	char id[MESSAGE_ID_SIZE], subject[128];
	struct told_words words;
	struct notification what = {.reason = REASON_DIGEST,
	    .task = t->held_count ? t->held[0].task : n->records->chain.name,
	    .now_wall_ms = clock_wall_ms(),
	    .id = id};

	what.told_wall_ms = what.now_wall_ms;
	introduce(n, &what, &words);
	message_make_id(id, n->host, what.chain, what.task, what.now_wall_ms,
	    ID_DIGEST + index);
	reason_describe(REASON_DIGEST, "", subject, sizeof(subject));
	if (!tell_channel(n, c, &what, subject, now_ms))
		return false;
	publish_outbox(n);
	return true;
}

/* A token is free again: digests.  Returns when to look again, or -1. */
static int64_t
tell_digests(struct notify *n, int64_t now_ms)
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

/*
 * After a try, or none: the next message has its first one.  A channel that
 * does not take one now does not take the next.
 */
static void
end_try(struct notify *n, const char *channel, bool is_later, int64_t now_ms)
{
	if (is_later)
		n->first_tries = 0;
	if (!n->is_last_try)
		return;
	if (is_later)
		outbox_put_off(n->outbox, channel, now_ms);
	n->first_tries = 1; /* notify_step() looks for the next one */
}

/* The helper could not even be started: the message is tried again. */
static void
fail_delivery(struct notify *n, const char *why, int64_t now_ms)
{
	log_say(n->log, LOG_LEVEL_WARNING, n->entry->task,
	    "Could not start the delivery: %s", why);
	outbox_retry(n->outbox, n->entry, why, 0, now_ms);
	end_try(n, n->entry->channel, true, now_ms);
	n->entry = NULL;
	slots_give(&n->slots);
	records_count_error(n->records);
}

/*
 * The message cannot be had: another process is delivering it, or has
 * delivered it (a helper outlives a runner that was killed), or it is a fault.
 */
static void
give_way(struct notify *n, int error, int64_t now_ms)
{
	if (error != EWOULDBLOCK && error != ENOENT) {
		fail_delivery(n, strerror(error), now_ms);
		return;
	}
	outbox_wait(n->outbox, n->entry, now_ms);
	n->entry = NULL;
	slots_give(&n->slots);
}

/* What the helper said before its answer, of recipients and of waiting. */
struct remarks {
	struct text deferred, refused; /* recipients, with blanks between */
	char deferred_bytes[ENVELOPE_ONLY_SIZE];
	char refused_bytes[ENVELOPE_ONLY_SIZE];
	char refusal[ENVELOPE_ANSWER_SIZE]; /* the last "refused" line, or "" */
	int64_t wait_ms;                    /* asked for by the server, or 0 */
};

/* "ADDRESS: WORDS" */
static void
add_recipient(struct text *recipients, const char *line)
{
	text_add_string(recipients, recipients->length ? " " : "");
	text_add(recipients, line, strcspn(line, ": \n"));
}

static int64_t
parse_wait(const char *seconds, size_t length)
{
	int64_t n;

	return units_parse_digits(seconds, length, 0, INT64_C(1) << 32, &n)
		   ? 0
		   : n * 1000;
}

/* Takes the remarks apart; all but the wish to wait are logged. */
static void
read_remarks(struct notify *n, const char *before, struct remarks *r)
{
	text_init(&r->deferred, r->deferred_bytes, sizeof(r->deferred_bytes));
	text_init(&r->refused, r->refused_bytes, sizeof(r->refused_bytes));
	*r->refusal = '\0';
	r->wait_ms = 0;
	for (size_t length; *before; before += length) {
		length = strcspn(before, "\n");
		if (!strncmp(before, "wait ", 5))
			r->wait_ms = parse_wait(before + 5, length - 5);
		else
			log_say(n->log, LOG_LEVEL_WARNING, n->entry->task,
			    "%.*s", (int)length, before);
		if (!strncmp(before, "deferred ", 9))
			add_recipient(&r->deferred, before + 9);
		if (!strncmp(before, "refused ", 8)) {
			add_recipient(&r->refused, before + 8);
			snprintf(r->refusal, sizeof(r->refusal), "%.*s",
			    (int)length - 8, before + 8);
		}
		length += before[length] == '\n';
	}
}

static void
count_sent(struct notify *n)
{
	size_t index;
	struct task_record *t =
	    records_find(n->records, n->entry->task, &index);

	if (!t)
		return;
	t->mails_sent++;
	records_save_task(n->records, index);
}

/*
 * It was accepted, perhaps not for all: it stays for whom the server told to
 * come again, and is kept for whom it refused for good, with its words.
 */
static void
finish_accepted(struct notify *n, const char *before, const struct remarks *r,
    int64_t now_ms)
{
	const struct outbox_entry *e = n->entry;

	if (r->deferred.length) {
		if (r->refused.length)
			outbox_refuse_for(
			    n->outbox, e, r->refused.data, r->refusal);
		if (!r->deferred.is_short)
			outbox_narrow(n->outbox, e, r->deferred.data);
		outbox_retry(n->outbox, e, before, 0, now_ms);
	} else if (r->refused.length) {
		if (!r->refused.is_short)
			outbox_narrow(n->outbox, e, r->refused.data);
		outbox_refuse(n->outbox, e, r->refusal, now_ms);
	} else {
		outbox_done(n->outbox, e);
	}
}

/* What nobody was told of says where it is. */
static void
log_delivered(struct notify *n, const struct outbox_entry *e,
    const struct channel *c, const char *name)
{
	const char *url = n->config->mail.urls[0];

	if (is_read(n, c, e->task) || notify_has_readers(n, e->task))
		log_say(n->log, LOG_LEVEL_DEBUG, e->task, "%s%s: %s", c->sent,
		    name, e->subject);
	else
		log_say(n->log, LOG_LEVEL_DEBUG, e->task,
		    "Wrote mail to %s: %s", url + strcspn(url, ":") + 1,
		    e->subject);
}

/*
 * A message was refused for good on one channel: the others hear of it, save
 * those that may be the cause of what they would be told.
 */
static void
tell_refusal(struct notify *n, const struct outbox_entry *e, const char *answer,
    int64_t now_ms)
{
	char id[MESSAGE_ID_SIZE], message[512], subject[768];
	struct told_words words;
	struct notification what = {.reason = REASON_REFUSED,
	    .message = message,
	    .refused = e->subject,
	    .task = e->task,
	    .now_wall_ms = clock_wall_ms(),
	    .id = id};
	struct channel c;

	if (e->reason == REASON_REFUSED)
		return;
	what.told_wall_ms = what.now_wall_ms;
	snprintf(message, sizeof(message), "%s: %s", e->channel, answer);
	introduce(n, &what, &words);
	message_make_id(
	    id, n->host, what.chain, what.task, what.now_wall_ms, ID_REFUSED);
	reason_describe(what.reason, what.message, subject, sizeof(subject));
	for (size_t i = 0; channel_at(n->config, i, &c); i++)
		if (strcmp(c.name, e->channel) &&
		    channel_wants(&c, what.reason))
			tell_channel(n, &c, &what, subject, now_ms);
}

static void
finish_delivery(struct notify *n, enum helper_result result, const char *answer,
    const char *before, int64_t now_ms)
{
	const struct outbox_entry e = *n->entry;
	char name[STATE_CHANNEL_SIZE + 1] = "";
	struct remarks r;
	struct channel c = {.sent = "Delivered to", .failed = "deliver to"};

	read_remarks(n, before, &r);
	channel_find(n->config, e.channel, &c);
	if (c.kind != CHANNEL_MAIL)
		snprintf(name, sizeof(name), " %s", e.channel);
	switch (result) {
	case HELPER_DONE:
		log_delivered(n, &e, &c, name);
		if (c.kind == CHANNEL_MAIL && !*e.only)
			count_sent(n);
		finish_accepted(n, before, &r, now_ms);
		drop_same(n, &e);
		if (*r.refusal)
			tell_refusal(n, &e, r.refusal, now_ms);
		break;
	case HELPER_LATER:
		log_say(n->log, LOG_LEVEL_WARNING, e.task,
		    "Could not %s%s (tried again later): %s", c.failed, name,
		    answer);
		outbox_retry(n->outbox, n->entry, answer, r.wait_ms, now_ms);
		if (find_same(n, &e))
			outbox_drop(n->outbox, n->entry);
		break;
	case HELPER_REFUSED:
		log_say(n->log, LOG_LEVEL_ERROR, e.task,
		    "%s%s refused for good (kept in outbox/refused): %s",
		    c.kind == CHANNEL_MAIL ? "Email to admins" : "Message to",
		    name, answer);
		outbox_refuse(n->outbox, n->entry, answer, now_ms);
		tell_refusal(n, &e, answer, now_ms);
		break;
	}
}

/*
 * The channel is not in runner.conf: where that has been so for a while it is
 * meant, else somebody may be editing.
 */
static void
miss_channel(struct notify *n, int64_t now_ms)
{
	static const char why[] = "the channel is not configured any more";
	int64_t since_ms = n->entry->queued_wall_ms, changed_ms;
	struct stat st;

	if (n->config->file && !stat(n->config->file, &st)) {
		changed_ms = (int64_t)st.st_mtim.tv_sec * 1000;
		since_ms = changed_ms > since_ms ? changed_ms : since_ms;
	}
	if (n->first_tries > 0)
		n->first_tries--;
	if (clock_wall_ms() - since_ms >= EDIT_MS) {
		finish_delivery(n, HELPER_REFUSED, why, "", now_ms);
	} else {
		log_say(n->log, LOG_LEVEL_INFO, n->entry->task,
		    "A message to %s waits: %s", n->entry->channel, why);
		outbox_retry(n->outbox, n->entry, why, 0, now_ms);
	}
	end_try(n, "", false, now_ms);
	n->entry = NULL;
	slots_give(&n->slots);
	publish_outbox(n);
}

static void
start_delivery(
    struct notify *n, const struct outbox_entry *entry, int64_t now_ms)
{
	struct channel channel;
	struct delivery d = {.channel = &channel,
	    .config = n->config,
	    .admins = admins_of(n, entry->task),
	    .unique = entry->unique,
	    .only = entry->only};
	char buffer[DELIVERY_JOB_SIZE];
	struct text job;
	int64_t timeout_ms;
	int fd;

	n->entry = entry;
	fd = outbox_message_fd(n->outbox, entry, &d.verdict_at);
	if (fd < 0) {
		give_way(n, errno, now_ms);
		return;
	}
	if (!channel_find(n->config, entry->channel, &channel)) {
		close(fd);
		miss_channel(n, now_ms);
		return;
	}
	text_init(&job, buffer, sizeof(buffer));
	timeout_ms = delivery_make_job(&d, &job);
	if (helper_start(
		&n->helper, n->helper_path, &job, fd, timeout_ms, now_ms))
		fail_delivery(n, strerror(errno), now_ms);
	close(fd);
}

int64_t
notify_step(struct notify *n, int64_t now_ms)
{
	const struct outbox_entry *entry;
	int64_t outbox_ms, digest_ms;

	if (n->helper.child.pid)
		return child_check_time(&n->helper.child, now_ms);
	if (n->is_closing)
		return -1;
	digest_ms = tell_digests(n, now_ms);
	entry = outbox_next(n->outbox, now_ms, &outbox_ms);
	if (n->is_last_try)
		n->first_tries = entry != NULL;
	release_told(n);
	if (!entry)
		return schedule_earlier(digest_ms, outbox_ms);
	if (now_ms < n->slot_ms)
		return schedule_earlier(digest_ms, n->slot_ms);
	if (!slots_take(&n->slots)) {
		int64_t pause_ms = INT64_C(20) << n->slot_tries;

		if (pause_ms < SLOT_PAUSE_MAX_MS)
			n->slot_tries++;
		n->slot_ms =
		    now_ms + pause_ms + (now_ms * 31 + getpid()) % pause_ms;
		return schedule_earlier(digest_ms, n->slot_ms);
	}
	n->slot_tries = 0;
	n->slot_ms = 0;
	start_delivery(n, entry, now_ms);
	return n->helper.child.pid ? n->helper.child.kill_ms : now_ms;
}

void
notify_finish(struct notify *n, int wait_status, int64_t now_ms)
{
	const char *last, *before;
	char channel[ENVELOPE_CHANNEL_SIZE];
	enum helper_result result =
	    helper_finish(&n->helper, wait_status, &last, &before);

	strcpy(channel, n->entry->channel);
	slots_give(&n->slots);
	if (n->first_tries > 0)
		n->first_tries--;
	finish_delivery(n, result, last, before, now_ms);
	end_try(n, channel, result == HELPER_LATER, now_ms);
	n->entry = NULL;
	release_told(n);
	publish_outbox(n);
}

void
notify_try_all(struct notify *n, int64_t now_ms)
{
	outbox_hasten(n->outbox, now_ms);
	n->is_last_try = true;
	n->first_tries = 1;
}

void
notify_stop(struct notify *n)
{
	struct helper *h = &n->helper;
	int64_t limit_ms = h->started_ms + STOP_LIMIT_MS;

	n->is_closing = true;
	if (!h->child.pid || limit_ms >= h->child.kill_ms)
		return;
	h->child.kill_ms = limit_ms;
	h->child.grace_ms = STOP_LIMIT_MS;
}

bool
notify_is_trying(const struct notify *n)
{
	return n->first_tries > 0;
}
