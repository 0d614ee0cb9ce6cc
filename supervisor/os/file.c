#include "file.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/random.h>
#include <unistd.h>

#include "identity.h"

enum {
	DIRECTORY = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
	DRAFT_TRIES = 8,
	ENTRIES_MAX = 1 << 20, /* of a directory that somebody filled */
};

static const char draft_prefix[] = ".tmp,";

int
file_close_with(int fd, int error)
{
	close(fd);
	return errno = error, -1;
}

FILE *
file_open_stream(const char *path, int flags)
{
	int fd = open(path, O_RDONLY | flags | FILE_ASKED);
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !stream)
		file_close_with(fd, errno);
	return stream;
}

DIR *
file_open_entries(int at, const char *name, int flags)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | flags);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !entries)
		file_close_with(fd, errno);
	return entries;
}

int
file_write_all(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return errno = n ? errno : ENOSPC, -1;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

int
file_sync_directory(int dir)
{
	/* EBADF: it may be searched, but not read (O_PATH). */
	return fsync(dir) && errno != EINVAL && errno != EBADF ? -1 : 0;
}

/* Makes a file and locks it.  Returns 0; -1 with errno EAGAIN: once more. */
static int
draft_make(struct file_draft *d, mode_t mode)
{
	uint64_t random;
	struct stat st;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -1;
	snprintf(
	    d->name, sizeof(d->name), "%s%016" PRIx64, draft_prefix, random);
	d->fd = openat(d->dir, d->name, O_RDWR | O_CREAT | O_EXCL | FILE_SAFE,
	    mode & 0600);
	if (d->fd < 0)
		return errno = errno == EEXIST ? EAGAIN : errno, -1;
	/* Who sweeps may have come between: its lock, and the file is gone. */
	if ((flock(d->fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) ||
	    (!fstat(d->fd, &st) && !st.st_nlink))
		errno = EAGAIN;
	/* open(2) took the umask off. */
	else if (!fchmod(d->fd, mode))
		return 0;
	file_draft_drop(d);
	return -1;
}

int
file_draft_open(struct file_draft *d, int dir, mode_t mode)
{
	*d = (struct file_draft){.dir = dir, .fd = -1};
	for (int i = 0; i < DRAFT_TRIES; i++)
		if (!draft_make(d, mode))
			return 0;
		else if (errno != EAGAIN)
			break;
	return -1;
}

void
file_draft_drop(struct file_draft *d)
{
	int error = errno;

	if (d->fd >= 0) {
		close(d->fd);
		unlinkat(d->dir, d->name, 0);
	}
	d->fd = -1;
	errno = error;
}

int
file_draft_rename(struct file_draft *d, const char *name)
{
	if (!renameat(d->dir, d->name, d->dir, name))
		return 0;
	file_draft_drop(d);
	return -1;
}

int
file_draft_publish(struct file_draft *d, const char *name)
{
	if (fsync(d->fd)) {
		file_draft_drop(d);
		return -1;
	}
	if (file_draft_rename(d, name))
		return -1;
	if (!file_sync_directory(d->dir))
		return 0;
	file_close_with(d->fd, errno);
	d->fd = -1;
	return -1;
}

void
file_drafts_remove(int dir)
{
	DIR *entries = file_open_entries(dir, ".", FILE_SAFE);
	const struct dirent *e;

	for (int i = 0; entries && i < ENTRIES_MAX && (e = readdir(entries));
	     i++) {
		int fd =
		    strncmp(e->d_name, draft_prefix, sizeof(draft_prefix) - 1)
			? -1
			: file_open_own(dir, e->d_name, O_RDONLY, NULL);

		if (fd < 0)
			continue;
		if (!flock(fd, LOCK_EX | LOCK_NB))
			unlinkat(dir, e->d_name, 0);
		close(fd);
	}
	if (entries)
		closedir(entries);
}

int
file_replace(int dir, const char *name, mode_t mode, const struct iovec *parts,
    int count)
{
	struct file_draft d;

	if (file_draft_open(&d, dir, mode))
		return -1;
	for (int i = 0; i < count; i++)
		if (file_write_all(d.fd, parts[i].iov_base, parts[i].iov_len)) {
			file_draft_drop(&d);
			return -1;
		}
	if (file_draft_publish(&d, name))
		return -1;
	/* NFS tells only here that there is no room. */
	return close(d.fd);
}

int
file_open_own(int dir, const char *name, int flags, struct stat *st)
{
	struct stat own;
	int fd = openat(dir, name, flags | FILE_SAFE, 0600);

	if (fd < 0)
		/* ENXIO: a fifo without a reader, or a socket. */
		return errno = errno == ELOOP || errno == ENXIO ? EPERM : errno,
		       -1;
	if (!st)
		st = &own;
	if (fstat(fd, st))
		return file_close_with(fd, errno);
	if (S_ISREG(st->st_mode) && st->st_uid == geteuid() &&
	    (st->st_nlink <= 1 || (flags & O_ACCMODE) == O_RDONLY))
		return fd;
	return file_close_with(fd, EPERM);
}

int
file_open_directory(int at, const char *name)
{
	return openat(at, name, DIRECTORY);
}

/* mkdir(2) takes the umask off, and in part the sticky bit. */
static int
make_directory(int at, const char *name, mode_t mode, const struct stat *parent)
{
	bool is_root = !setfsuid((uid_t)-1); /* it changes nothing */
	int fd = -1;

	if (is_root)
		identity_make_as(parent->st_uid, parent->st_gid);
	if (!mkdirat(at, name, mode & 0700) || errno == EEXIST)
		fd = openat(at, name, DIRECTORY);
	if (fd >= 0 && mode != 0700 && fchmod(fd, mode))
		fd = file_close_with(fd, errno);
	if (is_root)
		identity_make_as(geteuid(), getegid());
	return fd;
}

int
file_make_directory(int at, const char *name, mode_t mode)
{
	int fd = openat(at, name, DIRECTORY);
	struct stat parent, st;

	if ((fd < 0 && errno != ENOENT) || fstat(at, &parent))
		return fd < 0 ? -1 : file_close_with(fd, errno);
	if (fd < 0) {
		fd = make_directory(at, name, mode, &parent);
		if (fd >= 0 && file_sync_directory(at))
			return file_close_with(fd, errno);
	}
	if (fd < 0 || fstat(fd, &st))
		return fd < 0 ? -1 : file_close_with(fd, errno);
	if (st.st_uid && st.st_uid != geteuid() && st.st_uid != parent.st_uid)
		return file_close_with(fd, EPERM);
	return fd;
}

int
file_open_parent(const char *path, const char **base)
{
	size_t end = strlen(path);
	const char *slash;
	char parent[PATH_MAX] = ".";
	size_t length;
	int fd;

	while (end > 1 && path[end - 1] == '/')
		end--;
	slash = memrchr(path, '/', end);
	length = slash ? (size_t)(slash - path) : 0;
	*base = slash ? slash + 1 : path;
	if (slash && !length)
		length = 1;
	if (length >= sizeof(parent))
		return errno = ENAMETOOLONG, -1;
	if (length) {
		memcpy(parent, path, length);
		parent[length] = '\0';
	}
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == EACCES)
		fd = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd;
}

static int
sync_parent(const char *path)
{
	const char *base;
	int fd = file_open_parent(path, &base), result;

	if (fd < 0)
		return -1;
	result = file_sync_directory(fd);
	return result ? file_close_with(fd, errno) : close(fd);
}

int
file_make_directories(const char *path, bool *is_new)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	*is_new = false;
	while (length > 1 && path[length - 1] == '/')
		length--;
	if (length >= sizeof(part))
		return errno = ENAMETOOLONG, -1;
	for (size_t i = 1; i <= length; i++) {
		if (i < length && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		*is_new = !mkdir(part, 0755);
		if (*is_new ? sync_parent(part)
			    : errno != EEXIST && errno != EISDIR)
			return -1;
	}
	return 0;
}

bool
file_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}
