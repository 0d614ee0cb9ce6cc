#include "words.h"

struct level_word {
	struct word word;
	enum level level;
};

/* By first letter. */
static const struct level_word levels[26][8] = {
    ['a' - 'a'] = {
	{WORD("alert"), LEVEL_FATAL},
	},
    ['c' - 'a'] = {
	{WORD("critical"), LEVEL_ERROR},
	{WORD("crit"), LEVEL_ERROR},
	},
    ['d' - 'a'] = {
	{WORD("dpanic"), LEVEL_FATAL},
	{WORD("deprecated"), LEVEL_WARNING},
	{WORD("deprecation"), LEVEL_WARNING},
	{WORD("debug"), LEVEL_DEBUG},
	{WORD("dbg"), LEVEL_DEBUG},
	{WORD("debu"), LEVEL_DEBUG},
	{WORD("d"), LEVEL_DEBUG},
	},
    ['e' - 'a'] = {
	{WORD("error"), LEVEL_ERROR},
	{WORD("err"), LEVEL_ERROR},
	{WORD("erro"), LEVEL_ERROR},
	{WORD("eror"), LEVEL_ERROR},
	{WORD("e"), LEVEL_ERROR},
	{WORD("emerg"), LEVEL_FATAL},
	{WORD("emergency"), LEVEL_FATAL},
	},
    ['f' - 'a'] = {
	{WORD("failure"), LEVEL_ERROR},
	{WORD("fatal"), LEVEL_FATAL},
	{WORD("fata"), LEVEL_FATAL},
	{WORD("ftl"), LEVEL_FATAL},
	{WORD("fine"), LEVEL_DEBUG},
	{WORD("finer"), LEVEL_DEBUG},
	{WORD("finest"), LEVEL_DEBUG},
	},
    ['h' - 'a'] = {
	{WORD("hint"), LEVEL_NOTE},
	{WORD("help"), LEVEL_NOTE},
	},
    ['i' - 'a'] = {
	{WORD("info"), LEVEL_INFO},
	{WORD("information"), LEVEL_INFO},
	{WORD("inf"), LEVEL_INFO},
	{WORD("informational"), LEVEL_INFO},
	{WORD("i"), LEVEL_INFO},
	},
    ['l' - 'a'] = {
	{WORD("log"), LEVEL_INFO},
	},
    ['n' - 'a'] = {
	{WORD("notice"), LEVEL_NOTE},
	{WORD("note"), LEVEL_NOTE},
	{WORD("n"), LEVEL_NOTE},
	},
    ['p' - 'a'] = {
	{WORD("panic"), LEVEL_FATAL},
	},
    ['s' - 'a'] = {
	{WORD("severe"), LEVEL_ERROR},
	},
    ['t' - 'a'] = {
	{WORD("tip"), LEVEL_NOTE},
	{WORD("trace"), LEVEL_DEBUG},
	{WORD("trac"), LEVEL_DEBUG},
	{WORD("trc"), LEVEL_DEBUG},
	},
    ['v' - 'a'] = {
	{WORD("verbose"), LEVEL_DEBUG},
	},
    ['w' - 'a'] = {
	{WORD("warn"), LEVEL_WARNING},
	{WORD("warning"), LEVEL_WARNING},
	{WORD("wrn"), LEVEL_WARNING},
	{WORD("warni"), LEVEL_WARNING},
	{WORD("w"), LEVEL_WARNING},
	},
};

enum level
level_of_word(struct span word)
{
	char lower[16];
	const struct level_word *p;

	if (!word.size || word.size > 13 || !char_is(*word.data, CHAR_ALPHA))
		return LEVEL_UNKNOWN;
	p = levels[char_lower(*word.data) - 'a'];
	if (!p->word.text)
		return LEVEL_UNKNOWN;
	for (size_t i = 0; i < word.size; i++)
		lower[i] = char_lower(word.data[i]);
	for (; p->word.text; p++)
		if (p->word.size == word.size &&
		    !memcmp(lower, p->word.text, word.size))
			return p->level;
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

/* By first letter, for a quick answer. */
static const struct word vocabulary[26][24] = {
    ['a' - 'a'] = {
	STEM("abort"), WORD("ambiguous"),
	},
    ['b' - 'a'] = {
	WORD("bad"), WORD("broken"), WORD("busy"),
	},
    ['c' - 'a'] = {
	WORD("cannot"), WORD("can't"), STEM("corrupt"), STEM("crash"),
	WORD("critical"), STEM("conflict"), WORD("couldn't"),
	WORD("cancelled"), WORD("canceled"),
	},
    ['d' - 'a'] = {
	WORD("denied"), STEM("deadlock"), WORD("died"), WORD("dead"),
	WORD("doesn't"), WORD("duplicate"), WORD("dumped"),
	},
    ['e' - 'a'] = {
	WORD("error"), WORD("errors"), STEM("exception"), WORD("expired"),
	STEM("exceed"), WORD("exhausted"), WORD("exists"), WORD("ended"),
	WORD("erreur"), WORD("errore"),
	},
    ['f' - 'a'] = {
	STEM("fail"), WORD("fatal"), STEM("fault"), WORD("forbidden"),
	STEM("fehler"),
	},
    ['h' - 'a'] = {
	STEM("halt"),
	},
    ['i' - 'a'] = {
	WORD("invalid"), WORD("illegal"), WORD("incorrect"),
	WORD("incompatible"), WORD("inconsistent"), WORD("insufficient"),
	WORD("interrupted"), WORD("incomplete"),
	},
    ['k' - 'a'] = {
	WORD("killed"),
	},
    ['l' - 'a'] = {
	WORD("lost"), WORD("leak"), WORD("leaks"), WORD("leaked"),
	},
    ['m' - 'a'] = {
	WORD("missing"), STEM("mismatch"), WORD("malformed"),
	WORD("mandatory"),
	},
    ['n' - 'a'] = {
	WORD("nonexistent"),
	},
    ['o' - 'a'] = {
	WORD("oom"), STEM("overflow"), WORD("omitting"),
	},
    ['p' - 'a'] = {
	STEM("panic"), WORD("prohibited"), STEM("premature"),
	},
    ['r' - 'a'] = {
	WORD("refused"), WORD("rejected"), WORD("refusing"),
	WORD("required"),
	},
    ['s' - 'a'] = {
	WORD("sigsegv"), WORD("sigabrt"), WORD("sigkill"), WORD("stuck"),
	},
    ['t' - 'a'] = {
	WORD("timeout"), WORD("timedout"), WORD("traceback"),
	WORD("truncated"), WORD("terminated"),
	},
    ['u' - 'a'] = {
	WORD("unable"), WORD("unreachable"), WORD("undefined"),
	WORD("unknown"), WORD("unhandled"), STEM("unexpected"),
	WORD("unavailable"), WORD("unsupported"), WORD("unrecognized"),
	WORD("unrecognised"), WORD("unresolved"), WORD("undeclared"),
	WORD("unauthorized"), WORD("unauthorised"), WORD("unmet"),
	WORD("unterminated"), WORD("uncaught"), WORD("unreadable"),
	WORD("unusable"), WORD("unmatched"), WORD("underflow"),
	WORD("unbound"), WORD("unset"),
	},
    ['v' - 'a'] = {
	STEM("violat"),
	},
    ['w' - 'a'] = {
	WORD("wrong"),
	},
};

/* Pairs of words, for what one word alone would claim too often. */
static const struct word pairs[] = {
    WORD("could not"), WORD("would not"), WORD("should not"),
    WORD("did not"), WORD("does not"), WORD("do not"), WORD("must not"),
    WORD("must be"), WORD("not found"), WORD("no such"), WORD("not allowed"),
    WORD("not permitted"), WORD("not exist"), WORD("not a"), WORD("not in"),
    WORD("is not"), WORD("was not"), WORD("are not"), WORD("not enough"),
    WORD("not be"), WORD("not known"), WORD("not open"),
    WORD("not supported"), WORD("not valid"), WORD("not recognized"),
    WORD("not empty"), WORD("not defined"), WORD("not connected"),
    WORD("not authorized"), WORD("no space"), WORD("no route"),
    WORD("no rule"), WORD("no suitable"), WORD("no valid"),
    WORD("no matching"), WORD("no configuration"), WORD("no host"),
    WORD("no key"), WORD("timed out"), WORD("out of"), WORD("too many"),
    WORD("too long"), WORD("too large"), WORD("too big"), WORD("too few"),
    WORD("too small"), WORD("is a"), WORD("a directory"), WORD("read only"),
    WORD("in use"), WORD("reset by"), WORD("went away"), WORD("gave up"),
    WORD("giving up"), WORD("has changed"), WORD("already exists"),
    WORD("up to"), WORD("end of"), WORD("unexpectedly closed"),
    WORD("closed by"), WORD("closed the"), WORD("has gone"),
    WORD("bad file"), WORD("stale file"), WORD("is locked"), WORD("is full"),
    WORD("is down"),
    {0},
};

static bool
is_pair(const char *first, size_t first_size, const char *second,
    size_t second_size)
{
	for (const struct word *p = pairs; p->text; p++)
		if (p->size == first_size + 1 + second_size &&
		    p->text[first_size] == ' ' && *p->text == *first &&
		    !memcmp(p->text, first, first_size) &&
		    !memcmp(p->text + first_size + 1, second, second_size))
			return true;
	return false;
}

enum { WORD_MAX = 24 };

/* Words that may open a pair, by first letter. */
static const struct word pair_openers[26][8] = {
    ['a' - 'a'] = {WORD("a"), WORD("already"), WORD("are")},
    ['b' - 'a'] = {WORD("bad")},
    ['c' - 'a'] = {WORD("could"), WORD("closed")},
    ['d' - 'a'] = {WORD("did"), WORD("does"), WORD("do")},
    ['e' - 'a'] = {WORD("end")},
    ['g' - 'a'] = {WORD("gave"), WORD("giving")},
    ['h' - 'a'] = {WORD("has")},
    ['i' - 'a'] = {WORD("is"), WORD("in")},
    ['m' - 'a'] = {WORD("must")},
    ['n' - 'a'] = {WORD("not"), WORD("no")},
    ['o' - 'a'] = {WORD("out")},
    ['r' - 'a'] = {WORD("read"), WORD("reset")},
    ['s' - 'a'] = {WORD("should"), WORD("stale")},
    ['t' - 'a'] = {WORD("timed"), WORD("too")},
    ['u' - 'a'] = {WORD("up"), WORD("unexpectedly")},
    ['w' - 'a'] = {WORD("would"), WORD("went"), WORD("was")},
};

/* Does a word end as the name of an exception does? */
static bool
is_exception_word(const char *p, size_t n)
{
	return (n > 5 && !memcmp(p + n - 5, "Error", 5)) ||
	    (n > 9 && !memcmp(p + n - 9, "Exception", 9));
}

static void
add_to_filter(struct words_filter *f, const struct word *table)
{
	for (; table->text; table++) {
		unsigned second = table->size > 1 &&
			table->text[1] >= 'a' && table->text[1] <= 'z'
		    ? (unsigned)(table->text[1] - 'a')
		    : 26;

		f->second[table->text[0] - 'a'] |= 1u << second;
	}
}

void
words_filter_init(struct words_filter *f)
{
	memset(f, 0, sizeof(*f));
	for (size_t i = 0; i < 26; i++) {
		add_to_filter(f, vocabulary[i]);
		add_to_filter(f, pair_openers[i]);
	}
}

/* Could a word that starts with these letters be one of ours? */
static bool
may_matter(const struct words_filter *f, const char *p)
{
	char a = char_lower(p[0]), b = char_lower(p[1]);

	if (a < 'a' || a > 'z')
		return false;
	return f->second[a - 'a'] >> (b >= 'a' && b <= 'z' ? b - 'a' : 26) & 1;
}

/* The last word, in lower case, as far as it may open a pair. */
struct last_word {
	size_t size;
	char text[WORD_MAX];
};

/* Is this word of the line, behind `last`, one that tells of failure? */
static bool
word_tells_failure(const struct words_filter *f, struct last_word *last,
    const char *p, size_t n)
{
	char lower[WORD_MAX];
	unsigned letter;

	if (n >= WORD_MAX || (!last->size && !may_matter(f, p))) {
		last->size = 0;
		return false;
	}
	for (size_t k = 0; k < n; k++)
		lower[k] = char_lower(p[k]);
	if (last->size && is_pair(last->text, last->size, lower, n))
		return true;
	last->size = 0;
	letter = (unsigned)(char_lower(*p) - 'a');
	if (letter >= 26)
		return false;
	if (n > 2 && span_among((struct span){lower, n}, vocabulary[letter]))
		return true;
	if (span_among((struct span){lower, n}, pair_openers[letter])) {
		memcpy(last->text, lower, n);
		last->size = n;
	}
	return false;
}

bool
words_tell_failure(const struct words_filter *f, const char *line, size_t size)
{
	struct last_word last = {0};
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
		if (word_tells_failure(f, &last, line + i, n))
			return true;
		if (n > 5 && char_is(line[i], CHAR_UPPER) &&
		    is_exception_word(line + i, n))
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
	static const struct word openings[] = {
	    WORD("note:"), WORD("hint:"), WORD("help:"), WORD("See "),
	    WORD("see "), WORD("Try '"), WORD("Try `"), WORD("Usage:"),
	    WORD("usage:"), WORD("exit status "), WORD("Hint:"),
	    WORD("HINT:"), WORD("Note:"), WORD("For more information"),
	    WORD("For more details"), WORD("If you "), WORD("Please "),
	    WORD("Process finished"), WORD("Aborting"), WORD("Aborted"),
	    WORD("Execution halted"), WORD("Run '"), WORD("Run `"),
	    WORD("DETAIL"), WORD("CONTEXT"), WORD("LINE "),
	    WORD("STATEMENT"), WORD("Calls:"),
	    WORD("compilation terminated"), WORD("rsync error: "),
	    WORD("npm ERR! code"), WORD("npm error code"),
	    WORD("npm ERR! errno"), WORD("npm error errno"),
	    WORD("npm ERR! syscall"), WORD("npm error syscall"),
	    WORD("npm ERR! path"), WORD("npm error path"),
	    WORD("npm ERR! A complete log"),
	    WORD("npm error A complete log"),
	    WORD("npm ERR! network This is"), WORD("Command exited with"),
	    WORD("BEGIN failed--"), WORD("BEGIN not safe"),
	    {0},
	};
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
	if (char_opening(line, openings))
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
	static const struct word whole[] = {
	    WORD("BUILD FAILED"), WORD("FAILED"), WORD("Error:"),
	    WORD("ERROR:"), WORD("error:"), WORD("Fatal error:"),
	    WORD("fatal error:"), WORD("Exception:"), WORD("Error"),
	    WORD("ERROR"), WORD("* What went wrong:"),
	    WORD("Uncaught exception:"),
	    WORD("FAILURE: Build failed with an exception."),
	    WORD("Traceback:"), WORD("Errors:"),
	    WORD("Unhandled exception:"), WORD("Backtrace:"),
	    WORD("An error occurred:"),
	    {0},
	};
	size_t n;

	line += char_blanks(line);
	n = strlen(line);
	if (span_among((struct span){line, n}, whole))
		return true;
	if (!n || line[n - 1] != ':')
		return false;
	return char_starts(line, "Error in ") ||
	    char_starts(line, "An unhandled exception occurred") ||
	    strstr(line, "In procedure ");
}
