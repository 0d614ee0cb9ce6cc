/* Time stamps, and the headers that begin with one. */
#include "peel.h"

#include "token.h"
#include "peel_private.h"

/* I0302 04:10:07.123456 12345 file.go:12] */
size_t
peel_glog(struct peeling *w, const char *p)
{
	size_t n;

	if (!strchr("IWEFD", *p) || !*p || char_run(p + 1, CHAR_DIGIT) < 4)
		return 0;
	n = 1 + char_run(p + 1, CHAR_DIGIT);
	if ((n != 5 && n != 9) || p[n] != ' ' || !token_time(p + n + 1))
		return 0;
	n += 1 + token_time(p + n + 1);
	n += char_blanks(p + n);
	n += char_run(p + n, CHAR_DIGIT);
	n += p[n] == ' ';
	w->out->has_time = true;
	peel_take_level(w, *p == 'E'   ? LEVEL_ERROR
			   : *p == 'F' ? LEVEL_FATAL
			   : *p == 'W' ? LEVEL_WARNING
				       : LEVEL_INFO);
	return n;
}

/* E, [2026-03-02T04:10:07.123456 #1234] ERROR -- prog: */
size_t
peel_ruby(struct peeling *w, const char *p)
{
	const char *q;

	if (!strchr("DIWEFA", *p) || !*p || p[1] != ',' || p[2] != ' ' ||
	    p[3] != '[' || !token_time(p + 4))
		return 0;
	q = strstr(p, " -- ");
	if (!q || q - p > 80)
		return 0;
	w->out->has_time = true;
	peel_take_level(w, *p == 'E'   ? LEVEL_ERROR
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

size_t
peel_time(struct peeling *w, const char *p)
{
	size_t n = 0, digits, program;
	struct span name = w->name;
	bool classic = !char_is(*p, CHAR_DIGIT);

	if (char_is(*p, CHAR_DIGIT | CHAR_UPPER))
		n = token_time(p);
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
