#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "pages.h"
#include "target.h"
#include "text.h"

enum {
	BUFFER_SIZE = 1 << 20,
	WRITE_AT = 128 << 10,      /* so much is written without being asked */
	CONGESTED_AT = BUFFER_SIZE / 4,
	RETRY_MS = 1000,
	PATIENCE_MS = 10000,
	ROOM_LEAST = 1024,
	QUIET_SIZE = 8192, /* a smaller flush ends a burst */
};

struct log {
	struct target target;
	enum log_format format;
	enum log_level level;
	char *chain;
	char *buffer;      /* lines wait in [start, end) */
	size_t start, end;
	size_t touched;    /* of the buffer, since it was given back */
	char *said;        /* LOG_LINE_MAX bytes, where log_say() formats */
	bool is_full;      /* the target said EAGAIN and was not asked since */
	int64_t full_ms;   /* since when nothing went, for is_full */
	int64_t retry_ms;  /* the target failed: not before; 0: it did not */
	uint64_t lost;     /* lines, not yet told of */
	int lost_error;
	uint64_t notice_lost; /* of the notice at the buffer's start */
	size_t notice_size;   /* its size; 0: none, or written */
	struct line line, continued;
};

static bool
is_waiting(const struct log *l)
{
	return l->start < l->end;
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

static void
lose(struct log *l, uint64_t lines, int error)
{
	if (!l->lost)
		l->lost_error = error;
	l->lost += lines;
}

/* Nobody will read what waits: it is lost, and a notice in it is taken back. */
static void
lose_all(struct log *l, int error)
{
	uint64_t lines = count_lines(l->buffer + l->start, l->end - l->start);

	if (l->notice_size && l->start < l->notice_size)
		lines += l->notice_lost - 1;
	lose(l, lines, error);
	l->start = l->end = l->notice_size = 0;
	l->target.is_midline = false;
}

static void
note_trouble(struct log *l, int error)
{
	int64_t now_ms = clock_now_ms();

	if (error == EAGAIN) {
		if (!l->is_full)
			l->full_ms = now_ms;
		l->is_full = true;
		return;
	}
	l->is_full = false;
	l->retry_ms = now_ms + RETRY_MS;
	l->lost_error = error;
	/* A file may get room; a reader that went does not come back. */
	if (l->target.kind != TARGET_FILE || l->target.fd < 0)
		lose_all(l, error);
}

/* Writes until nothing waits.  Returns false when not all was taken. */
static bool
write_out(struct log *l)
{
	while (is_waiting(l)) {
		ssize_t n = target_write(
		    &l->target, l->buffer + l->start, l->end - l->start);

		if (n < 0) {
			note_trouble(l, errno);
			return false;
		}
		l->start += (size_t)n;
		l->is_full = false;
		l->retry_ms = 0;
	}
	l->start = l->end = l->notice_size = 0;
	return true;
}

static void
prepare(const struct log *l, struct line *line, enum log_level level,
    const char *task, enum log_stream stream, bool is_continued)
{
	struct line_source source = {.format = l->format, .level = level,
	    .wall_ms = clock_wall_ms(), .chain = l->chain, .task = task,
	    .stream = stream, .is_continued = is_continued};

	line_prepare(line, &source);
}

static void
put(struct log *l, const struct line *line, const char *text, size_t size)
{
	l->end += line_put(line, l->buffer + l->end, text, size);
	if (l->end > l->touched)
		l->touched = l->end;
}

static const char *
describe(int error)
{
	if (error == EAGAIN)
		return "the reader was too slow";
	return strerrordesc_np(error);
}

/* The buffer is empty: what is missing before the next line is told here. */
static void
put_notice(struct log *l)
{
	struct line line;
	char message[128];

	if (l->level <= LOG_LEVEL_WARNING) {
		prepare(l, &line, LOG_LEVEL_WARNING, NULL, LOG_STREAM_NONE,
		    false);
		snprintf(message, sizeof(message),
		    "log: %" PRIu64 " line%s lost (%s)", l->lost,
		    l->lost == 1 ? " was" : "s were", describe(l->lost_error));
		put(l, &line, message, strlen(message));
		l->notice_size = l->end;
		l->notice_lost = l->lost;
	}
	l->lost = 0;
}

/* Makes room for `need` bytes.  Returns false when there is none. */
static bool
make_room(struct log *l, size_t need)
{
	if (BUFFER_SIZE - l->end < need && !l->retry_ms && !l->is_full)
		write_out(l);
	/* Nothing goes behind a gap before the gap can be told of. */
	if (l->lost) {
		if (is_waiting(l))
			return false;
		put_notice(l);
	}
	if (BUFFER_SIZE - l->end >= need)
		return true;
	memmove(l->buffer, l->buffer + l->start, l->end - l->start);
	if (l->start >= l->notice_size)
		l->notice_size = 0;
	else
		l->notice_size -= l->start;
	l->end -= l->start;
	l->start = 0;
	return BUFFER_SIZE - l->end >= need;
}

static void
add_line(struct log *l, const struct line *line, const char *text, size_t size)
{
	size_t need = line_bound(line, size);

	if ((l->lost || BUFFER_SIZE - l->end < need) && !make_room(l, need)) {
		lose(l, 1, l->is_full ? EAGAIN : l->lost_error);
		return;
	}
	put(l, line, text, size);
	if (l->end - l->start >= WRITE_AT && !l->is_full && !l->retry_ms)
		write_out(l);
}

void
log_say(struct log *l, enum log_level level, const char *task, const char *fmt,
    ...)
{
	va_list ap;
	int n;

	if (level < l->level)
		return;
	va_start(ap, fmt);
	n = vsnprintf(l->said, LOG_LINE_MAX, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (n >= LOG_LINE_MAX)
		n = LOG_LINE_MAX - 1;
	prepare(l, &l->line, level, task, LOG_STREAM_NONE, false);
	add_line(l, &l->line, l->said, (size_t)n);
}

size_t
log_piece(const char *line, size_t size)
{
	if (size <= LOG_LINE_MAX)
		return size;
	for (size_t back = 1; back <= 3; back++) {
		size_t at = LOG_LINE_MAX - back;

		if (text_utf8_length(line + at, size - at) > back)
			return at;
	}
	return LOG_LINE_MAX;
}

void
log_output(struct log *l, const char *task, enum log_stream stream,
    const char *bytes, size_t size, bool is_continued)
{
	const char *end = bytes + size;

	if (l->level > LOG_LEVEL_INFO)
		return;
	prepare(l, &l->line, LOG_LEVEL_INFO, task, stream, false);
	l->continued.before_size = 0;
	while (bytes < end) {
		const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t length = (size_t)((stop ? stop : end) - bytes);
		size_t piece = log_piece(bytes, length);

		if (is_continued && !l->continued.before_size)
			prepare(l, &l->continued, LOG_LEVEL_INFO, task, stream,
			    true);
		add_line(l, is_continued ? &l->continued : &l->line, bytes,
		    piece);
		bytes += piece;
		is_continued = piece < length;
		if (!is_continued && stop)
			bytes++;
	}
}

/* After a burst the buffer's pages go back; a first few stay for the next. */
static void
settle(struct log *l, size_t written)
{
	if (l->touched <= QUIET_SIZE || written > QUIET_SIZE)
		return;
	pages_rest(l->buffer, BUFFER_SIZE, PAGES_UNIT);
	l->touched = 0;
}

void
log_flush(struct log *l)
{
	size_t size = l->end - l->start;

	if (l->retry_ms && clock_now_ms() < l->retry_ms)
		return;
	if (!size || !write_out(l))
		return;
	settle(l, size);
	if (l->lost) {
		put_notice(l);
		write_out(l);
	}
}

static bool
is_patient(const struct log *l)
{
	return clock_now_ms() < l->full_ms + PATIENCE_MS;
}

bool
log_is_congested(const struct log *l)
{
	return l->is_full && l->end - l->start >= CONGESTED_AT && is_patient(l);
}

size_t
log_room(const struct log *l)
{
	size_t free_size = BUFFER_SIZE - (l->end - l->start);
	size_t room;

	if (l->target.kind == TARGET_FILE)
		return SIZE_MAX;
	/* At worst it is all empty lines, or all control characters. */
	room = free_size / (l->line.before_size + l->line.after_size + 64);
	return room > ROOM_LEAST ? room : ROOM_LEAST;
}

int
log_wait_fd(const struct log *l)
{
	bool can_wait = l->target.kind != TARGET_FILE && !l->retry_ms;

	return can_wait && is_waiting(l) ? l->target.fd : -1;
}

int64_t
log_deadline_ms(const struct log *l)
{
	if (l->retry_ms && is_waiting(l))
		return l->retry_ms;
	if (log_is_congested(l))
		return l->full_ms + PATIENCE_MS;
	return -1;
}

static void
take_settings(struct log *l, const struct log_settings *s)
{
	l->level = s->level;
	l->format = s->format;
	if (!s->has_format)
		l->format = !l->target.path && target_is_journal() ?
		    LOG_FORMAT_JOURNAL : LOG_FORMAT_TIMESTAMP;
}

static int
open_target(struct target *t, const struct log_settings *s, const char *file)
{
	return target_open(
	    t, file ? file : s->file, s->max_size_bytes, s->keep);
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
	l->buffer = pages_new(BUFFER_SIZE);
	l->said = pages_new(LOG_LINE_MAX);
	if ((l->chain || !chain) && l->buffer && l->said &&
	    !open_target(&l->target, settings, file)) {
		take_settings(l, settings);
		return l;
	}
	error = errno;
	log_close(l);
	errno = error;
	return NULL;
}

void
log_close(struct log *l)
{
	if (!l)
		return;
	if (l->buffer)
		log_flush(l);
	target_close(&l->target);
	pages_free(l->said, LOG_LINE_MAX);
	pages_free(l->buffer, BUFFER_SIZE);
	free(l->chain);
	free(l);
}

/* A line whose beginning went to the old target does not end in the new one. */
static void
drop_midline(struct log *l)
{
	char *end;

	if (!l->target.is_midline || !is_waiting(l))
		return;
	end = memchr(l->buffer + l->start, '\n', l->end - l->start);
	l->start = (size_t)(end - l->buffer) + 1;
	lose(l, 1, l->is_full ? EAGAIN : l->lost_error);
}

int
log_reopen(
    struct log *l, const struct log_settings *settings, const char *file)
{
	struct target fresh;

	if (open_target(&fresh, settings, file) < 0)
		return -1;
	l->retry_ms = 0;
	log_flush(l);
	drop_midline(l);
	target_close(&l->target);
	l->target = fresh;
	l->is_full = false;
	l->retry_ms = 0;
	take_settings(l, settings);
	log_flush(l);
	return 0;
}
