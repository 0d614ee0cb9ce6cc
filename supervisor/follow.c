#include "follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 65536 };

int
follow_open(struct follow *f, const char *path)
{
	/* Not blocking: it may be a fifo. */
	*f = (struct follow){
	    .path = path,
	    .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY),
	};
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
 * How many bytes of the block stand behind the wanted line's end; counts down
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
	end = S_ISREG(st.st_mode) ? st.st_size : 0;
	/* An unfinished last line is a line: its end is not there to count. */
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

/* Does the name stand for another file by now? */
static bool
is_replaced(const struct follow *f)
{
	struct stat named, opened;

	if (stat(f->path, &named))
		return false;
	return f->fd < 0 || fstat(f->fd, &opened) ||
	       named.st_ino != opened.st_ino || named.st_dev != opened.st_dev;
}

static void
notice_cut(struct follow *f)
{
	struct stat st;

	if (f->fd >= 0 && !fstat(f->fd, &st) && st.st_size < f->offset)
		f->offset = 0;
}

int
follow_read_on(struct follow *f, follow_sink *sink, void *data)
{
	struct follow next;
	int result = 0;

	/* Asked first: what came before the answer is in the old file. */
	bool is_over = is_replaced(f);

	notice_cut(f);
	if (f->fd >= 0)
		result = follow_read(f, sink, data);
	if (result || !is_over || follow_open(&next, f->path))
		return result;
	follow_close(f);
	*f = next;
	return follow_read(f, sink, data);
}
