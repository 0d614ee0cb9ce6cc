#include "outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "os/clock.h"
#include "outbox_folder.h"
#include "outbox_store.h"
#include "base/text.h"
#include "os/pages.h"
#include "waiting.h"

enum {
	PAUSE_LEAST_MS = 10000,
	PAUSE_MOST_MS = 3600000,
	WAIT_MOST_MS = 24 * 3600000, /* when a server asks for longer */
	SPREAD_MS = 2000, /* over which those found at start are tried */
	RESCAN_AT = OUTBOX_WAITING_MAX / 2,
};

struct outbox {
	struct outbox_store store;
	struct waiting_table table;
	uint64_t random;
	uint32_t number; /* of this process, for names */
	int64_t newest;  /* QUEUED of the newest name */
	bool has_more;   /* on the disk than fit here */
};

/* xorshift64*: jitter and names, no secrets. */
static uint32_t
next_random(struct outbox *o)
{
	o->random ^= o->random >> 12;
	o->random ^= o->random << 25;
	o->random ^= o->random >> 27;
	return (uint32_t)((o->random * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

/* Forgets a message; its file is the caller's matter. */
static void
drop(struct outbox *o, struct waiting *w)
{
	outbox_store_release(&o->store, w);
	waiting_remove(&o->table, w);
}

/* What a scan goes by. */
struct scan {
	struct outbox *o;
	int64_t now_ms;
	int64_t wall_ms;
};

/* Room for one more; when there is none, the newest gives way to an older. */
static struct waiting *
make_room(struct outbox *o, const char *name)
{
	struct waiting *last;

	if (o->table.count < OUTBOX_WAITING_MAX)
		return waiting_find_free(&o->table);
	o->has_more = true;
	last = waiting_at(&o->table, o->table.count - 1);
	if (strcmp(name, last->name) > 0 || last->bytes || last->is_on_its_way)
		return NULL;
	drop(o, last);
	return waiting_find_free(&o->table);
}

static void
take_in(struct scan *s, struct waiting *w, const char *name)
{
	int64_t age_ms = s->wall_ms - w->entry.queued_wall_ms;

	w->lock_fd = -1;
	w->queued_ms = s->now_ms - (age_ms > 0 ? age_ms : 0);
	w->due_ms = s->now_ms + next_random(s->o) % SPREAD_MS;
	strcpy(w->name, name);
	waiting_insert(&s->o->table, w);
}

static void
found_file(void *context, const char *name, int64_t queued)
{
	struct scan *s = context;
	struct outbox_entry entry;
	struct waiting *w;
	size_t offset;

	if (queued > s->o->newest)
		s->o->newest = queued;
	if (waiting_has_name(&s->o->table, name))
		return;
	if (outbox_folder_read(&s->o->store.folder, name, &entry, &offset)) {
		if (errno == EPROTO)
			outbox_store_pass_over(&s->o->store, name);
		else if (errno == EBADMSG)
			outbox_store_refuse_damaged(&s->o->store, name);
		return;
	}
	w = make_room(s->o, name);
	if (!w)
		return;
	w->entry = entry;
	w->offset = offset;
	take_in(s, w, name);
}

static int
scan_folder(struct outbox *o, int64_t now_ms)
{
	struct scan s = {o, now_ms, clock_wall_ms()};

	o->has_more = false;
	return outbox_folder_scan(&o->store.folder, found_file, &s);
}

struct outbox *
outbox_open(
    const char *run_root, const char *chain, struct log *log, int64_t now_ms)
{
	struct outbox *o = pages_new(sizeof(*o));

	if (!o || outbox_folder_init(&o->store.folder, run_root, chain)) {
		pages_free(o, sizeof(*o));
		return errno = ENOMEM, NULL;
	}
	o->store.log = log;
	if (getrandom(&o->random, sizeof(o->random), GRND_NONBLOCK) !=
	    sizeof(o->random))
		o->random = (uint64_t)clock_now_ns() ^ (uint64_t)getpid() << 40;
	o->random |= 1;
	o->number = next_random(o);
	if (scan_folder(o, now_ms))
		outbox_store_note(&o->store, errno);
	return o;
}

bool
outbox_has_in_memory(const struct outbox *o, const char *task)
{
	for (size_t i = 0; o->store.in_memory && i < o->table.count; i++) {
		const struct waiting *w = &o->table.slots[o->table.order[i]];

		if (w->bytes && !strcmp(w->entry.task, task))
			return true;
	}
	return false;
}

void
outbox_save(struct outbox *o)
{
	for (size_t i = 0; i < o->table.count; i++)
		waiting_at(&o->table, i)->is_on_its_way = false;
	if (o->store.in_memory)
		outbox_store_write_memory(&o->store, &o->table, 0);
}

void
outbox_free(struct outbox *o)
{
	if (!o)
		return;
	outbox_save(o);
	if (o->store.in_memory)
		log_say(o->store.log, LOG_LEVEL_ERROR, NULL,
		    "%zu messages that waited in memory are lost; what they "
		    "tell is told anew",
		    o->store.in_memory);
	while (o->table.count)
		drop(o, waiting_at(&o->table, o->table.count - 1));
	outbox_folder_release(&o->store.folder);
	pages_free(o, sizeof(*o));
}

/* A name that sorts behind every other one of this chain. */
static void
name_message(struct outbox *o, struct waiting *w)
{
	int64_t queued = w->entry.queued_wall_ms;
	enum channel_kind kind = CHANNEL_MAIL;

	o->newest = queued > o->newest ? queued : o->newest + 1;
	channel_kind_of(w->entry.channel, &kind);
	envelope_format_name(
	    w->name, o->store.folder.chain, o->newest, o->number, kind);
}

static size_t
envelope_size(const struct outbox_entry *e, size_t message_size)
{
	char buffer[ENVELOPE_SIZE];
	struct text t;

	text_init(&t, buffer, sizeof(buffer));
	envelope_write(&t, e, message_size);
	return t.length;
}

int
outbox_put(struct outbox *o, const struct outbox_entry *entry,
    const char *message, size_t size, int64_t now_ms)
{
	struct waiting *w = o->has_more ? NULL : waiting_find_free(&o->table);
	int result;

	if (!size || !w)
		return -1;
	*w = (struct waiting){.entry = *entry, .lock_fd = -1};
	w->entry.tries = 0;
	w->entry.answer[0] = '\0';
	envelope_clean(&w->entry);
	w->queued_ms = w->due_ms = now_ms;
	w->offset = envelope_size(&w->entry, size);
	name_message(o, w);
	result = outbox_store_put(&o->store, w, message, size, now_ms);
	if (result < 0)
		return -1;
	waiting_insert(&o->table, w);
	return result;
}

/* What has to be done now and then, besides delivering. */
static void
mend(struct outbox *o, int64_t now_ms)
{
	if (o->store.in_memory && now_ms >= o->store.rewrite_ms)
		outbox_store_write_memory(&o->store, &o->table, now_ms);
	if (o->has_more && o->table.count <= RESCAN_AT)
		scan_folder(o, now_ms);
}

static void
lower(int64_t *deadline_ms, int64_t ms)
{
	if (*deadline_ms < 0 || ms < *deadline_ms)
		*deadline_ms = ms;
}

const struct outbox_entry *
outbox_next(struct outbox *o, int64_t now_ms, int64_t *deadline_ms)
{
	const struct outbox_entry *next = NULL;

	*deadline_ms = -1;
	mend(o, now_ms);
	for (size_t i = 0; i < o->table.count;) {
		struct waiting *w = waiting_at(&o->table, i);
		bool is_due = w->due_ms <= now_ms;

		if (w->is_on_its_way || waiting_is_behind(&o->table, i)) {
			i++;
			continue;
		}
		if (is_due && outbox_store_has_left(&o->store, w)) {
			drop(o, w);
			continue;
		}
		if (is_due && !next)
			next = &w->entry;
		else
			lower(deadline_ms, w->due_ms);
		i++;
	}
	if (o->store.in_memory)
		lower(deadline_ms, o->store.rewrite_ms);
	return next;
}

int
outbox_message_fd(struct outbox *o, const struct outbox_entry *e)
{
	return outbox_store_take(&o->store, waiting_of(&o->table, e));
}

bool
outbox_drop(struct outbox *o, const struct outbox_entry *e)
{
	struct waiting *w = waiting_of(&o->table, e);

	if (w->is_on_its_way)
		return false;
	outbox_store_remove(&o->store, w);
	drop(o, w);
	return true;
}

void
outbox_done(struct outbox *o, const struct outbox_entry *e)
{
	struct waiting *w = waiting_of(&o->table, e);

	outbox_store_remove(&o->store, w);
	drop(o, w);
}

void
outbox_retry(struct outbox *o, const struct outbox_entry *e, const char *answer,
    int64_t wait_ms, int64_t now_ms)
{
	struct waiting *w = waiting_of(&o->table, e);
	int64_t pause_ms = (now_ms - w->queued_ms) / 2;

	if (pause_ms < PAUSE_LEAST_MS)
		pause_ms = PAUSE_LEAST_MS;
	if (pause_ms > PAUSE_MOST_MS)
		pause_ms = PAUSE_MOST_MS;
	/* A fifth more or less, so that chains that met a dead server part. */
	pause_ms +=
	    pause_ms / 5 * ((int64_t)(next_random(o) % 2001) - 1000) / 1000;
	if (pause_ms < wait_ms)
		pause_ms = wait_ms < WAIT_MOST_MS ? wait_ms : WAIT_MOST_MS;
	w->due_ms = now_ms + pause_ms;
	outbox_store_give_back(w);
	w->entry.tries++;
	envelope_set_answer(&w->entry, answer);
}

void
outbox_narrow(struct outbox *o, const struct outbox_entry *e, const char *only)
{
	struct waiting *w = waiting_of(&o->table, e);

	if (strlen(only) >= sizeof(w->entry.only))
		return;
	strcpy(w->entry.only, only);
	outbox_store_narrow(&o->store, w);
}

void
outbox_refuse(struct outbox *o, const struct outbox_entry *e,
    const char *answer, int64_t now_ms)
{
	struct waiting *w = waiting_of(&o->table, e);

	envelope_set_answer(&w->entry, answer);
	if (outbox_store_refuse(&o->store, w))
		outbox_retry(o, e, answer, 0, now_ms);
	else
		drop(o, w);
}

void
outbox_hasten(struct outbox *o, int64_t now_ms)
{
	for (size_t i = 0; i < o->table.count; i++)
		waiting_at(&o->table, i)->due_ms = now_ms;
}

void
outbox_put_off(struct outbox *o, const char *channel, int64_t now_ms)
{
	for (size_t i = 0; i < o->table.count; i++) {
		struct waiting *w = waiting_at(&o->table, i);

		if (w->due_ms <= now_ms && !strcmp(w->entry.channel, channel))
			w->due_ms = now_ms + PAUSE_LEAST_MS;
	}
}

size_t
outbox_count(const struct outbox *o)
{
	return o->table.count;
}

const struct outbox_entry *
outbox_at(const struct outbox *o, size_t i)
{
	return i < o->table.count ? &o->table.slots[o->table.order[i]].entry
				  : NULL;
}
