/* The user's patterns, applied to a line without its prefix. */
#include <regex.h>
#include <string.h>

#include "scan.h"

enum { MATCH_LENGTH_MAX = 512, MATCHES_MAX = 32 };

/* Which match each byte belongs to; 0 is none, those of `keep` are first. */
struct matches {
	unsigned count, kept;
	uint8_t of[MATCH_LENGTH_MAX + 1];
};

static bool
may_match(const struct patterns *p, const char *text, size_t size)
{
	return p && p->count && patterns_may_match(p, text, size);
}

/* How much of a text is matched: never a part of a character. */
static size_t
head_size(const char *text)
{
	size_t n = strnlen(text, MATCH_LENGTH_MAX);

	while (n == MATCH_LENGTH_MAX && n &&
	       ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static void
copy_head(const char *text, char *head)
{
	size_t n = head_size(text);

	memcpy(head, text, n);
	head[n] = '\0';
}

bool
user_patterns_ignore(const struct user_patterns *patterns, const char *text)
{
	char head[MATCH_LENGTH_MAX + 1];

	if (!patterns || !may_match(patterns->ignore, text, head_size(text)))
		return false;
	copy_head(text, head);
	for (size_t i = 0; i < patterns->ignore->count; i++)
		if (!regexec(&patterns->ignore->compiled[i], head, 0, NULL, 0))
			return true;
	return false;
}

static void
find_matches(
    const struct patterns *patterns, const char *head, struct matches *matches)
{
	for (size_t i = 0; patterns && i < patterns->count; i++) {
		size_t at = 0;
		regmatch_t m;

		for (int flags = 0;
		     head[at] && matches->count < MATCHES_MAX &&
		     !regexec(&patterns->compiled[i], head + at, 1, &m, flags);
		     flags = REG_NOTBOL) {
			uint8_t *of = matches->of + at + m.rm_so;
			size_t size = (size_t)(m.rm_eo - m.rm_so), n = 0;

			/* what overlaps an earlier match is none */
			while (n < size && !of[n])
				n++;
			if (size && n == size)
				memset(of, (int)++matches->count, size);
			at += (size_t)m.rm_eo;
			at += !size && head[at];
			if (!size && !head[at])
				break;
		}
	}
}

size_t
user_patterns_scan(const struct user_patterns *patterns, const char *text,
    size_t size, char *out, struct scan *s)
{
	struct matches matches = {0};
	char head[MATCH_LENGTH_MAX + 1];
	size_t at = 0, next;

	if (!patterns || (!may_match(patterns->keep, text, head_size(text)) &&
			     !may_match(patterns->mask, text, head_size(text))))
		return scan_line(text, size, out, s);
	copy_head(text, head);
	find_matches(patterns->keep, head, &matches);
	matches.kept = matches.count;
	find_matches(patterns->mask, head, &matches);
	scan_begin(s, text, size, out);
	for (; head[at]; at = next) {
		unsigned match = matches.of[at];
		/* the line is in a buffer of ours, only lent as constant */
		char *end, saved;

		for (next = at; head[next] && matches.of[next] == match;)
			next++;
		if (!match && !head[next])
			break;
		end = (char *)text + next;
		if (!match) {
			saved = *end;
			*end = '\0';
			scan_part(s, at, next);
			*end = saved;
		} else if (match <= matches.kept) {
			scan_copy(s, text + at, next - at);
			s->has_letters = true;
		} else {
			scan_mark(s, "<*>");
		}
	}
	scan_part(s, at, size);
	return scan_end(s);
}
