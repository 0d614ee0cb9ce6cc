#include "follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/identity.h"

enum { BLOCK = 65536, PATH_SIZE = 4096, PLACES_MAX = 1000 };

/* A link that another user can lay leads where that user may look. */
static int
open_as(uid_t uid, const char *path)
{
	char user[24];
	int fd, error;

	snprintf(user, sizeof(user), "%lu", (unsigned long)uid);
	if (identity_act_as(user, NULL))
		return -1;
	fd = open(path, O_RDONLY | FILE_NAMED);
	error = errno;
	identity_act_as(NULL, NULL);
	return errno = error, fd;
}

int
follow_open(struct follow *f, const char *path)
{
	struct stat owner, st;

	*f = (struct follow){.path = path, .fd = -1};
	/* A pipe would have a reader by opening it, a device never ends. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return errno = ESPIPE, -1;
	f->fd = file_open_led(path, O_RDONLY, 0, &owner);
	if (f->fd < 0 && errno == ELOOP && owner.st_uid != geteuid())
		f->fd = open_as(owner.st_uid, path);
	return f->fd < 0 ? -1 : 0;
}

void
follow_close(struct follow *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/*
 * How many bytes of the block are up to the wanted line's end; counts down
 * `lines`.  The newline that ends the file begins no line.
 */
static ssize_t
count_back(const char *block, size_t size, size_t *lines)
{
	for (size_t i = size; i > 0; i--)
		if (block[i - 1] == '\n' && !(*lines)--)
			return (ssize_t)i;
	return -1;
}

int
follow_seek_tail(struct follow *f, size_t lines)
{
	char block[BLOCK];
	struct stat st;
	off_t end;

	if (fstat(f->fd, &st))
		return -1;
	f->offset = 0;
	end = st.st_size;
	/* An unfinished last line is a line: its end is not there to count. */
	if (!lines) {
		f->offset = end;
		return 0;
	}
	if (end && pread(f->fd, block, 1, end - 1) == 1 && block[0] != '\n')
		lines--;
	while (end > 0) {
		size_t size = end < BLOCK ? (size_t)end : BLOCK;
		ssize_t n = pread(f->fd, block, size, end - (off_t)size);
		ssize_t at;

		if (n <= 0)
			return n < 0 ? -1 : 0;
		at = count_back(block, (size_t)n, &lines);
		end -= (off_t)size;
		if (at >= 0) {
			f->offset = end + at;
			return 0;
		}
	}
	return 0;
}

/* A full block ends in the middle of a line, or even of a character. */
static ssize_t
whole_lines(const char *block, ssize_t n)
{
	const char *end = n == BLOCK ? memrchr(block, '\n', BLOCK) : NULL;

	return end ? end + 1 - block : n;
}

int
follow_read(struct follow *f, follow_sink *sink, void *data)
{
	char block[BLOCK];

	for (;;) {
		ssize_t n = pread(f->fd, block, sizeof(block), f->offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno != EAGAIN ? -1 : 0;
		n = whole_lines(block, n);
		f->offset += n;
		if (sink(block, (size_t)n, data))
			return 1;
	}
}

/* The name of the file after so many rotations: FILE, FILE.1, FILE.2. */
static bool
rotated_name(const struct follow *f, int place, char path[PATH_SIZE])
{
	int n = place ? snprintf(path, PATH_SIZE, "%s.%d", f->path, place)
		      : snprintf(path, PATH_SIZE, "%s", f->path);

	return n > 0 && n < PATH_SIZE;
}

int
follow_open_oldest(struct follow *f, const char *path)
{
	char oldest[PATH_SIZE];

	f->path = path;
	for (int place = PLACES_MAX; place > 0; place--)
		if (rotated_name(f, place, oldest) && !access(oldest, F_OK) &&
		    !follow_open(f, oldest)) {
			f->path = path;
			return 0;
		}
	return follow_open(f, path);
}

/*
 * How often our file was rotated since it was opened; -1: it is gone.  A file
 * only ever moves on, so looking upwards cannot miss it.
 */
static int
place_of(const struct follow *f)
{
	char path[PATH_SIZE];
	struct stat named, opened;

	if (f->fd < 0 || fstat(f->fd, &opened))
		return -1;
	for (int place = 0; place <= PLACES_MAX; place++)
		if (rotated_name(f, place, path) && !stat(path, &named) &&
		    named.st_ino == opened.st_ino &&
		    named.st_dev == opened.st_dev)
			return place;
	return -1;
}

/*
 * Moves on to the file that came after ours, which may have been rotated too.
 * Returns false when it is not there, or when things moved meanwhile.
 */
static bool
move_on(struct follow *f, int place)
{
	struct follow next;
	char path[PATH_SIZE];

	if (!rotated_name(f, place > 0 ? place - 1 : 0, path) ||
	    follow_open(&next, path))
		return false;
	if (place > 0 && place_of(f) != place) {
		follow_close(&next);
		return false;
	}
	follow_close(f);
	f->fd = next.fd;
	f->offset = 0;
	return true;
}

int
follow_read_on(struct follow *f, follow_sink *sink, void *data)
{
	for (int i = 0; i <= PLACES_MAX; i++) {
		/* Asked first: what came before is in the old file. */
		int place = place_of(f), result = 0;
		struct stat st;

		if (f->fd >= 0 && !fstat(f->fd, &st) && st.st_size < f->offset)
			f->offset = 0; /* it was cut */
		if (f->fd >= 0)
			result = follow_read(f, sink, data);
		if (result || !place || !move_on(f, place))
			return result;
	}
	return 0;
}
