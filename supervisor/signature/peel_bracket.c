/* Brackets: with a time, a level, a pid. */
#include "peel.h"

#include "token.h"
#include "peel_private.h"

/* Does a clock, hh:mm:ss, stand within these bytes? */
static bool
has_clock(const char *p, size_t n)
{
	for (size_t i = 2; i + 5 < n; i++)
		if (p[i] == ':' && p[i + 3] == ':' &&
		    char_run(p + i + 1, CHAR_DIGIT) == 2 &&
		    char_is(p[i - 1], CHAR_DIGIT) &&
		    char_run(p + i + 4, CHAR_DIGIT) >= 2)
			return true;
	return false;
}

/* A level anywhere in a bracket that holds a time: [04:10:07 ERR]. */
static void
take_level_within(struct peeling *w, const char *p, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		size_t size;

		if (char_is(p[i - 1], CHAR_WORD) || !char_is(p[i], CHAR_ALPHA))
			continue;
		size = char_run(p + i, CHAR_WORD);
		if (size >= 3 && i + size <= n)
			peel_take_level(
			    w, level_of_word((struct span){p + i, size}));
	}
}

/* [pid], [pid 12:tid 34], [1234.567], [0012] */
static bool
is_number_bracket(const char *p, size_t n)
{
	size_t i = 0;
	bool has_digit = false;

	for (; i < n; i++) {
		if (char_is(p[i], CHAR_DIGIT))
			has_digit = true;
		else if (!strchr(" .:#", p[i]) && !char_starts(p + i, "pid ") &&
			 !char_starts(p + i, "tid "))
			return false;
		else if (p[i] == 'p' || p[i] == 't')
			i += 3;
	}
	return has_digit;
}

/* The level of "[error]", "[php7:error]", "[ERROR/MainProcess]". */
enum level
peel_bracket_level(const char *p, size_t n)
{
	size_t blanks = char_blanks(p), size;
	const char *colon;
	enum level level;

	p += blanks;
	n -= blanks;
	while (n && p[n - 1] == ' ')
		n--;
	size = char_run(p, CHAR_WORD);
	if (size == n || (size < n && (p[size] == '/' || p[size] == ':'))) {
		level = size > 1 || size == n
			    ? level_of_word((struct span){p, size})
			    : LEVEL_UNKNOWN;
		if (level)
			return level;
	}
	colon = memchr(p, ':', n);
	if (!colon || size == n)
		return LEVEL_UNKNOWN;
	colon++;
	size = char_run(colon, CHAR_WORD);
	if (colon + size != p + n || size < 3)
		return LEVEL_UNKNOWN;
	return level_of_word((struct span){colon, size});
}

size_t
peel_bracket(struct peeling *w, const char *p)
{
	size_t n = 1;
	enum level level;

	if (*p != '[')
		return 0;
	while (p[n] && p[n] != ']' && n < PEEL_BRACKET_MAX)
		n++;
	if (p[n] != ']' || n == 1)
		return 0;
	/* torch's number of the process that prints */
	if (char_starts(p, "[rank") && p[n + 1] == ':')
		return n + 2;
	if (has_clock(p + 1, n - 1) || token_time(p + 1)) {
		w->out->has_time = true;
		take_level_within(w, p + 1, n - 1);
		return n + 1;
	}
	level = peel_bracket_level(p + 1, n - 1);
	if (level) {
		peel_take_level(w, level);
		return n + 1 + (p[n + 1] == ':');
	}
	/* a bare [5] in a text without other prefixes may be content */
	if (is_number_bracket(p + 1, n - 1) &&
	    !(w->out->level && p[n + 1] == ':') &&
	    (w->at || memchr(p, '.', n) || strstr(p, "pid")))
		return n + 1;
	return 0;
}
