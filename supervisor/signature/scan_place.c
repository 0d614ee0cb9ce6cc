/* Positions in code, which are kept. */
#include "scan.h"

#include "chars.h"
#include "names.h"

/* The start of the token (no blank, quote, bracket, colon) that ends at n. */
static size_t
token_start(const char *text, size_t n)
{
	size_t i = n;

	while (i && !strchr(" \"'`()[]<>,;=:|{}", text[i - 1]))
		i--;
	return i;
}

static bool
is_code_before(const char *text, size_t n)
{
	size_t i = token_start(text, n);

	return name_is_code(text + i, n - i);
}

/* A script's name, with a path or without, for "script: line N:". */
static bool
is_script(const char *text, size_t n)
{
	size_t dot = n;

	if (!n || memchr(text, ' ', n) || memchr(text, '<', n))
		return false;
	while (dot && text[dot - 1] != '.' && text[dot - 1] != '/')
		dot--;
	if (dot && text[dot - 1] == '.' && dot > 1 && text[dot - 2] != '/')
		return name_is_code(text, n);
	return true;
}

/* " of file x.f90", as Fortran goes on behind a line's number; or 0. */
static size_t
file_length(const char *p)
{
	size_t n = char_starts(p, " of file "), from = n;

	while (n && p[n] && p[n] != ' ')
		n++;
	return n && name_is_code(p + from, n - from) ? n : 0;
}

/* The number behind "line ". */
static bool
is_line_of_code(const char *text, size_t i, size_t n)
{
	size_t before = i - 5, start;

	/* File "x.py", line 3 */
	if (text_ends_with(text, before, "\", ") ||
	    text_ends_with(text, before, "', "))
		return strstr(text, "File \"") || strstr(text, "file \"") ||
		       is_code_before(text, before - 3);
	/* in x.php on line 3; on main.tf line 3; x.c, line 3 */
	if (text_ends_with(text, before, " on "))
		before -= 3;
	if (text_ends_with(text, before, ", "))
		before--;
	if (before < 2 || text[before - 1] != ' ')
		return text_ends_with(text, before, ":") && before > 1 &&
		       is_code_before(text, before - 1);
	before--;
	/* x.sh: line 3: */
	if (text[before - 1] == ':')
		return text[n] == ':' && is_script(text, before - 1);
	/* tcl: (file "x.tcl" line 3) */
	if (text[before - 1] == '"')
		return true;
	if (text_ends_with(text, before, "At") && before == 2)
		return file_length(text + n) > 0;
	start = before;
	while (start && text[start - 1] != ' ')
		start--;
	if (is_code_before(text, before))
		return true;
	/* at /usr/bin/script line 3 */
	return text_ends_with(text, start, "at ") && text[before - 1] != ')';
}

bool
scan_is_place(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	char c = i ? p[i - 1] : 0;

	if (c == ':') {
		if (s->kept_end && s->kept_end == i - 1)
			return true;
		if (is_code_before(p, i - 1))
			return true;
		/* lua's [string "..."]:1: and (command line):1: */
		if (i > 2 && p[i - 2] == ']' && p[i - 3] == '"')
			return true;
		/* awk: cmd. line:1: */
		return text_ends_with(p, i, " line:") && p[n] == ':';
	}
	if (c == '(')
		return i > 1 && p[i - 2] != ' ' && is_code_before(p, i - 1);
	if (c == ',' && text_ends_with(p, i, "{line,")) /* erlang */
		return true;
	if (c == ',')
		return s->kept_end && s->kept_end == i - 1 && p[n] != ' ' &&
		       strchr(")]-", p[n]) && p[n];
	if (c == '[')
		return i > 2 && p[i - 2] == ':' && is_code_before(p, i - 2);
	if (c == ' ') {
		if (text_ends_with(p, i, "line ") && i > 5)
			return is_line_of_code(p, i, n);
		/* dash: script: 3: foo: not found */
		if (i > 2 && p[i - 2] == ':' && p[n] == ':' && p[n + 1] == ' ')
			return is_script(p, i - 2);
		return false;
	}
	return false;
}

enum { PLACES_MAX = 16 };

size_t
scan_place_end(const char *line)
{
	struct scan s = {.text = line};
	size_t i = 0, n;

	for (unsigned seen = 0; line[i] && seen < PLACES_MAX; i++) {
		if (!char_is(line[i], CHAR_DIGIT))
			continue;
		n = i + char_run(line + i, CHAR_DIGIT);
		seen++;
		if (i && !char_is(line[n], CHAR_WORD) &&
		    scan_is_place(&s, i, n))
			s.kept_end = n;
		i = n - 1;
	}
	return s.kept_end;
}
