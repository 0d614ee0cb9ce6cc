#include "line.h"

#include <stdio.h>
#include <string.h>

#include "text.h"
#include "units.h"

/* The same byte in all eight places of a word. */
#define EVERY(byte) (UINT64_C(0x0101010101010101) * (byte))

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
prepare_json(struct line *line, struct text *t, const struct line_source *s)
{
	char when[UNITS_TEXT_SIZE];

	units_format_wall(s->wall_ms, when);
	text_addf(t, "{\"ts\":\"%s\",\"level\":\"%s\"", when,
	    level_names[s->level]);
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
		units_format_wall(s->wall_ms, when);
		text_addf(t, "%s %s ", when, level_names[s->level]);
	} else {
		text_addf(t, "%s ", level_names[s->level]);
	}
	if (s->task) {
		text_add_string(t, "[");
		text_add_printable(
		    t, s->task, strnlen(s->task, LINE_NAME_MAX));
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
	return line->before_size + text_size * LINE_GROWTH + line->after_size;
}

static uint64_t
load(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/*
 * The top bit of each byte that is below 0x20 or 0x7f.  No sum leaves its
 * byte, so the answer is exact in each whatever stands beside it.
 */
static uint64_t
controls_in(uint64_t word)
{
	uint64_t low = word & EVERY(0x7f);
	uint64_t is_not_below = low + EVERY(0x60);
	uint64_t is_delete = low + EVERY(0x01);

	return (~is_not_below | is_delete) & ~word & EVERY(0x80);
}

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

size_t
line_plain_span(const char *bytes, size_t size)
{
	size_t i = 0;

	for (; size - i >= 16; i += 16)
		if (controls_in(load(bytes + i)) |
		    controls_in(load(bytes + i + 8)))
			break;
	for (; size - i >= 8; i += 8)
		if (controls_in(load(bytes + i)))
			break;
	while (i < size && !is_control(bytes[i]))
		i++;
	return i;
}

static size_t
put_hex(char *out, const char *before, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = strlen(before);

	memcpy(out, before, n);
	out[n] = digits[c >> 4];
	out[n + 1] = digits[c & 15];
	return n + 2;
}

static size_t
put_printable(char *out, const char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size;) {
		size_t plain = line_plain_span(text + i, size - i);

		memcpy(out + n, text + i, plain);
		n += plain;
		i += plain;
		if (i == size)
			break;
		if (text[i] == '\t')
			out[n++] = '\t';
		else
			n += put_hex(out + n, "\\x", (unsigned char)text[i]);
		i++;
	}
	return n;
}

/* One character of `text` that may need care; `*i` moves behind it. */
static size_t
put_json_character(char *out, const char *text, size_t size, size_t *i)
{
	unsigned char c = (unsigned char)text[*i];
	size_t n = text_utf8_length(text + *i, size - *i);
	const char *from = text + *i;

	*i += n ? n : 1;
	if (c == '\t')
		return memcpy(out, "\\t", 2), 2;
	if (is_control((char)c))
		return put_hex(out, "\\\\x", c);
	if (c == '"' || c == '\\') {
		out[0] = '\\';
		out[1] = (char)c;
		return 2;
	}
	if (!n)
		return memcpy(out, "\xef\xbf\xbd", 3), 3;
	memcpy(out, from, n);
	return n;
}

static uint64_t
has_byte(uint64_t word, unsigned char byte)
{
	uint64_t x = word ^ EVERY(byte);

	return (x - EVERY(0x01)) & ~x & EVERY(0x80);
}

static size_t
put_json(char *out, const char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size;) {
		uint64_t w = size - i >= 8 ? load(text + i) : EVERY(0x80);

		if (!(controls_in(w) | (w & EVERY(0x80)) | has_byte(w, '"') |
			has_byte(w, '\\'))) {
			memcpy(out + n, &w, sizeof(w));
			n += sizeof(w);
			i += sizeof(w);
			continue;
		}
		/* Up to the end of this word one by one. */
		for (size_t stop = i + 8 < size ? i + 8 : size; i < stop;)
			n += put_json_character(out + n, text, size, &i);
	}
	return n;
}

size_t
line_put(const struct line *line, char *out, const char *text, size_t size)
{
	size_t n = line->before_size;

	memcpy(out, line->before, n);
	n += line->is_json ? put_json(out + n, text, size) :
			     put_printable(out + n, text, size);
	memcpy(out + n, line->after, line->after_size);
	return n + line->after_size;
}
