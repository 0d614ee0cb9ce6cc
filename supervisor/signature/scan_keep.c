/* A quick look at what stands around a number. */
#include "scan.h"

#include "chars.h"
#include "scan_private.h"

/* Words behind which a number may be kept; those of JSON levels as well. */
static bool
is_keeping_word(struct span word)
{
	if (scan_is_code_word(word) || scan_is_port_word(word))
		return true;
	return word.size && word.size <= 8 &&
	       memchr("ilostw", char_lower(*word.data), 6) &&
	       span_in_any_case(word, "line of is to with level severity "
				      "levelno lvl s l loglevel");
}

/* Behind a word and what may join a number to it. */
static bool
is_behind_keeping_word(const char *text, size_t i)
{
	size_t end = i, start;

	while (end && strchr(" :=([\"#'-", text[end - 1]))
		end--;
	start = end;
	while (start && char_is(text[start - 1], CHAR_WORD))
		start--;
	return is_keeping_word((struct span){text + start, end - start});
}

bool
scan_may_keep(const char *text, size_t i, size_t n)
{
	char c = i ? text[i - 1] : 0, b = i > 1 ? text[i - 2] : 0;

	if (n - i == 3 && text[n] == ' ' &&
	    char_is(text[n + 1], CHAR_UPPER | CHAR_DIGIT))
		return true;
	if (i == 4 && char_starts(text, "Msg "))
		return true;
	switch (c) {
	case ':':
		return b != '"' || is_behind_keeping_word(text, i);
	case '(':
		return true;
	case ',':
		return text[n] && strchr(")]-}", text[n]);
	case '[':
		return b == ':' || b == ' ' || is_behind_keeping_word(text, i);
	case '-':
		return char_is(b, CHAR_UPPER) || b == '(' ||
		       is_behind_keeping_word(text, i);
	case ' ':
	case '"':
		if (b == ':' || b == '>' || char_is(b, CHAR_DIGIT))
			return true;
		return is_behind_keeping_word(text, i);
	case '=':
	case '#':
	case '\'':
		return is_behind_keeping_word(text, i);
	default:
		return false;
	}
}
