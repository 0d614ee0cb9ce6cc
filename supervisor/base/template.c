#include "template.h"

#include <stdint.h>
#include <string.h>

#include "units.h"

void
template_fault(struct template_faults *f, unsigned line, const char *fmt, ...)
{
	struct text t;
	va_list ap;

	if (f->count == TEMPLATE_FAULTS_MAX)
		return;
	text_init(&t, f->list[f->count].words, sizeof(f->list->words));
	va_start(ap, fmt);
	text_vaddf(&t, fmt, ap);
	va_end(ap);
	f->list[f->count++].line = line;
}

static bool
span_is(const struct template_span *s, const char *word)
{
	return s->size == strlen(word) && !memcmp(s->bytes, word, s->size);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct template_span
span_trim(struct template_span s)
{
	while (s.size && is_blank(*s.bytes)) {
		s.bytes++;
		s.size--;
	}
	while (s.size && is_blank(s.bytes[s.size - 1]))
		s.size--;
	return s;
}

/* The file, line by line. */
struct lines {
	const char *at, *end;
	unsigned number; /* of the line that was given last */
};

static bool
lines_next(struct lines *l, struct template_span *line)
{
	const char *end;

	if (l->at == l->end)
		return false;
	end = memchr(l->at, '\n', (size_t)(l->end - l->at));
	*line = (struct template_span){
	    l->at, (size_t)((end ? end : l->end) - l->at), ++l->number};
	l->at = end ? end + 1 : l->end;
	return true;
}

static bool
set_markup(struct template *t, struct template_span value)
{
	static const char *const words[] = {
	    "none", "slack", "html", "markdown"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (span_is(&value, words[i])) {
			t->markup = (enum template_markup)i;
			return true;
		}
	return false;
}

static bool
set_size(struct template *t, struct template_span value)
{
	int64_t number;

	if (units_parse_digits(
		value.bytes, value.size, 64, TEMPLATE_LIMIT_MAX, &number))
		return false;
	t->size_max = (size_t)number;
	return true;
}

/* One attribute; those of a body go to `body`. */
static void
parse_attribute(struct template *t, struct template_body *body,
    struct template_span line, struct template_faults *f)
{
	const char *blank = memchr(line.bytes, ' ', line.size);
	struct template_span key = line, value = {line.bytes, 0, line.line};

	if (blank) {
		key.size = (size_t)(blank - line.bytes);
		value.bytes = blank;
		value.size = line.size - key.size;
		value = span_trim(value);
	}
	if (!value.size)
		template_fault(f, line.line, "is not ATTRIBUTE VALUE");
	else if (span_is(&key, "method")) {
		body->method = value;
		if (!span_is(&value, "POST") && !span_is(&value, "PUT"))
			template_fault(
			    f, line.line, "method is none of POST, PUT");
	} else if (span_is(&key, "path"))
		body->path = value;
	else if (span_is(&key, "url"))
		t->url = value;
	else if (span_is(&key, "header") &&
		 t->header_count == TEMPLATE_HEADERS_MAX)
		template_fault(
		    f, line.line, "more than %d headers", TEMPLATE_HEADERS_MAX);
	else if (span_is(&key, "header"))
		t->headers[t->header_count++] = value;
	else if (span_is(&key, "markup")) {
		if (!set_markup(t, value))
			template_fault(f, line.line,
			    "markup is none of none, slack, html, markdown");
	} else if (span_is(&key, "size")) {
		if (!set_size(t, value))
			template_fault(f, line.line,
			    "size is not a number of bytes, 64 to %d",
			    TEMPLATE_LIMIT_MAX);
	} else
		template_fault(f, line.line, "unknown attribute '%.*s'",
		    (int)key.size, key.bytes);
}

/* The lines of a body, up to the next `on` or the end. */
static struct template_span
parse_json(struct lines *l, struct template_span first)
{
	struct template_span json = first, line;
	struct lines next = *l;

	while (lines_next(&next, &line)) {
		if (line.size > 3 && !memcmp(line.bytes, "on ", 3))
			break;
		*l = next;
		json.size = (size_t)(line.bytes + line.size - json.bytes);
	}
	return json;
}

int
template_parse(struct template *t, const char *text, size_t size,
    struct template_faults *f)
{
	struct lines l = {text, text + size, 0};
	struct template_span line;
	struct template_body body = {0};
	size_t before = f->count;

	*t = (struct template){0};
	while (lines_next(&l, &line)) {
		struct template_span s = span_trim(line);

		if (!s.size || *s.bytes == '#')
			continue;
		if (s.size > 3 && !memcmp(s.bytes, "on ", 3)) {
			s.bytes += 3;
			s.size -= 3;
			body = (struct template_body){.on = span_trim(s)};
			if (span_is(&body.on, "any"))
				body.on.bytes = NULL;
			continue;
		}
		if (*line.bytes != '{' && *line.bytes != '[') {
			parse_attribute(t, &body, s, f);
			continue;
		}
		if (t->body_count == TEMPLATE_BODIES_MAX) {
			template_fault(f, line.line, "more than %d bodies",
			    TEMPLATE_BODIES_MAX);
			break;
		}
		body.json = parse_json(&l, line);
		t->bodies[t->body_count++] = body;
	}
	if (!t->body_count)
		template_fault(f, l.number ? l.number : 1,
		    "has no body: a line that begins with { is missing");
	return f->count > before ? -1 : 0;
}

const struct template_body *
template_find(const struct template *t, const char *reason)
{
	const struct template_body *any = NULL;

	for (size_t i = 0; i < t->body_count; i++) {
		struct template_span left = t->bodies[i].on;

		if (!left.bytes)
			any = any ? any : &t->bodies[i];
		while (left.bytes && left.size) {
			const char *comma = memchr(left.bytes, ',', left.size);
			struct template_span word = left;

			word.size =
			    comma ? (size_t)(comma - left.bytes) : left.size;
			left.bytes += word.size + (comma != NULL);
			left.size -= word.size + (comma != NULL);
			word = span_trim(word);
			if (span_is(&word, reason))
				return &t->bodies[i];
		}
	}
	return any;
}

static bool
names_secret(const struct template_span *s)
{
	return s->bytes && memmem(s->bytes, s->size, "%{secret", 8);
}

bool
template_wants_secret(const struct template *t)
{
	for (size_t i = 0; i < t->header_count; i++)
		if (names_secret(&t->headers[i]))
			return true;
	for (size_t i = 0; i < t->body_count; i++)
		if (names_secret(&t->bodies[i].json) ||
		    names_secret(&t->bodies[i].path))
			return true;
	return false;
}
