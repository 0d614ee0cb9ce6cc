#include "config_text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 16 };

struct scan {
	char *text, *at, *end;
	int line;
	bool in_word; /* within an unquoted word */
	char *comma;  /* the last one, while nothing but blanks followed it */
	int depth;    /* of open braces, and the line of each */
	int opened[DEPTH_MAX];
	struct config_text_fault *fault;
};

__attribute__((format(printf, 2, 3))) static int
refuse(struct scan *s, const char *fmt, ...)
{
	va_list ap;

	s->fault->line = s->line;
	s->fault->offset = (size_t)(s->at - s->text);
	va_start(ap, fmt);
	vsnprintf(s->fault->why, sizeof(s->fault->why), fmt, ap);
	va_end(ap);
	return -1;
}

/* The same of something that began before: it is read up to there. */
static int
refuse_from(struct scan *s, char *start, int line, const char *what)
{
	s->at = start;
	s->line = line;
	return refuse(s, "%s", what);
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
	char *start = s->at;
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
	return refuse_from(
	    s, start, first_line, "the comment that begins here has no end");
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
	char *start = s->at;
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
	if (s->at == s->end)
		return refuse_from(s, start, first_line,
		    "the string that begins here has no end");
	s->at++;
	return 0;
}

/* One of the characters that mean something by themselves. */
static int
scan_mark(struct scan *s)
{
	if (*s->at == '{') {
		if (s->depth == DEPTH_MAX)
			return refuse(s, "braces are nested more than %d deep",
			    DEPTH_MAX);
		s->opened[s->depth++] = s->line;
	}
	/* One too many is libconfuse's to tell. */
	if (*s->at == '}' && s->depth)
		s->depth--;
	if (*s->at == '}' && s->comma)
		*s->comma = ' ';
	s->comma = *s->at == ',' ? s->at : NULL;
	s->in_word = false;
	s->at++;
	return 0;
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
	if (strchr("={}(),", c))
		return scan_mark(s);
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
	/* libconfuse takes the end of the file for the missing brace. */
	if (s->depth)
		return refuse_from(s, s->end, s->opened[s->depth - 1],
		    "the brace that opens here is not closed");
	return 0;
}

int
config_text_prepare(char *text, size_t size, struct config_text_fault *fault)
{
	struct scan s = {.text = text,
	    .at = text,
	    .end = text + size,
	    .line = 1,
	    .fault = fault};

	return scan_all(&s);
}

/* Behind the blanks at `at`. */
static const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end &&
	       (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
		at++;
	return at;
}

/* Behind `mark`, when it stands at `at` or behind blanks there; or NULL. */
static const char *
skip_mark(const char *at, const char *end, char mark)
{
	if (at)
		at = skip_blanks(at, end);
	return at && at < end && *at == mark ? at + 1 : NULL;
}

/* Does `key = {}` stand at `at`?  The key may have quotes. */
static bool
is_empty_at(const char *text, const char *at, const char *end, const char *key)
{
	size_t length = strlen(key);

	if (at > text && !strchr(" \t\r\n{}\"'", at[-1]))
		return false;
	if ((size_t)(end - at) <= length || memcmp(at, key, length))
		return false;
	at += length;
	at += *at == '"' || *at == '\'';
	at = skip_mark(at, end, '=');
	at = skip_mark(at, end, '{');
	return skip_mark(at, end, '}') != NULL;
}

int
config_text_find_empty(
    const char *text, size_t size, const char *key, int from, int to)
{
	const char *end = text + size;
	int line = 1, found = 0;

	for (const char *at = text; at < end && line <= to; at++) {
		if (*at == '\n')
			line++;
		else if (line >= from && is_empty_at(text, at, end, key))
			found = line;
	}
	return found;
}

/* Does `word` stand at `at`, as a whole word and by itself? */
static bool
is_stray_at(const char *text, const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	if (at > text && !strchr(" \t\r\n{}", at[-1]))
		return false;
	if ((size_t)(end - at) < length || memcmp(at, word, length))
		return false;
	at += length;
	if (at < end && !strchr(" \t\r\n{}", *at))
		return false;
	at = skip_blanks(at, end);
	return at == end || !strchr("={(+", *at);
}

int
config_text_find_stray(const char *text, size_t size, const char *word, int to)
{
	const char *end = text + size;
	int line = 1, found = 0;

	for (const char *at = text; at < end && line <= to; at++) {
		if (*at == '\n')
			line++;
		else if (is_stray_at(text, at, end, word))
			found = line;
	}
	return found;
}

int
config_text_last_line(const char *text, size_t size)
{
	int line = 1, last = 1;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n')
			line++;
		else if (!strchr(" \t\r", text[i]))
			last = line;
	}
	return last;
}
