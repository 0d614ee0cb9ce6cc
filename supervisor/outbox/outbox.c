#include "outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "os/clock.h"
#include "os/pages.h"
#include "outbox_files.h"

enum {
	PAUSE_LEAST_MS = 10000,
	PAUSE_MOST_MS = 3600000,
	WAIT_MOST_MS = 24 * 3600000, /* when a server asks for longer */
	SPREAD_MS = 2000,   /* over which those found at start are tried */
	LOCKED_MS = 1000,   /* before looking again whether it is */
	REWRITE_MS = 10000, /* between tries to write what is in memory */
	RESCAN_AT = OUTBOX_WAITING_MAX / 2,
};

/* A message that waits.  It does not move, so that it can be handed out. */
struct waiting {
	struct stored stored; /* first, and its entry is the first of it */
	uint64_t queue;       /* see set_queue() */
	int64_t since_ms;     /* it is ours, on the clock of decisions */
	int64_t due_ms;
	bool is_used;
};

struct outbox {
	struct outbox_files files;
	uint64_t random;
	uint32_t number; /* of this process, for names */
	int64_t newest;  /* QUEUED of the newest name */
	int64_t rewrite_ms;
	bool has_more; /* on the disk than fit here */
	size_t count;
	/* Oldest first: names sort in the order of putting. */
	struct waiting *order[OUTBOX_WAITING_MAX];
	struct waiting slots[OUTBOX_WAITING_MAX];
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

static struct waiting *
find_free(struct outbox *o)
{
	for (size_t i = 0; i < OUTBOX_WAITING_MAX; i++)
		if (!o->slots[i].is_used)
			return &o->slots[i];
	return NULL;
}

/*
 * Messages of one task wait for each other, on one channel; those that are left
 * for a few recipients hold up nobody else.  That two tasks may share a queue
 * only makes one of them wait.
 */
static void
set_queue(struct waiting *w)
{
	const struct outbox_entry *e = &w->stored.entry;

	w->queue = hash_fnv64_string(HASH_FNV64, e->channel);
	w->queue = hash_fnv64_string(w->queue, e->task);
	w->queue = hash_fnv64_string(w->queue, e->only);
}

/* Puts a slot, whose message is set, where it belongs. */
static void
insert(struct outbox *o, struct waiting *w)
{
	size_t i = o->count++;

	w->is_used = true;
	set_queue(w);
	for (; i && strcmp(o->order[i - 1]->stored.name, w->stored.name) > 0;
	     i--)
		o->order[i] = o->order[i - 1];
	o->order[i] = w;
}

/* Forgets a message; its file is the caller's matter. */
static void
drop(struct outbox *o, struct waiting *w)
{
	size_t i = 0;

	while (o->order[i] != w)
		i++;
	memmove(&o->order[i], &o->order[i + 1],
	    (--o->count - i) * sizeof(o->order[0]));
	outbox_files_drop(&o->files, &w->stored);
	w->is_used = false;
}

/* Room for one more; when there is none, the newest gives way to an older. */
static struct waiting *
make_room(struct outbox *o, const char *name)
{
	struct waiting *last;

	if (o->count < OUTBOX_WAITING_MAX)
		return find_free(o);
	o->has_more = true;
	last = o->order[o->count - 1];
	if (strcmp(name, last->stored.name) > 0 || last->stored.bytes ||
	    last->stored.is_on_its_way)
		return NULL;
	drop(o, last);
	return last;
}

/* What a scan goes by. */
struct scan {
	struct outbox *o;
	int64_t now_ms;
};

static void
take_in(void *context, const char *name, int64_t queued)
{
	struct scan *s = context;
	struct outbox *o = s->o;
	struct stored stored;
	struct waiting *w;

	if (queued > o->newest)
		o->newest = queued;
	for (size_t i = 0; i < o->count; i++)
		if (!strcmp(o->order[i]->stored.name, name))
			return;
	if (outbox_files_read(&o->files, name, &stored))
		return;
	w = make_room(o, name);
	if (!w)
		return;
	*w = (struct waiting){.stored = stored,
	    .since_ms = s->now_ms,
	    .due_ms = s->now_ms + next_random(o) % SPREAD_MS};
	insert(o, w);
}

static int
scan_files(struct outbox *o, int64_t now_ms)
{
	struct scan s = {o, now_ms};

	o->has_more = false;
	return outbox_files_scan(&o->files, take_in, &s);
}

struct outbox *
outbox_open(
    const char *run_root, const char *chain, struct log *log, int64_t now_ms)
{
	struct outbox *o = pages_new(sizeof(*o));

	if (!o || outbox_files_init(&o->files, run_root, chain, log)) {
		pages_free(o, sizeof(*o));
		return errno = ENOMEM, NULL;
	}
	if (getrandom(&o->random, sizeof(o->random), GRND_NONBLOCK) !=
	    sizeof(o->random))
		o->random = (uint64_t)clock_now_ns() ^ (uint64_t)getpid() << 40;
	o->random |= 1;
	o->number = next_random(o);
	if (scan_files(o, now_ms))
		outbox_files_note(&o->files, errno);
	return o;
}

bool
outbox_has_in_memory(const struct outbox *o, const char *task)
{
	for (size_t i = 0; o->files.in_memory && i < o->count; i++)
		if (o->order[i]->stored.bytes &&
		    !strcmp(o->order[i]->stored.entry.task, task))
			return true;
	return false;
}

/* Tries to bring to the disk what is in memory and not on its way. */
static void
write_memory(struct outbox *o)
{
	for (size_t i = 0; i < o->count; i++) {
		struct stored *s = &o->order[i]->stored;

		if (s->bytes && !s->is_on_its_way &&
		    outbox_files_write_copy(&o->files, s))
			return;
	}
	outbox_files_note(&o->files, 0);
}

void
outbox_save(struct outbox *o)
{
	for (size_t i = 0; i < o->count; i++)
		o->order[i]->stored.is_on_its_way = false;
	if (o->files.in_memory)
		write_memory(o);
}

void
outbox_free(struct outbox *o)
{
	if (!o)
		return;
	outbox_save(o);
	if (o->files.in_memory)
		log_say(o->files.log, LOG_LEVEL_ERROR, NULL,
		    "Messages that were only in memory, for the disk is full, "
		    "are lost: %zu; their failures are told again",
		    o->files.in_memory);
	while (o->count)
		drop(o, o->order[o->count - 1]);
	outbox_files_release(&o->files);
	pages_free(o, sizeof(*o));
}

/* A name that sorts after all others of this chain; the message's offset. */
static void
address(struct outbox *o, struct stored *s, size_t message_size)
{
	int64_t queued = s->entry.queued_wall_ms;
	enum channel_kind kind = CHANNEL_MAIL;
	char buffer[ENVELOPE_SIZE];
	struct text t;

	o->newest = queued > o->newest ? queued : o->newest + 1;
	channel_kind_of(s->entry.channel, &kind);
	envelope_format_name(
	    s->name, o->files.chain, o->newest, o->number, kind);
	text_init(&t, buffer, sizeof(buffer));
	envelope_write(&t, &s->entry, message_size);
	s->offset = t.length;
}

int
outbox_put(struct outbox *o, const struct outbox_entry *entry,
    const char *message, size_t size, int64_t now_ms)
{
	struct waiting *w = o->has_more ? NULL : find_free(o);
	int result;

	if (!size || !w)
		return -1;
	*w = (struct waiting){.stored = {.entry = *entry, .lock_fd = -1},
	    .since_ms = now_ms,
	    .due_ms = now_ms};
	w->stored.entry.tries = 0;
	w->stored.entry.answer[0] = '\0';
	w->stored.entry.has_verdict_room = true;
	envelope_clean(&w->stored.entry);
	address(o, &w->stored, size);
	result = outbox_files_put(&o->files, &w->stored, message, size);
	if (result < 0)
		return -1;
	if (result && o->files.in_memory == 1)
		o->rewrite_ms = now_ms + REWRITE_MS;
	insert(o, w);
	return result;
}

/* What has to be done now and then, besides delivering. */
static void
repair(struct outbox *o, int64_t now_ms)
{
	if (o->files.in_memory && now_ms >= o->rewrite_ms) {
		o->rewrite_ms = now_ms + REWRITE_MS;
		write_memory(o);
	}
	if (o->has_more && o->count <= RESCAN_AT)
		scan_files(o, now_ms);
}

/* Has the i-th an older one of its queue before it? */
static bool
has_older(const struct outbox *o, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (o->order[k]->queue == o->order[i]->queue)
			return true;
	return false;
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
	struct waiting *next = NULL;

	*deadline_ms = -1;
	repair(o, now_ms);
	for (size_t i = 0; i < o->count;) {
		struct waiting *w = o->order[i];
		bool is_due = w->due_ms <= now_ms;

		if (w->stored.is_on_its_way || has_older(o, i)) {
			i++;
			continue;
		}
		if (is_due && outbox_files_has_left(&o->files, &w->stored)) {
			drop(o, w);
			continue;
		}
		if (is_due && (!next || w->stored.entry.tries <
					    next->stored.entry.tries)) {
			struct waiting *other = next;

			next = w;
			w = other;
		}
		if (w)
			lower(deadline_ms, w->due_ms);
		i++;
	}
	if (o->files.in_memory)
		lower(deadline_ms, o->rewrite_ms);
	return next ? &next->stored.entry : NULL;
}

/* The message of an entry that was handed out: the entry is the first of it. */
static struct waiting *
waiting_of(const struct outbox_entry *e)
{
	return (struct waiting *)e;
}

int
outbox_message_fd(
    struct outbox *o, const struct outbox_entry *e, size_t *verdict_at)
{
	return outbox_files_take(&o->files, &waiting_of(e)->stored, verdict_at);
}

void
outbox_done(struct outbox *o, const struct outbox_entry *e)
{
	outbox_files_remove(&o->files, &waiting_of(e)->stored);
	drop(o, waiting_of(e));
}

bool
outbox_drop(struct outbox *o, const struct outbox_entry *e)
{
	if (waiting_of(e)->stored.is_on_its_way)
		return false;
	outbox_done(o, e);
	return true;
}

void
outbox_retry(struct outbox *o, const struct outbox_entry *e, const char *answer,
    int64_t wait_ms, int64_t now_ms)
{
	struct waiting *w = waiting_of(e);
	int64_t pause_ms = (now_ms - w->since_ms) / 2;

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
	outbox_files_give_back(&w->stored);
	w->stored.entry.tries++;
	envelope_set_answer(&w->stored.entry, answer);
}

void
outbox_wait(struct outbox *o, const struct outbox_entry *e, int64_t now_ms)
{
	waiting_of(e)->due_ms = now_ms + LOCKED_MS;
}

void
outbox_narrow(struct outbox *o, const struct outbox_entry *e, const char *only)
{
	struct waiting *w = waiting_of(e);

	if (strlen(only) >= sizeof(w->stored.entry.only))
		return;
	strcpy(w->stored.entry.only, only);
	set_queue(w);
	outbox_files_narrow(&o->files, &w->stored);
}

void
outbox_refuse(struct outbox *o, const struct outbox_entry *e,
    const char *answer, int64_t now_ms)
{
	struct waiting *w = waiting_of(e);

	envelope_set_answer(&w->stored.entry, answer);
	if (outbox_files_refuse(&o->files, &w->stored))
		outbox_retry(o, e, answer, 0, now_ms);
	else
		drop(o, w);
}

void
outbox_refuse_for(struct outbox *o, const struct outbox_entry *e,
    const char *only, const char *answer)
{
	outbox_files_refuse_copy(
	    &o->files, &waiting_of(e)->stored, only, answer);
}

void
outbox_hasten(struct outbox *o, int64_t now_ms)
{
	for (size_t i = 0; i < o->count; i++)
		o->order[i]->due_ms = now_ms;
}

void
outbox_put_off(struct outbox *o, const char *channel, int64_t now_ms)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->order[i]->due_ms <= now_ms &&
		    !strcmp(o->order[i]->stored.entry.channel, channel))
			o->order[i]->due_ms = now_ms + PAUSE_LEAST_MS;
}

size_t
outbox_count(const struct outbox *o)
{
	return o->count;
}

const struct outbox_entry *
outbox_at(const struct outbox *o, size_t i)
{
	return i < o->count ? &o->order[i]->stored.entry : NULL;
}
