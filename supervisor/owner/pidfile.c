#include "pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/lock.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/units.h"

enum {
	/* On a file that lost its name to a runner beside its owner. */
	SUPPLANTED = S_ISVTX,
};

static int64_t
queue_start(uint32_t queue)
{
	return (int64_t)queue << PIDFILE_QUEUE_SHIFT;
}

uint32_t
pidfile_queue(bool is_name_given, const char *const *tasks, size_t count)
{
	uint32_t hash = HASH_FNV32;

	if (is_name_given)
		return 0;
	for (size_t i = 0; i < count; i++)
		hash = hash_fnv32_string(hash, tasks[i]);
	return 1 + hash % (PIDFILE_QUEUES - 1);
}

static int
open_checked(const char *path, bool *was_there, char *why, size_t why_size)
{
	int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags);
	struct stat st;

	*was_there = fd >= 0;
	if (fd < 0 && errno == ENOENT) {
		fd = open(path, flags | O_CREAT | O_EXCL, 0644);
		if (fd < 0 && errno == EEXIST)
			return open_checked(path, was_there, why, why_size);
	}
	if (fd < 0) {
		snprintf(why, why_size, "cannot open %s: %s", path,
		    errno == ELOOP ? "it is a symbolic link" : strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		snprintf(why, why_size, "%s is not a regular file", path);
	} else if (st.st_uid != geteuid()) {
		snprintf(why, why_size,
		    "%s belongs to user %lu: start the chain as that user, or "
		    "remove the file",
		    path, (unsigned long)st.st_uid);
	} else if (st.st_nlink > 1) {
		snprintf(
		    why, why_size, "%s has another name (hard link)", path);
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

int
pidfile_join(struct pidfile *p)
{
	int64_t us = p->start_ns / 1000;

	if (p->place)
		return 0;
	/* The byte of my start, or the next free one. */
	for (int64_t at = queue_start(p->queue) + (us > 0 ? us : 1);; at++) {
		if (!lock_take(p->fd, at, 1)) {
			p->place = at;
			return 0;
		}
		if (errno != EAGAIN && errno != EACCES)
			return -1;
	}
}

static void
read_content(struct pidfile *p)
{
	char raw[PIDFILE_CONTENT_SIZE / 4];
	ssize_t n = pread(p->fd, raw, sizeof(raw) - 1, 0);
	int64_t pid;
	struct text t;

	if (n < 0)
		n = 0;
	if (n && raw[n - 1] == '\n')
		n--;
	text_init(&t, p->content, sizeof(p->content));
	text_add_printable(&t, raw, (size_t)n);
	p->content_pid = 0;
	if (!units_parse_int(p->content, 1, INT32_MAX, &pid))
		p->content_pid = (pid_t)pid;
}

int
pidfile_open(struct pidfile *p, const char *run_root, const char *name,
    int64_t start_ns, uint32_t queue, char *why, size_t why_size)
{
	int n = snprintf(p->path, sizeof(p->path), "%s/%s.pid", run_root, name);

	p->fd = -1;
	p->start_ns = start_ns;
	p->queue = queue;
	p->place = 0;
	if (n < 0 || (size_t)n >= sizeof(p->path)) {
		snprintf(why, why_size, "the path of %s.pid is too long", name);
		return -1;
	}
	p->fd = open_checked(p->path, &p->was_there, why, why_size);
	if (p->fd < 0)
		return -1;
	read_content(p);
	return 0;
}

void
pidfile_close(struct pidfile *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	p->place = 0;
}

/* Does the path still name the file that I hold? */
static bool
is_current(const struct pidfile *p)
{
	struct stat mine, named;

	return !fstat(p->fd, &mine) && !lstat(p->path, &named) &&
	       file_is_same(&mine, &named);
}

/* The path names another file by now: stand in that one's queue. */
static int
move_over(struct pidfile *p)
{
	char why[256];
	bool was_there, was_queuing = p->place != 0;
	int fd = open_checked(p->path, &was_there, why, sizeof(why));

	if (fd < 0)
		return -1;
	close(p->fd);
	p->fd = fd;
	p->place = 0;
	return was_queuing ? pidfile_join(p) : 0;
}

bool
pidfile_acquire(struct pidfile *p)
{
	if (!is_current(p)) {
		move_over(p);
		return false;
	}
	if (lock_take(p->fd, 0, 1))
		return false;
	if (is_current(p) && !pidfile_join(p))
		return true;
	lock_drop(p->fd, 0, 1);
	return false;
}

pid_t
pidfile_holder(const struct pidfile *p)
{
	return lock_holder(p->fd, 0, 1);
}

bool
pidfile_has_newer(const struct pidfile *p)
{
	int64_t end = queue_start(p->queue + 1);

	return p->place &&
	       lock_holder(p->fd, p->place + 1, end - p->place - 1) != 0;
}

bool
pidfile_has_rival(const struct pidfile *p)
{
	return p->place && (lock_holder(p->fd, p->place + 1, 0) != 0 ||
			       lock_holder(p->fd, 0, p->place) != 0);
}

/* Owned and written before anybody sees it under its name. */
static int
fill_mine(struct pidfile *mine)
{
	mine->place = 0;
	return lock_take(mine->fd, 0, 1) || pidfile_join(mine) ||
		       pidfile_write(mine)
		   ? -1
		   : 0;
}

int
pidfile_supplant(struct pidfile *p)
{
	struct pidfile mine = *p;
	struct file_draft draft;
	const char *name;
	int dir = file_open_parent(p->path, &name), result, error;

	if (dir < 0)
		return -1;
	result = file_draft_open(&draft, dir, 0644);
	mine.fd = draft.fd;
	if (!result && fill_mine(&mine)) {
		file_draft_drop(&draft);
		result = -1;
	}
	if (!result) {
		/* Its owner is to know that it was not lost by accident. */
		fchmod(p->fd, 0644 | SUPPLANTED);
		result = file_draft_publish(&draft, name);
		if (result)
			fchmod(p->fd, 0644);
	}
	error = errno;
	close(dir);
	errno = error;
	if (result)
		return -1;
	close(p->fd);
	*p = mine;
	return 0;
}

static int
format_pid(char line[24])
{
	return snprintf(line, 24, "%ld\n", (long)getpid());
}

int
pidfile_write(struct pidfile *p)
{
	char line[24];
	int n = format_pid(line);

	/* Longer garbage is cut only after: the file is never seen empty. */
	if (pwrite(p->fd, line, (size_t)n, 0) != n)
		return -1;
	return ftruncate(p->fd, n);
}

static bool
is_supplanted(const struct pidfile *p)
{
	struct stat st;

	return !fstat(p->fd, &st) && (st.st_mode & SUPPLANTED);
}

static bool
is_written(const struct pidfile *p)
{
	char line[24], found[24];
	int n = format_pid(line);

	return pread(p->fd, found, sizeof(found), 0) == n &&
	       !memcmp(line, found, (size_t)n);
}

enum pidfile_standing
pidfile_defend(struct pidfile *p)
{
	struct pidfile other = *p;
	char why[256];

	if (is_current(p))
		return is_written(p) || !pidfile_write(p) ? PIDFILE_HELD
							  : PIDFILE_UNSURE;
	if (is_supplanted(p))
		return PIDFILE_HELD;
	other.fd = open_checked(p->path, &other.was_there, why, sizeof(why));
	other.place = 0;
	if (other.fd < 0)
		return PIDFILE_UNSURE;
	if (!pidfile_acquire(&other)) {
		bool is_owned = pidfile_holder(&other) != 0;

		close(other.fd);
		errno = EAGAIN;
		/* Between the first look and this one it may have become so. */
		return is_supplanted(p) ? PIDFILE_HELD
		       : is_owned       ? PIDFILE_LOST
					: PIDFILE_UNSURE;
	}
	close(p->fd);
	*p = other;
	pidfile_write(p);
	return PIDFILE_REMADE;
}
