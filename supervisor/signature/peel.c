#include "peel.h"

#include "instant.h"

enum { PREFIXES_MAX = 10, BRACKET_MAX = 100 };

/* What is known while a line is being peeled. */
struct peeling {
	char *line;
	size_t at;        /* behind what was peeled */
	struct span name; /* of the program or logger, if one was peeled */
	bool name_is_program;
	struct peeled *out;
};

static bool
is_level_end(const char *p)
{
	return *p == '\0' || *p == ' ' || *p == ':' || *p == ']' ||
	    *p == '|' || *p == '-' || *p == '/' || *p == ',' || *p == '>';
}

static void
take_level(struct peeling *w, enum level level)
{
	if (!w->out->level)
		w->out->level = level;
}

/* ==123==, ==123:456==, --123-- */
static size_t
peel_checker(struct peeling *w, const char *p)
{
	size_t n;

	if (!(p[0] == '=' && p[1] == '=') && !(p[0] == '-' && p[1] == '-'))
		return 0;
	n = 2 + char_run(p + 2, CHAR_DIGIT);
	if (n == 2)
		return 0;
	if (p[n] == ':')
		n += 1 + char_run(p + n + 1, CHAR_DIGIT);
	if (p[n] != p[0] || p[n + 1] != p[0])
		return 0;
	w->out->is_checker = true;
	return n + 2;
}

/* I0302 04:10:07.123456 12345 file.go:12] */
static size_t
peel_glog(struct peeling *w, const char *p)
{
	size_t n;

	if (!strchr("IWEFD", *p) || !*p || char_run(p + 1, CHAR_DIGIT) < 4)
		return 0;
	n = 1 + char_run(p + 1, CHAR_DIGIT);
	if ((n != 5 && n != 9) || p[n] != ' ' || !instant_length(p + n + 1))
		return 0;
	n += 1 + instant_length(p + n + 1);
	n += char_blanks(p + n);
	n += char_run(p + n, CHAR_DIGIT);
	n += p[n] == ' ';
	w->out->has_time = true;
	take_level(w, *p == 'E'    ? LEVEL_ERROR
		: *p == 'F' ? LEVEL_FATAL
		: *p == 'W' ? LEVEL_WARNING
			    : LEVEL_INFO);
	return n;
}

/* E, [2026-03-02T04:10:07.123456 #1234] ERROR -- prog: */
static size_t
peel_ruby(struct peeling *w, const char *p)
{
	const char *q;

	if (!strchr("DIWEFA", *p) || !*p || p[1] != ',' || p[2] != ' ' ||
	    p[3] != '[' || !instant_length(p + 4))
		return 0;
	q = strstr(p, " -- ");
	if (!q || q - p > 80)
		return 0;
	w->out->has_time = true;
	take_level(w, *p == 'E'	   ? LEVEL_ERROR
		: *p == 'F' ? LEVEL_FATAL
		: *p == 'W' ? LEVEL_WARNING
			    : LEVEL_INFO);
	q += 4;
	if (q[0] == ':' && q[1] == ' ')
		return (size_t)(q + 2 - p);
	w->name = (struct span){q, 0};
	while (*q && *q != ':' && *q != ' ')
		q++;
	w->name.size = (size_t)(q - w->name.data);
	w->name_is_program = true;
	return (size_t)(q - p) + (*q == ':') + (q[0] == ':' && q[1] == ' ');
}

/* Does a clock, hh:mm:ss, stand within these bytes? */
static bool
has_clock(const char *p, size_t n)
{
	for (size_t i = 2; i + 5 < n; i++)
		if (p[i] == ':' && p[i + 3] == ':' &&
		    char_run(p + i + 1, CHAR_DIGIT) == 2 &&
		    char_is(p[i - 1], CHAR_DIGIT) &&
		    char_run(p + i + 4, CHAR_DIGIT) >= 2)
			return true;
	return false;
}

/* A level anywhere in a bracket that holds a time: [04:10:07 ERR]. */
static void
take_level_within(struct peeling *w, const char *p, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		size_t size;

		if (char_is(p[i - 1], CHAR_WORD) || !char_is(p[i], CHAR_ALPHA))
			continue;
		size = char_run(p + i, CHAR_WORD);
		if (size >= 3 && i + size <= n)
			take_level(w, level_of_word((struct span){p + i, size}));
	}
}

/* [pid], [pid 12:tid 34], [1234.567], [0012] */
static bool
is_number_bracket(const char *p, size_t n)
{
	size_t i = 0;
	bool has_digit = false;

	for (; i < n; i++) {
		if (char_is(p[i], CHAR_DIGIT))
			has_digit = true;
		else if (!strchr(" .:#", p[i]) &&
		    !char_starts(p + i, "pid ") && !char_starts(p + i, "tid "))
			return false;
		else if (p[i] == 'p' || p[i] == 't')
			i += 3;
	}
	return has_digit;
}

/* The level of "[error]", "[php7:error]", "[ERROR/MainProcess]". */
static enum level
bracket_level(const char *p, size_t n)
{
	size_t blanks = char_blanks(p), size;
	const char *colon;
	enum level level;

	p += blanks;
	n -= blanks;
	while (n && p[n - 1] == ' ')
		n--;
	size = char_run(p, CHAR_WORD);
	if (size == n || (size < n && (p[size] == '/' || p[size] == ':'))) {
		level = size > 1 || size == n
		    ? level_of_word((struct span){p, size})
		    : LEVEL_UNKNOWN;
		if (level)
			return level;
	}
	colon = memchr(p, ':', n);
	if (!colon || size == n)
		return LEVEL_UNKNOWN;
	colon++;
	size = char_run(colon, CHAR_WORD);
	if (colon + size != p + n || size < 3)
		return LEVEL_UNKNOWN;
	return level_of_word((struct span){colon, size});
}

static size_t
peel_bracket(struct peeling *w, const char *p)
{
	size_t n = 1;
	enum level level;

	if (*p != '[')
		return 0;
	while (p[n] && p[n] != ']' && n < BRACKET_MAX)
		n++;
	if (p[n] != ']' || n == 1)
		return 0;
	if (has_clock(p + 1, n - 1) || instant_length(p + 1)) {
		w->out->has_time = true;
		take_level_within(w, p + 1, n - 1);
		return n + 1;
	}
	level = bracket_level(p + 1, n - 1);
	if (level) {
		take_level(w, level);
		return n + 1 + (p[n + 1] == ':');
	}
	/* a bare [5] in a text without other prefixes may be content */
	if (is_number_bracket(p + 1, n - 1) &&
	    (w->at || memchr(p, '.', n) || strstr(p, "pid")))
		return n + 1;
	return 0;
}

/*
 * `host prog[pid]: ` behind a time stamp; without a pid only in the classic
 * form of syslog.
 */
static size_t
syslog_length(struct peeling *w, const char *p, bool classic)
{
	size_t host, name, n;

	host = char_run(p, CHAR_HOST);
	if (!host || p[host] != ' ')
		return 0;
	n = host + 1;
	name = n;
	while (char_is(p[n], CHAR_HOST) || p[n] == '/' || p[n] == '@' ||
	    p[n] == '(' || p[n] == ')')
		n++;
	if (n == name)
		return 0;
	w->name = (struct span){p + name, n - name};
	if (p[n] == '[') {
		size_t digits = char_run(p + n + 1, CHAR_DIGIT);

		if (!digits || p[n + 1 + digits] != ']')
			return 0;
		n += digits + 2;
	} else if (!classic) {
		return 0;
	}
	if (p[n] != ':')
		return 0;
	w->name_is_program = true;
	return n + 1 + (p[n + 1] == ' ');
}

/* Marks between a time stamp and what follows it. */
static size_t
separator_length(const char *p)
{
	size_t n = 0;

	if (*p == ':' || *p == ',' || *p == ']')
		n++;
	if (char_starts(p + n, " - ") || char_starts(p + n, " | "))
		return n + 2;
	return n;
}

static size_t
peel_time(struct peeling *w, const char *p)
{
	size_t n = 0, digits, program;
	struct span name = w->name;
	bool classic = !char_is(*p, CHAR_DIGIT);

	if (char_is(*p, CHAR_DIGIT | CHAR_UPPER))
		n = instant_length(p);
	if (!n) {
		/* seconds since 1970, with or without a fraction */
		digits = char_run(p, CHAR_DIGIT);
		if ((digits != 10 && digits != 13) || *p != '1')
			return 0;
		n = digits;
		if (p[n] == '.')
			n += 1 + char_run(p + n + 1, CHAR_DIGIT);
		if (p[n] != ' ')
			return 0;
	}
	if (p[4] == '/' && n == 19 && p[n] == ' ')
		w->out->is_go_log = true;
	if (p[4] == '/' && n > 20 && p[19] == '.')
		w->out->is_go_log = true;
	w->out->has_time = true;
	n += separator_length(p + n);
	if (p[n] == ' ') {
		program = syslog_length(w, p + n + 1, classic);
		if (program)
			return n + 1 + program;
		w->name = name;
	}
	return n;
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

static size_t
peel_level(struct peeling *w, const char *p)
{
	size_t n = char_run(p, CHAR_ALPHA), after;
	enum level level;
	bool upper;

	if (*p == '<' && char_run(p + 1, CHAR_DIGIT) == 1 && p[2] == '>') {
		take_level(w, level_of_number(p[1] - '0'));
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
		take_level(w, level);
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
		take_level(w, level);
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
			take_level(w, level);
			return 0;
		}
		/* "error: 13 Permission denied" is a code, not a count */
		if (next == ' ' && !w->out->has_time && is_number_alone(p +
			after + 2))
			return 0;
		take_level(w, level);
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
	if (n == 1 || !is_level_end(p + n) || p[n] == '-' || p[n] == '/')
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
	take_level(w, level);
	if (char_starts(p + n, " - ") || char_starts(p + n, " | "))
		return n + 2;
	/* Spring: ERROR 1234 --- [thread] */
	after = n + char_blanks(p + n);
	after += char_run(p + after, CHAR_DIGIT);
	if (char_starts(p + after, " --- "))
		return after + 4;
	return n;
}

/* web-1  | , web_1  | , 0|app  | */
static size_t
peel_multiplexer(const char *p)
{
	size_t n = char_run(p, CHAR_HOST), blanks;

	if (char_run(p, CHAR_DIGIT) == n && p[n] == '|' &&
	    char_is(p[n + 1], CHAR_ALPHA)) {
		n++;
		n += char_run(p + n, CHAR_HOST);
	} else if (!n || !char_is(p[n - 1], CHAR_DIGIT) ||
	    !char_is(p[0], CHAR_ALPHA) ||
	    (!memchr(p, '-', n) && !memchr(p, '_', n) &&
		!memchr(p, '.', n))) {
		return 0;
	}
	blanks = char_blanks(p + n);
	if (!blanks || p[n + blanks] != '|')
		return 0;
	return n + blanks + 1 + (p[n + blanks + 1] == ' ');
}

/* (node:123), 12#34:, *56 */
static size_t
peel_number(struct peeling *w, const char *p)
{
	size_t n;

	if ((n = char_starts(p, "(node:"))) {
		size_t digits = char_run(p + n, CHAR_DIGIT);

		return digits && p[n + digits] == ')' ? n + digits + 1 : 0;
	}
	if (!w->out->has_time)
		return 0;
	n = char_run(p, CHAR_DIGIT);
	if (n && p[n] == '#') {
		n++;
		n += char_run(p + n, CHAR_DIGIT);
		return p[n] == ':' ? n + 1 : 0;
	}
	if (!n && *p == '*' && (n = char_run(p + 1, CHAR_DIGIT)))
		return p[n + 1] == ' ' ? n + 1 : 0;
	/* a bare pid before a bracket or a level */
	if (n && p[n] == ' ') {
		const char *q = p + n + char_blanks(p + n);
		size_t word = char_run(q, CHAR_UPPER);

		if (*q == '[' || (word > 2 && is_level_end(q + word) &&
				     level_of_word((struct span){q, word})))
			return n;
	}
	return 0;
}

/*
 * Behind a time stamp a level may stand after a thread, a logger, a pid:
 * "... [main] ERROR x", "... - name - ERROR - x".  What stands before it is
 * peeled, a logger's name is kept.
 */
static size_t
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
		if (word >= 3 && words && is_level_end(p + n + word) &&
		    level_of_word((struct span){p + n, word})) {
			if (name.size)
				w->name = name;
			return n;
		}
		if (p[n] == '[') {
			enum level level;

			while (p[n] && p[n] != ']')
				n++;
			if (p[n] != ']' || n - start > BRACKET_MAX)
				return 0;
			level = bracket_level(p + start + 1, n - start - 1);
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

static size_t
peel_one(struct peeling *w, const char *p)
{
	size_t n;

	if (char_is(*p, CHAR_ALPHA)) {
		if ((n = peel_glog(w, p)) || (n = peel_ruby(w, p)) ||
		    (n = peel_level(w, p)) || (n = peel_time(w, p)) ||
		    (n = peel_multiplexer(p)))
			return n;
		return peel_to_level(w, p);
	}
	if (char_is(*p, CHAR_DIGIT)) {
		if ((n = peel_time(w, p)) || (n = peel_number(w, p)) ||
		    (n = peel_multiplexer(p)))
			return n;
		return 0;
	}
	switch (*p) {
	case '[':
		n = peel_bracket(w, p);
		return n ? n : peel_to_level(w, p);
	case '=':
	case '-':
		if ((n = peel_checker(w, p)))
			return n;
		/* wget: --2026-03-02 04:10:07-- */
		if (char_starts(p, "--") && (n = instant_length(p + 2)) &&
		    char_starts(p + 2 + n, "--")) {
			w->out->is_request = !strstr(p, "(try");
			return n + 4;
		}
		return w->out->has_time && char_starts(p, "- ")
		    ? peel_to_level(w, p + 2) ? 1 : 0
		    : 0;
	case '<':
		return peel_level(w, p);
	case '(':
	case '*':
		return peel_number(w, p);
	case '|':
		return w->at && p[1] == ' ' ? 1 : 0;
	}
	return 0;
}

/* Writes "NAME: " right before the message, over what was peeled. */
static void
join_name(struct peeling *w, size_t size)
{
	char *start = w->line + w->at;
	char name[128];
	size_t n = w->name.size;
	struct peeled *out = w->out;

	if (n >= sizeof(name) || !n || (size_t)(start - w->line) < n + 2)
		return;
	memcpy(name, w->name.data, n);
	memcpy(start - n - 2, name, n);
	memcpy(start - 2, ": ", 2);
	out->text = start - n - 2;
	out->size = size - w->at + n + 2;
	if (w->name_is_program)
		out->subject = out->text;
}

/* A logger's name, "com.foo.Bar - " or "o.s.b.App    : ", behind a level. */
static size_t
logger_length(const char *p)
{
	size_t n = 0, blanks;

	while (char_is(p[n], CHAR_HOST) || p[n] == '$' || p[n] == '/')
		n++;
	if (!n)
		return 0;
	blanks = char_blanks(p + n);
	if (blanks && (p[n + blanks] == '-' || p[n + blanks] == ':') &&
	    p[n + blanks + 1] == ' ')
		return n + blanks + 2;
	if (p[n] == ':' && p[n + 1] == ' ' && memchr(p, '.', n) &&
	    !memchr(p, '/', n))
		return n + 2;
	/* klog: file.go:12] */
	if (p[n] == ':' && char_run(p + n + 1, CHAR_DIGIT)) {
		n += 1 + char_run(p + n + 1, CHAR_DIGIT);
		if (p[n] == ']' && p[n + 1] == ' ')
			return n + 2;
		/* zap and its like: the caller, then the message */
		if (p[n] == ' ')
			return n + 1;
	}
	return 0;
}

void
peel_settle(struct peeled *out)
{
	const char *p = out->body;
	size_t n;

	out->indent = char_blanks(p);
	p += out->indent;
	if (!out->subject && out->level && (out->has_time || out->level)) {
		while (out->has_time && *p == '[') {
			n = 1;
			while (p[n] && p[n] != ']' && n < BRACKET_MAX)
				n++;
			if (p[n] != ']' || p[n + 1] != ' ')
				break;
			p += n + 1;
			p += char_blanks(p);
		}
		if (out->has_time) {
			p += logger_length(p);
			p += char_blanks(p);
		}
	}
	if (!out->subject)
		out->subject = p;
	if (!*out->subject)
		out->subject = out->body;
	out->subject += char_blanks(out->subject);
}

/*
 * curl's meter of progress, whose last line its error goes on with:
 * "  0     0 --:--:-- --:--:--     0curl: (6) ...".
 */
static size_t
meter_length(const char *p)
{
	const char *q;

	if (!char_is(*p, CHAR_DIGIT) && *p != '#')
		return 0;
	q = strstr(p, "curl: (");
	if (!q || q == p || (!char_is(q[-1], CHAR_DIGIT | CHAR_BLANK) &&
				q[-1] != '%' && !char_is(q[-1], CHAR_ALPHA)))
		return 0;
	return strspn(p, "0123456789 .:-#%kMG") == (size_t)(q - p)
	    ? (size_t)(q - p)
	    : 0;
}

void
peel_line(char *line, size_t size, struct peeled *out)
{
	struct peeling w = {.line = line, .out = out};
	size_t blanks = char_blanks(line);

	w.at = meter_length(line + blanks) + blanks;
	if (w.at == blanks)
		w.at = 0;
	*out = (struct peeled){0};
	if (blanks < 2 || blanks < 9) {
		for (unsigned i = 0; i < PREFIXES_MAX; i++) {
			size_t skip = char_blanks(line + w.at);
			size_t n = peel_one(&w, line + w.at + skip);

			if (!n)
				break;
			w.at += skip + n;
		}
	}
	/* one blank parts a prefix from the message; more are indentation */
	if (w.at && line[w.at] == ' ')
		w.at++;
	if (!line[w.at] && w.at) {
		/* nothing is left: the prefix was the message */
		w.at = out->has_time || out->is_checker ? w.at : 0;
	}
	out->text = out->body = line + w.at;
	out->size = size - w.at;
	if (out->level && w.at && !out->has_time && !w.name.size) {
		size_t more = char_blanks(out->body);

		out->text = out->body += more;
		out->size -= more;
	}
	if (w.name.size)
		join_name(&w, size);
	/* "error: x" as a tool writes it is read whole, "Error: x" is not */
	if (w.at && !out->has_time && !w.name.size && !out->is_checker &&
	    out->level >= LEVEL_ERROR && char_is(line[blanks], CHAR_LOWER))
		out->subject = line + blanks;
	if (!out->level)
		out->level = words_opening_level(out->body);
	peel_settle(out);
}

bool
peeled_is_bare(const struct peeled *p, const char *line)
{
	return p->text == line && p->body == line &&
	    p->subject == line + p->indent && !p->has_time &&
	    !p->is_checker && !p->is_request && !p->is_go_log;
}

void
peel_bare(const char *line, size_t size, enum level level, struct peeled *out)
{
	*out = (struct peeled){
	    .level = level, .text = line, .body = line, .size = size};
	out->indent = char_blanks(line);
	out->subject = line + out->indent;
}
