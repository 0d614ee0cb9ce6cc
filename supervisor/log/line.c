#include "line.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "base/units.h"

static const char *const level_names[] = {
    [LOG_LEVEL_DEBUG] = "DEBUG",
    [LOG_LEVEL_INFO] = "INFO",
    [LOG_LEVEL_WARNING] = "WARNING",
    [LOG_LEVEL_ERROR] = "ERROR",
};
/* syslog(3) */
static const int level_priorities[] = {
    [LOG_LEVEL_DEBUG] = 7,
    [LOG_LEVEL_INFO] = 6,
    [LOG_LEVEL_WARNING] = 4,
    [LOG_LEVEL_ERROR] = 3,
};
static const char *const stream_names[] = {
    [LOG_STREAM_STDOUT] = "stdout",
    [LOG_STREAM_STDERR] = "stderr",
};

static void
add_name(struct text *t, const char *key, const char *name)
{
	text_addf(t, ",\"%s\":", key);
	if (!name) {
		text_add_string(t, "null");
		return;
	}
	text_add_string(t, "\"");
	text_add_json(t, name, strnlen(name, LINE_NAME_MAX));
	text_add_string(t, "\"");
}

static void
format_time(const struct line_source *s, char text[UNITS_TEXT_SIZE])
{
	if (s->is_local)
		units_format_local(s->wall_ms, text);
	else
		units_format_wall(s->wall_ms, text);
}

static void
prepare_json(struct line *line, struct text *t, const struct line_source *s)
{
	char when[UNITS_TEXT_SIZE];

	format_time(s, when);
	text_addf(
	    t, "{\"ts\":\"%s\",\"level\":\"%s\"", when, level_names[s->level]);
	add_name(t, "chain", s->chain);
	add_name(t, "task", s->task);
	add_name(t, "stream", stream_names[s->stream]);
	text_add_string(t, ",\"msg\":\"");
	strcpy(line->after,
	    s->is_continued ? "\",\"continued\":true}\n" : "\"}\n");
}

static void
prepare_text(struct line *line, struct text *t, const struct line_source *s)
{
	char when[UNITS_TEXT_SIZE];

	if (s->format == LOG_FORMAT_JOURNAL) {
		text_addf(t, "<%d>", level_priorities[s->level]);
	} else if (s->format == LOG_FORMAT_TIMESTAMP) {
		format_time(s, when);
		text_addf(t, "%s %s ", when, level_names[s->level]);
	} else {
		text_addf(t, "%s ", level_names[s->level]);
	}
	if (s->task) {
		text_add_string(t, "[");
		text_add_printable(t, s->task, strnlen(s->task, LINE_NAME_MAX));
		text_add_string(t, "] ");
	}
	if (s->stream != LOG_STREAM_NONE)
		text_addf(t, "%s%s: ", stream_names[s->stream],
		    s->is_continued ? " (continued)" : "");
	strcpy(line->after, "\n");
}

void
line_prepare(struct line *line, const struct line_source *source)
{
	struct text t;

	text_init(&t, line->before, sizeof(line->before));
	line->is_json = source->format == LOG_FORMAT_JSON;
	if (line->is_json)
		prepare_json(line, &t, source);
	else
		prepare_text(line, &t, source);
	line->before_size = t.length;
	line->after_size = strlen(line->after);
}

size_t
line_bound(const struct line *line, size_t text_size)
{
	return line->before_size + text_size * ESCAPE_GROWTH + line->after_size;
}

size_t
line_put(const struct line *line, char *out, const char *text, size_t size)
{
	size_t n = line->before_size;

	memcpy(out, line->before, n);
	n += line->is_json ? escape_json(out + n, text, size)
			   : escape_text(out + n, text, size);
	memcpy(out + n, line->after, line->after_size);
	return n + line->after_size;
}

size_t
line_put_plain(const struct line *line, char *out, size_t room,
    const char *lines, size_t *size)
{
	size_t n = 0, done = 0;

	while (!line->is_json && done < *size) {
		const char *text = lines + done;
		size_t length = escape_plain_span(text, *size - done);

		if (length == *size - done || text[length] != '\n' ||
		    length > LINE_TEXT_MAX ||
		    room - n < line->before_size + length + 1)
			break;
		memcpy(out + n, line->before, line->before_size);
		n += line->before_size;
		memcpy(out + n, text, length + 1);
		n += length + 1;
		done += length + 1;
	}
	*size = done;
	return n;
}

size_t
line_piece(const char *line, size_t size)
{
	return text_cut(line, size, LINE_TEXT_MAX);
}
