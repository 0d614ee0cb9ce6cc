/* The user's patterns, applied to a line without its prefix. */
#include <regex.h>
#include <string.h>

#include "scan.h"

enum { MATCH_LENGTH_MAX = 512, MATCHES_MAX = 32 };

struct match {
	size_t from, to;
	bool is_kept;
};

struct matches {
	size_t count;
	struct match list[MATCHES_MAX]; /* in order, without overlap */
};

static bool
may_match(const struct patterns *p, const char *text, size_t size)
{
	return p && patterns_may_match(p, text, size);
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

	if (!patterns || !patterns->ignore ||
	    !may_match(patterns->ignore, text, head_size(text)))
		return false;
	copy_head(text, head);
	for (size_t i = 0; i < patterns->ignore->count; i++)
		if (!regexec(&patterns->ignore->compiled[i], head, 0, NULL, 0))
			return true;
	return false;
}

/* Adds a match unless it overlaps one that is there. */
static void
add_match(struct matches *matches, struct match match)
{
	size_t at = matches->count;

	if (matches->count == MATCHES_MAX)
		return;
	for (size_t i = 0; i < matches->count; i++) {
		const struct match *other = &matches->list[i];

		if (match.from < other->to && other->from < match.to)
			return;
		if (match.to <= other->from && i < at)
			at = i;
	}
	memmove(&matches->list[at + 1], &matches->list[at],
	    (matches->count - at) * sizeof(match));
	matches->list[at] = match;
	matches->count++;
}

static void
find_matches(const struct patterns *patterns, const char *head, bool is_kept,
    struct matches *matches)
{
	for (size_t i = 0; patterns && i < patterns->count; i++) {
		size_t at = 0;
		regmatch_t m;

		for (int flags = 0;
		     head[at] && matches->count < MATCHES_MAX &&
		     !regexec(&patterns->compiled[i], head + at, 1, &m, flags);
		     flags = REG_NOTBOL) {
			size_t from = at + (size_t)m.rm_so;
			size_t to = at + (size_t)m.rm_eo;

			if (to > from)
				add_match(
				    matches, (struct match){from, to, is_kept});
			at = to > from ? to : to + 1;
		}
	}
}

static void
scan_between(struct scan *s, char *text, size_t from, size_t to)
{
	char saved = text[to];

	text[to] = '\0';
	scan_part(s, from, to);
	text[to] = saved;
}

size_t
user_patterns_scan(const struct user_patterns *patterns, const char *text,
    size_t size, char *out, struct scan *s)
{
	struct matches matches = {0};
	char head[MATCH_LENGTH_MAX + 1];
	size_t at = 0;

	if (!patterns || (!may_match(patterns->keep, text, head_size(text)) &&
			     !may_match(patterns->mask, text, head_size(text))))
		return scan_line(text, size, out, s);
	copy_head(text, head);
	find_matches(patterns->keep, head, true, &matches);
	find_matches(patterns->mask, head, false, &matches);
	scan_begin(s, text, size, out);
	for (size_t i = 0; i < matches.count; i++) {
		const struct match *match = &matches.list[i];

		/* the line is in a buffer of ours, only lent as constant */
		scan_between(s, (char *)text, at, match->from);
		if (match->is_kept) {
			scan_copy(
			    s, text + match->from, match->to - match->from);
			s->has_letters = true;
		} else {
			scan_mark(s, "<*>");
		}
		at = match->to;
	}
	scan_part(s, at, size);
	return scan_end(s);
}
