/* One delivery after the other: what the outbox hands out, and what came of it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/units.h"
#include "channel.h"
#include "delivery.h"
#include "notify_private.h"
#include "os/clock.h"
#include "policy/schedule.h"

enum {
	SLOT_PAUSE_MAX_MS = 2000,
	STOP_LIMIT_MS = 3000, /* a stop lets a delivery last so long */
	EDIT_MS = 3600000,    /* in which a channel may come back */
	HANG_MS = 2000,       /* of a try that others would wait for */
};

/*
 * A try is over or could not begin.  `is_later`: no more are waited for, and
 * when `once` ends the channel's others are put off.
 */
static void
end_try(struct notify *n, const char *channel, bool is_later, int64_t now_ms)
{
	if (is_later)
		n->first_tries_left = 0;
	if (!n->is_last_try)
		return;
	if (is_later)
		outbox_put_off(n->outbox, channel, now_ms);
	n->first_tries_left = 1; /* notify_step() looks for the next one */
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
	char deferral[ENVELOPE_ANSWER_SIZE]; /* the last such line, or "" */
	char refusal[ENVELOPE_ANSWER_SIZE];
	int64_t wait_ms; /* asked for by the server, or 0 */
};

/* "ADDRESS: WORDS", kept in `last`. */
static void
add_recipient(struct text *recipients, char last[ENVELOPE_ANSWER_SIZE],
    const char *line, size_t length)
{
	text_add_string(recipients, recipients->length ? " " : "");
	text_add(recipients, line, strcspn(line, ": \n"));
	snprintf(last, ENVELOPE_ANSWER_SIZE, "%.*s", (int)length, line);
}

static void
forget_recipients(struct remarks *r)
{
	text_init(&r->deferred, r->deferred_bytes, sizeof(r->deferred_bytes));
	text_init(&r->refused, r->refused_bytes, sizeof(r->refused_bytes));
	*r->deferral = *r->refusal = '\0';
}

/* Takes the remarks apart; all but the wish to wait are logged. */
static void
read_remarks(struct notify *n, const char *before, struct remarks *r)
{
	int64_t wait_s = 0;

	forget_recipients(r);
	for (size_t length; *before; before += length) {
		length = strcspn(before, "\n");
		if (!strncmp(before, "wait ", 5))
			units_parse_digits(before + 5, length - 5, 0,
			    INT64_C(1) << 32, &wait_s);
		else
			log_say(n->log, LOG_LEVEL_WARNING, n->entry->task,
			    "%.*s", (int)length, before);
		if (!strncmp(before, "deferred ", 9))
			add_recipient(
			    &r->deferred, r->deferral, before + 9, length - 9);
		else if (!strncmp(before, "refused ", 8))
			add_recipient(
			    &r->refused, r->refusal, before + 8, length - 8);
		else if (!strncmp(before, "passed over: ", 13))
			forget_recipients(r);
		length += before[length] == '\n';
	}
	r->wait_ms = wait_s * 1000;
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
finish_accepted(struct notify *n, const struct remarks *r, int64_t now_ms)
{
	const struct outbox_entry *e = n->entry;

	if (r->deferred.length) {
		if (r->refused.length)
			outbox_refuse_for(
			    n->outbox, e, r->refused.data, r->refusal);
		if (!r->deferred.is_short)
			outbox_narrow(n->outbox, e, r->deferred.data);
		outbox_retry(n->outbox, e, r->deferral, 0, now_ms);
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

	if (notify_is_read(n, c, e->task) || notify_has_readers(n, e->task))
		log_say(n->log, LOG_LEVEL_DEBUG, e->task, "%s%s: %s", c->sent,
		    name, e->subject);
	else
		log_say(n->log, LOG_LEVEL_DEBUG, e->task,
		    "Wrote mail to %s: %s", url + strcspn(url, ":") + 1,
		    e->subject);
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
		finish_accepted(n, &r, now_ms);
		notify_drop_same(n, &e);
		if (*r.refusal)
			notify_tell_refusal(n, &e, r.refusal, now_ms);
		break;
	case HELPER_LATER:
		log_say(n->log, LOG_LEVEL_WARNING, e.task,
		    "Could not %s%s (tried again later): %s", c.failed, name,
		    answer);
		outbox_retry(n->outbox, n->entry, answer, r.wait_ms, now_ms);
		if (notify_find_same(n, &e))
			outbox_drop(n->outbox, n->entry);
		break;
	case HELPER_REFUSED:
		log_say(n->log, LOG_LEVEL_ERROR, e.task,
		    "%s%s refused for good (kept in outbox/refused): %s",
		    c.kind == CHANNEL_MAIL ? "Email to admins" : "Message to",
		    name, answer);
		outbox_refuse(n->outbox, n->entry, answer, now_ms);
		notify_tell_refusal(n, &e, answer, now_ms);
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
	if (n->first_tries_left > 0)
		n->first_tries_left--;
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
	notify_publish(n);
}

static void
start_delivery(
    struct notify *n, const struct outbox_entry *entry, int64_t now_ms)
{
	struct channel channel;
	struct delivery d = {.channel = &channel,
	    .config = n->config,
	    .admins = notify_admins(n, entry->task),
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
	digest_ms = notify_tell_digests(n, now_ms);
	entry = outbox_next(n->outbox, now_ms, &outbox_ms);
	if (n->is_last_try)
		n->first_tries_left = entry != NULL;
	notify_release_sent(n);
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
	if (n->first_tries_left > 0)
		n->first_tries_left--;
	finish_delivery(n, result, last, before, now_ms);
	/* One that hangs would hold up what the others take at once. */
	if (result == HELPER_LATER && now_ms - n->helper.started_ms >= HANG_MS)
		outbox_put_off(n->outbox, channel, now_ms);
	end_try(n, channel, result == HELPER_LATER, now_ms);
	n->entry = NULL;
	notify_release_sent(n);
	notify_publish(n);
}

void
notify_try_all(struct notify *n, int64_t now_ms)
{
	outbox_hasten(n->outbox, now_ms);
	n->is_last_try = true;
	n->first_tries_left = 1;
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
	return n->first_tries_left > 0;
}
