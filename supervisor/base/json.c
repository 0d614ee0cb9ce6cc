#include "json.h"

#include <inttypes.h>
#include <string.h>

#include "units.h"

/* A character grows to so many bytes at most. */
enum { GROWTH = 6, PIECE = (JSON_BUFFER_SIZE - 1) / GROWTH };

void
json_to_text(struct json *j, struct text *t)
{
	j->text = t;
	j->out = NULL;
	j->depth = 0;
}

void
json_to_stream(struct json *j, FILE *out)
{
	text_init(&j->own, j->buffer, sizeof(j->buffer));
	j->text = &j->own;
	j->out = out;
	j->depth = 0;
}

/* A stream gets what was added, so that the buffer is free again. */
static void
flush(struct json *j)
{
	if (!j->out)
		return;
	fwrite(j->own.data, j->own.length, 1, j->out);
	text_clear(&j->own);
}

/* What comes before a value: comma, line, name and colon. */
static void
begin(struct json *j, const char *name, bool is_object)
{
	size_t lists = 0;

	if (j->depth) {
		bool is_list = j->open[j->depth - 1].is_list;
		bool is_line = j->out && is_list && is_object;

		if (j->open[j->depth - 1].has_member)
			text_add_string(
			    j->text, j->out && !is_line ? ", " : ",");
		j->open[j->depth - 1].has_member = true;
		for (size_t i = 0; i < j->depth; i++)
			lists += j->open[i].is_list;
		if (is_line)
			text_addf(j->text, "\n%*s", 2 * (int)lists, "");
	}
	if (name)
		text_addf(j->text, "\"%s\":%s", name, j->out ? " " : "");
}

static void
open_one(struct json *j, const char *name, bool is_list)
{
	begin(j, name, !is_list);
	text_add_string(j->text, is_list ? "[" : "{");
	j->open[j->depth].is_list = is_list;
	j->open[j->depth++].has_member = false;
	flush(j);
}

void
json_object(struct json *j, const char *name)
{
	open_one(j, name, false);
}

void
json_list(struct json *j, const char *name)
{
	open_one(j, name, true);
}

void
json_end(struct json *j)
{
	text_add_string(j->text, j->open[--j->depth].is_list ? "]" : "}");
	flush(j);
}

void
json_bytes(struct json *j, const char *name, const char *bytes, size_t size)
{
	begin(j, name, false);
	text_add_string(j->text, "\"");
	for (size_t n; size; bytes += n, size -= n) {
		flush(j);
		n = text_cut(bytes, size, PIECE);
		text_add_json(j->text, bytes, n);
	}
	flush(j);
	text_add_string(j->text, "\"");
	flush(j);
}

void
json_string(struct json *j, const char *name, const char *s)
{
	if (s)
		json_bytes(j, name, s, strlen(s));
	else
		json_null(j, name);
}

size_t
json_width(const char *bytes, size_t size, size_t *length)
{
	char buffer[GROWTH + 1];
	struct text t;

	*length = text_utf8_length(bytes, size);
	if (!*length)
		*length = 1;
	text_init(&t, buffer, sizeof(buffer));
	text_add_json(&t, bytes, *length);
	return t.length;
}

void
json_string_within(
    struct json *j, const char *name, const char *s, size_t budget)
{
	size_t size = s ? strlen(s) : 0, end = 0, length;

	while (end < size) {
		size_t width = json_width(s + end, size - end, &length);

		if (width > budget)
			break;
		budget -= width;
		end += length;
	}
	if (s)
		json_bytes(j, name, s, end);
	else
		json_null(j, name);
}

/* A value that is written as it is. */
static void
add_plain(struct json *j, const char *name, const char *value)
{
	begin(j, name, false);
	text_add_string(j->text, value);
	flush(j);
}

void
json_null(struct json *j, const char *name)
{
	add_plain(j, name, "null");
}

void
json_bool(struct json *j, const char *name, bool value)
{
	add_plain(j, name, value ? "true" : "false");
}

void
json_int(struct json *j, const char *name, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	add_plain(j, name, digits);
}

void
json_uint(struct json *j, const char *name, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	add_plain(j, name, digits);
}

void
json_known(struct json *j, const char *name, bool is_known, int64_t value)
{
	if (is_known)
		json_int(j, name, value);
	else
		json_null(j, name);
}

void
json_seconds(struct json *j, const char *name, int64_t ms)
{
	char seconds[UNITS_TEXT_SIZE];

	units_format_seconds(ms < 0 ? 0 : ms, seconds);
	add_plain(j, name, seconds);
}

void
json_instant(struct json *j, const char *name, int64_t wall_ms)
{
	char instant[UNITS_TEXT_SIZE];

	units_format_wall(wall_ms, instant);
	json_string(j, name, wall_ms ? instant : NULL);
}

void
json_signature(struct json *j, const char *name, uint64_t signature)
{
	char digits[17];

	text_format_hex64(signature, digits);
	json_string(j, name, signature ? digits : NULL);
}
