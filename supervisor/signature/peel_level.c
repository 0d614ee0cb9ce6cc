/* Levels, and what stands before them. */
#include "peel.h"

#include "peel_private.h"

bool
peel_is_level_end(const char *p)
{
	return *p == '\0' || *p == ' ' || *p == ':' || *p == ']' || *p == '|' ||
	       *p == '-' || *p == '/' || *p == ',' || *p == '>';
}

void
peel_take_level(struct peeling *w, enum level level)
{
	if (!w->out->level)
		w->out->level = level;
}

/* "ERROR at line 3", "ERROR 404:" and "Error 1045" are content. */
static bool
is_content(const char *p)
{
	p += char_blanks(p);
	return char_is(*p, CHAR_DIGIT) || char_starts(p, "at ") ||
	       char_starts(p, "in ") || *p == '(';
}

/* "404: Not Found", "1045 (28000)": more than the pid of a logger. */
static bool
is_reply(const char *p)
{
	size_t n = char_run(p, CHAR_DIGIT);

	return n && (p[n] == ':' || char_starts(p + n, " ("));
}

/* A number that no lower-case word follows. */
static bool
is_number_alone(const char *p)
{
	size_t n = char_run(p, CHAR_DIGIT);

	return n && !(p[n] == ' ' && char_is(p[n + 1], CHAR_LOWER));
}

/* A word that names a level but is what the program says. */
static bool
is_message(const struct peeling *w, const char *p, size_t n)
{
	if (n == 5 && char_starts(p, "panic") && !w->at)
		return true;
	/* they go on with what the line before them said */
	if (n == 4 && char_starts(p, "HINT"))
		return true;
	return n == 1 && !char_is(*p, CHAR_UPPER);
}

/* logrus: ERRO[0012] */
static size_t
peel_counted(struct peeling *w, const char *p, size_t n, enum level level)
{
	size_t digits = char_run(p + n + 1, CHAR_DIGIT);

	if (!digits || p[n + 1 + digits] != ']')
		return 0;
	peel_take_level(w, level);
	return n + digits + 2;
}

/* The logger's name of "ERROR:name:message", with its colon; or 0. */
static size_t
peel_logger(struct peeling *w, const char *p)
{
	size_t n = char_run(p, CHAR_HOST);

	if (!n || p[n] != ':')
		return 0;
	w->name = (struct span){p, n};
	w->name_is_program = false;
	return n + 1;
}

/* A level of n letters with a colon or bar behind it, at p[mark]. */
static size_t
peel_marked(
    struct peeling *w, const char *p, size_t n, size_t mark, enum level level)
{
	bool is_upper = char_run(p, CHAR_UPPER) == n;
	char next = p[mark + 1];

	/* ERROR:root:message of Python's logging */
	if (next && next != ' ' && !(is_upper && n > 2))
		return 0;
	if (is_content(p + n))
		return 0;
	/* behind "prog[pid]: " it is what the program said */
	if (w->name_is_program && !is_upper) {
		peel_take_level(w, level);
		return 0;
	}
	/* "error: 13 Permission denied" is a code, not a count */
	if (next == ' ' && !w->out->has_time && is_number_alone(p + mark + 2))
		return 0;
	peel_take_level(w, level);
	mark++;
	if (is_upper && n > 2 && next && next != ' ')
		mark += peel_logger(w, p + mark);
	return mark;
}

/* Does the level of n letters stand alone, as a logger writes it? */
static bool
is_bare(const struct peeling *w, const char *p, size_t n)
{
	bool is_upper = char_run(p, CHAR_UPPER) == n;

	if (n == 1 || !peel_is_level_end(p + n) || p[n] == '-' || p[n] == '/')
		return false;
	if (!is_upper && !(w->out->has_time && w->at))
		return false;
	/* "ERR unknown command" is Redis speaking, not a logger */
	if (n < 4 && !w->at)
		return false;
	if (is_content(p + n) &&
	    (!w->out->has_time || is_reply(p + n + char_blanks(p + n))))
		return false;
	return !w->out->level;
}

static size_t
peel_bare_level(struct peeling *w, const char *p, size_t n, enum level level)
{
	size_t after;

	if (!is_bare(w, p, n))
		return 0;
	peel_take_level(w, level);
	if (char_starts(p + n, " - ") || char_starts(p + n, " | "))
		return n + 2;
	/* Spring: ERROR 1234 --- [thread] */
	after = n + char_blanks(p + n);
	after += char_run(p + after, CHAR_DIGIT);
	return char_starts(p + after, " --- ") ? after + 4 : n;
}

size_t
peel_level(struct peeling *w, const char *p)
{
	size_t n = char_run(p, CHAR_ALPHA), mark = n;
	enum level level;
	bool is_upper;

	if (*p == '<' && char_run(p + 1, CHAR_DIGIT) == 1 && p[2] == '>') {
		peel_take_level(w, level_of_number(p[1] - '0'));
		return 3;
	}
	if (!n || n > 13 || !(level = level_of_word((struct span){p, n})) ||
	    is_message(w, p, n))
		return 0;
	/* "Error: x" may be the header of a trace: its type is content */
	if (!w->at && char_starts(p, "Error:")) {
		peel_take_level(w, level);
		return 0;
	}
	is_upper = char_run(p, CHAR_UPPER) == n;
	if (p[n] == '[' && is_upper)
		return peel_counted(w, p, n, level);
	/* ERROR : x */
	if (p[n] == ' ' && (w->at || is_upper) &&
	    p[n + 1 + char_blanks(p + n + 1)] == ':')
		mark = n + 1 + char_blanks(p + n + 1);
	if (p[mark] == ':' || p[mark] == '|')
		return peel_marked(w, p, n, mark, level);
	return peel_bare_level(w, p, n, level);
}

/* "[main]", with its brackets; or 0. */
static size_t
bracket_length(const char *p)
{
	size_t n = 1;

	while (p[n] && p[n] != ']')
		n++;
	return n <= PEEL_BRACKET_MAX && p[n] == ']' ? n + 1 : 0;
}

/* A name or number with a blank, or nothing, behind it; or 0. */
static size_t
name_length(const char *p)
{
	size_t n = 0;

	while (char_is(p[n], CHAR_HOST) || p[n] == '/' || p[n] == '$')
		n++;
	return p[n] && p[n] != ' ' ? 0 : n;
}

/* "ERROR", "[ERROR/Main]" */
static bool
is_level_here(const char *p)
{
	size_t word = char_run(p, CHAR_UPPER), size;

	if (*p == '[') {
		size = bracket_length(p);
		return size && peel_bracket_level(p + 1, size - 2);
	}
	return word >= 3 && peel_is_level_end(p + word) &&
	       level_of_word((struct span){p, word});
}

/*
 * Behind a time stamp a level may stand after a thread, a logger, a pid:
 * "... [main] ERROR x", "... - name - ERROR - x".  What stands before it is
 * peeled, a logger's name is kept.
 */
size_t
peel_to_level(struct peeling *w, const char *p)
{
	size_t n = 0;
	struct span name = {NULL, 0};

	if (!w->out->has_time || w->out->level)
		return 0;
	for (unsigned words = 0; words < 5; words++) {
		size_t start, size;

		n += char_blanks(p + n);
		start = n;
		if (words && is_level_here(p + n)) {
			if (name.size)
				w->name = name;
			return n;
		}
		size = p[n] == '[' ? bracket_length(p + n) : name_length(p + n);
		if (!size)
			return 0;
		n += size;
		if (p[start] != '[' && !name.size &&
		    char_is(p[start], CHAR_ALPHA))
			name = (struct span){p + start, size};
	}
	return 0;
}
