#include "line.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

/* The same byte in all eight places of a word. */
#define EVERY(byte) (UINT64_C(0x0101010101010101) * (byte))

/* One byte of text becomes so many at most, in JSON. */
enum { GROWTH = 5 };

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

/* Which byte in memory order has the first bit of `marks`, which has one. */
static size_t
first_marked(uint64_t marks)
{
	return (size_t)__builtin_ctzll(htole64(marks)) / 8;
}

/* The top bit of each byte that is this one, exact likewise. */
static uint64_t
bytes_in(uint64_t word, unsigned char byte)
{
	uint64_t x = word ^ EVERY(byte);

	return ~(((x & EVERY(0x7f)) + EVERY(0x7f)) | x) & EVERY(0x80);
}

/* The first bytes of what may be harmful: C1, U+061C, and U+2000 and on. */
static uint64_t
suspects_in(uint64_t word)
{
	uint64_t marks = controls_in(word);

	if (word & EVERY(0x80))
		marks |= bytes_in(word, 0xc2) | bytes_in(word, 0xd8) |
			 bytes_in(word, 0xe2);
	return marks;
}

/* How many bytes come before the first suspect, or `size`. */
static size_t
innocent_span(const char *bytes, size_t size)
{
	size_t i = 0;

	/* Two words a turn: their sums do not wait for each other. */
	for (; size - i >= 16; i += 16) {
		uint64_t first = suspects_in(load(bytes + i));
		uint64_t second = suspects_in(load(bytes + i + 8));

		if (first)
			return i + first_marked(first);
		if (second)
			return i + 8 + first_marked(second);
	}
	while (i < size && !text_harmful(bytes + i, size - i))
		i++;
	return i;
}

/* How many bytes come before the first harmful character, newline and tab too.
 */
static size_t
plain_span(const char *bytes, size_t size)
{
	size_t i = 0;

	while ((i += innocent_span(bytes + i, size - i)) < size &&
	       !text_harmful(bytes + i, size - i))
		i++;
	return i;
}

/* Each byte in hexadecimal digits after `before`. */
static size_t
put_hex(char *out, const char *before, const char *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	char *to = out;

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];

		to = stpcpy(to, before);
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	return (size_t)(to - out);
}

static size_t
escape_text(char *out, const char *text, size_t size)
{
	size_t n = 0, length;

	for (size_t i = 0; i < size; i += length) {
		length = plain_span(text + i, size - i);
		memcpy(out + n, text + i, length);
		n += length;
		i += length;
		if (i == size)
			break;
		length = text_harmful(text + i, size - i);
		if (text[i] == '\t')
			out[n++] = '\t';
		else
			n += put_hex(out + n, "\\x", text + i, length);
	}
	return n;
}

/* One character of `text` that may need care; `*i` moves after it. */
static size_t
put_json_character(char *out, const char *text, size_t size, size_t *i)
{
	const char *from = text + *i;
	size_t n = text_utf8_length(from, size - *i);

	*i += n ? n : 1;
	if (!n)
		return memcpy(out, "\xef\xbf\xbd", 3), 3;
	if (*from == '\t')
		return memcpy(out, "\\t", 2), 2;
	if (text_harmful(from, n))
		return put_hex(out, "\\\\x", from, n);
	if (*from == '"' || *from == '\\') {
		out[0] = '\\';
		out[1] = *from;
		return 2;
	}
	memcpy(out, from, n);
	return n;
}

/* The inside of a JSON string; its value is what escape_text() writes. */
static size_t
escape_json(char *out, const char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size;) {
		uint64_t w = size - i >= 8 ? load(text + i) : EVERY(0x80);

		if (!(controls_in(w) | (w & EVERY(0x80)) | bytes_in(w, '"') |
			bytes_in(w, '\\'))) {
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
line_bound(const struct line *line, size_t text_size)
{
	return line->before_size + text_size * GROWTH + line->after_size;
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
		size_t length = plain_span(text, *size - done);

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
