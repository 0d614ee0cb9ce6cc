/* Which numbers are part of a failure: positions, codes and ports. */
#include "scan_private.h"
#include "token.h"
#include "words.h"

/* Is there only what may join a number to the word before it? */
static bool
is_joined(const char *text, size_t from, size_t to)
{
	return from <= to && to - from <= 6 &&
	       strspn(text + from, " :=([\"#'-") >= to - from;
}

static size_t
end_of(const struct scan *s, struct span word)
{
	return word.size ? (size_t)(word.data - s->text) + word.size : 0;
}

/* Positions in code. */

/* The start of the token (no blank, quote, bracket, colon) that ends at n. */
static size_t
token_start(const char *text, size_t n)
{
	while (n && !strchr(" \"'`()[]<>,;=:|{}", text[n - 1]))
		n--;
	return n;
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

/* " of file x.f90", as Fortran goes on after a line's number; or 0. */
static size_t
file_length(const char *p)
{
	size_t n = char_starts(p, " of file "), from;

	n = n ? n : char_starts(p, " of ");
	n = n ? n : char_starts(p, " in ");
	from = n;
	while (n && p[n] && p[n] != ' ')
		n++;
	while (n > from && strchr(":,.", p[n - 1]))
		n--;
	return n && name_is_code(p + from, n - from) ? n : 0;
}

/* The number after "line ". */
static bool
is_line_of_code(const char *text, size_t i, size_t n)
{
	size_t before = i - 5, start;

	if (file_length(text + n))
		return true;
	/* File "x.py", line 3 */
	if (text_ends_with(text, before, "\", ")) {
		start = token_start(text, before - 3);
		return is_code_before(text, before - 3) ||
		       char_starts(text + n, ", in ") ||
		       (strstr(text, "File \"") &&
			   !name_is_data_file(
			       text + start, before - 3 - start));
	}
	/* x.cs:line 3 of .NET */
	if (before < 2 || text[before - 1] != ' ')
		return text[before - 1] == ':' &&
		       is_code_before(text, before - 1);
	/* in x.php on line 3; on main.tf line 3; x.c, line 3 */
	if (text_ends_with(text, before, " on "))
		before -= 3;
	before -= text_ends_with(text, before, ", ") ? 2 : 1;
	if (!before)
		return false;
	/* x.sh: line 3:, (x.conf: Line 3) */
	if (text[before - 1] == ':')
		return is_code_before(text, before - 1) ||
		       (text[n] == ':' && is_script(text, before - 1));
	/* tcl: (file "x.tcl" line 3) */
	if (text[before - 1] == '"' || is_code_before(text, before))
		return true;
	/* at /usr/bin/script line 3 */
	for (start = before; start && text[start - 1] != ' ';)
		start--;
	return text_ends_with(text, start, "at ");
}

/* The number after "script: Zeile ", as a shell says it in other languages. */
static bool
is_line_abroad(const char *text, size_t i, size_t n)
{
	size_t start = i - 1;

	while (start && text[start - 1] != ' ')
		start--;
	return start > 2 && text[start - 2] == ':' &&
	       text[n + (text[n] == ' ')] == ':' &&
	       is_script(text, start - 2) &&
	       word_is_line((struct span){text + start, i - 1 - start});
}

/* What is before the colon of x.c:12, x.c:12:5 */
static bool
is_place_after_colon(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;

	return (s->kept_end && s->kept_end == i - 1) ||
	       is_code_before(p, i - 1) ||
	       /* loguru: module:function:12 - message */
	       (char_starts(p + n, " - ") && !memchr(p, ' ', i) &&
		   memchr(p, ':', i - 1));
}

bool
keep_is_place(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;

	switch (i ? p[i - 1] : 0) {
	case '.': /* l.12 of TeX */
		return i == 2 && *p == 'l' && p[n] == ' ';
	case '[': /* x.java:[12,5] */
		return i > 2 && is_code_before(p, i - 2);
	case ':':
		return is_place_after_colon(s, i, n);
	case '(':
		return i > 1 && p[i - 2] != ' ' && is_code_before(p, i - 1);
	case ',':
		if (text_ends_with(p, i, "{line,")) /* erlang */
			return true;
		return s->kept_end && s->kept_end == i - 1 && p[n] &&
		       strchr(")]-", p[n]);
	case ' ':
		if (text_ends_with(p, i, "ine ") && i > 5 &&
		    char_lower(p[i - 5]) == 'l')
			return is_line_of_code(p, i, n);
		/* (file: /etc/site.pp, line: 12, column: 3) */
		if (text_ends_with(p, i, ", line: "))
			return is_code_before(p, i - 8);
		if (text_ends_with(p, i, ", column: "))
			return s->kept_end && s->kept_end + 10 == i;
		/* bash abroad: script: ligne 3 : foo */
		if (is_line_abroad(p, i, n))
			return true;
		/* dash: script: 3: foo: not found */
		return i > 2 && p[i - 2] == ':' && p[n] == ':' &&
		       p[n + 1] == ' ' && is_script(p, i - 2);
	default:
		return false;
	}
}

enum { PLACES_MAX = 16 };

size_t
keep_place_end(const char *line)
{
	struct scan s = {.text = line};
	size_t i = 0, n;

	for (unsigned seen = 0; line[i] && seen < PLACES_MAX; i++) {
		if (!char_is(line[i], CHAR_DIGIT))
			continue;
		n = i + char_run(line + i, CHAR_DIGIT);
		seen++;
		if (i && !char_is(line[n], CHAR_WORD) &&
		    keep_is_place(&s, i, n))
			s.kept_end = n;
		i = n - 1;
	}
	return s.kept_end;
}

/* Codes of errors. */

/* (23) alone after a blank; (111: Connection refused) */
static bool
is_in_parentheses(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t open = i;

	if (open && p[open - 1] == '-')
		open--;
	if (n - i > 3 || !open || p[open - 1] != '(')
		return false;
	if (open > 1 && p[open - 2] != ' ')
		return false;
	if (char_starts(p, "thread '"))
		return false;
	return p[n] == ')' || (p[n] == ':' && p[n + 1] == ' ' &&
				  char_is(p[n + 2], CHAR_UPPER));
}

/* 404 Not Found; not 250 MB, and not 250 of 300 Files */
static bool
is_reply(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t k;

	if (p[i] < '1' || p[i] > '5' || p[n] != ' ')
		return false;
	if (i && !strchr(" \"'(:=[", p[i - 1]))
		return false;
	if (char_is(p[n + 1], CHAR_UPPER))
		return !token_unit(p + n) && !text_ends_with(p, i, " of ");
	/* too many 503 error responses; "450 errors" are a count */
	if (p[i] >= '4' && (k = char_starts(p + n, " error") +
				char_starts(p + n, " response") +
				char_starts(p + n, " status")))
		return !char_is(p[n + k], CHAR_WORD);
	return char_is(p[n + 1], CHAR_DIGIT) && p[n + 2] == '.';
}

/* HTTP/1.1 503, and "GET / HTTP/1.1" 503 */
static bool
is_after_protocol(const struct scan *s, size_t i)
{
	const char *p = s->text;
	size_t k = i;

	while (k && (p[k - 1] == ' ' || p[k - 1] == '"'))
		k--;
	while (k && (p[k - 1] == '.' || char_is(p[k - 1], CHAR_DIGIT)))
		k--;
	return k < i && text_ends_with(p, k, "HTTP/");
}

/* SomeException (5), SomeException: 2: text, SomeException (0x80004005): 2: */
static bool
is_after_exception(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t end = end_of(s, s->word);

	if (end && end + 3 == i && p[end] == ')' && p[n] == ':')
		return char_starts(s->word.data, "0x");
	if (end + 2 != i || !word_is_exception(s->word))
		return false;
	return p[i - 1] == '(' ? p[n] == ')' : p[i - 2] == ':' && p[n] == ':';
}

/* https://host/path: 404, https://host/path -> 404 */
static bool
is_after_url(const struct scan *s, size_t i)
{
	const char *p = s->text;
	size_t from = i;

	while (from && strchr(" ->:", p[from - 1]))
		from--;
	if (from == i || p[i] < '1' || p[i] > '5')
		return false;
	while (from && p[from - 1] != ' ')
		from--;
	return memmem(p + from, i - from, "://", 3);
}

/* ORA-00942: capitals, a dash, three digits and more */
static bool
is_vendor_code(const struct scan *s, size_t i, size_t n)
{
	struct span word = s->word;

	return i > 1 && s->text[i - 1] == '-' && n - i >= 3 &&
	       end_of(s, word) == i - 1 && word.size >= 2 &&
	       char_run(word.data, CHAR_UPPER) == word.size;
}

/* What the number after the last word is, unless something else is between. */
static enum word_kind
kind_before(const struct scan *s, size_t i)
{
	enum word_kind kind;

	if (!s->word.size || !is_joined(s->text, end_of(s, s->word), i))
		return WORD_OTHER;
	kind = word_kind(s->word);
	if (kind != WORD_LINK)
		return kind;
	kind = word_kind(s->earlier);
	return kind == WORD_CODE ? WORD_STATUS : kind;
}

/*
 * error 13, "error: 13", exit status of 2, answered 503; "error: 9 pages lost"
 * and "answered 503 requests" are counts, as is "it returned 2!"
 */
static bool
is_after_code_word(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	bool is_count = p[n] == ' ' && char_is(p[n + 1], CHAR_LOWER) &&
			p[n + 1 + char_run(p + n + 1, CHAR_WORD)] != '=';

	if (p[n] == '!')
		return false;
	switch (kind_before(s, i)) {
	case WORD_STATUS:
		return true;
	case WORD_CODE:
		return !is_count || p[end_of(s, s->word)] != ':';
	case WORD_ANSWER:
		return !is_count && n - i == 3 && (p[i] == '4' || p[i] == '5');
	default:
		return false;
	}
}

bool
keep_is_code(const struct scan *s, size_t i, size_t n)
{
	size_t size = n - i;

	return (size <= 5 &&
		   (is_after_exception(s, i, n) || is_in_parentheses(s, i, n) ||
		       /* Msg 208, Level 16 of SQL Server */
		       (i == 4 && line_is_sql_header(s->text)) ||
		       /* SQLSTATE[HY000] [2002] */
		       (text_ends_with(s->text, i, "] [") &&
			   strstr(s->text, "SQLSTATE[")) ||
		       is_after_code_word(s, i, n))) ||
	       (size == 3 && (is_reply(s, i, n) || is_after_protocol(s, i) ||
				 is_after_url(s, i))) ||
	       (size <= 10 && is_vendor_code(s, i, n)) ||
	       /* an HRESULT, with 0x or without */
	       ((size == 8 || size == 10) && (is_after_code_word(s, i, n) ||
						 is_after_exception(s, i, n)));
}

/* Ports. */

/* Asked once for a line, and only when something looks like a port. */
static bool
is_of_network(struct scan *s)
{
	if (!s->is_asked)
		s->has_network = line_is_of_network(s->text);
	s->is_asked = true;
	return s->has_network;
}

/*
 * 10.0.0.1:80, [::1]:80, localhost:80, db.example.com:80, //db:80; in a line of
 * the network orders-db:5432 and ":8080" alone
 */
static bool
is_host_before(struct scan *s, size_t colon)
{
	const char *p = s->text;
	size_t i = colon, size;
	char last = colon ? p[colon - 1] : ' ';

	if (last == ']')
		return colon > 1 && p[colon - 2] != '"';
	while (i && char_is(p[i - 1], CHAR_HOST))
		i--;
	size = colon - i;
	if (!size) /* wget: host|10.0.0.1|:80 */
		return last == '|' || (strchr(" (*", last) && is_of_network(s));
	if (i > 1 && ((p[i - 1] == '/' && p[i - 2] == '/') || p[i - 1] == '@'))
		return true;
	if (i && p[i - 1] == '/')
		return false;
	if (memchr(p + i, '.', size))
		return !name_is_data(p + i, size);
	if (!char_is(p[i], CHAR_ALPHA))
		return false;
	return (size == 9 && char_starts(p + i, "localhost")) ||
	       (!word_is_counted((struct span){p + i, size}) &&
		   !name_is_data(p + i, size) && is_of_network(s));
}

bool
keep_is_port(struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t start = i - 1;

	if (n - i > 5 || !i)
		return false;
	/* ('10.0.0.1', 80) of Python */
	if (i > 3 && p[n] == ')' && p[start] == ' ' && p[i - 2] == ',' &&
	    strchr("'\"", p[i - 3])) {
		for (start = i - 3; start && char_is(p[start - 1], CHAR_HOST);)
			start--;
		return start && p[start - 1] == p[i - 3] &&
		       (memchr(p + start, '.', i - 3 - start) ||
			   char_starts(p + start, "localhost"));
	}
	if (p[start] != ':')
		return kind_before(s, i) == WORD_PORT;
	if (!is_host_before(s, start))
		return false;
	/* [logger.name:123] is a logger and its process */
	while (start && char_is(p[start - 1], CHAR_HOST))
		start--;
	return !(start && p[start - 1] == '[' && p[n] == ']');
}
