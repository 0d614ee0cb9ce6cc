/* The vocabulary of failure. */
#include "words.h"

/* By first letter, for a quick answer. */
/* clang-format off */
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
	WORD("problem"),
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
/* clang-format on */

/* Pairs of words, for what one word alone would claim too often. */
/* clang-format off */
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
    WORD("is down"), WORD("self signed"),
    {0},
};
/* clang-format on */

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
/* clang-format off */
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
    ['s' - 'a'] = {WORD("should"), WORD("stale"), WORD("self")},
    ['t' - 'a'] = {WORD("timed"), WORD("too")},
    ['u' - 'a'] = {WORD("up"), WORD("unexpectedly")},
    ['w' - 'a'] = {WORD("would"), WORD("went"), WORD("was")},
};
/* clang-format on */

/* Does a word end as the name of an exception does? */
bool
words_are_exception(const char *p, size_t n)
{
	return (n > 5 && !memcmp(p + n - 5, "Error", 5)) ||
	       (n > 9 && !memcmp(p + n - 9, "Exception", 9));
}

static void
add_to_filter(struct words_filter *f, const struct word *table)
{
	for (; table->text; table++) {
		unsigned second = table->size > 1 && table->text[1] >= 'a' &&
					  table->text[1] <= 'z'
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
		    words_are_exception(line + i, n))
			return true;
		i += n;
	}
	return false;
}
