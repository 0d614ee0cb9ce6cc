#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/pages.h"
#include "target.h"

enum {
	BUFFER_SIZE = 1 << 20,
	WRITE_AT = 128 << 10, /* so much is written without being asked */
	CONGESTED_AT = BUFFER_SIZE / 4,
	RETRY_MS = 1000,
	PATIENCE_MS = 10000,
	QUIET_SIZE = 2 * PAGES_UNIT, /* a smaller flush ends a burst */
	ROOM_LEAST = 1024,
	PREFIX_SPARE = 64,
	NOTICE_SIZE = 128,
	SAID_SIZE = 512,
};

/*
 * One buffer that does not grow.  While the target is full or fails, lines wait
 * in it; what finds no room is counted as lost, and nothing is added after a
 * gap before the gap can be told of, so that the notice is where the lines
 * are missing.  A reader that went loses at once what waits for it.
 */
struct log {
	struct target target;
	char *buffer; /* lines wait in [start, end) */
	size_t start, end;
	size_t touched;       /* of the buffer, since pages were given back */
	bool is_full;         /* the target said EAGAIN, the last time */
	int64_t full_ms;      /* since when nothing went, for is_full */
	int64_t retry_ms;     /* the target failed: not before; 0: it did not */
	int error;            /* of the last failure */
	uint64_t lost;        /* lines, not told of yet */
	int lost_error;       /* why, the first of them */
	uint64_t notice_lost; /* what the notice in the buffer tells */
	size_t notice_end;    /* it is before this; 0: none waits */

	struct log *also; /* owned, or NULL */
	enum log_format format;
	bool is_local; /* its times */
	enum log_level level;
	char *chain; /* or NULL */
	char *said;  /* LINE_TEXT_MAX bytes, for messages beyond SAID_SIZE */
	struct line line, continued; /* as they were prepared last */
};

static bool
is_waiting(const struct log *l)
{
	return l->start < l->end;
}

static void
lose(struct log *l, uint64_t lines)
{
	if (!l->lost)
		l->lost_error = l->error;
	l->lost += lines;
}

/* Removes the first `size` bytes; a notice among them tells its count back. */
static void
lose_waiting(struct log *l, size_t size)
{
	const char *at = l->buffer + l->start, *end = at + size;
	uint64_t lines = 0;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		at++;
		lines++;
	}
	if (l->start < l->notice_end) {
		lines += l->notice_lost - 1;
		l->notice_end = 0;
	}
	lose(l, lines);
	l->start += size;
	l->target.is_midline = false;
}

static void
note_failure(struct log *l, int error)
{
	int64_t now_ms = clock_now_ms();

	l->error = error;
	if (error == EAGAIN) {
		if (!l->is_full)
			l->full_ms = now_ms;
		l->is_full = true;
		return;
	}
	l->is_full = false;
	l->retry_ms = now_ms + RETRY_MS;
	/* A file may get room; a reader that went does not come back. */
	if (l->target.kind != TARGET_FILE || l->target.fd < 0) {
		lose_waiting(l, l->end - l->start);
		l->start = l->end = l->notice_end = 0;
	}
}

static void
write_waiting(struct log *l)
{
	while (is_waiting(l)) {
		ssize_t n = target_write(
		    &l->target, l->buffer + l->start, l->end - l->start);

		if (n < 0) {
			note_failure(l, errno);
			return;
		}
		l->start += (size_t)n;
		l->is_full = false;
		l->retry_ms = 0;
	}
	l->start = l->end = l->notice_end = 0;
}

static void
set_target(struct log *l, const struct target *target)
{
	const char *from, *end;

	l->retry_ms = 0;
	write_waiting(l);
	/* A line that began in the old target does not end in the new one. */
	from = l->buffer + l->start;
	end = is_waiting(l) ? memchr(from, '\n', l->end - l->start) : NULL;
	if (l->target.is_midline && end)
		lose_waiting(l, (size_t)(end - from) + 1);
	target_close(&l->target);
	l->target = *target;
	l->is_full = false;
	l->retry_ms = 0;
	write_waiting(l);
}

/* Makes room for `need` bytes after what waits, or returns false. */
static bool
make_room(struct log *l, size_t need)
{
	if (BUFFER_SIZE - l->end < need && !l->is_full && !l->retry_ms)
		write_waiting(l);
	if (l->lost && is_waiting(l))
		return false;
	if (BUFFER_SIZE - l->end >= need)
		return true;
	memmove(l->buffer, l->buffer + l->start, l->end - l->start);
	l->notice_end = l->notice_end > l->start ? l->notice_end - l->start : 0;
	l->end -= l->start;
	l->start = 0;
	return BUFFER_SIZE - l->end >= need;
}

/* What was written to the room is a line, or some. */
static void
add(struct log *l, size_t size)
{
	l->end += size;
	if (l->end > l->touched)
		l->touched = l->end;
	if (l->end - l->start >= WRITE_AT && !l->is_full && !l->retry_ms)
		write_waiting(l);
}

static void
prepare(const struct log *l, struct line *line, enum log_level level,
    const char *task, enum log_stream stream)
{
	struct line_source source = {.format = l->format,
	    .level = level,
	    .wall_ms = clock_wall_ms(),
	    .is_local = l->is_local,
	    .chain = l->chain,
	    .task = task,
	    .stream = stream,
	    .is_continued = line == &l->continued};

	line_prepare(line, &source);
}

/* Nothing waits, but lines were lost before: it is told here. */
static bool
has_gap(const struct log *l)
{
	return l->lost && !is_waiting(l);
}

static void
put_notice(struct log *l)
{
	const char *why = l->lost_error == EAGAIN ? "the reader was too slow"
						  : strerror(l->lost_error);
	uint64_t lost = l->lost;
	char text[NOTICE_SIZE];
	struct line line;
	size_t size;

	l->lost = 0;
	if (l->level > LOG_LEVEL_WARNING)
		return;
	prepare(l, &line, LOG_LEVEL_WARNING, NULL, LOG_STREAM_NONE);
	snprintf(text, sizeof(text), "log: %" PRIu64 " %s lost (%s)", lost,
	    lost == 1 ? "line was" : "lines were", why);
	size = line_put(&line, l->buffer + l->end, text, strlen(text));
	l->notice_lost = lost;
	l->notice_end = l->end + size;
	add(l, size);
}

/* Where `need` bytes of lines go, or NULL: they are lost. */
static char *
reserve(struct log *l, size_t need)
{
	if (has_gap(l))
		put_notice(l);
	return make_room(l, need) ? l->buffer + l->end : NULL;
}

static void
add_line(struct log *l, const struct line *line, const char *text, size_t size)
{
	char *out = reserve(l, line_bound(line, size));

	if (out)
		add(l, line_put(line, out, text, size));
	else
		lose(l, 1);
}

void
log_say(
    struct log *l, enum log_level level, const char *task, const char *fmt, ...)
{
	char text[SAID_SIZE], *said = text;
	va_list ap;
	int n;

	if (level < l->level && (!l->also || level < l->also->level))
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= SAID_SIZE) {
		said = l->said;
		va_start(ap, fmt);
		n = vsnprintf(said, LINE_TEXT_MAX, fmt, ap);
		va_end(ap);
	}
	if (n >= LINE_TEXT_MAX)
		n = LINE_TEXT_MAX - 1;
	if (l->also)
		log_say(l->also, level, task, "%s", said);
	if (level < l->level)
		return;
	prepare(l, &l->line, level, task, LOG_STREAM_NONE);
	add_line(l, &l->line, said, n < 0 ? 0 : (size_t)n);
}

/* The many lines that need no care; returns how many bytes they were. */
static size_t
add_plain_lines(struct log *l, const char *bytes, size_t size)
{
	char *out = reserve(l, l->line.before_size);

	if (!out)
		return 0;
	add(l,
	    line_put_plain(&l->line, out, BUFFER_SIZE - l->end, bytes, &size));
	return size;
}

/* One line, or a piece of it.  Returns its size, the newline not counted. */
static size_t
add_any_line(struct log *l, const char *bytes, size_t size, bool is_continued)
{
	const char *stop = memchr(bytes, '\n', size);
	size_t piece = line_piece(bytes, stop ? (size_t)(stop - bytes) : size);

	add_line(l, is_continued ? &l->continued : &l->line, bytes, piece);
	return piece;
}

void
log_output(struct log *l, const char *task, enum log_stream stream,
    const char *bytes, size_t size, bool is_continued)
{
	if (l->also)
		log_output(l->also, task, stream, bytes, size, is_continued);
	if (l->level > LOG_LEVEL_INFO)
		return;
	prepare(l, &l->line, LOG_LEVEL_INFO, task, stream);
	for (size_t i = 0; i < size;) {
		if (!is_continued)
			i += add_plain_lines(l, bytes + i, size - i);
		else
			prepare(l, &l->continued, LOG_LEVEL_INFO, task, stream);
		if (i == size)
			break;
		i += add_any_line(l, bytes + i, size - i, is_continued);
		is_continued = i < size && bytes[i] != '\n';
		if (!is_continued)
			i++;
	}
}

static void
flush_waiting(struct log *l)
{
	size_t size = l->end - l->start;

	if (!size || (l->retry_ms && clock_now_ms() < l->retry_ms))
		return;
	write_waiting(l);
	/* After a burst the pages go back; a first one stays for the next. */
	if (is_waiting(l) || size > QUIET_SIZE || l->touched <= QUIET_SIZE)
		return;
	pages_give_back(l->buffer, BUFFER_SIZE, PAGES_UNIT);
	l->touched = 0;
}

void
log_flush(struct log *l)
{
	if (l->also)
		log_flush(l->also);
	flush_waiting(l);
	if (has_gap(l) && !l->retry_ms) {
		put_notice(l);
		flush_waiting(l);
	}
}

bool
log_is_congested(const struct log *l)
{
	return l->is_full && l->end - l->start >= CONGESTED_AT &&
	       clock_now_ms() < l->full_ms + PATIENCE_MS;
}

size_t
log_room(const struct log *l)
{
	size_t room = BUFFER_SIZE - (l->end - l->start);

	if (l->target.kind == TARGET_FILE)
		return SIZE_MAX;
	/* At worst it is all empty lines; the next prefix may be longer. */
	room /= l->line.before_size + l->line.after_size + PREFIX_SPARE;
	return room > ROOM_LEAST ? room : ROOM_LEAST;
}

int
log_fault(const struct log *l)
{
	return l->retry_ms ? l->error : 0;
}

int
log_wait_fd(const struct log *l)
{
	if (l->target.kind == TARGET_FILE || l->retry_ms || !is_waiting(l))
		return -1;
	return l->target.fd;
}

int64_t
log_deadline_ms(const struct log *l)
{
	if (l->retry_ms && is_waiting(l))
		return l->retry_ms;
	return log_is_congested(l) ? l->full_ms + PATIENCE_MS : -1;
}

/* Opens what the settings say, and takes them when that is possible. */
static int
take_settings(struct log *l, const struct log_settings *s, const char *file)
{
	struct target target;

	if (!file)
		file = s->file;
	if (target_open(&target, file, s->max_size_bytes, s->keep) < 0)
		return -1;
	set_target(l, &target);
	l->level = s->level;
	l->format = s->format;
	l->is_local = s->time == LOG_TIME_LOCAL;
	if (!s->has_format)
		l->format = !file && target_is_journal() ? LOG_FORMAT_JOURNAL
							 : LOG_FORMAT_TIMESTAMP;
	return 0;
}

struct log *
log_open(
    const struct log_settings *settings, const char *file, const char *chain)
{
	struct log *l = calloc(1, sizeof(*l));
	int error;

	if (!l)
		return NULL;
	l->target.fd = -1;
	l->chain = chain ? strdup(chain) : NULL;
	l->said = pages_new_private(LINE_TEXT_MAX);
	l->buffer = pages_new_private(BUFFER_SIZE);
	if ((l->chain || !chain) && l->said && l->buffer &&
	    !take_settings(l, settings, file))
		return l;
	error = errno;
	log_close(l);
	errno = error;
	return NULL;
}

/* The last words wait for a slow reader that takes some now and then. */
static void
drain(struct log *l)
{
	log_flush(l);
	while (is_waiting(l) && l->is_full && !l->retry_ms) {
		struct pollfd p = {.fd = l->target.fd, .events = POLLOUT};
		int64_t left_ms = l->full_ms + PATIENCE_MS - clock_now_ms();

		if (left_ms <= 0)
			return;
		poll(&p, 1, (int)left_ms);
		flush_waiting(l);
	}
}

void
log_close(struct log *l)
{
	if (!l)
		return;
	drain(l); /* the other's too */
	log_close(l->also);
	target_close(&l->target);
	pages_free(l->buffer, BUFFER_SIZE);
	pages_free(l->said, LINE_TEXT_MAX);
	free(l->chain);
	free(l);
}

void
log_also(struct log *l, struct log *also)
{
	l->also = also;
}

int
log_reopen(struct log *l, const struct log_settings *settings, const char *file)
{
	if (take_settings(l, settings, file) < 0)
		return -1;
	log_flush(l);
	return 0;
}
