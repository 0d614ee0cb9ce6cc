/*
 * line: one line of the log, in any of the four formats.
 *
 * A line is a prefix (time, level, task, stream), the text made fit
 * to print, and what comes after it.  The first and the last part
 * are the same for everything that is read at once, so they are made once by
 * line_prepare(); line_put() is the way of captured output.
 *
 * The bytes of harmful characters in it (text_harmful()) other than tab become
 * \xNN in every format, and in JSON what is not UTF-8 becomes U+FFFD; all else
 * stays.  Pure; the way of every byte, so it looks at eight at once.
 */
#ifndef RUNNER_LINE_H
#define RUNNER_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"

enum log_stream { LOG_STREAM_NONE, LOG_STREAM_STDOUT, LOG_STREAM_STDERR };

enum {
	LINE_TEXT_MAX = 16384,   /* longer output is cut, see line_piece() */
	LINE_NAME_MAX = 200,     /* a longer task or chain name is cut */
	LINE_BEFORE_SIZE = 2600, /* two names, all escaped, and the rest */
	LINE_AFTER_SIZE = 24,
};

/* What a line says beside its text. */
struct line_source {
	enum log_format format;
	enum log_level level;
	int64_t wall_ms;
	bool is_local;     /* the time that is written */
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
 * The fast way for many lines: writes those at the start of `lines` that need
 * no care (not json, nothing to escape, not too long, room for them), each
 * with its newline, up to the first that does.  Returns how many bytes were
 * written; `*size` goes in as the size of `lines` and comes back as how much
 * of it was taken.
 */
size_t line_put_plain(const struct line *line, char *out, size_t room,
    const char *lines, size_t *size);

/*
 * How many bytes the first piece of a line has of which `size` are given: all
 * of them up to LINE_TEXT_MAX, else that many, or up to 3 less where a
 * character of UTF-8 would be cut.  To decide that, as many as 3 bytes after
 * LINE_TEXT_MAX are looked at.
 */
size_t line_piece(const char *line, size_t size);

#endif
