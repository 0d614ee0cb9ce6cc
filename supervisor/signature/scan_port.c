/* Ports, which are kept below 32768. */
#include "scan.h"

#include "chars.h"
#include "names.h"
#include "scan_private.h"

/* Words of which one says that a line is about a connection. */
/* clang-format off */
static const struct word network_words[] = {
    WORD("bind"), WORD("broker"), STEM("connect"),
    WORD("dial"), WORD("host"), STEM("listen"), WORD("lookup"),
    STEM("reach"), WORD("refused"), WORD("reset"), WORD("server"),
    WORD("tcp"), WORD("udp"), STEM("unreachable"),
    {0},
};
/* clang-format on */

/* Asked once for a line, and only when something looks like a port. */
static bool
is_of_network(struct scan *s)
{
	const char *p = s->text;
	char lower[12];
	size_t n, k;

	if (s->is_asked)
		return s->has_network;
	s->is_asked = true;
	for (; *p && !s->has_network; p += n ? n : 1) {
		n = char_run(p, CHAR_ALPHA);
		for (k = 0; k < n && k < sizeof(lower); k++)
			lower[k] = char_lower(p[k]);
		if (n > 2)
			s->has_network =
			    span_among((struct span){lower, k}, network_words);
	}
	return s->has_network;
}

/* Words before a colon and a number that is no port. */
static const char counted_words[] =
    "pid tid uid gid id line row col column record byte offset pos position "
    "attempt attempts retry retries try count size len length total step "
    "page worker thread task job seq index level lvl time timeout after "
    "elapsed ms sec at n no num user error errno code status";

/* orders-db:5432, cache1:6379; and ":8080" alone */
static bool
is_bare_host(struct scan *s, size_t i, size_t colon)
{
	const char *p = s->text;

	if (i == colon)
		return strchr(" (*", i ? p[i - 1] : ' ') && is_of_network(s);
	return char_is(p[i], CHAR_ALPHA) &&
	       !span_in_any_case(
		   (struct span){p + i, colon - i}, counted_words) &&
	       !name_is_data(p + i, colon - i) && is_of_network(s);
}

/* 10.0.0.1:80, [::1]:80, localhost:80, db.example.com:80, //db:80 */
static bool
is_host_before(struct scan *s, size_t colon)
{
	const char *p = s->text;
	size_t i;

	if (!colon)
		return is_bare_host(s, 0, 0);
	if (p[colon - 1] == '|') /* wget: host|10.0.0.1|:80 */
		return true;
	if (p[colon - 1] == ']')
		return colon > 1 && p[colon - 2] != '"';
	i = colon;
	while (i && char_is(p[i - 1], CHAR_HOST))
		i--;
	if (i == colon)
		return is_bare_host(s, i, colon);
	if (span_in((struct span){p + i, colon - i}, "localhost"))
		return true;
	if (i > 1 && ((p[i - 1] == '/' && p[i - 2] == '/') || p[i - 1] == '@'))
		return true;
	if (i && p[i - 1] == '/')
		return false;
	if (!memchr(p + i, '.', colon - i)) {
		struct span last = {p + s->earlier_start, s->earlier_size};

		return (span_in(last, "upstream peer endpoint address addr") &&
			   char_is(p[i], CHAR_ALPHA)) ||
		       is_bare_host(s, i, colon);
	}
	return !name_is_data(p + i, colon - i);
}

bool
scan_is_port(struct scan *s, size_t i, size_t n)
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
