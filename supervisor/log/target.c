#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/identity.h"
#include "os/rotate.h"

enum { FILE_MODE = 0640, FOLLOW_TRIES = 4 };

static void
look_at(struct target *t)
{
	struct stat st = {0};

	fstat(t->fd, &st);
	t->device = st.st_dev;
	t->inode = st.st_ino;
	if (S_ISFIFO(st.st_mode) || (S_ISCHR(st.st_mode) && isatty(t->fd)))
		t->kind = TARGET_PIPE;
	else if (S_ISSOCK(st.st_mode))
		t->kind = TARGET_SOCKET;
	else
		t->kind = TARGET_FILE;
}

static void
take_descriptor(struct target *t, int fd, bool is_nonblocking)
{
	if (t->is_owned)
		close(t->fd);
	t->fd = fd;
	t->is_owned = true;
	t->is_nonblocking = is_nonblocking;
	look_at(t);
}

static int
open_path(struct target *t)
{
	/* O_NONBLOCK: a FIFO without a reader must not hold us. */
	int fd = file_open_led(
	    t->path, O_WRONLY | O_APPEND | O_CREAT, FILE_MODE, &t->keeper);

	if (fd < 0)
		return -1;
	take_descriptor(t, fd, true);
	t->limit_bytes = t->max_size_bytes;
	return 0;
}

static void
open_stderr(struct target *t)
{
	int fd;

	t->fd = STDERR_FILENO;
	if (fcntl(t->fd, F_GETFD) < 0)
		t->fd = -1;
	look_at(t);
	if (t->kind != TARGET_PIPE)
		return;
	fd = open("/proc/self/fd/2", O_WRONLY | FILE_NAMED);
	if (fd >= 0)
		take_descriptor(t, fd, true);
}

int
target_open(
    struct target *t, const char *path, int64_t max_size_bytes, int keep)
{
	*t = (struct target){
	    .fd = -1, .max_size_bytes = max_size_bytes, .keep = keep};
	if (!path) {
		open_stderr(t);
		return 0;
	}
	t->path = strdup(path);
	if (t->path && !open_path(t))
		return 0;
	free(t->path);
	t->path = NULL;
	return -1;
}

void
target_close(struct target *t)
{
	if (t->is_owned)
		close(t->fd);
	free(t->path);
	*t = (struct target){.fd = -1};
}

/* As many whole lines as fit in `limit` bytes; 0 when the first does not. */
static size_t
whole_lines(const char *bytes, size_t size, size_t limit)
{
	const char *last;

	if (size <= limit)
		return size;
	last = memrchr(bytes, '\n', limit);
	return last ? (size_t)(last - bytes) + 1 : 0;
}

static size_t
first_line(const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);

	return end ? (size_t)(end - bytes) + 1 : size;
}

/*
 * With no more rights than who can exchange its directory; or, where that
 * directory is root's alone, in that very one, wherever it is moved to.
 */
static int
rotate(const struct target *t, int64_t incoming)
{
	const char *slash = strrchr(t->path, '/');
	const char *base = slash ? slash + 1 : t->path;
	char path[PATH_MAX] = ".";
	struct stat st;
	int result, error, dir;

	if (t->keeper.st_uid == geteuid())
		return rotate_file(
		    t->path, t->fd, incoming, t->limit_bytes, t->keep);
	if (slash)
		snprintf(
		    path, sizeof(path), "%.*s", (int)(base - t->path), t->path);
	dir = file_open_led(path, O_PATH | O_DIRECTORY, 0, &st);
	if (dir >= 0 && file_is_guarded(dir) &&
	    !fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) &&
	    S_ISREG(st.st_mode)) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, base);
		result =
		    rotate_file(path, t->fd, incoming, t->limit_bytes, t->keep);
		error = errno;
		close(dir);
		return errno = error, result;
	}
	if (dir >= 0)
		close(dir);
	identity_make_as(t->keeper.st_uid, t->keeper.st_gid);
	result = rotate_file(t->path, t->fd, incoming, t->limit_bytes, t->keep);
	error = errno;
	identity_make_as(geteuid(), getegid());
	return errno = error, result;
}

/*
 * Makes sure that `t` writes to the file that bears the name, and that it has
 * room.  Returns how many bytes may be written, or -1 with errno.
 */
static ssize_t
follow_file(struct target *t, const char *bytes, size_t size)
{
	size_t first = first_line(bytes, size);

	for (int tries = 0; tries < FOLLOW_TRIES; tries++) {
		struct stat st;
		size_t n = size;

		if (stat(t->path, &st) < 0 || st.st_dev != t->device ||
		    st.st_ino != t->inode) {
			if (open_path(t) < 0)
				return -1;
			continue;
		}
		if (!t->max_size_bytes || !S_ISREG(st.st_mode))
			return (ssize_t)size;
		n = st.st_size < t->limit_bytes
			? whole_lines(bytes, size,
			      (size_t)(t->limit_bytes - st.st_size))
			: 0;
		if (n)
			return (ssize_t)n;
		if (!st.st_size)
			break;
		if (rotate(t, (int64_t)first) < 0) {
			/* Again when the file has grown by an eighth. */
			if (errno != EWOULDBLOCK)
				t->limit_bytes =
				    st.st_size + t->max_size_bytes / 8;
			break;
		}
	}
	return (ssize_t)first;
}

/* How much of it may go in one write, or -1 with errno. */
static ssize_t
measure(struct target *t, const char *bytes, size_t size)
{
	size_t n;

	if (t->fd < 0)
		return errno = EBADF, -1;
	if (t->kind == TARGET_FILE) {
		if (!t->path)
			return (ssize_t)size;
		/* The rest of a line goes where its beginning went. */
		if (t->is_midline)
			return (ssize_t)first_line(bytes, size);
		return follow_file(t, bytes, size);
	}
	n = whole_lines(bytes, size, PIPE_BUF);
	return (ssize_t)(n ? n : PIPE_BUF);
}

static ssize_t
write_once(struct target *t, const char *bytes, size_t size)
{
	struct pollfd p = {.fd = t->fd, .events = POLLOUT};

	if (t->kind == TARGET_SOCKET)
		return send(t->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (t->kind == TARGET_PIPE && !t->is_nonblocking && poll(&p, 1, 0) <= 0)
		return errno = EAGAIN, -1;
	return write(t->fd, bytes, size);
}

ssize_t
target_write(struct target *t, const char *bytes, size_t size)
{
	ssize_t n = measure(t, bytes, size);
	size_t wanted = (size_t)n;

	if (n < 0)
		return -1;
	do
		n = write_once(t, bytes, wanted);
	while (n < 0 && errno == EINTR);
	if (!n)
		return errno = EIO, -1;
	if (n > 0)
		t->is_midline = bytes[n - 1] != '\n';
	return n;
}

bool
target_is_journal(void)
{
	const char *named = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return named && sscanf(named, "%llu:%llu", &device, &inode) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == device &&
	       st.st_ino == inode;
}
