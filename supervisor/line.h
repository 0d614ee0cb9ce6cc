/*
 * line: one line of the log, in any of the four formats.
 *
 * A line is what stands before the text (time, level, task, stream), the text
 * made fit to print, and what stands behind it.  The first and the last part
 * are the same for everything that is read at once, so they are made once by
 * line_prepare(); line_put() is the way of every byte of captured output.
 *
 * Text: control characters other than tab become \xNN in every format; in json
 * the result is a JSON string, and what is not UTF-8 becomes U+FFFD.  Pure.
 */
#ifndef RUNNER_LINE_H
#define RUNNER_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings.h"

enum log_stream { LOG_STREAM_NONE, LOG_STREAM_STDOUT, LOG_STREAM_STDERR };

enum {
	LINE_NAME_MAX = 200,     /* a longer task or chain name is cut */
	LINE_BEFORE_SIZE = 2600, /* two names, all escaped, and the rest */
	LINE_AFTER_SIZE = 24,
	LINE_GROWTH = 5, /* one byte of text becomes so many at most */
};

/* What a line says beside its text. */
struct line_source {
	enum log_format format;
	enum log_level level;
	int64_t wall_ms;
	const char *chain; /* json only */
	const char *task;  /* or NULL */
	enum log_stream stream;
	bool is_continued; /* the text is the rest of a longer line */
};

struct line {
	bool is_json;
	size_t before_size, after_size;
	char after[LINE_AFTER_SIZE]; /* with the newline */
	char before[LINE_BEFORE_SIZE];
};

void line_prepare(struct line *line, const struct line_source *source);

/* No more than this is written by line_put(). */
size_t line_bound(const struct line *line, size_t text_size);

/*
 * Writes a whole line with its newline to `out`, which has room for
 * line_bound().  Returns its size.
 */
size_t line_put(
    const struct line *line, char *out, const char *text, size_t size);

/*
 * How many bytes come before the first that is a control character, DEL
 * included; `size` when there is none.
 */
size_t line_plain_span(const char *bytes, size_t size);

#endif
