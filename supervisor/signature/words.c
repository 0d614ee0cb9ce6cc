#include "words.h"

enum level
level_of_word(struct span word)
{
	static const struct {
		enum level level;
		const char *names;
	} table[] = {
	    {LEVEL_ERROR,
		"error err erro eror severe critical crit failure e"},
	    {LEVEL_FATAL, "fatal fata ftl emerg emergency alert panic dpanic"},
	    {LEVEL_WARNING, "warn warning wrn warni deprecated deprecation w"},
	    {LEVEL_INFO,
		"info information inf informational log i"},
	    {LEVEL_NOTE, "notice note hint help n tip"},
	    {LEVEL_DEBUG,
		"debug dbg debu trace trac trc verbose fine finer finest d"},
	};

	if (word.size > 13)
		return LEVEL_UNKNOWN;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (span_in_any_case(word, table[i].names))
			return table[i].level;
	return LEVEL_UNKNOWN;
}

enum level
level_of_number(long number)
{
	if (number < 0)
		return LEVEL_UNKNOWN;
	if (number < 8) /* syslog: 0 is the gravest */
		return number <= 2 ? LEVEL_FATAL :
		    number == 3	   ? LEVEL_ERROR :
		    number == 4	   ? LEVEL_WARNING :
		    number == 7	   ? LEVEL_DEBUG :
				     LEVEL_INFO;
	if (number < 30)
		return LEVEL_DEBUG;
	if (number < 40)
		return LEVEL_INFO;
	if (number < 50)
		return LEVEL_WARNING;
	return number < 60 ? LEVEL_ERROR : LEVEL_FATAL;
}

/* By first letter; a star at the end: any ending will do. */
static const char *const vocabulary[26] = {
    ['a' - 'a'] = "abort* ambiguous",
    ['b' - 'a'] = "bad broken busy",
    ['c' - 'a'] = "cannot can't corrupt* crash* critical conflict* couldn't "
		  "cancelled canceled",
    ['d' - 'a'] = "denied deadlock* died dead doesn't duplicate dumped",
    ['e' - 'a'] = "error errors exception* expired exceed* exhausted "
		  "exists ended erreur errore",
    ['f' - 'a'] = "fail* fatal fault* forbidden fehler*",
    ['h' - 'a'] = "halt*",
    ['i' - 'a'] = "invalid illegal incorrect incompatible inconsistent "
		  "insufficient interrupted incomplete",
    ['k' - 'a'] = "killed",
    ['l' - 'a'] = "lost leak leaks leaked",
    ['m' - 'a'] = "missing mismatch* malformed mandatory",
    ['n' - 'a'] = "nonexistent",
    ['o' - 'a'] = "oom overflow* omitting",
    ['p' - 'a'] = "panic* prohibited premature*",
    ['r' - 'a'] = "refused rejected refusing required",
    ['s' - 'a'] = "sigsegv sigabrt sigkill stuck",
    ['t' - 'a'] = "timeout timedout traceback truncated terminated",
    ['u' - 'a'] = "unable unreachable undefined unknown unhandled "
		  "unexpected* unavailable unsupported unrecognized "
		  "unrecognised unresolved undeclared unauthorized "
		  "unauthorised unmet unterminated uncaught unreadable "
		  "unusable unmatched underflow unbound unset",
    ['v' - 'a'] = "violat*",
    ['w' - 'a'] = "wrong",
};

/* Pairs of words, for what one word alone would claim too often. */
static const char *const pairs =
    "could not|would not|should not|did not|does not|do not|must not|"
    "must be|not found|no such|not allowed|not permitted|not exist|"
    "not a|not in|is not|was not|are not|not enough|not be|"
    "not known|not open|not supported|not valid|not recognized|not empty|"
    "not defined|not connected|not authorized|no space|no route|no rule|"
    "no suitable|no valid|no matching|no configuration|no host|no key|"
    "timed out|out of|too many|too long|too large|too big|too few|too small|"
    "is a|a directory|read only|in use|reset by|went away|gave up|giving up|"
    "has changed|already exists|up to|end of|unexpectedly closed|"
    "closed by|closed the|has gone|bad file|stale file|is locked|is full|"
    "is down";

/* Letters in lower case as one number, to find a first letter by. */
static bool
is_vocabulary(const char *word, size_t size)
{
	const char *list = vocabulary[(size_t)(word[0] - 'a')];

	while (list && *list) {
		size_t n = 0;
		bool any;

		while (list[n] && list[n] != ' ' && list[n] != '*')
			n++;
		any = list[n] == '*';
		if ((size == n || (any && size > n)) && !memcmp(word, list, n))
			return true;
		list += n + any;
		list += *list == ' ';
	}
	return false;
}

static bool
is_pair(const char *first, size_t first_size, const char *second,
    size_t second_size)
{
	const char *p = pairs;

	while (*p) {
		const char *end = strchr(p, '|');
		size_t n = end ? (size_t)(end - p) : strlen(p);

		if (n == first_size + 1 + second_size && p[first_size] == ' ' &&
		    !memcmp(p, first, first_size) &&
		    !memcmp(p + first_size + 1, second, second_size))
			return true;
		p += n + (end != NULL);
	}
	return false;
}

enum { WORD_MAX = 24 };

/* Words that may open a pair. */
static bool
may_open_pair(const char *word, size_t size)
{
	return span_in((struct span){word, size},
	    "could would should did does do must not no timed out too is a "
	    "read in reset went gave giving has already was are up end "
	    "unexpectedly closed bad stale");
}

/* Does a word end as the name of an exception does? */
static bool
is_exception_word(const char *p, size_t n)
{
	return (n > 5 && !memcmp(p + n - 5, "Error", 5)) ||
	    (n > 9 && !memcmp(p + n - 9, "Exception", 9));
}

bool
words_tell_failure(const char *line, size_t size)
{
	char words[2][WORD_MAX];
	size_t sizes[2] = {0, 0};
	unsigned current = 0;
	size_t i = 0;

	while (i < size) {
		size_t n;

		if (!char_is(line[i], CHAR_WORD)) {
			i++;
			continue;
		}
		n = char_run(line + i, CHAR_WORD);
		if (line[i + n] == '\'' && line[i + n + 1] == 't')
			n += 2;
		if (n < WORD_MAX && char_is(line[i], CHAR_ALPHA)) {
			char *word = words[current];
			unsigned other = current ^ 1;

			for (size_t k = 0; k < n; k++)
				word[k] = char_lower(line[i + k]);
			sizes[current] = n;
			if (n > 2 && is_vocabulary(word, n))
				return true;
			if (sizes[other] &&
			    is_pair(words[other], sizes[other], word, n))
				return true;
			sizes[other] = 0;
			if (n > 10 || !may_open_pair(word, n))
				sizes[current] = 0;
			current = other;
		}
		if (n > 5 && is_exception_word(line + i, n))
			return true;
		i += n;
	}
	return false;
}

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
	if (!is_exception_word(line + last, n - last) &&
	    !(n - last > 8 && !memcmp(line + n - 9, "Throwable", 9)))
		return 0;
	return n;
}

/* Behind FILE:N[:N]: or FILE(N[,N]): at the start of a line; or 0. */
static size_t
place_length(const char *line)
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

/* Behind `prog: ` at the start of a line; or 0. */
static size_t
program_length(const char *line)
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
		if (word.size == 1 && (*p == 'E' || *p == 'F') &&
		    p[1] == ':' && p[2] == ' ')
			return true;
	}
	return char_starts(p, "npm ERR!") || char_starts(p, "npm error") ||
	    char_starts(p, "rsync error:") || char_starts(p, "CMake Error") ||
	    char_starts(p, "ld.lld: error") || char_starts(p, "PHP Fatal") ||
	    char_starts(p, "PHP Parse") || char_starts(p, "runtime error:") ||
	    char_starts(p, "** (") || char_starts(p, "FAILED:") ||
	    words_exception_length(p);
}

bool
words_open_failure(const char *line)
{
	size_t n;

	line += char_blanks(line);
	if (opens_with_error(line))
		return true;
	n = place_length(line);
	if (n)
		return opens_with_error(line + n);
	n = program_length(line);
	if (!n)
		return false;
	if (opens_with_error(line + n))
		return true;
	line += n;
	n = place_length(line);
	n = n ? n : program_length(line);
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
	n = place_length(line);
	if (!n)
		n = program_length(line);
	return n ? opening_level(line + n) : LEVEL_UNKNOWN;
}

bool
words_are_closing(const char *line)
{
	static const char *const openings[] = {"note:", "hint:", "help:",
	    "See ", "see ", "Try '", "Try `", "Usage:", "usage:",
	    "exit status ", "Hint:", "HINT:", "Note:", "For more information",
	    "For more details", "If you ", "Please ", "Process finished",
	    "Aborting", "Aborted", "Execution halted", "Run '", "Run `",
	    "DETAIL", "CONTEXT", "LINE ", "STATEMENT", "Calls:",
	    "compilation terminated", "rsync error: ", "npm ERR! code", "npm error code", "npm ERR! errno",
	    "npm error errno", "npm ERR! syscall", "npm error syscall",
	    "npm ERR! path", "npm error path", "npm ERR! A complete log",
	    "npm error A complete log", "npm ERR! network This is",
	    "Command exited with", "BEGIN failed--", "BEGIN not safe"};
	static const char *const parts[] = {"files/attrs were not transferred",
	    "Exiting with failure status", "Error is not recoverable: exiting",
	    "A complete log of this run", "could not compile",
	    "Could not compile", "Could not read from remote repository",
	    "ld returned ", "aborting due to ", "exit status 1",
	    "exit status 2", "Compilation failed in require",
	    "aborted due to compilation errors", "had compilation errors",
	    "previous error", "Execution halted", "make sure you have the corr",
	    "subcommand failed", "build stopped", "Waiting for unfinished jobs",
	    "returned non-zero exit", "Configuring incomplete"};

	line += char_blanks(line);
	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++)
		if (!strncmp(line, openings[i], strlen(openings[i])))
			return true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(line, parts[i]))
			return true;
	if (char_starts(line, "make") || char_starts(line, "gmake")) {
		const char *p = strstr(line, "] Error ");

		if (p || strstr(line, "] Segmentation"))
			return true;
	}
	/* A build tool's summary: "2 errors", "1 error generated." */
	if (char_is(*line, CHAR_DIGIT)) {
		size_t n = char_run(line, CHAR_DIGIT);

		return char_starts(line + n, " error") ||
		    char_starts(line + n, " warning");
	}
	return false;
}

bool
words_are_hollow(const char *line)
{
	static const char *const whole[] = {"BUILD FAILED", "FAILED", "Error:",
	    "ERROR:", "error:", "Fatal error:", "fatal error:", "Exception:",
	    "Error", "ERROR", "* What went wrong:", "Uncaught exception:",
	    "FAILURE: Build failed with an exception.", "Traceback:", "Errors:",
	    "Unhandled exception:", "Backtrace:", "An error occurred:"};
	size_t n;

	line += char_blanks(line);
	n = strlen(line);
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++)
		if (!strcmp(line, whole[i]))
			return true;
	if (!n || line[n - 1] != ':')
		return false;
	return char_starts(line, "Error in ") ||
	    char_starts(line, "An unhandled exception occurred") ||
	    strstr(line, "In procedure ");
}
