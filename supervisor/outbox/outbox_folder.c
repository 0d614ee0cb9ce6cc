#include "outbox_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
	FILE_FLAGS = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
	ENTRIES_MAX = 1 << 20, /* of a folder that somebody filled */
};

static const char folder_name[] = "outbox";
static const char half_prefix[] = ".tmp,";

int
outbox_folder_init(
    struct outbox_folder *f, const char *run_root, const char *chain)
{
	*f = (struct outbox_folder){.fd = -1};
	f->run_root = strdup(run_root);
	f->chain = strdup(chain);
	if (f->run_root && f->chain)
		return 0;
	outbox_folder_release(f);
	return errno = ENOMEM, -1;
}

static void
close_folder(struct outbox_folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

void
outbox_folder_release(struct outbox_folder *f)
{
	close_folder(f);
	free(f->run_root);
	free(f->chain);
	*f = (struct outbox_folder){.fd = -1};
}

/* Some file systems cannot sync a folder; what they can do is done then. */
int
outbox_folder_sync(int fd)
{
	return fsync(fd) && errno != EINVAL ? -1 : 0;
}

/* Opens a folder, which is made when it is missing, and named durably. */
int
outbox_folder_make(int parent_fd, const char *name, mode_t mode)
{
	int fd = openat(parent_fd, name, FOLDER_FLAGS);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (mkdirat(parent_fd, name, 0700) && errno != EEXIST)
		return -1;
	fd = openat(parent_fd, name, FOLDER_FLAGS);
	/* mkdir(2) takes the umask off, and in part the sticky bit. */
	if (fd >= 0 && mode != 0700)
		fchmod(fd, mode);
	outbox_folder_sync(parent_fd);
	return fd;
}

int
outbox_folder_open(struct outbox_folder *f)
{
	struct stat st;
	int root_fd, saved;

	/* A folder that was removed takes nothing any more. */
	if (f->fd >= 0 && !fstat(f->fd, &st) && st.st_nlink > 0)
		return 0;
	close_folder(f);
	root_fd = open(f->run_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return -1;
	f->fd = outbox_folder_make(root_fd, folder_name, 0700);
	saved = errno;
	close(root_fd);
	errno = saved;
	return f->fd < 0 ? -1 : 0;
}

static int
write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		bytes += n;
		size -= (size_t)n;
	}
	return 0;
}

/* Envelope and message, synced; the descriptor is closed in any case. */
static int
fill_file(
    int fd, const struct outbox_entry *e, const char *message, size_t size)
{
	char buffer[ENVELOPE_SIZE];
	struct text t;
	int result = 0;

	text_init(&t, buffer, sizeof(buffer));
	envelope_write(&t, e, size);
	if (write_all(fd, buffer, t.length) || write_all(fd, message, size) ||
	    fsync(fd))
		result = errno;
	/* NFS tells only here that there is no room. */
	if (close(fd) && !result)
		result = errno;
	return result ? errno = result, -1 : 0;
}

static int
write_once(struct outbox_folder *f, const char *name,
    const struct outbox_entry *e, const char *message, size_t size)
{
	char half[ENVELOPE_NAME_SIZE + sizeof(half_prefix)];
	const char *made = half;
	int fd, saved;

	if (outbox_folder_open(f))
		return -1;
	snprintf(half, sizeof(half), "%s%s", half_prefix, name);
	fd =
	    openat(f->fd, half, O_WRONLY | O_CREAT | O_EXCL | FILE_FLAGS, 0600);
	if (fd < 0)
		return -1;
	if (!fill_file(fd, e, message, size) &&
	    !renameat(f->fd, half, f->fd, name)) {
		made = name;
		if (!outbox_folder_sync(f->fd))
			return 0;
	}
	saved = errno;
	unlinkat(f->fd, made, 0);
	return errno = saved, -1;
}

int
outbox_folder_write(struct outbox_folder *f, const char *name,
    const struct outbox_entry *e, const char *message, size_t size)
{
	int tries = 3;

	/* Another runner of the chain that starts just now may take the file
	 * that is being written for what a dead one left behind. */
	while (write_once(f, name, e, message, size))
		if (errno != ENOENT || !--tries)
			return -1;
	return 0;
}

bool
outbox_folder_is_own(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid();
}

/* Opens a file if it is a plain one of ours. */
int
outbox_folder_open_own(
    int folder_fd, const char *name, int flags, struct stat *st)
{
	int fd = openat(folder_fd, name, flags | FILE_FLAGS);

	if (fd < 0)
		return errno = errno == ELOOP ? EPERM : errno, -1;
	if (!fstat(fd, st) && outbox_folder_is_own(st))
		return fd;
	close(fd);
	return errno = EPERM, -1;
}

int
outbox_folder_read(struct outbox_folder *f, const char *name,
    struct outbox_entry *e, size_t *offset)
{
	char bytes[ENVELOPE_SIZE];
	size_t message_size;
	struct stat st;
	ssize_t n;
	int fd;

	if (outbox_folder_open(f))
		return -1;
	fd = outbox_folder_open_own(f->fd, name, O_RDONLY, &st);
	if (fd < 0)
		return -1;
	n = pread(fd, bytes, sizeof(bytes), 0);
	close(fd);
	if (n < 0)
		return -1;
	if (envelope_read(bytes, (size_t)n, e, offset, &message_size))
		return -1;
	if ((uint64_t)st.st_size != *offset + message_size)
		return errno = EBADMSG, -1;
	return 0;
}

int
outbox_folder_open_message(struct outbox_folder *f, const char *name)
{
	struct stat st;
	int fd, saved = ENOENT;

	if (outbox_folder_open(f))
		return -1;
	fd = outbox_folder_open_own(f->fd, name, O_RDONLY, &st);
	if (fd < 0)
		return -1;
	/* A file system that has no such locks has to do without. */
	if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		saved = EWOULDBLOCK;
	/* It may have left between opening and locking. */
	else if (!fstat(fd, &st) && st.st_nlink > 0)
		return fd;
	close(fd);
	return errno = saved, -1;
}

int
outbox_folder_fill(struct outbox_folder *f, const char *name, const char *value,
    size_t size, size_t offset)
{
	char line[ENVELOPE_SIZE];
	struct stat st;
	int length = (int)size - 1, result = -1, error, fd;

	if (outbox_folder_open(f))
		return -1;
	fd = outbox_folder_open_own(f->fd, name, O_WRONLY, &st);
	if (fd < 0)
		return -1;
	snprintf(line, sizeof(line), "%-*s", length, value);
	if (pwrite(fd, line, (size_t)length, (off_t)offset) == length)
		result = fsync(fd);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

bool
outbox_folder_has(struct outbox_folder *f, const char *name)
{
	struct stat st;

	if (outbox_folder_open(f))
		return true;
	return !fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) ||
	       errno != ENOENT;
}

int
outbox_folder_remove(struct outbox_folder *f, const char *name)
{
	if (outbox_folder_open(f))
		return -1;
	return unlinkat(f->fd, name, 0) && errno != ENOENT ? -1 : 0;
}

/* Is it a file that a process of this chain was killed over? */
static bool
is_half_written(const struct outbox_folder *f, const char *name)
{
	size_t prefix = sizeof(half_prefix) - 1;
	struct stat st;
	int64_t queued;

	return !strncmp(name, half_prefix, prefix) &&
	       envelope_parse_name(name + prefix, f->chain, &queued) &&
	       !fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       outbox_folder_is_own(&st);
}

int
outbox_folder_scan(struct outbox_folder *f,
    void (*found)(void *context, const char *name, int64_t queued),
    void *context)
{
	const struct dirent *d;
	int64_t queued;
	DIR *dir;
	int fd;

	if (outbox_folder_open(f))
		return -1;
	fd = openat(f->fd, ".", FOLDER_FLAGS);
	if (fd < 0)
		return -1;
	dir = fdopendir(fd);
	if (!dir)
		return close(fd), errno = ENOMEM, -1;
	for (int i = 0; i < ENTRIES_MAX && (d = readdir(dir)); i++) {
		if (envelope_parse_name(d->d_name, f->chain, &queued))
			found(context, d->d_name, queued);
		else if (is_half_written(f, d->d_name))
			unlinkat(f->fd, d->d_name, 0);
	}
	closedir(dir);
	return 0;
}
