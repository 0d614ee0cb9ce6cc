#include "config_text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct scan {
	char *at, *end;
	int line;
	bool in_word; /* within an unquoted word */
	char *comma;  /* the last one, while nothing but blanks followed it */
	char *why;
	size_t why_size;
};

__attribute__((format(printf, 2, 3))) static int
refuse(struct scan *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->why, s->why_size, fmt, ap);
	va_end(ap);
	return -1;
}

/* The byte `ahead` of where we are; a NUL past the end. */
static char
peek(const struct scan *s, size_t ahead)
{
	return ahead < (size_t)(s->end - s->at) ? s->at[ahead] : '\0';
}

static bool
is_control(char c)
{
	unsigned char u = (unsigned char)c;

	return (u < 0x20 && c != '\t' && c != '\n' && c != '\r') || u == 0x7f;
}

static int
refuse_control(struct scan *s)
{
	return refuse(s, "a control character, \\x%02x; is this a text file?",
	    (unsigned char)*s->at);
}

static void
blank_line(struct scan *s)
{
	for (; s->at < s->end && *s->at != '\n'; s->at++)
		*s->at = ' ';
}

/* From the slash to behind the closing one; new lines stay. */
static int
blank_comment(struct scan *s)
{
	int first_line = s->line;

	for (s->at[0] = s->at[1] = ' ', s->at += 2; s->at < s->end; s->at++) {
		if (*s->at == '*' && peek(s, 1) == '/') {
			s->at[0] = s->at[1] = ' ';
			s->at += 2;
			return 0;
		}
		if (*s->at == '\n')
			s->line++;
		else
			*s->at = ' ';
	}
	s->line = first_line;
	return refuse(s, "the comment that begins here has no end");
}

/* `${NAME}`: libconfuse would look for the brace through the whole file. */
static int
scan_variable(struct scan *s)
{
	for (s->at += 2; s->at < s->end && *s->at != '\n'; s->at++) {
		if (is_control(*s->at))
			return refuse_control(s);
		if (*s->at == '}') {
			s->at++;
			return 0;
		}
	}
	return refuse(s, "a ${ has no } on its line");
}

static int
scan_string(struct scan *s)
{
	char quote = *s->at++;
	int first_line = s->line;

	while (s->at < s->end && *s->at != quote) {
		if (is_control(*s->at))
			return refuse_control(s);
		if (quote == '"' && *s->at == '$' && peek(s, 1) == '{') {
			if (scan_variable(s))
				return -1;
			continue;
		}
		if (*s->at == '\\' && peek(s, 1) && !is_control(peek(s, 1)))
			s->at++;
		s->line += *s->at == '\n';
		s->at++;
	}
	if (s->at == s->end) {
		s->line = first_line;
		return refuse(s, "the string that begins here has no end");
	}
	s->at++;
	return 0;
}

/* One of the characters that mean something by themselves. */
static void
scan_mark(struct scan *s)
{
	if (*s->at == '}' && s->comma)
		*s->comma = ' ';
	s->comma = *s->at == ',' ? s->at : NULL;
	s->in_word = false;
	s->at++;
}

/* Something that is not white space. */
static int
scan_token(struct scan *s)
{
	char c = *s->at, next = peek(s, 1);

	if (c == '#' || (!s->in_word && c == '/' && next == '/')) {
		s->in_word = false;
		blank_line(s);
		return 0;
	}
	if (!s->in_word && c == '/' && next == '*')
		return blank_comment(s);
	if (strchr("={}(),", c)) {
		scan_mark(s);
		return 0;
	}
	s->comma = NULL;
	if (c == '"' || c == '\'') {
		s->in_word = false;
		return scan_string(s);
	}
	if (c == '$' && next == '{') {
		if (s->in_word)
			return refuse(s, "put quotes around a value with ${ "
					 "in it");
		return scan_variable(s);
	}
	if (c == '+' && next == '=') {
		s->in_word = false;
		s->at += 2;
		return 0;
	}
	if (c == '*' || c == '+')
		return refuse(s, "put quotes around a value with %c in it", c);
	s->in_word = true;
	s->at++;
	return 0;
}

/* What some editors put at the start of a file to say that it is UTF-8. */
static void
blank_byte_order_mark(struct scan *s)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (s->end - s->at >= 3 && !memcmp(s->at, mark, 3)) {
		memset(s->at, ' ', 3);
		s->at += 3;
	}
}

static int
scan_all(struct scan *s)
{
	blank_byte_order_mark(s);
	while (s->at < s->end) {
		char c = *s->at;

		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			s->line += c == '\n';
			s->in_word = false;
			s->at++;
		} else if (is_control(c)) {
			return refuse_control(s);
		} else if (scan_token(s)) {
			return -1;
		}
	}
	return 0;
}

int
config_text_prepare(
    char *text, size_t size, int *line, char *why, size_t why_size)
{
	struct scan s = {.at = text,
	    .end = text + size,
	    .line = 1,
	    .why = why,
	    .why_size = why_size};
	int failed = scan_all(&s);

	*line = s.line;
	return failed;
}

/* Does `key`, then blanks and an equals sign, stand at `at`? */
static bool
is_key_at(const char *text, const char *at, const char *end, const char *key)
{
	size_t length = strlen(key);

	if (at > text && !strchr(" \t\r\n{}\"'", at[-1]))
		return false;
	if ((size_t)(end - at) <= length || memcmp(at, key, length))
		return false;
	for (at += length; at < end && strchr(" \t\r\n\"'+", *at); at++)
		if (!*at)
			return false;
	return at < end && *at == '=';
}

int
config_text_find_key(
    const char *text, size_t size, const char *key, int from, int to)
{
	const char *end = text + size;
	int line = 1, found = from;

	for (const char *at = text; at < end && line <= to; at++) {
		if (*at == '\n')
			line++;
		else if (line >= from && is_key_at(text, at, end, key))
			found = line;
	}
	return found;
}
