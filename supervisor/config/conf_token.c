#include "conf_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool
token_is_mark(const struct input *in, char mark)
{
	return in->token.kind == TOKEN_MARK && *in->token.start == mark;
}

bool
token_is_value(const struct input *in)
{
	return in->token.kind == TOKEN_WORD || in->token.kind == TOKEN_STRING;
}

void
token_vcomplain(const struct input *in, int line, const char *fmt, va_list ap)
{
	diagnostics_vadd_at(in->diagnostics, in->file,
	    in->has_no_lines ? 0 : line, NULL, fmt, ap);
}

void
token_complain(const struct input *in, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	token_vcomplain(in, line, fmt, ap);
	va_end(ap);
}

bool
token_is_ahead(const struct input *in, const char *marks)
{
	struct input ahead = *in;

	ahead.diagnostics = NULL;
	token_next(&ahead);
	return ahead.token.kind == TOKEN_MARK &&
	       strchr(marks, *ahead.token.start);
}

/* The byte `ahead` of where we are; a NUL past the end. */
static char
peek(const struct input *in, size_t ahead)
{
	return ahead < (size_t)(in->end - in->at) ? in->at[ahead] : '\0';
}

static bool
is_control(char c)
{
	return text_is_control(c) && c != '\t' && c != '\n' && c != '\r';
}

static int
refuse_control(const struct input *in)
{
	token_complain(in, in->line,
	    "a control character, \\x%02x; is this a text file?",
	    (unsigned char)*in->at);
	return -1;
}

/* Passes over blanks and comments.  Returns -1 when it was complained. */
static int
skip_blanks(struct input *in)
{
	for (; in->at < in->end; in->at++) {
		char c = *in->at;

		if (c == '\n') {
			in->line++;
		} else if (c == '#' || (c == '/' && peek(in, 1) == '/')) {
			in->at =
			    memchr(in->at, '\n', (size_t)(in->end - in->at));
			in->at = in->at ? in->at - 1 : in->end - 1;
		} else if (c == '/' && peek(in, 1) == '*') {
			int first = in->line;

			for (in->at += 2; in->at < in->end; in->at++) {
				in->line += *in->at == '\n';
				if (*in->at == '*' && peek(in, 1) == '/')
					break;
			}
			if (in->at == in->end) {
				token_complain(in, first,
				    "the comment that begins "
				    "here has no end");
				return -1;
			}
			in->at++;
		} else if (c != ' ' && c != '\t' && c != '\r') {
			return 0;
		}
	}
	return 0;
}

/* `${NAME}` or `${NAME:-DEFAULT}`, which has to be on one line. */
static int
take_variable(struct input *in)
{
	const char *start = in->at;
	char name[128];
	const char *colon;

	for (in->at += 2; in->at < in->end && *in->at != '\n'; in->at++) {
		if (is_control(*in->at))
			return refuse_control(in);
		if (*in->at != '}')
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(in->at - start - 2),
		    start + 2);
		in->at++;
		colon = strchr(name, ':');
		if ((colon && colon[1] == '-') || getenv(name))
			return 0;
		token_complain(in, in->line,
		    "the variable %s is not set; ${%s:-DEFAULT} has a default",
		    name, name);
		in->token.is_unset = true;
		return 0;
	}
	token_complain(in, in->line, "a ${ has no } on its line");
	return -1;
}

/* `\\123` is a byte in octal. */
static int
check_digits(const struct input *in)
{
	int byte = 0, count = 0;

	for (char c; (c = peek(in, (size_t)count + 1)) >= '0' && c <= '9';
	     count++)
		byte = count < 3 && c < '8' ? 8 * byte + c - '0' : 256;
	if (byte < 256)
		return 0;
	token_complain(in, in->line, "bad escape sequence '%.*s'",
	    count < 20 ? count + 1 : 20, in->at);
	return -1;
}

static int
take_string(struct input *in)
{
	char quote = *in->at++;

	while (in->at < in->end && *in->at != quote) {
		if (is_control(*in->at))
			return refuse_control(in);
		if (quote == '"' && *in->at == '$' && peek(in, 1) == '{') {
			if (take_variable(in))
				return -1;
			continue;
		}
		if (quote == '"' && *in->at == '\\' && check_digits(in))
			return -1;
		if (*in->at == '\\' && peek(in, 1) && !is_control(peek(in, 1)))
			in->at++;
		in->line += *in->at == '\n';
		in->at++;
	}
	if (in->at == in->end) {
		token_complain(in, in->token.line,
		    "the string that begins here has no end");
		return -1;
	}
	in->at++;
	return 0;
}

static int
take_word(struct input *in)
{
	if (*in->at == '$' && peek(in, 1) == '{' && take_variable(in))
		return -1;
	for (; in->at < in->end && *in->at &&
	       !strchr(" \t\r\n={}(),\"'#", *in->at);
	     in->at++) {
		char c = *in->at;

		if (c == '+' && peek(in, 1) == '=' && in->at > in->token.start)
			break;
		if (is_control(c))
			return refuse_control(in);
		if (c == '*' || c == '+') {
			token_complain(in, in->line,
			    "put quotes around a value with %c in it", c);
			return -1;
		}
		if ((c == '$' && peek(in, 1) == '{') ||
		    (in->at > in->token.start && in->at[-1] == '}')) {
			token_complain(in, in->line,
			    "put quotes around a value with ${ in it");
			return -1;
		}
	}
	if (in->at < in->end && !*in->at)
		return refuse_control(in);
	return 0;
}

void
token_next(struct input *in)
{
	struct token *t = &in->token;
	int failed = t->kind == TOKEN_FAULT ? -1 : skip_blanks(in);

	*t = (struct token){.start = in->at, .line = in->line};
	if (failed) {
		t->kind = TOKEN_FAULT;
		return;
	}
	if (in->at == in->end)
		return;
	if (strchr("={}(),", *in->at) && *in->at) {
		t->kind = TOKEN_MARK;
		in->at++;
	} else if (*in->at == '+' && peek(in, 1) == '=') {
		t->kind = TOKEN_MARK;
		in->at += 2;
	} else if (*in->at == '"' || *in->at == '\'') {
		t->kind = take_string(in) ? TOKEN_FAULT : TOKEN_STRING;
	} else {
		t->kind = take_word(in) ? TOKEN_FAULT : TOKEN_WORD;
	}
	t->size = (size_t)(in->at - t->start);
}

char *
token_name(const struct input *in, const struct token *t)
{
	size_t quote = t->kind == TOKEN_STRING, size = 0;
	const char *s = t->start + quote, *end = t->start + t->size - quote;
	bool has_variables = !quote || *t->start == '"';
	char *name = NULL;
	FILE *out = open_memstream(&name, &size);

	while (out && s < end) {
		const char *close = memchr(s, '}', (size_t)(end - s));
		char variable[128], *value;

		if (*s == '\\') {
			token_complain(in, t->line,
			    "a name cannot have a backslash in it");
			fclose(out);
			free(name);
			return NULL;
		}
		if (!has_variables || *s != '$' || s[1] != '{' || !close) {
			fputc(*s++, out);
			continue;
		}
		snprintf(variable, sizeof(variable), "%.*s",
		    (int)(close - s - 2), s + 2);
		value = strstr(variable, ":-");
		if (value) {
			*value = '\0';
			value += 2;
		}
		fputs(getenv(variable) ? getenv(variable)
		      : value          ? value
				       : "",
		    out);
		s = close + 1;
	}
	if (!out || fclose(out)) {
		token_complain(in, t->line, "out of memory");
		free(name);
		return NULL;
	}
	return name;
}
