/* How lines open. */
#include "words.h"

size_t
words_exception_length(const char *line)
{
	size_t n = 0, last = 0;

	while (char_is(line[n], CHAR_WORD) || line[n] == '.' ||
	       line[n] == '$' || (line[n] == ':' && line[n + 1] == ':') ||
	       (n && line[n] == ':' && line[n - 1] == ':') || line[n] == '\\') {
		if (!char_is(line[n], CHAR_WORD))
			last = n + 1;
		n++;
	}
	if (n - last < 5 || !char_is(line[0], CHAR_ALPHA) ||
	    !char_is(line[last], CHAR_UPPER))
		return 0;
	if (line[n] != ':' && line[n])
		return 0;
	if (line[n] == ':' && line[n + 1] && line[n + 1] != ' ')
		return 0;
	if (!words_are_exception(line + last, n - last) &&
	    !(n - last > 8 && !memcmp(line + n - 9, "Throwable", 9)))
		return 0;
	return n;
}

size_t
words_place_length(const char *line)
{
	size_t n = 0, digits;

	while (line[n] && line[n] != ' ' && line[n] != ':' && line[n] != '(')
		n++;
	if (!n || (line[n] != ':' && line[n] != '('))
		return 0;
	digits = char_run(line + n + 1, CHAR_DIGIT);
	if (!digits)
		return 0;
	n += 1 + digits;
	if (line[n] == ':' || line[n] == ',') {
		digits = char_run(line + n + 1, CHAR_DIGIT);
		n += digits ? 1 + digits : 0;
	}
	n += line[n] == ')';
	if (line[n] != ':')
		return 0;
	n++;
	return n + char_blanks(line + n);
}

size_t
words_program_length(const char *line)
{
	size_t n = 0;

	while (line[n] && line[n] != ' ' && line[n] != ':')
		n++;
	if (!n || n > 80 || line[n] != ':' || line[n + 1] != ' ')
		return 0;
	return n + 1 + char_blanks(line + n + 1);
}

static bool
opens_with_error(const char *p)
{
	size_t n = char_run(p, CHAR_ALPHA);
	struct span word = {p, n};

	if (n && n < 16) {
		if (span_in_any_case(word, "error") && p[n] != '=' &&
		    p[n] != '/')
			return true;
		if (span_in(word, "ERROR FATAL Fatal PANIC FEHLER"))
			return true;
		if (span_in(word, "fatal panic") &&
		    (p[n] == ':' || char_starts(p + n, " error")))
			return true;
		if (word.size == 1 && (*p == 'E' || *p == 'F') && p[1] == ':' &&
		    p[2] == ' ')
			return true;
	}
	return char_starts(p, "npm ERR!") || char_starts(p, "npm error") ||
	       char_starts(p, "rsync error:") ||
	       char_starts(p, "CMake Error") ||
	       char_starts(p, "ld.lld: error") || char_starts(p, "PHP Fatal") ||
	       char_starts(p, "PHP Parse") ||
	       char_starts(p, "runtime error:") || char_starts(p, "** (") ||
	       char_starts(p, "FAILED:") || words_exception_length(p);
}

/* "(60) SSL certificate problem", as curl and its like number their faults */
static bool
opens_with_code(const char *p)
{
	size_t digits = *p == '(' ? char_run(p + 1, CHAR_DIGIT) : 0;

	return digits && digits < 4 && p[1 + digits] == ')' &&
	       p[2 + digits] == ' ';
}

bool
words_open_failure(const char *line)
{
	size_t n;

	line += char_blanks(line);
	if (opens_with_error(line) || words_are_sql_header(line) ||
	    strstr(line, " problem: "))
		return true;
	n = words_place_length(line);
	if (n)
		return opens_with_error(line + n);
	n = words_program_length(line);
	if (!n)
		return false;
	if (opens_with_error(line + n) || opens_with_code(line + n))
		return true;
	line += n;
	n = words_place_length(line);
	n = n ? n : words_program_length(line);
	return n && opens_with_error(line + n);
}

static enum level
opening_level(const char *p)
{
	size_t n = char_run(p, CHAR_ALPHA);
	struct span word = {p, n};
	enum level level;

	if (p[0] == '@' && p[1] == ' ')
		return LEVEL_WARNING; /* ssh's box around its warning */
	if (p[0] == '+' && (p[1] == ' ' || (p[1] == '+' && p[2] == ' ')))
		return LEVEL_DEBUG; /* a shell's -x */
	if (!n || n > 40)
		return LEVEL_UNKNOWN;
	level = level_of_word(word);
	if (level && level < LEVEL_ERROR && n > 2) {
		if (p[n] == ':' || p[n] == '[' || p[n] == '!' ||
		    (p[n] == ' ' && p[n + 1] == ':') ||
		    (p[n] == ' ' && level == LEVEL_WARNING))
			return level;
	}
	if (n > 7 && p[n] == ':' &&
	    (!memcmp(p + n - 7, "Warning", 7) ||
		!memcmp(p + n - 7, "warning", 7)))
		return LEVEL_WARNING;
	if (char_starts(p, "npm WARN") || char_starts(p, "npm warn") ||
	    char_starts(p, "CMake Warning") || char_starts(p, "PHP Warning") ||
	    char_starts(p, "PHP Deprecated") || char_starts(p, "PHP Notice") ||
	    char_starts(p, "Use of uninitialized value"))
		return LEVEL_WARNING;
	if (char_starts(p, "npm notice") || char_starts(p, "usage: ") ||
	    char_starts(p, "Usage: "))
		return LEVEL_NOTE;
	return LEVEL_UNKNOWN;
}

enum level
words_opening_level(const char *line)
{
	enum level level;
	size_t n;

	line += char_blanks(line);
	level = opening_level(line);
	if (level)
		return level;
	n = words_place_length(line);
	if (!n)
		n = words_program_length(line);
	return n ? opening_level(line + n) : LEVEL_UNKNOWN;
}
