#include "fields.h"

#include <stdlib.h>

#include "base/json_read.h"

static bool
is_stack(struct span value)
{
	const char *p = value.data;

	return strchr(p, '\n') &&
	       (strstr(p, "Traceback (most recent call last)") ||
		   strstr(p, "\n    at ") || strstr(p, "\n\tat ") ||
		   strstr(p, "\n   at ") || strstr(p, "\ngoroutine "));
}

static enum level
level_of_value(struct span value)
{
	char *end;
	long number = strtol(value.data, &end, 10);

	return *end ? level_of_word(value) : level_of_number(number);
}

/* Takes one pair; `parent` is the key of the object around it, or empty. */
static void
take(struct fields *f, struct span parent, struct span key, struct span value)
{
	enum field_kind kind = field_of(key), outer = FIELD_OTHER;

	if (!value.size || !strcmp(value.data, "null"))
		return;
	if (is_stack(value) && !f->stack.size)
		f->stack = value;
	if (kind == FIELD_STACK)
		return;
	if (is_stack(value))
		value.size = strcspn(value.data, "\n");
	if (parent.size) {
		outer = field_of(parent);
		if (outer == FIELD_ERROR && kind == FIELD_MESSAGE) {
			key = parent;
			kind = FIELD_ERROR;
		} else if (outer != FIELD_ERROR && outer != FIELD_GROUP) {
			return;
		}
	} else if (kind == FIELD_LEVEL) {
		f->level = f->level ? f->level : level_of_value(value);
		return;
	} else if (kind == FIELD_MESSAGE) {
		f->message = f->message.size ? f->message : value;
		return;
	} else if (kind == FIELD_LOGGER) {
		f->logger = value;
		return;
	}
	if (kind != FIELD_ERROR && kind != FIELD_NAMED)
		return;
	if (kind == FIELD_ERROR && !f->error.size)
		f->error = value;
	if (f->count < FIELDS_MAX)
		f->others[f->count++] = (struct field){key, value};
}

static void
put(struct fields *f, char c)
{
	if (f->used < FIELDS_BUFFER - 1)
		f->values[f->used++] = c;
}

/* A value that began at `start` ends here. */
static struct span
end_value(struct fields *f, size_t start)
{
	f->values[f->used] = '\0';
	f->used += f->used < FIELDS_BUFFER - 1;
	return (struct span){f->values + start, strlen(f->values + start)};
}

/* Reads a string from its opening quote to after the closing one. */
static struct span
read_string(struct fields *f, const char **p)
{
	size_t start = f->used, length;
	const char *q = *p + 1;
	char c[4];

	while (*q && *q != '"') {
		if (*q != '\\' || !q[1]) {
			put(f, *q++);
			continue;
		}
		q += json_next_character(q, strnlen(q, 12), c, &length);
		/* of control characters only what an n or a t writes is kept */
		if ((unsigned char)*c < ' ' &&
		    (q[-2] != '\\' || !strchr("nt", q[-1])))
			*c = ' ';
		for (size_t i = 0; i < length; i++)
			put(f, c[i]);
	}
	*p = q + (*q == '"');
	return end_value(f, start);
}

/* Reads a string, or a number or bare word up to one of `ends`. */
static struct span
read_value(struct fields *f, const char **p, const char *ends)
{
	size_t start = f->used;

	if (**p == '"')
		return read_string(f, p);
	while (**p && !strchr(ends, **p))
		put(f, *(*p)++);
	return end_value(f, start);
}

enum { DEPTH_MAX = 8 };

static void
parse_json(struct fields *f, const char *p)
{
	struct span keys[DEPTH_MAX];
	struct span none = {"", 0};
	bool is_key = true;
	size_t depth = 0; /* of the object whose keys are being read */

	for (; *p; p++) {
		struct span parent =
		    depth > 1 && depth - 2 < DEPTH_MAX ? keys[depth - 2] : none;
		struct span text;

		if (*p == '{') {
			if (depth++ < DEPTH_MAX)
				keys[depth - 1] = none;
			is_key = true;
		} else if (*p == '}') {
			depth -= depth > 0;
		} else if (*p == ':') {
			is_key = false;
		} else if (*p == ',') {
			is_key = true;
		} else if (*p == '"' || *p == '-' || char_is(*p, CHAR_ALNUM)) {
			text = read_value(f, &p, ",}] ");
			p--;
			if (!depth || depth > DEPTH_MAX)
				continue;
			if (is_key)
				keys[depth - 1] = text;
			else
				take(f, parent, keys[depth - 1], text);
		}
	}
}

static void
parse_logfmt(struct fields *f, const char *p)
{
	struct span none = {"", 0};

	while (*p) {
		struct span key;

		p += char_blanks(p);
		key = read_value(f, &p, "= ");
		if (*p != '=')
			continue;
		p++;
		take(f, none, key, read_value(f, &p, " "));
	}
}

static void
add(struct fields *f, struct span text)
{
	size_t room = FIELDS_BUFFER - CLEAN_PADDING - 1 - f->size;

	if (text.size > room)
		text.size = room;
	memcpy(f->line + f->size, text.data, text.size);
	f->size += text.size;
}

static void
compose(struct fields *f)
{
	if (f->logger.size) {
		add(f, f->logger);
		add(f, (struct span){": ", 2});
	}
	add(f, f->message);
	for (size_t i = 0; i < f->count; i++) {
		if (f->size)
			add(f, (struct span){" ", 1});
		add(f, f->others[i].key);
		add(f, (struct span){"=", 1});
		add(f, f->others[i].value);
	}
	for (size_t i = 0; i < f->size; i++)
		if ((unsigned char)f->line[i] < ' ')
			f->line[i] = ' ';
	memset(f->line + f->size, 0, CLEAN_PADDING);
}

bool
fields_parse(struct fields *f, const char *text)
{
	bool is_json = text[0] == '{' &&
		       (text[1] == '"' || (text[1] == ' ' && text[2] == '"'));

	if (!is_json && !line_is_logfmt(text))
		return false;
	f->level = LEVEL_UNKNOWN;
	f->message = f->error = f->logger = f->stack = (struct span){"", 0};
	f->count = f->used = f->size = 0;
	if (is_json)
		parse_json(f, text);
	else
		parse_logfmt(f, text);
	if (!f->message.size && !f->error.size)
		return false;
	compose(f);
	return f->size > 0;
}
