/* Reads state files, while their runner lives and after it died. */
#include "statefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "statefile_layout.h"

enum {
	READ_TRIES = 200,
	READ_PAUSE_NS = 50000,
	NAME_BUFFER = 256,
	RUNS_BUFFER = 16 << 10,
};

static int
open_to_read(const char *run_root, const char *name, struct stat *st)
{
	char path[4096];
	int fd;

	if (!text_is_name(name))
		return errno = ENOENT, -1;
	snprintf(path, sizeof(path), "%s/%s.state", run_root, name);
	fd = open(path, O_RDONLY | FILE_SAFE);
	if (fd < 0)
		return -1;
	if (!fstat(fd, st) && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	return errno = EBADMSG, -1;
}

/* Finds how the file is laid out. */
static int
read_header(int fd, struct header *h, const struct layout **layout)
{
	static const struct layout *const known[] = {&layout_now, &layout_1};
	struct header want;

	if (pread(fd, h, sizeof(*h), 0) != sizeof(*h) ||
	    h->magic != STATEFILE_MAGIC)
		return errno = EBADMSG, -1;
	*layout = NULL;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i]->version == h->version)
			*layout = known[i];
	if (!*layout)
		return errno = EPROTO, -1;
	if (h->task_count > STATE_TASKS_MAX ||
	    layout_checksum(h, offsetof(struct header, checksum), 0) !=
		h->checksum)
		return errno = EBADMSG, -1;
	want = layout_header(*layout, h->task_count);
	if (memcmp(&want, h, sizeof(want)))
		return errno = EPROTO, -1;
	return 0;
}

/* Is this copy whole?  Then its record is at seal + 1. */
static bool
is_whole(const struct seal *seal, size_t size)
{
	return seal->sequence && seal->checksum == layout_checksum(seal + 1,
						       size, seal->sequence);
}

/* The newest whole copy in `pair`, or NULL. */
static const void *
newest_copy(const char *pair, size_t size)
{
	const struct seal *a = (const void *)pair;
	const struct seal *b = (const void *)(pair + sizeof(*a) + size);
	bool has_a = is_whole(a, size), has_b = is_whole(b, size);

	if (has_a && (!has_b || a->sequence > b->sequence))
		return a + 1;
	return has_b ? b + 1 : NULL;
}

/* Much of a file may be a large record that was never needed. */
static bool
is_written(int fd, off_t offset, size_t both)
{
	struct seal a = {0}, b = {0};

	return pread(fd, &a, sizeof(a), offset) < 0 ||
	       pread(fd, &b, sizeof(b), offset + (off_t)both / 2) < 0 ||
	       a.sequence || b.sequence;
}

/*
 * While we read one copy the writer may have finished it and begun the other
 * one, so both may look torn: then we look again.
 */
const void *
layout_read(int fd, const struct layout *l, size_t record, char *pair)
{
	size_t size = layout_record_size(l, record);
	size_t both = 2 * (sizeof(struct seal) + size);
	off_t offset = (off_t)layout_record_offset(l, record);
	const void *copy = NULL;

	if (record == RECORD_HELD && !is_written(fd, offset, both))
		return errno = ENODATA, NULL;
	for (int i = 0; !copy && i < READ_TRIES; i++) {
		const struct timespec pause = {.tv_nsec = READ_PAUSE_NS};

		if (i > 2)
			nanosleep(&pause, NULL);
		if (pread(fd, pair, both, offset) == (ssize_t)both)
			copy = newest_copy(pair, size);
	}
	if (!copy)
		errno = EBADMSG;
	return copy;
}

/* Returns 0; or -1 with errno, ENODATA: it was never written. */
static int
read_record(int fd, const struct layout *l, size_t record, void *out)
{
	size_t size = layout_record_size(l, record);
	char *pair = malloc(2 * (sizeof(struct seal) + size));
	const void *copy = pair ? layout_read(fd, l, record, pair) : NULL;
	int error = errno;

	if (copy && l->upgrade)
		l->upgrade((int)record, copy, out);
	else if (copy)
		memcpy(out, copy, size);
	free(pair);
	errno = error;
	return copy ? 0 : -1;
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = ((const struct run_record *)a)->number;
	uint64_t y = ((const struct run_record *)b)->number;

	return x < y ? -1 : x > y;
}

/*
 * Another user may have made the file.  Whatever its bytes are, what leaves
 * here is what a runner could have written: strings end (who shows them makes
 * them harmless), truths are 0 or 1, words of a list, counts and indices are in
 * their range, and instants leave room to reckon with.
 */
#define TIME_MAX (INT64_C(1) << 53)
#define SAFE_STRING(s) make_string(s, sizeof(s))

static void
make_string(char *s, size_t size)
{
	s[size - 1] = '\0';
}

static void
make_truth(bool *b)
{
	unsigned char byte;

	memcpy(&byte, b, 1);
	*b = byte != 0;
}

static int64_t
within(int64_t n, int64_t least, int64_t most)
{
	return n < least ? least : n > most ? most : n;
}

static void
make_times(int64_t *const *times, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*times[i] = within(*times[i], -TIME_MAX, TIME_MAX);
}

/* A wall clock beyond the year 9999 tells nothing. */
static void
make_wall(int64_t *wall_ms)
{
	if (*wall_ms < 0 || *wall_ms > INT64_C(253402300799000))
		*wall_ms = 0;
}

static void
make_outcome(struct outcome *o)
{
	o->exit = (int)within(o->exit, -1, 255);
	o->signal = (int)within(o->signal, 0, 64);
	make_truth(&o->timed_out);
	make_truth(&o->not_executed);
	make_truth(&o->is_success);
}

static void
make_policy(struct policy *p)
{
	int64_t *const times[] = {
	    &p->down_since_ms, &p->downtime_told_ms, &p->failed_ms};

	make_truth(&p->is_down);
	make_truth(&p->is_told);
	make_truth(&p->has_failed);
	make_truth(&p->is_acknowledged);
	make_times(times, sizeof(times) / sizeof(*times));
	make_wall(&p->down_since_wall_ms);
	make_wall(&p->failed_wall_ms);
	if (p->told_count > POLICY_TOLD_MAX)
		p->told_count = POLICY_TOLD_MAX;
	for (size_t i = 0; i < POLICY_TOLD_MAX; i++)
		p->told_ms[i] = within(p->told_ms[i], -TIME_MAX, TIME_MAX);
}

static void
make_throttle(struct throttle *t)
{
	t->level = within(t->level, -INT32_MAX, INT32_MAX);
	t->seen_ms = within(t->seen_ms, 0, TIME_MAX);
	if (t->held_count > HELD_MAX)
		t->held_count = HELD_MAX;
	for (size_t i = 0; i < HELD_MAX; i++) {
		struct held *h = &t->held[i];

		SAFE_STRING(h->task);
		/* Subjects were longer by a signature once. */
		if (h->subject[sizeof(h->subject) - 1])
			h->signature = 0;
		SAFE_STRING(h->subject);
		if (h->reason >= REASON_COUNT)
			h->reason = REASON_NEW;
		make_wall(&h->first_wall_ms);
		make_wall(&h->last_wall_ms);
	}
}

static void
make_chain(struct chain_record *c, const struct snapshot *s)
{
	SAFE_STRING(c->name);
	SAFE_STRING(c->version);
	SAFE_STRING(c->lease_fault);
	SAFE_STRING(c->boot_id);
	SAFE_STRING(c->mark);
	SAFE_STRING(c->outbox_answer);
	SAFE_STRING(c->config_file);
	SAFE_STRING(c->log_file);
	if (c->current_task < -1 || c->current_task >= (int)s->task_count)
		c->current_task = -1;
	c->task_count = (uint32_t)s->task_count;
	c->pid = (int32_t)within(c->pid, 0, INT32_MAX);
	c->run_pid = (int32_t)within(c->run_pid, 0, INT32_MAX);
	if (c->lease > LEASE_HELD)
		c->lease = LEASE_NONE;
	c->start_ns = within(c->start_ns, 0, INT64_MAX / 2);
	c->start_ticks = within(c->start_ticks, 0, INT64_MAX / 2);
	c->stop_timeout_ms = within(c->stop_timeout_ms, 0, INT64_C(1) << 40);
	make_wall(&c->lease_since_wall_ms);
	make_policy(&c->lease_policy);
	make_wall(&c->since_wall_ms);
	make_wall(&c->outbox_oldest_wall_ms);
}

static void
make_task(struct task_record *t)
{
	SAFE_STRING(t->name);
	SAFE_STRING(t->last.message);
	SAFE_STRING(t->acknowledged.who);
	SAFE_STRING(t->acknowledged.why);
	SAFE_STRING(t->ping_answer);
	t->recent[STATE_RECENT] = '\0';
	for (char *c = t->recent; *c; c++)
		*c = *c == 'x' ? 'x' : '.';
	if (t->phase > PHASE_LEASE)
		t->phase = PHASE_STOPPED;
	t->stop_signal = t->stop_signal > 64 ? 0 : t->stop_signal;
	if (t->pending.reason >= REASON_COUNT)
		t->pending.reason = REASON_NONE;
	t->last.duration_ms = within(t->last.duration_ms, 0, TIME_MAX);
	t->duration_sum_ms = within(t->duration_sum_ms, 0, TIME_MAX);
	make_outcome(&t->last.outcome);
	make_policy(&t->policy);
	make_wall(&t->last.started_wall_ms);
	make_wall(&t->running_since_wall_ms);
	make_wall(&t->next_run_wall_ms);
	make_wall(&t->resume_wall_ms);
	make_wall(&t->pending.wall_ms);
	make_wall(&t->pending.down_since_wall_ms);
	make_wall(&t->last_success_wall_ms);
	make_wall(&t->acknowledged.wall_ms);
	make_wall(&t->ping_refused_wall_ms);
}

/* Returns whether it is a run that can be. */
static bool
make_run(struct run_record *r, const struct snapshot *s)
{
	if (r->task >= s->task_count || !r->number || r->number > TIME_MAX)
		return false;
	SAFE_STRING(r->message);
	r->exit = (int16_t)within(r->exit, -1, 255);
	r->signal = r->signal > 64 ? 0 : r->signal;
	r->duration_ms = within(r->duration_ms, 0, TIME_MAX);
	make_wall(&r->started_wall_ms);
	return true;
}

static void
take_run(const struct seal *seal, const struct layout *l, struct snapshot *s)
{
	struct run_record *r = &s->runs[s->run_count];

	if (!is_whole(seal, l->run_size))
		return;
	if (l->upgrade)
		l->upgrade(-1, seal + 1, r);
	else
		memcpy(r, seal + 1, l->run_size);
	s->run_count += make_run(r, s);
}

/*
 * A slot that is being replaced holds the oldest run, which is going anyway.
 * Most are empty in most files: only memory for runs is touched.
 */
static int
read_runs(int fd, const struct layout *l, struct snapshot *s)
{
	_Alignas(struct seal) char slots[RUNS_BUFFER];
	size_t slot = layout_slot_size(l), most = sizeof(slots) / slot, n;

	s->runs = calloc(STATE_RUNS_MAX, sizeof(*s->runs));
	if (!s->runs)
		return -1;
	for (size_t i = 0; i < STATE_RUNS_MAX; i += n) {
		n = STATE_RUNS_MAX - i < most ? STATE_RUNS_MAX - i : most;
		if (pread(fd, slots, n * slot,
			(off_t)layout_run_offset(l, s->task_count, i + 1)) !=
		    (ssize_t)(n * slot))
			return errno = EBADMSG, -1;
		for (size_t k = 0; k < n; k++)
			take_run((const void *)(slots + k * slot), l, s);
	}
	qsort(s->runs, s->run_count, sizeof(*s->runs), by_number);
	return 0;
}

static int
read_held(int fd, const struct layout *l, struct snapshot *s)
{
	s->held = calloc(1, sizeof(*s->held));
	if (!s->held)
		return -1;
	if (read_record(fd, l, RECORD_HELD, s->held)) {
		free(s->held);
		s->held = NULL;
		return errno == ENODATA ? 0 : -1;
	}
	for (size_t i = 0; i < STATE_CHANNELS; i++) {
		SAFE_STRING(s->held->channels[i].name);
		make_throttle(&s->held->channels[i].throttle);
	}
	return 0;
}

/* What only a successor and a history need is most of the file. */
static int
read_all(int fd, struct snapshot *s, bool has_all)
{
	const struct layout *l;
	struct header h;

	if (read_header(fd, &h, &l))
		return -1;
	s->task_count = h.task_count;
	s->tasks = calloc(h.task_count + 1, sizeof(*s->tasks));
	if (!s->tasks)
		return -1;
	if (read_record(fd, l, RECORD_CHAIN, &s->chain))
		return -1;
	make_chain(&s->chain, s);
	for (size_t i = 0; i < s->task_count; i++) {
		if (read_record(fd, l, RECORD_TASKS + i, &s->tasks[i]))
			return -1;
		make_task(&s->tasks[i]);
	}
	return has_all && (read_held(fd, l, s) || read_runs(fd, l, s)) ? -1 : 0;
}

static struct snapshot *
read_file(const char *run_root, const char *name, bool has_all)
{
	struct snapshot *s;
	struct stat st;
	int error, fd = open_to_read(run_root, name, &st);

	if (fd < 0)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s && read_all(fd, s, has_all)) {
		error = errno;
		/* What another user made keeps nobody from starting. */
		if (error == EPROTO && st.st_uid && st.st_uid != geteuid())
			error = EBADMSG;
		snapshot_free(s);
		s = NULL;
		errno = error;
	}
	if (s) {
		s->owner = st.st_uid;
		s->device = st.st_dev;
		s->inode = st.st_ino;
	}
	error = errno;
	close(fd);
	errno = error;
	return s;
}

struct snapshot *
statefile_read(const char *run_root, const char *name)
{
	return read_file(run_root, name, true);
}

struct snapshot *
statefile_look(const char *run_root, const char *name)
{
	return read_file(run_root, name, false);
}

/* The chain's name in `entry` when that is NAME.pid or NAME.state. */
static bool
take_name(const char *entry, char out[NAME_BUFFER])
{
	const char *dot = strrchr(entry, '.');
	size_t length;

	if (!dot || (strcmp(dot, ".pid") && strcmp(dot, ".state")))
		return false;
	length = (size_t)(dot - entry);
	if (length >= NAME_BUFFER)
		return false;
	memcpy(out, entry, length);
	out[length] = '\0';
	return text_is_name(out);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names as one allocation: pointers, then the bytes they point to. */
static char **
join_names(const char *bytes, size_t size, size_t count)
{
	size_t head = (count + 1) * sizeof(char *), kept = 0;
	char **names = malloc(head + size);
	char *at;

	if (!names)
		return NULL;
	at = (char *)names + head;
	memcpy(at, bytes, size);
	for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
		names[i] = at;
	qsort(names, count, sizeof(*names), by_text);
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(names[kept - 1], names[i]))
			names[kept++] = names[i];
	names[kept] = NULL;
	return names;
}

char **
statefile_names(const char *run_root)
{
	DIR *dir = file_open_entries(AT_FDCWD, run_root, FILE_NAMED);
	char *bytes = NULL, name[NAME_BUFFER], **names = NULL;
	size_t size = 0, count = 0;
	const struct dirent *entry;
	FILE *list;

	if (!dir)
		return NULL;
	list = open_memstream(&bytes, &size);
	if (list) {
		while ((entry = readdir(dir)))
			if (take_name(entry->d_name, name)) {
				fwrite(name, strlen(name) + 1, 1, list);
				count++;
			}
		if (!fclose(list))
			names = join_names(bytes, size, count);
	}
	free(bytes);
	closedir(dir);
	return names;
}
