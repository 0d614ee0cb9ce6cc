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

#include "os/file.h"

enum {
	ENTRIES_MAX = 1 << 20, /* of a folder that somebody filled */
};

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
	f->fd = file_make_directory(root_fd, "outbox", 0700);
	saved = errno;
	close(root_fd);
	errno = saved;
	return f->fd < 0 ? -1 : 0;
}

int
outbox_folder_write(struct outbox_folder *f, const char *name,
    const struct outbox_entry *e, const char *message, size_t size)
{
	char buffer[ENVELOPE_SIZE];
	struct iovec parts[2] = {{buffer, 0}, {(void *)message, size}};
	struct text t;
	int error;

	if (outbox_folder_open(f))
		return -1;
	text_init(&t, buffer, sizeof(buffer));
	envelope_write(&t, e, size);
	parts[0].iov_len = t.length;
	if (!file_replace(f->fd, name, 0600, parts, 2))
		return 0;
	/* Its name may be there and not be durable: then it is not told. */
	error = errno;
	unlinkat(f->fd, name, 0);
	return errno = error, -1;
}

bool
outbox_folder_is_own(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid();
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
	fd = file_open_own(f->fd, name, O_RDONLY, &st);
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
	fd = file_open_own(f->fd, name, O_RDONLY, &st);
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
	fd = file_open_own(f->fd, name, O_WRONLY, &st);
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
	fd = file_open_directory(f->fd, ".");
	if (fd < 0)
		return -1;
	dir = fdopendir(fd);
	if (!dir)
		return close(fd), errno = ENOMEM, -1;
	for (int i = 0; i < ENTRIES_MAX && (d = readdir(dir)); i++)
		if (envelope_parse_name(d->d_name, f->chain, &queued))
			found(context, d->d_name, queued);
	closedir(dir);
	file_drafts_sweep(f->fd);
	return 0;
}
