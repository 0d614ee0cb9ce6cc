/* A template's fields become the values of a notification. */
#include <stdint.h>
#include <string.h>

#include "json_read.h"
#include "template.h"
#include "units.h"

enum { FIELD_NAME_MAX = 32, LEAST_CUT = 8 };

/* A %{NAME:LIMIT} of a template. */
struct field {
	char name[FIELD_NAME_MAX];
	size_t limit; /* SIZE_MAX: none */
	bool is_limit_bytes;
	unsigned line;
};

/* How the text of a value is written. */
struct style {
	enum template_markup markup;
	bool is_json;
	bool has_lines; /* line ends and tabs stay */
	bool is_url;
	size_t most; /* of each value, in bytes; SIZE_MAX: any */
};

/* Reads the field whose "%{" is at `s`.  Returns its size, or 0 and a fault. */
static size_t
parse_field(const char *s, size_t size, unsigned line, struct field *field,
    struct template_faults *f)
{
	const char *end = memchr(s, '}', size), *colon;
	size_t length;
	int64_t limit;

	*field = (struct field){.limit = SIZE_MAX, .line = line};
	if (!end || memchr(s, '\n', (size_t)(end - s))) {
		template_fault(f, line, "a %%{ has no }");
		return 0;
	}
	colon = memchr(s, ':', (size_t)(end - s));
	length = (size_t)((colon ? colon : end) - s) - 2;
	if (length >= sizeof(field->name)) {
		template_fault(
		    f, line, "unknown field '%.*s'", (int)length, s + 2);
		return 0;
	}
	memcpy(field->name, s + 2, length);
	if (!colon)
		return (size_t)(end - s) + 1;
	length = (size_t)(end - colon) - 1;
	field->is_limit_bytes = length && end[-1] == 'b';
	length -= field->is_limit_bytes;
	if (units_parse_digits(
		colon + 1, length, LEAST_CUT, TEMPLATE_LIMIT_MAX, &limit)) {
		template_fault(f, line,
		    "%%{%s:...} needs a limit from %d to %d, in characters, or "
		    "in bytes "
		    "with a b after it",
		    field->name, LEAST_CUT, TEMPLATE_LIMIT_MAX);
		return 0;
	}
	field->limit = (size_t)limit;
	return (size_t)(end - s) + 1;
}

static const char *
entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	default:
		return NULL;
	}
}

enum { SHOWN_SIZE = 16 }; /* of one character, in whatever form */

/* One character as the receiver is to see it.  Returns its size. */
static size_t
show_character(const char *s, size_t length, const struct style *style,
    char shown[SHOWN_SIZE])
{
	struct text t;

	text_init(&t, shown, SHOWN_SIZE);
	if (text_harmful(s, length) &&
	    !(style->has_lines && (*s == '\n' || *s == '\t'))) {
		text_add_hex(&t, s, length);
		return t.length;
	}
	if ((style->markup == MARKUP_SLACK || style->markup == MARKUP_HTML) &&
	    length == 1 && entity_of(*s)) {
		text_add_string(&t, entity_of(*s));
		return t.length;
	}
	if (style->markup == MARKUP_MARKDOWN && length == 1 &&
	    strchr("\\`*_{}[]()<>#+-.!|~:@", *s))
		text_add_string(&t, "\\");
	text_add(&t, s, length);
	return t.length;
}

/* How much of a limit is one shown character?  Beyond the BMP it is two. */
static size_t
weigh(const char *shown, size_t size, bool is_bytes)
{
	size_t count = 0;

	if (is_bytes)
		return size;
	for (size_t i = 0; i < size; i++)
		count += ((unsigned char)shown[i] & 0xc0) != 0x80;
	return count + ((unsigned char)*shown >= 0xf0);
}

static void
put_character(
    struct text *out, const char *s, size_t size, const struct style *style)
{
	if (style->is_json)
		text_add_json(out, s, size);
	else if (style->is_url)
		text_add_percent(out, s, size);
	else
		text_add(out, s, size);
}

/* The text of a value: the inside of a JSON string, or plain bytes. */
struct source {
	const char *bytes;
	size_t size;
	bool is_encoded;
};

static size_t
next_shown(const struct source *s, size_t at, const struct style *style,
    char shown[SHOWN_SIZE], size_t *size)
{
	char c[4];
	size_t length, step;

	if (s->is_encoded) {
		step = json_next_character(
		    s->bytes + at, s->size - at, c, &length);
	} else {
		step = text_utf8_length(s->bytes + at, s->size - at);
		step = length = step ? step : 1;
		memcpy(c, s->bytes + at, length);
	}
	*size = show_character(c, length, style, shown);
	return step;
}

/*
 * Writes the text, cut to what the field and the style allow.  Two walks: the
 * first finds out how much there is, the second writes what fits.
 */
static void
put_text(struct text *out, const struct source *s, const struct field *field,
    const struct style *style)
{
	static const char ellipsis[] = "\xe2\x80\xa6";
	bool is_bytes = field->is_limit_bytes || style->most < field->limit;
	size_t limit = style->most < field->limit ? style->most : field->limit;
	bool is_tail = !strcmp(field->name, "stderr");
	size_t total = 0, passed = 0, size, room;
	char shown[SHOWN_SIZE];

	for (size_t at = 0; at < s->size;) {
		at += next_shown(s, at, style, shown, &size);
		total += weigh(shown, size, is_bytes);
	}
	room = total <= limit ? total : limit - (is_bytes ? 3 : 1);
	if (total > limit && is_tail)
		put_character(out, ellipsis, 3, style);
	for (size_t at = 0; at < s->size;) {
		size_t weight;

		at += next_shown(s, at, style, shown, &size);
		weight = weigh(shown, size, is_bytes);
		if (!is_tail && passed + weight > room)
			break;
		if (!is_tail || total - passed <= room)
			put_character(out, shown, size, style);
		passed += weight;
	}
	if (total > limit && !is_tail)
		put_character(out, ellipsis, 3, style);
}

/* Finds a field's value.  Returns false and a fault when there is none. */
static bool
find_value(const struct field *field, const struct template_values *values,
    struct source *s, struct template_faults *f)
{
	static const char *const names[TEMPLATE_SECRETS] = {
	    "secret", "secret_2"};
	struct json_value v;

	for (int i = 0; i < TEMPLATE_SECRETS; i++) {
		const char *secret = values->secrets[i];

		if (strcmp(field->name, names[i]))
			continue;
		if (!secret)
			template_fault(f, field->line,
			    i ? "%%{secret_2} wants a second line in "
				"secret_file"
			      : "%%{secret} wants a secret_file");
		*s =
		    (struct source){secret, secret ? strlen(secret) : 0, false};
		return secret != NULL;
	}
	if (!json_find(values->document, values->size, field->name, &v)) {
		template_fault(
		    f, field->line, "unknown field '%s'", field->name);
		return false;
	}
	*s = (struct source){v.bytes, v.size, true};
	return true;
}

/* Takes the quotes off a string; null is no text.  False: it is a list. */
static bool
value_as_text(struct source *s)
{
	if (!s->is_encoded)
		return true;
	if (*s->bytes == '{' || *s->bytes == '[')
		return false;
	if (*s->bytes == 'n')
		s->size = 0;
	if (*s->bytes == '"') {
		s->bytes++;
		s->size -= 2;
	}
	return true;
}

/* Not read but compared or parsed by the receiver, so that it stays as it is.
 */
static bool
is_for_machines(const struct field *field)
{
	static const char *const names[] = {"id", "thread", "time", "expires",
	    "started", "down_since", "next_run", "secret", "secret_2"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(field->name, names[i]))
			return true;
	return false;
}

static void
put_field(struct text *out, const struct field *field, bool is_in_string,
    const struct style *style, const struct template_values *values,
    struct template_faults *f)
{
	struct style own = *style;
	struct source s;
	bool is_string;

	if (is_for_machines(field))
		own.markup = MARKUP_NONE;
	if (!find_value(field, values, &s, f))
		return;
	is_string = !s.is_encoded || *s.bytes == '"';
	if (style->is_json && !is_in_string && !is_string) {
		text_add(out, s.bytes, s.size);
		return;
	}
	if (!value_as_text(&s)) {
		template_fault(f, field->line,
		    "field '%s' is a list, which cannot be inside quotes",
		    field->name);
		return;
	}
	if (style->is_json && !is_in_string)
		text_add_string(out, "\"");
	put_text(out, &s, field, &own);
	if (style->is_json && !is_in_string)
		text_add_string(out, "\"");
}

/* Walks a part of the file, fields filled in. */
static void
put_part(struct text *out, const struct template_span *part,
    const struct style *style, const struct template_values *values,
    struct template_faults *f)
{
	unsigned line = part->line;
	bool is_in_string = false;

	for (size_t i = 0; i < part->size;) {
		const char *s = part->bytes + i;
		size_t left = part->size - i, taken = 1;
		struct field field;

		if (left > 1 && s[0] == '%' && s[1] == '{') {
			taken = parse_field(s, left, line, &field, f);
			if (!taken)
				return;
			put_field(out, &field, is_in_string, style, values, f);
			i += taken;
			continue;
		}
		if (*s == '"')
			is_in_string = !is_in_string;
		else if (*s == '\\' && is_in_string && left > 1)
			taken = 2;
		line += *s == '\n';
		text_add(out, s, taken);
		i += taken;
	}
}

int
template_fill(const struct template *t, const struct template_body *body,
    const struct template_values *values, struct text *out,
    struct template_faults *f)
{
	struct style style = {.markup = t->markup,
	    .is_json = true,
	    .has_lines = true,
	    .most = SIZE_MAX};
	size_t before = f->count, at;
	unsigned line = body->json.line;
	const char *fault;

	put_part(out, &body->json, &style, values, f);
	for (style.most = t->size_max;
	     f->count == before && t->size_max && style.most >= LEAST_CUT &&
	     (out->length > t->size_max || out->is_short);
	     style.most /= 2) {
		text_clear(out);
		put_part(out, &body->json, &style, values, f);
	}
	if (f->count > before)
		return -1;
	if (out->is_short || (t->size_max && out->length > t->size_max)) {
		template_fault(
		    f, body->json.line, "the body is larger than its size");
		return -1;
	}
	fault = json_check(out->data, out->length, &at);
	if (!fault)
		return 0;
	/* No value has a line end of its own: lines are those of the file. */
	for (size_t i = 0; i < at; i++)
		line += out->data[i] == '\n';
	template_fault(f, line, "is no JSON: %s", fault);
	return -1;
}

int
template_fill_line(const struct template_span *line, enum template_line kind,
    const struct template_values *values, struct text *out,
    struct template_faults *f)
{
	struct style style = {.has_lines = kind == TEMPLATE_WORD,
	    .is_url = kind == TEMPLATE_URL,
	    .most = SIZE_MAX};
	size_t before = f->count;

	put_part(out, line, &style, values, f);
	return f->count > before ? -1 : 0;
}
