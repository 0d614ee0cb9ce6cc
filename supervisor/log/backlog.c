#include "backlog.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "os/clock.h"
#include "os/pages.h"

enum {
	BUFFER_SIZE = 1 << 20,
	WRITE_AT = 128 << 10, /* so much is written without being asked */
	CONGESTED_AT = BUFFER_SIZE / 4,
	RETRY_MS = 1000,
	PATIENCE_MS = 10000,
	QUIET_SIZE = 2 * PAGES_UNIT, /* a smaller flush ends a burst */
};

int
backlog_init(struct backlog *b)
{
	*b = (struct backlog){.target.fd = -1};
	b->buffer = pages_new(BUFFER_SIZE);
	return b->buffer ? 0 : -1;
}

void
backlog_release(struct backlog *b)
{
	target_close(&b->target);
	pages_free(b->buffer, BUFFER_SIZE);
	b->buffer = NULL;
}

static bool
is_waiting(const struct backlog *b)
{
	return b->start < b->end;
}

static uint64_t
count_lines(const char *bytes, size_t size)
{
	const char *end = bytes + size;
	uint64_t n = 0;

	while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes)))) {
		bytes++;
		n++;
	}
	return n;
}

void
backlog_lose(struct backlog *b, uint64_t lines)
{
	if (!b->lost)
		b->lost_error = b->error;
	b->lost += lines;
}

/* Removes the first `size` bytes; a notice among them tells its count back. */
static void
lose_waiting(struct backlog *b, size_t size)
{
	uint64_t lines = count_lines(b->buffer + b->start, size);

	if (b->start < b->notice_end) {
		lines += b->notice_lost - 1;
		b->notice_end = 0;
	}
	backlog_lose(b, lines);
	b->start += size;
	b->target.is_midline = false;
}

static void
set_empty(struct backlog *b)
{
	b->start = b->end = b->notice_end = 0;
}

static void
note_failure(struct backlog *b, int error)
{
	int64_t now_ms = clock_now_ms();

	b->error = error;
	if (error == EAGAIN) {
		if (!b->is_full)
			b->full_ms = now_ms;
		b->is_full = true;
		return;
	}
	b->is_full = false;
	b->retry_ms = now_ms + RETRY_MS;
	/* A file may get room; a reader that went does not come back. */
	if (b->target.kind != TARGET_FILE || b->target.fd < 0) {
		lose_waiting(b, b->end - b->start);
		set_empty(b);
	}
}

static void
write_waiting(struct backlog *b)
{
	while (is_waiting(b)) {
		ssize_t n = target_write(
		    &b->target, b->buffer + b->start, b->end - b->start);

		if (n < 0) {
			note_failure(b, errno);
			return;
		}
		b->start += (size_t)n;
		b->is_full = false;
		b->retry_ms = 0;
	}
	set_empty(b);
}

/* A line whose beginning went to the old target does not end in the new one. */
static void
drop_midline(struct backlog *b)
{
	const char *from = b->buffer + b->start;

	if (b->target.is_midline && is_waiting(b))
		lose_waiting(b, (size_t)((const char *)memchr(
					     from, '\n', b->end - b->start) -
					 from) +
				    1);
}

void
backlog_set_target(struct backlog *b, const struct target *target)
{
	b->retry_ms = 0;
	write_waiting(b);
	drop_midline(b);
	target_close(&b->target);
	b->target = *target;
	b->is_full = false;
	b->retry_ms = 0;
	write_waiting(b);
}

static bool
is_ready(const struct backlog *b)
{
	return !b->is_full && !b->retry_ms;
}

/* Moves what waits to the start of the buffer. */
static void
close_up(struct backlog *b)
{
	memmove(b->buffer, b->buffer + b->start, b->end - b->start);
	b->notice_end = b->notice_end > b->start ? b->notice_end - b->start : 0;
	b->end -= b->start;
	b->start = 0;
}

char *
backlog_reserve(struct backlog *b, size_t need, size_t *room)
{
	if (BUFFER_SIZE - b->end < need && is_ready(b))
		write_waiting(b);
	if (b->lost && is_waiting(b))
		return NULL;
	if (BUFFER_SIZE - b->end < need)
		close_up(b);
	if (BUFFER_SIZE - b->end < need)
		return NULL;
	if (room)
		*room = BUFFER_SIZE - b->end;
	return b->buffer + b->end;
}

void
backlog_add(struct backlog *b, size_t size)
{
	b->end += size;
	if (b->end > b->touched)
		b->touched = b->end;
	if (b->end - b->start >= WRITE_AT && is_ready(b))
		write_waiting(b);
}

bool
backlog_has_gap(const struct backlog *b)
{
	return b->lost && !is_waiting(b);
}

void
backlog_add_notice(struct backlog *b, size_t size)
{
	b->notice_lost = b->lost;
	b->notice_end = b->end + size;
	b->lost = 0;
	backlog_add(b, size);
}

/* After a burst the buffer's pages go back; a first one stays for the next. */
static void
settle(struct backlog *b, size_t written)
{
	if (is_waiting(b) || written > QUIET_SIZE || b->touched <= QUIET_SIZE)
		return;
	pages_rest(b->buffer, BUFFER_SIZE, PAGES_UNIT);
	b->touched = 0;
}

void
backlog_flush(struct backlog *b)
{
	size_t size = b->end - b->start;

	if (!size || (b->retry_ms && clock_now_ms() < b->retry_ms))
		return;
	write_waiting(b);
	settle(b, size);
}

void
backlog_drain(struct backlog *b)
{
	backlog_flush(b);
	while (is_waiting(b) && b->is_full && !b->retry_ms) {
		struct pollfd p = {.fd = b->target.fd, .events = POLLOUT};
		int64_t left_ms = b->full_ms + PATIENCE_MS - clock_now_ms();

		if (left_ms <= 0)
			return;
		poll(&p, 1, (int)left_ms);
		backlog_flush(b);
	}
}

bool
backlog_is_congested(const struct backlog *b)
{
	return b->is_full && b->end - b->start >= CONGESTED_AT &&
	       clock_now_ms() < b->full_ms + PATIENCE_MS;
}

size_t
backlog_free_size(const struct backlog *b)
{
	return BUFFER_SIZE - (b->end - b->start);
}

int
backlog_wait_fd(const struct backlog *b)
{
	if (b->target.kind == TARGET_FILE || b->retry_ms || !is_waiting(b))
		return -1;
	return b->target.fd;
}

int64_t
backlog_deadline_ms(const struct backlog *b)
{
	if (b->retry_ms && is_waiting(b))
		return b->retry_ms;
	return backlog_is_congested(b) ? b->full_ms + PATIENCE_MS : -1;
}
