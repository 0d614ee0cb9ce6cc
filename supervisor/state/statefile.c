#include "statefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "runner_version.h"
#include "statefile_layout.h"

enum { NAME_BUFFER = 256 };

/*
 * Four lanes, so that the multiplications do not wait for each other: a record
 * of 2 KiB takes a fraction of a microsecond.  It must tell a mixture of old
 * and new bytes, not withstand an enemy.
 */
uint64_t
layout_checksum(const void *bytes, size_t size, uint64_t seed)
{
	static const uint64_t prime = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t lane[4] = {seed, ~seed, prime, size};
	const char *at = bytes;
	uint64_t sum = seed + 1;

	for (size_t i = 0; i < size / 8; i++) {
		uint64_t word;

		memcpy(&word, at + 8 * i, 8);
		lane[i % 4] = (lane[i % 4] ^ word) * prime;
		lane[i % 4] ^= lane[i % 4] >> 29;
	}
	for (size_t i = 0; i < 4; i++) {
		sum = (sum ^ lane[i]) * prime;
		sum ^= sum >> 32;
	}
	return sum;
}

const struct layout layout_now = {
    .version = STATE_VERSION,
    .chain_size = sizeof(struct chain_record),
    .held_size = sizeof(struct held_record),
    .task_size = sizeof(struct task_record),
    .run_size = sizeof(struct run_record),
};

size_t
layout_record_size(const struct layout *l, size_t record)
{
	return record == RECORD_CHAIN  ? l->chain_size
	       : record == RECORD_HELD ? l->held_size
				       : l->task_size;
}

size_t
layout_record_offset(const struct layout *l, size_t record)
{
	size_t offset = sizeof(struct header);

	for (size_t i = 0; i < record && i < RECORD_TASKS; i++)
		offset += 2 * (sizeof(struct seal) + layout_record_size(l, i));
	if (record > RECORD_TASKS)
		offset += (record - RECORD_TASKS) * 2 *
			  (sizeof(struct seal) + l->task_size);
	return offset;
}

size_t
layout_slot_size(const struct layout *l)
{
	return sizeof(struct seal) + l->run_size;
}

size_t
layout_run_offset(const struct layout *l, size_t task_count, uint64_t number)
{
	return layout_record_offset(l, RECORD_TASKS + task_count) +
	       (number - 1) % STATE_RUNS_MAX * layout_slot_size(l);
}

size_t
layout_file_size(const struct layout *l, size_t task_count)
{
	return layout_run_offset(l, task_count, 1) +
	       STATE_RUNS_MAX * layout_slot_size(l);
}

struct header
layout_header(const struct layout *l, size_t task_count)
{
	struct header h = {
	    .magic = STATEFILE_MAGIC,
	    .version = l->version,
	    .task_count = (uint32_t)task_count,
	    .chain_size = l->chain_size,
	    .held_size = l->held_size,
	    .task_size = l->task_size,
	    .slot_size = (uint32_t)layout_slot_size(l),
	    .runs_max = STATE_RUNS_MAX,
	};

	h.checksum = layout_checksum(&h, offsetof(struct header, checksum), 0);
	return h;
}

struct statefile {
	int fd;
	bool is_new; /* its name is not synced */
	size_t task_count;
	uint64_t sequence; /* the last one that was used */
	uint64_t run_number;
	/* Which copy is written next: chain, held, tasks. */
	uint8_t turn[];
};

/* One write(2) or nothing: what is cut short is as good as not written. */
static int
write_sealed(int fd, const struct seal *seal, const void *bytes, size_t size,
    size_t offset)
{
	struct iovec parts[2] = {
	    {(void *)seal, sizeof(*seal)},
	    {(void *)bytes, size},
	};
	ssize_t n;

	do
		n = pwritev(fd, parts, 2, (off_t)offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	if ((size_t)n != sizeof(*seal) + size)
		return errno = ENOSPC, -1;
	return 0;
}

/* Replaces the older copy.  On failure it stays the one that is replaced. */
static int
put_record(struct statefile *s, size_t record, const void *bytes)
{
	size_t size = layout_record_size(&layout_now, record);
	struct seal seal = {.sequence = s->sequence + 1};
	size_t offset = layout_record_offset(&layout_now, record);

	if (s->turn[record])
		offset += sizeof(seal) + size;
	seal.checksum = layout_checksum(bytes, size, seal.sequence);
	if (write_sealed(s->fd, &seal, bytes, size, offset))
		return -1;
	s->sequence++;
	s->turn[record] ^= 1;
	return 0;
}

int
statefile_put_chain(struct statefile *s, const struct chain_record *c)
{
	return put_record(s, RECORD_CHAIN, c);
}

int
statefile_put_held(struct statefile *s, const struct held_record *h)
{
	return put_record(s, RECORD_HELD, h);
}

int
statefile_put_task(
    struct statefile *s, size_t index, const struct task_record *t)
{
	if (index >= s->task_count)
		return errno = EINVAL, -1;
	return put_record(s, RECORD_TASKS + index, t);
}

static int
put_run(struct statefile *s, const struct run_record *r)
{
	struct seal seal = {.sequence = r->number};

	seal.checksum = layout_checksum(r, sizeof(*r), seal.sequence);
	return write_sealed(s->fd, &seal, r, sizeof(*r),
	    layout_run_offset(&layout_now, s->task_count, r->number));
}

int
statefile_add_run(struct statefile *s, struct run_record *r)
{
	r->number = s->run_number + 1;
	if (put_run(s, r))
		return -1;
	s->run_number++;
	return 0;
}

int
statefile_sync(struct statefile *s, const char *run_root)
{
	int dir, result = fdatasync(s->fd);

	if (result || !s->is_new)
		return result;
	dir = open(run_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	result = file_sync_directory(dir);
	s->is_new = result != 0;
	close(dir);
	return result;
}

/* The runs of tasks that stay, under their new index. */
static int
carry_runs(struct statefile *s, const struct task_record *tasks,
    const struct snapshot *previous)
{
	for (size_t i = 0; i < previous->run_count; i++) {
		struct run_record r = previous->runs[i];
		size_t task = 0;

		if (r.task >= previous->task_count)
			continue;
		while (task < s->task_count &&
		       strcmp(tasks[task].name, previous->tasks[r.task].name))
			task++;
		if (r.number > s->run_number)
			s->run_number = r.number;
		r.task = (uint32_t)task;
		if (task < s->task_count && put_run(s, &r))
			return -1;
	}
	return 0;
}

static int
write_everything(struct statefile *s, const char *name,
    const struct task_record *tasks, const struct snapshot *previous)
{
	struct header h = layout_header(&layout_now, s->task_count);
	struct chain_record c = {
	    .current_task = -1,
	    .task_count = (uint32_t)s->task_count,
	    .version = RUNNER_VERSION,
	};
	int error = posix_fallocate(
	    s->fd, 0, (off_t)layout_file_size(&layout_now, s->task_count));

	if (error)
		return errno = error, -1;
	if (pwrite(s->fd, &h, sizeof(h), 0) != sizeof(h))
		return -1;
	snprintf(c.name, sizeof(c.name), "%s", name);
	if (statefile_put_chain(s, &c))
		return -1;
	for (size_t i = 0; i < s->task_count; i++)
		if (statefile_put_task(s, i, &tasks[i]))
			return -1;
	return previous ? carry_runs(s, tasks, previous) : 0;
}

static int
fill_and_name(struct statefile *s, int dir, const char *name,
    const struct task_record *tasks, const struct snapshot *previous,
    gid_t group)
{
	char path[NAME_BUFFER];
	struct file_draft draft;

	snprintf(path, sizeof(path), "%s.state", name);
	if (file_draft_open(&draft, dir, 0600))
		return -1;
	s->fd = draft.fd;
	/* Who may not give it to the group keeps it to itself. */
	if (group != (gid_t)-1 && !fchown(s->fd, (uid_t)-1, group))
		fchmod(s->fd, 0640);
	if (write_everything(s, name, tasks, previous)) {
		file_draft_drop(&draft);
		return -1;
	}
	/* Nothing is lost with a first one before something was told. */
	s->is_new = !previous;
	return previous ? file_draft_publish(&draft, path)
			: file_draft_rename(&draft, path);
}

static bool
has_tasks(
    const struct snapshot *of, const struct task_record *tasks, size_t count)
{
	for (size_t i = 0; i < count && count == of->task_count; i++)
		if (strcmp(of->tasks[i].name, tasks[i].name))
			return false;
	return count == of->task_count;
}

/* Finds which copies are written next; returns whether the file is whole. */
static bool
find_turns(struct statefile *s)
{
	char *pair =
	    malloc(2 * (sizeof(struct seal) + sizeof(struct held_record)));
	bool is_whole = pair != NULL;

	for (size_t i = 0; is_whole && i < RECORD_TASKS + s->task_count; i++) {
		const struct seal *copy =
		    layout_read(s->fd, &layout_now, i, pair);

		if (copy) {
			s->turn[i] =
			    copy == (const void *)(pair + sizeof(*copy));
			if (copy[-1].sequence > s->sequence)
				s->sequence = copy[-1].sequence;
		} else {
			is_whole = i == RECORD_HELD && errno == ENODATA;
		}
	}
	free(pair);
	return is_whole;
}

/* A new one, with nothing in it, and the directory; NULL with errno. */
static struct statefile *
open_in(const char *run_root, const char *name, size_t task_count, int *dir)
{
	struct statefile *s;

	if (!text_is_name(name) || task_count > STATE_TASKS_MAX)
		return errno = EINVAL, NULL;
	s = calloc(1, sizeof(*s) + RECORD_TASKS + task_count);
	if (!s)
		return NULL;
	s->fd = -1;
	s->task_count = task_count;
	*dir = open(run_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*dir >= 0)
		return s;
	free(s);
	return NULL;
}

struct statefile *
statefile_go_on(const char *run_root, const char *name,
    const struct task_record *tasks, size_t task_count,
    const struct snapshot *previous, gid_t group)
{
	struct header want = layout_header(&layout_now, task_count), h;
	bool is_ours = group == (gid_t)-1;
	char path[NAME_BUFFER];
	struct stat st;
	int dir;
	struct statefile *s = open_in(run_root, name, task_count, &dir);

	if (!s)
		return NULL;
	snprintf(path, sizeof(path), "%s.state", name);
	s->fd = file_open_own(dir, path, O_RDWR, &st);
	close(dir);
	if (s->fd >= 0 && st.st_dev == previous->device &&
	    st.st_ino == previous->inode &&
	    (st.st_mode & 07777) == (is_ours ? 0600 : 0640) &&
	    (is_ours || st.st_gid == group) &&
	    st.st_size == (off_t)layout_file_size(&layout_now, task_count) &&
	    has_tasks(previous, tasks, task_count) &&
	    pread(s->fd, &h, sizeof(h), 0) == sizeof(h) &&
	    !memcmp(&h, &want, sizeof(h)) && find_turns(s)) {
		if (previous->run_count)
			s->run_number =
			    previous->runs[previous->run_count - 1].number;
		return s;
	}
	statefile_close(s);
	return NULL;
}

struct statefile *
statefile_create(const char *run_root, const char *name,
    const struct task_record *tasks, size_t task_count,
    const struct snapshot *previous, gid_t group)
{
	int dir, error, result;
	struct statefile *s = open_in(run_root, name, task_count, &dir);

	if (!s)
		return NULL;
	result = fill_and_name(s, dir, name, tasks, previous, group);
	error = errno;
	close(dir);
	if (!result)
		return s;
	free(s);
	return errno = error, NULL;
}

bool
statefile_is_named(
    const struct statefile *s, const char *run_root, const char *name)
{
	char path[4096];
	struct stat mine, named;

	snprintf(path, sizeof(path), "%s/%s.state", run_root, name);
	if (lstat(path, &named))
		return errno != ENOENT;
	return fstat(s->fd, &mine) || file_is_same(&mine, &named);
}

void
statefile_close(struct statefile *s)
{
	if (s && s->fd >= 0)
		close(s->fd);
	free(s);
}
