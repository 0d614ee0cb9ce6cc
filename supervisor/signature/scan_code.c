/* Codes of errors, which are kept. */
#include "scan.h"

#include "chars.h"
#include "scan_private.h"
#include "words.h"

/* What a number may be joined to an error word by. */
bool
scan_is_joined(const char *text, size_t from, size_t to)
{
	if (to - from > 6)
		return false;
	for (size_t i = from; i < to; i++) {
		if (strchr(" :=([\"#'-", text[i]))
			continue;
		return false;
	}
	return true;
}

enum { CODE_WORD_MAX = 32, CODE_KINDS_MAX = 5 };

struct code_word {
	struct word word;
	bool is_suffix; /* exit_status, errorCode */
};

#define WHOLE(text)                                                            \
	{                                                                      \
		WORD(text), false                                              \
	}
#define SUFFIX(text)                                                           \
	{                                                                      \
		WORD(text), true                                               \
	}

/* What a number behind is a code of; by last letter. */
static const struct code_word code_words[26][CODE_KINDS_MAX] = {
    ['c' - 'a'] = {WHOLE("rc")},
    ['d' - 'a'] = {WHOLE("exited"), WHOLE("returned")},
    ['e' - 'a'] = {SUFFIX("code"), SUFFIX("sqlstate"), WHOLE("response")},
    ['l' - 'a'] = {WHOLE("signal"), WHOLE("retval")},
    ['o' - 'a'] = {SUFFIX("errno")},
    ['p' - 'a'] = {WHOLE("http")},
    ['r' - 'a'] = {SUFFIX("error"), WHOLE("err")},
    ['s' - 'a'] = {SUFFIX("status")},
    ['t' - 'a'] = {WHOLE("exit"), WHOLE("ret"), SUFFIX("hresult")},
    ['v' - 'a'] = {WHOLE("rv")},
};

bool
scan_is_code_word(struct span word)
{
	const struct code_word *w;
	char last = word.size ? char_lower(word.data[word.size - 1]) : 0;

	if (word.size > CODE_WORD_MAX || last < 'a' || last > 'z')
		return false;
	for (w = code_words[last - 'a']; w->word.text; w++) {
		size_t n = w->word.size, k = 0;
		const char *end = word.data + word.size - n;

		if (word.size < n || (!w->is_suffix && word.size > n))
			continue;
		while (k < n && char_lower(end[k]) == w->word.text[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

/* port, Port, srcport */
bool
scan_is_port_word(struct span word)
{
	const char *p = word.data + word.size - 4;

	return word.size >= 4 && (*p == 'p' || *p == 'P') &&
	       !strncmp(p + 1, "ort", 3);
}

/* "error: 9 pages lost" is a count. */
static bool
is_count(const char *text, size_t from, size_t n)
{
	return text[from] == ':' && text[n] == ' ' &&
	       char_is(text[n + 1], CHAR_LOWER);
}

/* (23) alone behind a blank; (111: Connection refused) */
static bool
is_in_parentheses(const char *p, size_t i, size_t n)
{
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

/* 404 Not Found */
static bool
is_reply(const char *p, size_t i, size_t n)
{
	if (n - i != 3 || p[i] < '1' || p[i] > '5' || p[n] != ' ')
		return false;
	if (i && !strchr(" \"'(:=[", p[i - 1]))
		return false;
	if (char_is(p[n + 1], CHAR_UPPER))
		return true;
	return char_is(p[n + 1], CHAR_DIGIT) && p[n + 2] == '.' &&
	       char_is(p[n + 3], CHAR_DIGIT);
}

/* HTTP/1.1 503, and "GET / HTTP/1.1" 503 */
static bool
is_behind_protocol(const char *p, size_t i, size_t n)
{
	size_t k = i;

	if (n - i != 3)
		return false;
	while (k && (p[k - 1] == ' ' || p[k - 1] == '"'))
		k--;
	while (k && (p[k - 1] == '.' || char_is(p[k - 1], CHAR_DIGIT)))
		k--;
	return k < i && text_ends_with(p, k, "HTTP/");
}

/* SomeException (5), SomeException: 23505: text */
static bool
is_behind_exception(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t from = s->word_start + s->word_size;

	if (from + 2 != i ||
	    !words_are_exception(p + s->word_start, s->word_size))
		return false;
	return p[i - 1] == '(' ? p[n] == ')' : p[i - 2] == ':' && p[n] == ':';
}

/* SomeException (0x80004005): 23505: text */
static bool
is_behind_hresult(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text, *word = p + s->word_start;

	return s->word_start + s->word_size + 3 == i && p[n] == ':' &&
	       char_starts(word, "0x") && char_starts(p + i - 3, "): ");
}

/* https://host/path: 404, https://host/path -> 404 */
static bool
is_behind_url(const char *p, size_t i, size_t n)
{
	size_t from;

	if (n - i != 3 || p[i] < '1' || p[i] > '5')
		return false;
	if (text_ends_with(p, i, " -> "))
		from = i - 4;
	else if (text_ends_with(p, i, ": "))
		from = i - 2;
	else
		return false;
	for (; from && p[from - 1] != ' '; from--)
		if (p[from] == '/' && p[from - 1] == '/' && from > 1 &&
		    p[from - 2] == ':')
			return true;
	return false;
}

bool
scan_is_code(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t from = s->word_start + s->word_size;
	struct span word = {p + s->word_start, s->word_size};
	bool is_hex = n - i == 8 || n - i == 10;

	if (n - i > 5 && !is_hex)
		return false;
	if (is_behind_exception(s, i, n))
		return true;
	if (n - i <= 5 &&
	    (is_in_parentheses(p, i, n) || is_reply(p, i, n) ||
		is_behind_protocol(p, i, n) || is_behind_hresult(s, i, n) ||
		is_behind_url(p, i, n)))
		return true;
	/* Msg 208, Level 16 */
	if (i == 4 && words_are_sql_header(p))
		return true;
	/* ORA-00942 */
	if (i > 1 && p[i - 1] == '-' && n - i >= 3 && from == i - 1 &&
	    char_run(word.data, CHAR_UPPER) == word.size && word.size >= 2)
		return true;
	if (!word.size || from > i)
		return false;
	if (word.size <= 4 && span_in(word, "of is to with") &&
	    scan_is_joined(p, from, i)) {
		word = (struct span){p + s->earlier_start, s->earlier_size};
		return scan_is_code_word(word);
	}
	if (!scan_is_joined(p, from, i))
		return text_ends_with(p, i, "] [") && strstr(p, "SQLSTATE[") &&
		       n - i <= 5;
	return scan_is_code_word(word) && !is_count(p, from, n);
}
