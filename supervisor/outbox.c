#include "outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "clock.h"
#include "outbox_folder.h"
#include "text.h"

enum {
	PAUSE_LEAST_MS = 10000,
	PAUSE_MOST_MS = 3600000,
	SPREAD_MS = 2000,    /* over which those found at start are tried */
	REWRITE_MS = 10000,  /* between tries to write what is in memory */
	RESCAN_AT = OUTBOX_WAITING_MAX / 2,
};

/* A message that waits; in memory while `bytes` is there, else on the disk. */
struct waiting {
	struct outbox_entry entry; /* first: an entry is its own handle */
	char name[ENVELOPE_NAME_SIZE];
	uint64_t lane; /* the same for one task and channel */
	size_t offset; /* of the message in the file */
	char *bytes;
	size_t size;       /* of `bytes` */
	int64_t queued_ms; /* on the clock of decisions */
	int64_t due_ms;
	int lock_fd; /* holds the lock while it is on its way, or -1 */
	bool is_used;
	bool is_on_its_way;
};

struct outbox {
	struct outbox_folder folder;
	struct log *log; /* borrowed */
	uint64_t random;
	uint32_t number; /* of this process, for names */
	int64_t newest;  /* QUEUED of the newest name */
	int64_t rewrite_ms;
	size_t count;
	size_t in_memory;
	bool has_more;   /* on the disk than fit here */
	bool is_failing; /* the disk takes nothing, and that was said */
	uint16_t order[OUTBOX_WAITING_MAX]; /* slots, oldest first */
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

static uint64_t
lane_of(const struct outbox_entry *e)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325) + (uint64_t)e->channel;

	for (const char *c = e->task; *c; c++)
		hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
	return hash;
}

static struct waiting *
waiting_of(struct outbox *o, const struct outbox_entry *e)
{
	size_t at = (size_t)((const char *)e - (const char *)o->slots);

	return &o->slots[at / sizeof(struct waiting)];
}

static struct waiting *
waiting_at(struct outbox *o, size_t i)
{
	return &o->slots[o->order[i]];
}

static struct waiting *
find_free_slot(struct outbox *o)
{
	for (size_t i = 0; i < OUTBOX_WAITING_MAX; i++)
		if (!o->slots[i].is_used)
			return &o->slots[i];
	return NULL;
}

/* Puts a used slot where its name belongs. */
static void
insert_ordered(struct outbox *o, struct waiting *w)
{
	size_t i = o->count++;

	for (; i && strcmp(waiting_at(o, i - 1)->name, w->name) > 0; i--)
		o->order[i] = o->order[i - 1];
	o->order[i] = (uint16_t)(w - o->slots);
}

/* Forgets a message; its file is the caller's matter. */
static void
drop(struct outbox *o, struct waiting *w)
{
	size_t i = 0;

	while (waiting_at(o, i) != w)
		i++;
	o->count--;
	memmove(&o->order[i], &o->order[i + 1],
	    (o->count - i) * sizeof(o->order[0]));
	if (w->bytes) {
		free(w->bytes);
		o->in_memory--;
	}
	if (w->lock_fd >= 0)
		close(w->lock_fd);
	*w = (struct waiting){.lock_fd = -1};
}

static void
move_to_refused(struct outbox *o, const char *name, const char *answer,
    size_t offset)
{
	size_t removed;

	if (outbox_folder_refuse(&o->folder, name, answer, offset)) {
		log_say(o->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot keep %s in outbox/refused: %s", name,
		    strerror(errno));
		outbox_folder_remove(&o->folder, name);
		return;
	}
	removed = outbox_folder_trim_refused(&o->folder, OUTBOX_REFUSED_MAX);
	if (removed)
		log_say(o->log, LOG_LEVEL_WARNING, NULL,
		    "Removed %zu of the oldest files of outbox/refused",
		    removed);
}

/* What a scan goes by. */
struct scan {
	struct outbox *o;
	int64_t now_ms;
	int64_t wall_ms;
};

static bool
is_known(struct outbox *o, const char *name)
{
	for (size_t i = 0; i < o->count; i++)
		if (!strcmp(waiting_at(o, i)->name, name))
			return true;
	return false;
}

/* Room for one more; when there is none, the newest gives way to an older. */
static struct waiting *
make_room(struct outbox *o, const char *name)
{
	struct waiting *last;

	if (o->count < OUTBOX_WAITING_MAX)
		return find_free_slot(o);
	o->has_more = true;
	last = waiting_at(o, o->count - 1);
	if (strcmp(name, last->name) > 0 || last->bytes || last->is_on_its_way)
		return NULL;
	drop(o, last);
	return find_free_slot(o);
}

static void
take_in(struct scan *s, struct waiting *w, const char *name)
{
	int64_t age_ms = s->wall_ms - w->entry.queued_wall_ms;

	w->is_used = true;
	w->lock_fd = -1;
	w->lane = lane_of(&w->entry);
	w->queued_ms = s->now_ms - (age_ms > 0 ? age_ms : 0);
	w->due_ms = s->now_ms + next_random(s->o) % SPREAD_MS;
	strcpy(w->name, name);
	insert_ordered(s->o, w);
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
	if (is_known(s->o, name))
		return;
	if (outbox_folder_read(&s->o->folder, name, &entry, &offset)) {
		if (errno != EBADMSG)
			return;
		log_say(s->o->log, LOG_LEVEL_WARNING, NULL,
		    "Message %s is damaged, it goes to outbox/refused", name);
		move_to_refused(s->o, name, NULL, 0);
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
	return outbox_folder_scan(&o->folder, found_file, &s);
}

/* Says once that the disk takes nothing, and once that it does again. */
static void
note_disk(struct outbox *o, int error)
{
	if (error && !o->is_failing)
		log_say(o->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot write to %s/outbox: %s; messages wait in memory",
		    o->folder.run_root, strerror(error));
	if (!error && o->is_failing)
		log_say(o->log, LOG_LEVEL_INFO, NULL,
		    "Messages are written to %s/outbox again",
		    o->folder.run_root);
	o->is_failing = error != 0;
}

struct outbox *
outbox_open(const char *run_root, const char *chain, struct log *log,
    int64_t now_ms)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (!o || outbox_folder_init(&o->folder, run_root, chain)) {
		free(o);
		return errno = ENOMEM, NULL;
	}
	o->log = log;
	if (getrandom(&o->random, sizeof(o->random), GRND_NONBLOCK) !=
	    sizeof(o->random))
		o->random = (uint64_t)clock_now_ns() ^
		    (uint64_t)getpid() << 40;
	o->random |= 1;
	o->number = next_random(o);
	if (scan_folder(o, now_ms))
		note_disk(o, errno);
	return o;
}

/* Tries to bring to the disk what waits in memory, oldest first. */
static void
write_memory(struct outbox *o)
{
	for (size_t i = 0; i < o->count; i++) {
		struct waiting *w = waiting_at(o, i);

		if (!w->bytes || w->is_on_its_way)
			continue;
		if (outbox_folder_write(&o->folder, w->name, &w->entry,
			w->bytes, w->size))
			return;
		free(w->bytes);
		w->bytes = NULL;
		o->in_memory--;
	}
	note_disk(o, 0);
}

void
outbox_free(struct outbox *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->count; i++)
		waiting_at(o, i)->is_on_its_way = false;
	if (o->in_memory)
		write_memory(o);
	if (o->in_memory)
		log_say(o->log, LOG_LEVEL_ERROR, NULL,
		    "%zu messages that waited in memory are lost",
		    o->in_memory);
	while (o->count)
		drop(o, waiting_at(o, o->count - 1));
	outbox_folder_release(&o->folder);
	free(o);
}

/* A name that sorts behind every other one of this chain. */
static void
name_message(struct outbox *o, struct waiting *w)
{
	int64_t queued = w->entry.queued_wall_ms;

	o->newest = queued > o->newest ? queued : o->newest + 1;
	envelope_format_name(w->name, o->folder.chain, o->newest, o->number,
	    w->entry.channel);
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

/* To the disk, or else to memory.  Returns as outbox_put(). */
static int
store(struct outbox *o, struct waiting *w, const char *message, size_t size,
    int64_t now_ms)
{
	if (!outbox_folder_write(&o->folder, w->name, &w->entry, message,
		size)) {
		return 0;
	}
	note_disk(o, errno);
	if (o->in_memory == OUTBOX_IN_MEMORY_MAX)
		return -1;
	w->bytes = malloc(size);
	if (!w->bytes)
		return -1;
	memcpy(w->bytes, message, size);
	w->size = size;
	if (!o->in_memory++)
		o->rewrite_ms = now_ms + REWRITE_MS;
	return 1;
}

int
outbox_put(struct outbox *o, const struct outbox_entry *entry,
    const char *message, size_t size, int64_t now_ms)
{
	struct waiting *w = o->has_more ? NULL : find_free_slot(o);
	int result;

	if (!size || !w)
		return -1;
	*w = (struct waiting){.entry = *entry, .lock_fd = -1};
	w->entry.tries = 0;
	w->entry.answer[0] = '\0';
	envelope_clean(&w->entry);
	w->lane = lane_of(&w->entry);
	w->queued_ms = w->due_ms = now_ms;
	w->offset = envelope_size(&w->entry, size);
	name_message(o, w);
	result = store(o, w, message, size, now_ms);
	if (result < 0)
		return -1;
	w->is_used = true;
	insert_ordered(o, w);
	return result;
}

/* Does the i-th stand behind an older one of its task and channel? */
static bool
is_behind(struct outbox *o, size_t i)
{
	uint64_t lane = waiting_at(o, i)->lane;

	for (size_t k = 0; k < i; k++)
		if (waiting_at(o, k)->lane == lane)
			return true;
	return false;
}

/* Another runner of this chain may have delivered it. */
static bool
has_left(struct outbox *o, struct waiting *w)
{
	return !w->bytes && !outbox_folder_has(&o->folder, w->name);
}

/* What has to be done now and then, besides delivering. */
static void
mend(struct outbox *o, int64_t now_ms)
{
	if (o->in_memory && now_ms >= o->rewrite_ms) {
		write_memory(o);
		o->rewrite_ms = now_ms + REWRITE_MS;
	}
	if (o->has_more && o->count <= RESCAN_AT)
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
	for (size_t i = 0; i < o->count;) {
		struct waiting *w = waiting_at(o, i);
		bool is_due = w->due_ms <= now_ms;

		if (w->is_on_its_way || is_behind(o, i)) {
			i++;
			continue;
		}
		if (is_due && has_left(o, w)) {
			drop(o, w);
			continue;
		}
		if (is_due && !next)
			next = &w->entry;
		else
			lower(deadline_ms, w->due_ms);
		i++;
	}
	if (o->in_memory)
		lower(deadline_ms, o->rewrite_ms);
	return next;
}

/* A message in memory as a file that has no name. */
static int
open_memory(const struct waiting *w)
{
	int fd = memfd_create("runner-message", MFD_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = pwrite(fd, w->bytes, w->size, 0);
	if (n == (ssize_t)w->size)
		return fd;
	close(fd);
	return errno = ENOMEM, -1;
}

int
outbox_message_fd(struct outbox *o, const struct outbox_entry *e)
{
	struct waiting *w = waiting_of(o, e);
	int fd;

	if (w->bytes) {
		fd = open_memory(w);
	} else {
		fd = outbox_folder_open_message(&o->folder, w->name);
		if (fd >= 0 && lseek(fd, (off_t)w->offset, SEEK_SET) >= 0)
			w->lock_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	}
	w->is_on_its_way = fd >= 0;
	return fd;
}

void
outbox_done(struct outbox *o, const struct outbox_entry *e)
{
	struct waiting *w = waiting_of(o, e);

	if (!w->bytes && outbox_folder_remove(&o->folder, w->name))
		log_say(o->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot remove the delivered message %s: %s", w->name,
		    strerror(errno));
	drop(o, w);
}

void
outbox_retry(struct outbox *o, const struct outbox_entry *e,
    const char *answer, int64_t now_ms)
{
	struct waiting *w = waiting_of(o, e);
	int64_t pause_ms = (now_ms - w->queued_ms) / 2;

	if (pause_ms < PAUSE_LEAST_MS)
		pause_ms = PAUSE_LEAST_MS;
	if (pause_ms > PAUSE_MOST_MS)
		pause_ms = PAUSE_MOST_MS;
	/* A fifth more or less, so that chains that met a dead server part. */
	pause_ms += pause_ms / 5 * ((int64_t)(next_random(o) % 2001) - 1000) /
	    1000;
	w->due_ms = now_ms + pause_ms;
	w->is_on_its_way = false;
	if (w->lock_fd >= 0)
		close(w->lock_fd);
	w->lock_fd = -1;
	w->entry.tries++;
	envelope_set_answer(&w->entry, answer);
}

void
outbox_refuse(
    struct outbox *o, const struct outbox_entry *e, const char *answer)
{
	struct waiting *w = waiting_of(o, e);

	envelope_set_answer(&w->entry, answer);
	if (!w->bytes)
		move_to_refused(o, w->name, w->entry.answer, w->offset);
	else if (!outbox_folder_write(&o->folder, w->name, &w->entry, w->bytes,
		     w->size))
		move_to_refused(o, w->name, NULL, w->offset);
	drop(o, w);
}

size_t
outbox_count(const struct outbox *o)
{
	return o->count;
}

const struct outbox_entry *
outbox_at(const struct outbox *o, size_t i)
{
	return i < o->count ? &o->slots[o->order[i]].entry : NULL;
}
