#include "outbox_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "os/bytes.h"
#include "os/file.h"

enum {
	ENTRIES_MAX = 1 << 20, /* of a directory that somebody filled */
	TRIM_MAX = 64,         /* files removed at once */
};

int
outbox_files_init(struct outbox_files *f, const char *run_root,
    const char *chain, struct log *log)
{
	*f = (struct outbox_files){.fd = -1, .log = log};
	f->run_root = strdup(run_root);
	f->chain = strdup(chain);
	if (f->run_root && f->chain)
		return 0;
	outbox_files_release(f);
	return errno = ENOMEM, -1;
}

static void
close_directory(struct outbox_files *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

void
outbox_files_release(struct outbox_files *f)
{
	close_directory(f);
	free(f->run_root);
	free(f->chain);
	*f = (struct outbox_files){.fd = -1};
}

void
outbox_files_note(struct outbox_files *f, int error)
{
	if (error && !f->is_failing)
		log_say(f->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot write to %s/outbox: %s; messages wait in memory",
		    f->run_root, strerror(error));
	if (!error && f->is_failing)
		log_say(f->log, LOG_LEVEL_INFO, NULL,
		    "Messages are written to %s/outbox again", f->run_root);
	f->is_failing = error != 0;
}

static int
open_directory(struct outbox_files *f)
{
	struct stat st;
	int root_fd, saved;

	/* A directory that was removed takes nothing any more. */
	if (f->fd >= 0 && !fstat(f->fd, &st) && st.st_nlink > 0)
		return 0;
	close_directory(f);
	root_fd = open(f->run_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return -1;
	f->fd = file_make_directory(root_fd, "outbox", 0700);
	saved = errno;
	close(root_fd);
	errno = saved;
	return f->fd < 0 ? -1 : 0;
}

/* A directory that users share has a refused/ that they share. */
static int
open_refused(struct outbox_files *f)
{
	struct stat st;

	if (open_directory(f) || fstat(f->fd, &st))
		return -1;
	return file_make_directory(f->fd, "refused", st.st_mode & 07777);
}

int
outbox_files_scan(struct outbox_files *f,
    void (*found)(void *context, const char *name, int64_t queued),
    void *context)
{
	const struct dirent *d;
	int64_t queued;
	DIR *dir = NULL;

	if (!open_directory(f))
		dir = file_open_entries(f->fd, ".", FILE_SAFE);
	if (!dir)
		return -1;
	for (int i = 0; i < ENTRIES_MAX && (d = readdir(dir)); i++)
		if (envelope_parse_name(d->d_name, f->chain, &queued))
			found(context, d->d_name, queued);
	closedir(dir);
	file_drafts_remove(f->fd);
	return 0;
}

/* Writes a whole new file into a directory, and syncs it. */
static int
write_file(int dir, const char *name, const struct outbox_entry *e,
    const char *message, size_t size)
{
	char buffer[ENVELOPE_SIZE];
	struct iovec parts[2] = {{buffer, 0}, {(void *)message, size}};
	struct text t;
	int error;

	text_init(&t, buffer, sizeof(buffer));
	envelope_write(&t, e, size);
	parts[0].iov_len = t.length;
	if (!file_replace(dir, name, 0600, parts, 2))
		return 0;
	/* Its name may be there and not be durable: then it is not told. */
	error = errno;
	unlinkat(dir, name, 0);
	return errno = error, -1;
}

/* Fills in padded fields at `offset` of a file of ours, and syncs them. */
static int
fill(struct outbox_files *f, const char *name, const char *line, size_t offset)
{
	ssize_t length = (ssize_t)strlen(line);
	int result = -1, error, fd;

	if (open_directory(f))
		return -1;
	fd = file_open_own(f->fd, name, O_WRONLY, NULL);
	if (fd < 0)
		return -1;
	if (pwrite(fd, line, (size_t)length, (off_t)offset) == length)
		result = fsync(fd);
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* Counts our plain files in a directory and names the oldest. */
static size_t
find_oldest(DIR *dir, char oldest[ENVELOPE_NAME_SIZE])
{
	struct timespec least = {0};
	const struct dirent *d;
	size_t count = 0;

	rewinddir(dir);
	for (int i = 0; i < ENTRIES_MAX && (d = readdir(dir)); i++) {
		struct stat st;

		if (fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode) || st.st_uid != geteuid())
			continue;
		if (!count++ || st.st_mtim.tv_sec < least.tv_sec ||
		    (st.st_mtim.tv_sec == least.tv_sec &&
			st.st_mtim.tv_nsec < least.tv_nsec)) {
			least = st.st_mtim;
			snprintf(oldest, ENVELOPE_NAME_SIZE, "%s", d->d_name);
		}
	}
	return count;
}

/* Removes the oldest of our files in refused/. */
static void
trim_refused(struct outbox_files *f, int fd)
{
	char oldest[ENVELOPE_NAME_SIZE];
	DIR *dir = file_open_entries(fd, ".", FILE_SAFE);
	size_t removed = 0;

	while (dir && removed < TRIM_MAX &&
	       find_oldest(dir, oldest) > OUTBOX_REFUSED_MAX &&
	       !unlinkat(fd, oldest, 0))
		removed++;
	if (dir)
		closedir(dir);
	if (removed)
		log_say(f->log, LOG_LEVEL_WARNING, NULL,
		    "Removed %zu of the oldest files of outbox/refused",
		    removed);
}

static int
move_to_refused(struct outbox_files *f, const char *name)
{
	int fd = open_refused(f);
	bool is_moved = fd >= 0 && !renameat(f->fd, name, fd, name) &&
			!file_sync_directory(fd);

	if (is_moved)
		trim_refused(f, fd);
	else
		log_say(f->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot move %s to outbox/refused, it stays: %s", name,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return is_moved ? 0 : -1;
}

int
outbox_files_read(struct outbox_files *f, const char *name, struct stored *s)
{
	char bytes[ENVELOPE_SIZE];
	size_t message_size;
	struct stat st;
	ssize_t n;
	int fd = file_open_own(f->fd, name, O_RDONLY, &st);

	if (fd < 0)
		return -1;
	*s = (struct stored){.lock_fd = -1};
	text_copy(s->name, sizeof(s->name), name);
	n = pread(fd, bytes, sizeof(bytes), 0);
	close(fd);
	if (n < 0)
		return -1;
	if (!envelope_read(
		bytes, (size_t)n, &s->entry, &s->offset, &message_size)) {
		if ((uint64_t)st.st_size == s->offset + message_size)
			return 0;
	} else if (errno == EPROTO) {
		if (!f->has_passed)
			log_say(f->log, LOG_LEVEL_WARNING, NULL,
			    "Message %s is of a later version of runner, which "
			    "is to deliver it",
			    name);
		f->has_passed = true;
		return -1;
	}
	log_say(f->log, LOG_LEVEL_WARNING, NULL,
	    "Message %s is damaged, it goes to outbox/refused", name);
	move_to_refused(f, name);
	return -1;
}

int
outbox_files_put(
    struct outbox_files *f, struct stored *s, const char *message, size_t size)
{
	if (!open_directory(f) &&
	    !write_file(f->fd, s->name, &s->entry, message, size)) {
		if (!f->in_memory)
			outbox_files_note(f, 0);
		return 0;
	}
	outbox_files_note(f, errno);
	if (f->in_memory == OUTBOX_IN_MEMORY_MAX)
		return -1;
	s->bytes = malloc(size);
	if (!s->bytes)
		return -1;
	memcpy(s->bytes, message, size);
	s->size = size;
	f->in_memory++;
	return 1;
}

static void
forget_copy(struct outbox_files *f, struct stored *s)
{
	f->in_memory -= s->bytes != NULL;
	free(s->bytes);
	s->bytes = NULL;
}

int
outbox_files_write_copy(struct outbox_files *f, struct stored *s)
{
	if (open_directory(f) ||
	    write_file(f->fd, s->name, &s->entry, s->bytes, s->size))
		return -1;
	forget_copy(f, s);
	return 0;
}

/* Opens the file and locks it. */
static int
open_locked(struct outbox_files *f, const char *name, bool *is_writable)
{
	int fd, saved = ENOENT;
	struct stat st;

	if (open_directory(f))
		return -1;
	fd = file_open_own(f->fd, name, O_RDWR, &st);
	*is_writable = fd >= 0;
	if (fd < 0 && errno == EROFS)
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
outbox_files_take(struct outbox_files *f, struct stored *s, size_t *verdict_at)
{
	bool is_writable;
	int fd;

	*verdict_at = 0;
	if (s->bytes) {
		fd = bytes_open(s->bytes, s->size);
	} else {
		fd = open_locked(f, s->name, &is_writable);
		if (fd >= 0 && lseek(fd, (off_t)s->offset, SEEK_SET) >= 0)
			s->lock_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (fd >= 0 && is_writable && s->entry.has_verdict_room)
			*verdict_at = envelope_verdict_offset(s->offset);
	}
	s->is_on_its_way = fd >= 0;
	return fd;
}

void
outbox_files_give_back(struct stored *s)
{
	s->is_on_its_way = false;
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	s->lock_fd = -1;
}

bool
outbox_files_has_left(struct outbox_files *f, const struct stored *s)
{
	struct stat st;

	/* Where that cannot be known it has not. */
	return !s->bytes && !open_directory(f) &&
	       fstatat(f->fd, s->name, &st, AT_SYMLINK_NOFOLLOW) &&
	       errno == ENOENT;
}

void
outbox_files_narrow(struct outbox_files *f, struct stored *s)
{
	char lines[ENVELOPE_SIZE];
	size_t at;

	if (s->bytes)
		return;
	at = envelope_format_only(lines, &s->entry, s->offset);
	if (fill(f, s->name, lines, at))
		log_say(f->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot note in %s whom it has reached: %s", s->name,
		    strerror(errno));
}

void
outbox_files_remove(struct outbox_files *f, struct stored *s)
{
	if (s->bytes || open_directory(f))
		return;
	if (unlinkat(f->fd, s->name, 0) && errno != ENOENT)
		log_say(f->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot remove the delivered message %s: %s", s->name,
		    strerror(errno));
}

int
outbox_files_refuse(struct outbox_files *f, struct stored *s)
{
	char line[ENVELOPE_ANSWER_SIZE];

	if (s->bytes && outbox_files_write_copy(f, s))
		return -1;
	snprintf(line, sizeof(line), "%-*s", ENVELOPE_ANSWER_SIZE - 1,
	    s->entry.answer);
	/* That it is missing loses no message. */
	fill(f, s->name, line, envelope_answer_offset(s->offset));
	return move_to_refused(f, s->name);
}

/* The message's bytes, from its file; a mapping to be unmapped, or NULL. */
static void *
map_file(struct outbox_files *f, const char *name, size_t *size)
{
	struct stat st;
	int fd = file_open_own(f->fd, name, O_RDONLY, &st);
	void *bytes;

	if (fd < 0)
		return NULL;
	*size = (size_t)st.st_size;
	bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	return bytes == MAP_FAILED ? NULL : bytes;
}

void
outbox_files_refuse_copy(struct outbox_files *f, struct stored *s,
    const char *only, const char *answer)
{
	struct outbox_entry e = s->entry;
	int fd = open_refused(f), result = -1;
	char name[ENVELOPE_NAME_SIZE];
	char *mapped = NULL;
	size_t size = 0;

	text_copy(e.only, sizeof(e.only), only);
	envelope_set_answer(&e, answer);
	/* The same again, after a crash, has the same name. */
	envelope_renumber(
	    name, s->name, (uint32_t)hash_fnv64_string(HASH_FNV64, e.only));
	if (fd >= 0 && s->bytes)
		result = write_file(fd, name, &e, s->bytes, s->size);
	else if (fd >= 0)
		mapped = map_file(f, s->name, &size);
	if (mapped && size > s->offset)
		result = write_file(
		    fd, name, &e, mapped + s->offset, size - s->offset);
	if (mapped)
		munmap(mapped, size);
	if (result)
		log_say(f->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot keep in outbox/refused what %s refused: %s", only,
		    strerror(errno));
	if (fd >= 0)
		trim_refused(f, fd);
}

void
outbox_files_drop(struct outbox_files *f, struct stored *s)
{
	forget_copy(f, s);
	outbox_files_give_back(s);
}
