/* Ports, which are kept below 32768. */
#include "scan.h"

#include "chars.h"
#include "names.h"
#include "scan_private.h"

/* 10.0.0.1:80, [::1]:80, localhost:80, db.example.com:80, //db:80 */
static bool
is_host_before(const struct scan *s, size_t colon)
{
	const char *p = s->text;
	size_t i;

	if (!colon)
		return false;
	if (p[colon - 1] == '|') /* wget: host|10.0.0.1|:80 */
		return true;
	if (p[colon - 1] == ']')
		return colon > 1 && p[colon - 2] != '"';
	i = colon;
	while (i && char_is(p[i - 1], CHAR_HOST))
		i--;
	if (i == colon)
		return false;
	if (span_in((struct span){p + i, colon - i}, "localhost"))
		return true;
	if (i > 1 && ((p[i - 1] == '/' && p[i - 2] == '/') || p[i - 1] == '@'))
		return true;
	if (i && p[i - 1] == '/')
		return false;
	if (!memchr(p + i, '.', colon - i)) {
		struct span last = {p + s->earlier_start, s->earlier_size};

		return span_in(last, "tcp udp host broker server upstream peer "
				     "endpoint address addr") &&
		       char_is(p[i], CHAR_ALPHA);
	}
	return !name_is_data(p + i, colon - i);
}

bool
scan_is_port(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t from = s->word_start + s->word_size;
	struct span word = {p + s->word_start, s->word_size};

	if (n - i > 5)
		return false;
	if (i && p[i - 1] == ':') {
		size_t start = i - 1;

		if (!is_host_before(s, i - 1))
			return false;
		/* [logger.name:123] is a logger and its process */
		while (start && char_is(p[start - 1], CHAR_HOST))
			start--;
		return !(start && p[start - 1] == '[' && p[n] == ']');
	}
	return from < i && scan_is_port_word(word) &&
	       scan_is_joined(p, from, i);
}
