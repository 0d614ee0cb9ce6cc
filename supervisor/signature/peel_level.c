/* Levels, and what stands before them. */
#include "peel.h"

#include "peel_private.h"

bool
peel_is_level_end(const char *p)
{
	return *p == '\0' || *p == ' ' || *p == ':' || *p == ']' ||
	    *p == '|' || *p == '-' || *p == '/' || *p == ',' || *p == '>';
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

size_t
peel_level(struct peeling *w, const char *p)
{
	size_t n = char_run(p, CHAR_ALPHA), after;
	enum level level;
	bool upper;

	if (*p == '<' && char_run(p + 1, CHAR_DIGIT) == 1 && p[2] == '>') {
		peel_take_level(w, level_of_number(p[1] - '0'));
		return 3;
	}
	if (!n || n > 13)
		return 0;
	level = level_of_word((struct span){p, n});
	if (!level)
		return 0;
	if (n == 5 && char_starts(p, "panic") && !w->at)
		return 0;
	/* they go on with what the line before them said */
	if (n == 4 && char_starts(p, "HINT"))
		return 0;
	/* "Error: x" may be the header of a trace: its type is content */
	if (!w->at && char_starts(p, "Error:")) {
		peel_take_level(w, level);
		return 0;
	}
	upper = char_run(p, CHAR_UPPER) == n;
	if (n == 1 && !upper)
		return 0;
	after = n;
	/* logrus: ERRO[0012] */
	if (p[n] == '[' && upper) {
		size_t digits = char_run(p + n + 1, CHAR_DIGIT);

		if (!digits || p[n + 1 + digits] != ']')
			return 0;
		peel_take_level(w, level);
		return n + digits + 2;
	}
	if (p[after] == ' ' && p[after + 1 + char_blanks(p + after + 1)] == ':' &&
	    (w->at || upper))
		after += 1 + char_blanks(p + after + 1);
	if (p[after] == ':' || p[after] == '|') {
		char next = p[after + 1];

		/* ERROR:root:message of Python's logging */
		if (next && next != ' ' && !(upper && n > 2))
			return 0;
		if (is_content(p + n))
			return 0;
		/* behind "prog[pid]: " it is what the program said */
		if (w->name_is_program && !upper) {
			peel_take_level(w, level);
			return 0;
		}
		/* "error: 13 Permission denied" is a code, not a count */
		if (next == ' ' && !w->out->has_time && is_number_alone(p +
			after + 2))
			return 0;
		peel_take_level(w, level);
		after++;
		if (upper && n > 2 && next && next != ' ') {
			size_t name = 0;

			while (char_is(p[after + name], CHAR_HOST))
				name++;
			if (name && p[after + name] == ':') {
				w->name = (struct span){p + after, name};
				w->name_is_program = false;
				after += name + 1;
			}
		}
		return after;
	}
	if (n == 1 || !peel_is_level_end(p + n) || p[n] == '-' || p[n] == '/')
		return 0;
	if (!upper && !(w->out->has_time && w->at))
		return 0;
	/* "ERR unknown command" is Redis speaking, not a logger */
	if (n < 4 && !w->at)
		return 0;
	if (is_content(p + n) &&
	    (!w->out->has_time || is_reply(p + n + char_blanks(p + n))))
		return 0;
	if (w->out->level)
		return 0;
	peel_take_level(w, level);
	if (char_starts(p + n, " - ") || char_starts(p + n, " | "))
		return n + 2;
	/* Spring: ERROR 1234 --- [thread] */
	after = n + char_blanks(p + n);
	after += char_run(p + after, CHAR_DIGIT);
	if (char_starts(p + after, " --- "))
		return after + 4;
	return n;
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
		size_t start, word;

		n += char_blanks(p + n);
		start = n;
		word = char_run(p + n, CHAR_UPPER);
		if (word >= 3 && words && peel_is_level_end(p + n + word) &&
		    level_of_word((struct span){p + n, word})) {
			if (name.size)
				w->name = name;
			return n;
		}
		if (p[n] == '[') {
			enum level level;

			while (p[n] && p[n] != ']')
				n++;
			if (p[n] != ']' || n - start > PEEL_BRACKET_MAX)
				return 0;
			level = peel_bracket_level(p + start + 1, n - start - 1);
			if (level && words) {
				if (name.size)
					w->name = name;
				return start;
			}
			n++;
			continue;
		}
		while (char_is(p[n], CHAR_HOST) || p[n] == '/' || p[n] == '$')
			n++;
		if (n == start || (p[n] && p[n] != ' '))
			return 0;
		if (!name.size && char_is(p[start], CHAR_ALPHA))
			name = (struct span){p + start, n - start};
	}
	return 0;
}
