#include "peel.h"

#include "token.h"
#include "peel_private.h"

enum { PREFIXES_MAX = 10 };

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

		if (*q == '[' || (word > 2 && peel_is_level_end(q + word) &&
				     level_of_word((struct span){q, word})))
			return n;
	}
	return 0;
}

/* ==123==; wget's --2026-03-02 04:10:07--; "- " between parts of a prefix */
static size_t
peel_dashes(struct peeling *w, const char *p)
{
	size_t n = peel_checker(w, p);

	if (n)
		return n;
	if (char_starts(p, "--") && (n = token_time(p + 2)) &&
	    char_starts(p + 2 + n, "--")) {
		w->out->is_request = !strstr(p, "(try");
		return n + 4;
	}
	return w->out->has_time && char_starts(p, "- ") &&
	       peel_to_level(w, p + 2);
}

static size_t
peel_word(struct peeling *w, const char *p)
{
	size_t n;

	if ((n = peel_glog(w, p)) || (n = peel_ruby(w, p)) ||
	    (n = peel_level(w, p)) || (n = peel_time(w, p)) ||
	    (n = peel_multiplexer(p)))
		return n;
	return peel_to_level(w, p);
}

static size_t
peel_digits(struct peeling *w, const char *p)
{
	size_t n;

	if ((n = peel_time(w, p)) || (n = peel_number(w, p)))
		return n;
	return peel_multiplexer(p);
}

/* %3|1709352607.123|FAIL|rdkafka#producer-1| */
static size_t
peel_kafka(struct peeling *w, const char *p)
{
	size_t n = 3;

	if (!char_is(p[1], CHAR_DIGIT) || p[2] != '|')
		return 0;
	n += char_run(p + n, CHAR_HOST);
	if (n == 3 || p[n] != '|')
		return 0;
	for (unsigned bars = 0; bars < 2; bars++) {
		n += 1 + strcspn(p + n + 1, "| ");
		if (p[n] != '|')
			return 0;
	}
	w->out->has_time = true;
	peel_take_level(w, level_of_number(p[1] - '0'));
	return n + 1;
}

/* |77|ERROR   |message, behind a time stamp; "| " between prefixes */
static size_t
peel_bar(struct peeling *w, const char *p)
{
	size_t n = 1 + char_run(p + 1, CHAR_HOST), end;

	end = n + char_blanks(p + n);
	if (w->out->has_time && !w->out->level && n > 1 && p[end] == '|') {
		peel_take_level(w, level_of_word((struct span){p + 1, n - 1}));
		return end;
	}
	return w->at && (p[1] == ' ' || w->out->level) ? 1 : 0;
}

static size_t
peel_one(struct peeling *w, const char *p)
{
	size_t n;

	if (char_is(*p, CHAR_ALPHA))
		return peel_word(w, p);
	if (char_is(*p, CHAR_DIGIT))
		return peel_digits(w, p);
	switch (*p) {
	case '[':
		n = peel_bracket(w, p);
		return n ? n : peel_to_level(w, p);
	case '=':
	case '-':
		return peel_dashes(w, p);
	case '<':
		return peel_level(w, p);
	case '(':
	case '*':
		return peel_number(w, p);
	case '|':
		return peel_bar(w, p);
	case '%':
		return peel_kafka(w, p);
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
	out->is_joined = true;
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
	/* loguru: module:function:12 - */
	if (p[n] == ':') {
		size_t f = n + 1 + strcspn(p + n + 1, ": "), d;

		d = p[f] == ':' ? char_run(p + f + 1, CHAR_DIGIT) : 0;
		if (d && char_starts(p + f + 1 + d, " - "))
			return f + d + 4;
	}
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
	if (!out->subject && out->level) {
		while (out->has_time && *p == '[') {
			n = 1;
			while (p[n] && p[n] != ']' && n < PEEL_BRACKET_MAX)
				n++;
			if (p[n] != ']' ||
			    (p[n + 1] != ' ' && memcmp(p + n + 1, ": ", 2)))
				break;
			p += n + 1 + (p[n + 1] == ':');
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
	/* what an excerpt of the source has at its margin */
	if (out->subject[0] == '|' && out->subject[1] == ' ')
		out->subject += 1 + char_blanks(out->subject + 1);
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
	if (!q || q == p ||
	    (!char_is(q[-1], CHAR_DIGIT | CHAR_BLANK) && q[-1] != '%' &&
		!char_is(q[-1], CHAR_ALPHA)))
		return 0;
	return strspn(p, "0123456789 .:-#%kMG") == (size_t)(q - p)
		   ? (size_t)(q - p)
		   : 0;
}

/* Peels prefix after prefix, from w->at on. */
static void
peel_prefixes(struct peeling *w)
{
	for (unsigned i = 0; i < PREFIXES_MAX; i++) {
		const char *p = w->line + w->at;
		size_t skip = char_blanks(p), n = peel_one(w, p + skip);

		if (!n)
			break;
		w->at += skip + n;
	}
}

/* What is left when all has been peeled. */
static void
settle_text(struct peeling *w, size_t size)
{
	struct peeled *out = w->out;
	size_t more;

	/* one blank parts a prefix from the message; more are indentation */
	if (w->at && w->line[w->at] == ' ')
		w->at++;
	/* when nothing is left, the prefix was the message */
	if (!w->line[w->at] && !out->has_time && !out->is_checker)
		w->at = 0;
	out->text = out->body = w->line + w->at;
	out->size = size - w->at;
	if (out->level && w->at && !out->has_time && !w->name.size) {
		more = char_blanks(out->body);
		out->text = out->body += more;
		out->size -= more;
	}
	if (w->name.size)
		join_name(w, size);
}

/* The margin of a box, U+2502 or U+2503 and a blank, at the start; or 0. */
static size_t
margin_length(const char *line)
{
	if (line[0] != '\xe2' || line[1] != '\x94' ||
	    (line[2] != '\x82' && line[2] != '\x83'))
		return 0;
	return 3 + (line[3] == ' ');
}

/* "tid=1x9k class=Sync WARN: message": behind the pairs stands the level. */
static void
look_behind_pairs(struct peeled *out)
{
	const char *p = out->body;
	size_t n, pairs = 0;

	for (; pairs < 12; pairs++) {
		n = char_run(p, CHAR_WORD);
		if (!n || p[n] != '=')
			break;
		n = strcspn(p, " ");
		p += n + char_blanks(p + n);
	}
	n = pairs ? char_run(p, CHAR_UPPER) : 0;
	if (n < 3 || p[n] != ':' || p[n + 1] != ' ')
		return;
	out->level = level_of_word((struct span){p, n});
	if (out->level)
		out->subject = p + n + 2;
}

void
peel_line(char *line, size_t size, struct peeled *out)
{
	size_t margin = margin_length(line), blanks, meter;
	struct peeling w = {.line = line + margin, .out = out};

	line += margin;
	size -= margin;
	blanks = char_blanks(line);
	meter = meter_length(line + blanks);
	w.at = meter ? blanks + meter : 0;
	*out = (struct peeled){.is_boxed = margin > 0};
	if (blanks < 9)
		peel_prefixes(&w);
	settle_text(&w, size);
	if (!out->level)
		look_behind_pairs(out);
	/* "error: x" as a tool writes it is read whole, "Error: x" is not */
	if (w.at && !out->has_time && !w.name.size && !out->is_checker &&
	    out->level >= LEVEL_ERROR && char_is(line[blanks], CHAR_LOWER))
		out->subject = line + blanks;
	if (!out->level)
		out->level = line_level(out->body);
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
