#include "pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"
#include "units.h"

static struct flock
lock_of(short type, int64_t start, int64_t length)
{
	return (struct flock){.l_type = type,
	    .l_whence = SEEK_SET,
	    .l_start = start,
	    .l_len = length};
}

/* Who holds a lock in the range that keeps me from a write lock; 0: nobody. */
static pid_t
holder_of(int fd, int64_t start, int64_t length)
{
	struct flock lock = lock_of(F_WRLCK, start, length);

	if (fcntl(fd, F_GETLK, &lock) || lock.l_type == F_UNLCK)
		return 0;
	/* Another pid namespace's process has no number here. */
	return lock.l_pid > 0 ? lock.l_pid : -1;
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
		snprintf(why, why_size, "%s has another name (hard link)",
		    path);
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

/* Takes the byte of my start, or the next free one. */
static int
join_queue(struct pidfile *p, int64_t start_ns)
{
	for (p->stamp = start_ns > 0 ? start_ns : 1;; p->stamp++) {
		struct flock lock = lock_of(F_WRLCK, p->stamp, 1);

		if (!fcntl(p->fd, F_SETLK, &lock))
			return 0;
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
    int64_t start_ns, char *why, size_t why_size)
{
	int n = snprintf(p->path, sizeof(p->path), "%s/%s.pid", run_root, name);

	p->fd = -1;
	if (n < 0 || (size_t)n >= sizeof(p->path)) {
		snprintf(why, why_size, "the path of %s.pid is too long", name);
		return -1;
	}
	p->fd = open_checked(p->path, &p->was_there, why, why_size);
	if (p->fd < 0)
		return -1;
	if (join_queue(p, start_ns)) {
		snprintf(why, why_size, "cannot lock %s: %s", p->path,
		    strerror(errno));
		pidfile_close(p);
		return -1;
	}
	read_content(p);
	return 0;
}

void
pidfile_close(struct pidfile *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

/* Does the path still name the file that I hold? */
static bool
is_current(const struct pidfile *p)
{
	struct stat mine, named;

	return !fstat(p->fd, &mine) && !lstat(p->path, &named) &&
	    mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

/* The path names another file by now: stand in that one's queue. */
static void
move_over(struct pidfile *p)
{
	char why[256];
	bool was_there;
	int fd = open_checked(p->path, &was_there, why, sizeof(why));

	if (fd < 0)
		return;
	close(p->fd);
	p->fd = fd;
	join_queue(p, p->stamp);
}

bool
pidfile_acquire(struct pidfile *p)
{
	struct flock lock = lock_of(F_WRLCK, 0, 1);

	if (!is_current(p)) {
		move_over(p);
		return false;
	}
	if (fcntl(p->fd, F_SETLK, &lock))
		return false;
	if (is_current(p))
		return true;
	lock.l_type = F_UNLCK;
	fcntl(p->fd, F_SETLK, &lock);
	move_over(p);
	return false;
}

pid_t
pidfile_holder(const struct pidfile *p)
{
	return holder_of(p->fd, 0, 1);
}

bool
pidfile_has_newer(const struct pidfile *p)
{
	return holder_of(p->fd, p->stamp + 1, 0) != 0;
}

bool
pidfile_has_rival(const struct pidfile *p)
{
	return pidfile_has_newer(p) || holder_of(p->fd, 0, p->stamp) != 0;
}

int
pidfile_supplant(struct pidfile *p)
{
	char path[sizeof(p->path) + 32];
	struct flock lock = lock_of(F_WRLCK, 0, 1);
	struct pidfile mine = *p;

	snprintf(path, sizeof(path), "%s.%ld", p->path, (long)getpid());
	unlink(path);
	mine.fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (mine.fd < 0)
		return -1;
	if (fcntl(mine.fd, F_SETLK, &lock) || join_queue(&mine, p->stamp) ||
	    pidfile_write(&mine) || rename(path, p->path)) {
		int error = errno;

		unlink(path);
		close(mine.fd);
		errno = error;
		return -1;
	}
	close(p->fd);
	*p = mine;
	return 0;
}

int
pidfile_write(struct pidfile *p)
{
	char line[24];
	int n = snprintf(line, sizeof(line), "%ld\n", (long)getpid());

	/* Longer garbage is cut only after: the file is never seen empty. */
	if (pwrite(p->fd, line, (size_t)n, 0) != n)
		return -1;
	return ftruncate(p->fd, n);
}

pid_t
pidfile_owner(const char *run_root, const char *name)
{
	char path[4096];
	pid_t pid;
	int fd;

	snprintf(path, sizeof(path), "%s/%s.pid", run_root, name);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	pid = holder_of(fd, 0, 1);
	close(fd);
	return pid;
}
