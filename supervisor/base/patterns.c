#include "patterns.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "text.h"

struct pattern_filter {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
};

/* How often a filter may try before it says that a text may match. */
enum { FILTER_TRIES_MAX = 100000 };

static void
filter_free(struct pattern_filter *f)
{
	if (!f)
		return;
	pcre2_match_context_free(f->limits);
	pcre2_match_data_free(f->data);
	pcre2_code_free(f->code);
	free(f);
}

/* The length of "{3}", "{3,}" or "{3,5}" at p, or 0. */
static size_t
interval_length(const char *p)
{
	size_t n = 1 + strspn(p + 1, "0123456789");

	if (*p != '{' || n == 1)
		return 0;
	n += p[n] == ',';
	n += strspn(p + n, "0123456789");
	return p[n] == '}' ? n + 1 : 0;
}

/* Translates the bracket expression at p.  Returns its length, or 0. */
static size_t
add_bracket(struct text *out, const char *p)
{
	size_t n = 1, first;

	text_add(out, "[", 1);
	if (p[n] == '^')
		text_add(out, p + n++, 1);
	for (first = n; p[n] && (p[n] != ']' || n == first); n++) {
		const char *end;

		if (p[n] == '[' && (p[n + 1] == '.' || p[n + 1] == '='))
			return 0;
		if (p[n] == '[' && p[n + 1] == ':') {
			end = strstr(p + n + 2, ":]");
			if (!end)
				return 0;
			text_add(out, p + n, (size_t)(end + 2 - (p + n)));
			n = (size_t)(end + 1 - p);
			continue;
		}
		if (strchr("\\[]^", p[n]))
			text_add(out, "\\", 1);
		text_add(out, p + n, 1);
	}
	text_add(out, "]", 1);
	return p[n] ? n + 1 : 0;
}

/*
 * Translates a backslash and what it is before, which may be a word of GNU's.
 * Returns the length of both, or 0.
 */
static size_t
add_escaped(struct text *out, const char *p, bool *is_atom)
{
	if (!p[1])
		return 0;
	*is_atom = !strchr("bB<>`'", p[1]);
	if (!*is_atom) /* a position: leaving it out matches more */
		return 2;
	if (p[1] >= '1' && p[1] <= '9') /* the text of a group again */
		text_add_string(out, "(?:.*)");
	else if (ispunct((unsigned char)p[1]) || strchr("wWsS", p[1]))
		text_add(out, p, 2);
	else
		return 0;
	return 2;
}

/*
 * Adds a pattern in PCRE2's syntax.  An anchor at the start is left out, for a
 * line may be matched from any byte on.  False: it may mean something else.
 */
static bool
add_translated(struct text *out, const char *p)
{
	bool may_repeat = false; /* what was added last is an atom */
	unsigned depth = 0;
	size_t n;

	for (; *p; p += n) {
		bool is_atom = false;

		n = 1;
		if (strchr("*+?{", *p)) {
			n = *p == '{' ? interval_length(p) : 1;
			if (!may_repeat || !n)
				return false;
			text_add(out, p, n);
		} else if (*p == '[') {
			n = add_bracket(out, p);
			if (!n)
				return false;
			is_atom = true;
		} else if (*p == '\\') {
			n = add_escaped(out, p, &is_atom);
			if (!n)
				return false;
		} else if (*p == '(') {
			if (p[1] == '?' || p[1] == '*')
				return false;
			text_add_string(out, "(?:");
			depth++;
		} else if (*p == ')') {
			if (!depth--)
				return false;
			text_add(out, p, 1);
			is_atom = true;
		} else if (*p != '^') {
			text_add(out, p, 1);
			is_atom = *p != '|' && *p != '$';
		}
		may_repeat = is_atom;
	}
	return !depth;
}

/* Compiles what all patterns together match, or more; NULL: no filter. */
static struct pattern_filter *
filter_new(const struct patterns *p)
{
	size_t size = 16, offset;
	struct pattern_filter *f;
	struct text all;
	bool is_same = true;
	char *buffer;
	int error;

	for (size_t i = 0; i < p->count; i++)
		size += 4 * strlen(p->source[i]) + 8;
	buffer = malloc(size);
	f = calloc(1, sizeof(*f));
	if (buffer && f) {
		text_init(&all, buffer, size);
		for (size_t i = 0; i < p->count && is_same; i++) {
			text_add_string(&all, i ? "|(?:" : "(?:");
			is_same = add_translated(&all, p->source[i]);
			text_add_string(&all, ")");
		}
		if (is_same && !all.is_short)
			f->code = pcre2_compile((PCRE2_SPTR)buffer, all.length,
			    PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
				PCRE2_NO_AUTO_CAPTURE,
			    &error, &offset, NULL);
	}
	free(buffer);
	if (f && f->code && !pcre2_jit_compile(f->code, PCRE2_JIT_COMPLETE)) {
		f->data = pcre2_match_data_create(1, NULL);
		f->limits = pcre2_match_context_create(NULL);
	}
	if (f && f->data && f->limits) {
		pcre2_set_match_limit(f->limits, FILTER_TRIES_MAX);
		return f;
	}
	filter_free(f);
	return NULL;
}

bool
patterns_may_match(const struct patterns *p, const char *text, size_t size)
{
	struct pattern_filter *f = p->filter;

	/* a limit that was met is no answer either */
	return p->count &&
	       (!f || pcre2_jit_match(f->code, (PCRE2_SPTR)text, size, 0, 0,
			  f->data, f->limits) != PCRE2_ERROR_NOMATCH);
}

int
patterns_add(struct patterns *p, const char *source, char *why, size_t why_size)
{
	int error;

	if (p->count == PATTERNS_MAX) {
		snprintf(why, why_size, "more than %d patterns", PATTERNS_MAX);
		return -1;
	}
	if (!*source || strlen(source) > PATTERN_LENGTH_MAX) {
		snprintf(why, why_size, "a pattern has 1 to %d characters",
		    PATTERN_LENGTH_MAX);
		return -1;
	}
	error = regcomp(&p->compiled[p->count], source, REG_EXTENDED);
	if (error) {
		regerror(error, &p->compiled[p->count], why, why_size);
		return -1;
	}
	p->source[p->count] = strdup(source);
	if (!p->source[p->count]) {
		regfree(&p->compiled[p->count]);
		snprintf(why, why_size, "out of memory");
		return -1;
	}
	p->count++;
	filter_free(p->filter);
	p->filter = filter_new(p);
	return 0;
}

void
patterns_release(struct patterns *p)
{
	for (size_t i = 0; i < p->count; i++) {
		regfree(&p->compiled[i]);
		free(p->source[i]);
	}
	p->count = 0;
	filter_free(p->filter);
	p->filter = NULL;
}
