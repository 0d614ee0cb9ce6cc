#include "pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "base/units.h"
#include "nameless.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/process.h"

enum {
	/* On a file that lost its name to a runner beside its owner. */
	SUPPLANTED = S_ISVTX,
	PID_MODE = 0644,
	LOCK_MODE = 0600,
	JOIN_TRIES = 4096,
	BELIEF_TRIES = 20,
	BELIEF_PAUSE_MS = 5,
	LINE_SIZE = 64,
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
	/* With its NUL: `a bc` is not `ab c`. */
	for (size_t i = 0; i < count; i++)
		hash = hash_fnv32_string(hash, tasks[i]);
	return 1 + hash % (PIDFILE_QUEUES - 1);
}

static int
open_checked(
    const char *path, mode_t mode, bool *was_there, char *why, size_t why_size)
{
	int fd = open(path, O_RDWR | FILE_SAFE);
	struct stat st;

	*was_there = fd >= 0;
	if (fd < 0 && errno == ENOENT) {
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | FILE_SAFE, mode);
		if (fd < 0 && errno == EEXIST)
			return open_checked(
			    path, mode, was_there, why, why_size);
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
		/* Whatever mode it was given: others cannot open a lock. */
		if (mode == LOCK_MODE && (st.st_mode & 0077))
			fchmod(fd, LOCK_MODE);
		return fd;
	}
	close(fd);
	return errno = EPERM, -1;
}

/* Does the path still name the file that is open? */
static bool
is_named(int fd, const char *path)
{
	struct stat mine, named;

	return !fstat(fd, &mine) && !lstat(path, &named) &&
	       file_is_same(&mine, &named);
}

bool
pidfile_is_current(const struct pidfile *p)
{
	return is_named(p->lock_fd, p->lock_path);
}

bool
pidfile_is_new(const struct pidfile *p, const struct pidfile_unused *seen)
{
	char byte;
	struct stat st;

	return pread(p->lock_fd, &byte, 1, 0) == 0 &&
	       !(seen && seen->inode && !fstat(p->lock_fd, &st) &&
		   st.st_ino == seen->inode &&
		   st.st_ctim.tv_sec == seen->changed.tv_sec &&
		   st.st_ctim.tv_nsec == seen->changed.tv_nsec);
}

/*
 * Is that process an owner?  We can only ever signal our own processes, root
 * any: it believes of a user's file that it is held by a process of that user
 * which has it open.
 */
static bool
is_believed(int fd, pid_t pid)
{
	struct stat st;

	return geteuid() ||
	       (!fstat(fd, &st) && process_real_user(pid) == st.st_uid &&
		   process_has_open(pid, &st));
}

/* Who holds a byte of this range; as pidfile_holder(). */
static pid_t
holder_of(int fd, int64_t start, int64_t length)
{
	pid_t pid;

	for (int tries = 0; tries < BELIEF_TRIES; tries++) {
		pid = fd < 0 ? 0 : lock_holder(fd, start, length);
		if (pid <= 0 || is_believed(fd, pid))
			return pid;
		/* It is on its way out, and another one may come after it. */
		poll(NULL, 0, BELIEF_PAUSE_MS);
	}
	return -1;
}

int
pidfile_join(struct pidfile *p)
{
	int64_t us = p->start_ns / 1000;
	int64_t first = queue_start(p->queue) + (us > 0 ? us : 1);

	/* The byte of my start, or the next free one. */
	for (int64_t at = first; !p->queue_byte; at++) {
		if (!lock_take(p->lock_fd, at, 1))
			p->queue_byte = at;
		else if ((errno != EAGAIN && errno != EACCES) ||
			 at - first == JOIN_TRIES)
			return -1;
	}
	return 0;
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
	bool was_there;

	*p = (struct pidfile){.lock_fd = -1,
	    .fd = -1,
	    .pid = getpid(),
	    .start_ns = start_ns,
	    .queue = queue};
	if (asprintf(&p->path, "%s/%s.pid", run_root, name) < 0 ||
	    asprintf(&p->lock_path, "%s/%s.lock", run_root, name) < 0) {
		snprintf(why, why_size, "out of memory");
		return -1;
	}
	if (strlen(p->lock_path) >= PIDFILE_PATH_SIZE)
		snprintf(why, why_size, "the path of %s.pid is too long", name);
	else
		p->fd = open_checked(
		    p->path, PID_MODE, &p->was_there, why, why_size);
	if (p->fd >= 0)
		p->lock_fd = open_checked(
		    p->lock_path, LOCK_MODE, &was_there, why, why_size);
	if (p->lock_fd < 0) {
		pidfile_close(p);
		return -1;
	}
	read_content(p);
	return 0;
}

static void
close_both(const struct pidfile *p)
{
	int error = errno;

	if (p->fd >= 0)
		close(p->fd);
	if (p->lock_fd >= 0)
		close(p->lock_fd);
	errno = error;
}

void
pidfile_close(struct pidfile *p)
{
	close_both(p);
	free(p->path);
	free(p->lock_path);
	*p = (struct pidfile){.lock_fd = -1, .fd = -1};
}

/* The path names another file by now: enter that one's queue. */
static int
move_over(struct pidfile *p)
{
	char why[256];
	bool was_there, was_queuing = p->queue_byte != 0;
	int fd =
	    open_checked(p->lock_path, LOCK_MODE, &was_there, why, sizeof(why));

	if (fd < 0)
		return -1;
	close(p->lock_fd);
	p->lock_fd = fd;
	p->queue_byte = 0;
	return was_queuing ? pidfile_join(p) : 0;
}

/*
 * NAME.pid, opened again when it was removed, with the lock that 1.0.0 knows.
 * Returns 0; or -1 with errno, EAGAIN: a runner of 1.0.0 has it.
 */
static int
take_pid(struct pidfile *p)
{
	char why[256];
	bool was_there;

	if (p->fd < 0 || !is_named(p->fd, p->path)) {
		int fd = open_checked(
		    p->path, PID_MODE, &was_there, why, sizeof(why));

		if (fd < 0)
			return -1;
		if (p->fd >= 0)
			close(p->fd);
		p->fd = fd;
	}
	if (!lock_take(p->fd, 0, 1) || !lock_holder(p->fd, 0, 1))
		return 0;
	return errno = EAGAIN, -1;
}

int
pidfile_acquire(struct pidfile *p)
{
	bool is_current = pidfile_is_current(p);

	if (!is_current)
		return move_over(p);
	if (lock_take(p->lock_fd, 0, 1))
		return errno == EAGAIN || errno == EACCES ? 0 : -1;
	is_current = pidfile_is_current(p);
	if (is_current && !pidfile_join(p) && !take_pid(p))
		return 1;
	if (!is_current)
		errno = EAGAIN;
	lock_drop(p->lock_fd, 0, 1);
	return errno == EAGAIN ? 0 : -1;
}

pid_t
pidfile_holder(const struct pidfile *p)
{
	pid_t pid = holder_of(p->lock_fd, 0, 1);

	return pid ? pid : holder_of(p->fd, 0, 1);
}

bool
pidfile_has_newer(const struct pidfile *p)
{
	int64_t end = queue_start(p->queue + 1);

	return p->queue_byte && lock_holder(p->lock_fd, p->queue_byte + 1,
				    end - p->queue_byte - 1) != 0;
}

bool
pidfile_has_rival(const struct pidfile *p)
{
	return p->queue_byte &&
	       (lock_holder(p->lock_fd, p->queue_byte + 1, 0) != 0 ||
		   lock_holder(p->lock_fd, 0, p->queue_byte) != 0);
}

/* What a file of mine says: NAME.lock tells who wrote it, also to me. */
static int
format_line(const struct pidfile *p, bool is_lock, char line[LINE_SIZE])
{
	return is_lock ? snprintf(line, LINE_SIZE, "%ld %" PRId64 "\n",
			     (long)p->pid, p->start_ns)
		       : snprintf(line, LINE_SIZE, "%ld\n", (long)p->pid);
}

static int
write_line(const struct pidfile *p, bool is_lock)
{
	char line[LINE_SIZE];
	int n = format_line(p, is_lock, line);
	int fd = is_lock ? p->lock_fd : p->fd;

	/* Longer garbage is cut only after: the file is never seen empty. */
	return pwrite(fd, line, (size_t)n, 0) == n ? ftruncate(fd, n) : -1;
}

int
pidfile_write(struct pidfile *p)
{
	return write_line(p, true) | write_line(p, false);
}

static bool
is_written(const struct pidfile *p, bool is_lock)
{
	char line[LINE_SIZE], found[LINE_SIZE];
	int n = format_line(p, is_lock, line);

	return pread(is_lock ? p->lock_fd : p->fd, found, sizeof(found), 0) ==
		   n &&
	       !memcmp(line, found, (size_t)n);
}

/* Owned and written before anybody sees it under its name. */
static int
make_mine(struct pidfile *mine, int dir, bool is_lock)
{
	const char *path = is_lock ? mine->lock_path : mine->path;
	int *fd = is_lock ? &mine->lock_fd : &mine->fd, old_fd = *fd;
	mode_t mode = is_lock ? LOCK_MODE : PID_MODE;
	struct file_draft draft;

	if (file_draft_open(&draft, dir, mode))
		return -1;
	*fd = draft.fd;
	if (lock_take(*fd, 0, 1) || (is_lock && pidfile_join(mine)) ||
	    write_line(mine, is_lock)) {
		file_draft_drop(&draft);
		return -1;
	}
	/* Its owner is to know that the name was not lost by accident. */
	fchmod(old_fd, mode | SUPPLANTED);
	if (!file_draft_publish(&draft, strrchr(path, '/') + 1))
		return 0;
	fchmod(old_fd, mode);
	return -1;
}

int
pidfile_supplant(struct pidfile *p)
{
	struct pidfile mine = *p;
	const char *name;
	int dir = file_open_parent(p->path, &name), result, error;

	if (dir < 0)
		return -1;
	mine.queue_byte = 0;
	result = make_mine(&mine, dir, true);
	if (!result) {
		close(p->lock_fd);
		p->lock_fd = mine.lock_fd;
		p->queue_byte = mine.queue_byte;
		result = make_mine(&mine, dir, false);
	}
	if (!result) {
		close(p->fd);
		p->fd = mine.fd;
	}
	error = errno;
	close(dir);
	errno = error;
	return result;
}

static bool
is_supplanted(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && (st.st_mode & SUPPLANTED);
}

/* Another file has the name.  Is it nobody's, or mine to make? */
static enum pidfile_standing
claim(struct pidfile *p, struct pidfile *other, bool was_there)
{
	char found[LINE_SIZE];
	int got = pidfile_acquire(other);

	if (got <= 0) {
		bool is_owned = pidfile_holder(other) != 0;

		errno = got ? errno : EAGAIN;
		/* Between the first look and this one it may have become so. */
		return is_supplanted(p->lock_fd) ? PIDFILE_HELD
		       : is_owned                ? PIDFILE_LOST
						 : PIDFILE_UNSURE;
	}
	/* Somebody owned the chain since, and was killed: it was lost. */
	if (was_there && !is_written(other, true) &&
	    pread(other->lock_fd, found, sizeof(found), 0) > 0)
		return PIDFILE_LOST;
	return pidfile_find_nameless(other) ? PIDFILE_LOST : PIDFILE_REMADE;
}

enum pidfile_standing
pidfile_defend(struct pidfile *p)
{
	struct pidfile other = *p;
	enum pidfile_standing standing;
	bool was_there;
	char why[256];

	if (pidfile_is_current(p)) {
		if (take_pid(p))
			return errno == EAGAIN ? PIDFILE_LOST : PIDFILE_UNSURE;
		if ((!is_written(p, true) || !is_written(p, false)) &&
		    pidfile_write(p))
			return PIDFILE_UNSURE;
		return p->fd == other.fd ? PIDFILE_HELD : PIDFILE_REMADE;
	}
	if (is_supplanted(p->lock_fd))
		return PIDFILE_HELD;
	other.fd = -1;
	other.queue_byte = 0;
	other.lock_fd =
	    open_checked(p->lock_path, LOCK_MODE, &was_there, why, sizeof(why));
	if (other.lock_fd < 0)
		return PIDFILE_UNSURE;
	standing = claim(p, &other, was_there);
	if (standing != PIDFILE_REMADE) {
		close_both(&other);
		return standing;
	}
	close_both(p);
	*p = other;
	/* When it was the same file, closing it gave up the lock. */
	lock_take(p->fd, 0, 1);
	pidfile_write(p);
	return PIDFILE_REMADE;
}

static const char *const suffixes[] = {".lock", ".pid"};

/* Whose files are looked for: of the chain, or (NULL) of any. */
struct wanted {
	const char *chain;
	bool is_any; /* also one that was supplanted */
};

/* Is it a file of the chain, and does the process own it? */
static bool
is_wanted(int fd, const char *name, pid_t pid, void *data)
{
	const struct wanted *w = data;
	const char *end = strrchr(name, '.');

	return end &&
	       (!strcmp(end, suffixes[0]) || !strcmp(end, suffixes[1])) &&
	       (!w->chain ||
		   (strlen(w->chain) == (size_t)(end - name) &&
		       !strncmp(name, w->chain, (size_t)(end - name)))) &&
	       holder_of(fd, 0, 1) == pid && (w->is_any || !is_supplanted(fd));
}

static pid_t
find_nameless(const char *run_root, const char *chain, bool is_any)
{
	struct wanted w = {.chain = chain, .is_any = is_any};

	return nameless_find(run_root, is_wanted, &w);
}

pid_t
pidfile_find_nameless(const struct pidfile *p)
{
	char path[PIDFILE_PATH_SIZE], *slash;

	snprintf(path, sizeof(path), "%.*s",
	    (int)(strlen(p->lock_path) - strlen(suffixes[0])), p->lock_path);
	slash = strrchr(path, '/');
	*slash = '\0';
	return find_nameless(path, slash + 1, false);
}

pid_t
pidfile_find_hidden(const char *run_root, const char *name)
{
	return find_nameless(run_root, name, true);
}

bool
pidfile_make_lock(
    const char *run_root, const char *name, struct pidfile_unused *seen)
{
	char path[PIDFILE_PATH_SIZE], why[256];
	bool was_there;
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/%s%s", run_root, name, suffixes[0]);
	fd = open_checked(path, LOCK_MODE, &was_there, why, sizeof(why));
	*seen = (struct pidfile_unused){0};
	if (fd >= 0 && !fstat(fd, &st) && !st.st_size)
		*seen = (struct pidfile_unused){st.st_ino, st.st_ctim};
	if (fd >= 0)
		close(fd);
	return seen->inode != 0;
}

static int
open_existing(
    const char *run_root, const char *name, const char *suffix, int flags)
{
	char path[PIDFILE_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s%s", run_root, name, suffix);
	return open(path, flags | FILE_SAFE);
}

/* What a look finds in NAME.lock, else in NAME.pid. */
typedef pid_t looker(int fd, int64_t start_ns);

static pid_t
look(const char *run_root, const char *name, looker *find, int64_t start_ns)
{
	pid_t pid = 0;

	for (int i = 0; i < 2 && !pid; i++) {
		int fd = open_existing(run_root, name, suffixes[i], O_RDONLY);

		/* EACCES: not ours.  NAME.pid tells what others may know. */
		if (fd < 0 && errno != ENOENT && (i || errno != EACCES))
			return -1;
		if (fd < 0)
			continue;
		pid = find(fd, start_ns);
		close(fd);
	}
	return pid;
}

static pid_t
find_owner(int fd, int64_t start_ns)
{
	return holder_of(fd, 0, 1);
}

static pid_t
find_older(int fd, int64_t start_ns)
{
	pid_t pid = 0;

	if (!lock_holder(fd, 1, 0))
		return 0;
	for (int64_t q = 0; !pid && q <= PIDFILE_QUEUES; q++)
		pid = holder_of(
		    fd, (q << PIDFILE_QUEUE_SHIFT) + 1, start_ns / 1000);
	return pid;
}

pid_t
pidfile_find_owner(const char *run_root, const char *name)
{
	return look(run_root, name, find_owner, 0);
}

pid_t
pidfile_find_older(const char *run_root, const char *name, int64_t start_ns)
{
	return look(run_root, name, find_older, start_ns);
}

void
pidfile_give_back(const int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int
pidfile_borrow(const char *run_root, const char *name, int fds[2])
{
	int error = 0;

	fds[0] = open_existing(run_root, name, ".lock", O_RDWR);
	if (fds[0] < 0 && errno != ENOENT)
		return fds[1] = -1;
	fds[1] = open_existing(run_root, name, ".pid", O_RDWR);
	if (fds[0] < 0 && fds[1] < 0)
		return -1;
	if (fds[0] >= 0 && lock_take(fds[0], 0, 1))
		error = errno;
	/* As in take_pid(): a lock for reading means nothing there. */
	else if (fds[1] >= 0 && lock_take(fds[1], 0, 1) &&
		 lock_holder(fds[1], 0, 1))
		error = EAGAIN;
	if (!error)
		return 0;
	pidfile_give_back(fds);
	fds[0] = fds[1] = -1;
	return errno = error, -1;
}
