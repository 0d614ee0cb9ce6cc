#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backlog.h"
#include "os/clock.h"
#include "os/pages.h"

enum {
	ROOM_LEAST = 1024,
	PREFIX_SPARE = 64,
	NOTICE_SIZE = 128,
	SAID_SIZE = 512,
};

struct log {
	struct backlog backlog;
	enum log_format format;
	bool is_local; /* its times */
	enum log_level level;
	char *chain; /* or NULL */
	char *said;  /* LINE_TEXT_MAX bytes, for messages beyond SAID_SIZE */
	struct line line, continued; /* as they were prepared last */
};

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

static const char *
describe(int error)
{
	if (error == EAGAIN)
		return "the reader was too slow";
	return strerrordesc_np(error);
}

/* Tells of lines that are missing here. */
static void
put_notice(struct log *l)
{
	struct backlog *b = &l->backlog;
	struct line line;
	char text[NOTICE_SIZE], *out;

	if (l->level > LOG_LEVEL_WARNING) {
		b->lost = 0;
		return;
	}
	prepare(l, &line, LOG_LEVEL_WARNING, NULL, LOG_STREAM_NONE);
	snprintf(text, sizeof(text), "log: %" PRIu64 " %s lost (%s)", b->lost,
	    b->lost == 1 ? "line was" : "lines were", describe(b->lost_error));
	out = backlog_reserve(b, line_bound(&line, strlen(text)), NULL);
	backlog_add_notice(b, line_put(&line, out, text, strlen(text)));
}

static char *
reserve(struct log *l, size_t need, size_t *room)
{
	if (backlog_has_gap(&l->backlog))
		put_notice(l);
	return backlog_reserve(&l->backlog, need, room);
}

static void
add_line(struct log *l, const struct line *line, const char *text, size_t size)
{
	char *out = reserve(l, line_bound(line, size), NULL);

	if (out)
		backlog_add(&l->backlog, line_put(line, out, text, size));
	else
		backlog_lose(&l->backlog, 1);
}

static void
say(struct log *l, enum log_level level, const char *task, const char *text,
    size_t size)
{
	prepare(l, &l->line, level, task, LOG_STREAM_NONE);
	add_line(l, &l->line, text, size);
}

void
log_say(
    struct log *l, enum log_level level, const char *task, const char *fmt, ...)
{
	char text[SAID_SIZE];
	va_list ap;
	int n;

	if (level < l->level)
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < SAID_SIZE) {
		say(l, level, task, text, n < 0 ? 0 : (size_t)n);
		return;
	}
	va_start(ap, fmt);
	n = vsnprintf(l->said, LINE_TEXT_MAX, fmt, ap);
	va_end(ap);
	say(l, level, task, l->said,
	    n < LINE_TEXT_MAX ? (size_t)n : LINE_TEXT_MAX - 1);
}

/* The many lines that need no care; returns how many bytes they were. */
static size_t
add_plain_lines(struct log *l, const char *bytes, size_t size)
{
	size_t room;
	char *out = reserve(l, l->line.before_size, &room);

	if (!out)
		return 0;
	backlog_add(
	    &l->backlog, line_put_plain(&l->line, out, room, bytes, &size));
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

void
log_flush(struct log *l)
{
	backlog_flush(&l->backlog);
	if (backlog_has_gap(&l->backlog) && !l->backlog.retry_ms) {
		put_notice(l);
		backlog_flush(&l->backlog);
	}
}

bool
log_is_congested(const struct log *l)
{
	return backlog_is_congested(&l->backlog);
}

size_t
log_room(const struct log *l)
{
	size_t room = backlog_free_size(&l->backlog);

	if (l->backlog.target.kind == TARGET_FILE)
		return SIZE_MAX;
	/* At worst it is all empty lines; the next prefix may be longer. */
	room /= l->line.before_size + l->line.after_size + PREFIX_SPARE;
	return room > ROOM_LEAST ? room : ROOM_LEAST;
}

int
log_fault(const struct log *l)
{
	return l->backlog.retry_ms ? l->backlog.error : 0;
}

int
log_wait_fd(const struct log *l)
{
	return backlog_wait_fd(&l->backlog);
}

int64_t
log_deadline_ms(const struct log *l)
{
	return backlog_deadline_ms(&l->backlog);
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
	backlog_set_target(&l->backlog, &target);
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
	l->chain = chain ? strdup(chain) : NULL;
	l->said = pages_new(LINE_TEXT_MAX);
	if ((l->chain || !chain) && l->said && !backlog_init(&l->backlog) &&
	    !take_settings(l, settings, file))
		return l;
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
	log_flush(l);
	backlog_drain(&l->backlog);
	backlog_release(&l->backlog);
	pages_free(l->said, LINE_TEXT_MAX);
	free(l->chain);
	free(l);
}

int
log_reopen(struct log *l, const struct log_settings *settings, const char *file)
{
	if (take_settings(l, settings, file) < 0)
		return -1;
	log_flush(l);
	return 0;
}
