/*
 * conf_token: the text of a configuration cut into words.
 *
 * What libconfuse 3.3 drops without a word or tells badly (control characters,
 * an open string, a variable that is not set) is complained of here.
 */
#ifndef RUNNER_CONF_TOKEN_H
#define RUNNER_CONF_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diagnostics.h"

enum token_kind {
	TOKEN_END,    /* of the text */
	TOKEN_WORD,   /* without quotes, or ${...} */
	TOKEN_STRING, /* with quotes */
	TOKEN_MARK,   /* one of = { } ( ) , or += as '+' */
	TOKEN_FAULT   /* that was said */
};

struct token {
	enum token_kind kind;
	const char *start;
	size_t size;
	int line;
	bool is_unset; /* it has a variable that is not set */
};

struct conf_scan;

/* One text being read. */
struct input {
	struct conf_scan *scan; /* whose it is */
	const char *file;
	struct diagnostics *diagnostics; /* NULL: say nothing */
	bool has_no_lines; /* a text that a person gave as one word */
	const char *at, *end;
	int line;
	struct token token; /* the one that is looked at */
};

bool token_is_mark(const struct input *in, char mark);
bool token_is_value(const struct input *in); /* a word or a string */

/* Moves on to the next token. */
void token_next(struct input *in);

/* Is the token after the one that is looked at one of these marks? */
bool token_is_ahead(const struct input *in, const char *marks);

/* For "%.*s": as much of a token as is shown. */
#define TOKEN_SHOWN(t) (int)((t)->size > 64 ? 64 : (t)->size), (t)->start

/*
 * What a name or a file's name means: its bytes without quotes, variables
 * replaced.  Newly allocated; NULL: it cannot be used, which was said.
 */
char *token_name(const struct input *in, const struct token *t);

/* Complains of a line of the text. */
void token_complain(const struct input *in, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void token_vcomplain(const struct input *in, int line, const char *fmt,
    va_list ap) __attribute__((format(printf, 3, 0)));

#endif
