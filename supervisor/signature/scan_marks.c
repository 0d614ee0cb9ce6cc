/* Marks, and what they begin: paths, signs, bars. */
#include "scan.h"

#include "chars.h"
#include "instant.h"
#include "scan_private.h"
#include "token.h"

/* The component of a path under a folder of temporary files at text[i]. */
static size_t
scan_temporary(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t size = 0, head, tail;

	while (char_is(p[size], CHAR_WORD) || p[size] == '.' ||
	       p[size] == '-' || p[size] == '+' || p[size] == '%' ||
	       p[size] == '~')
		size++;
	/* a full stop behind the name is not its */
	while (size && (p[size - 1] == '.' || p[size - 1] == '-'))
		size--;
	if (!size)
		return i;
	token_temporary_name(p, size, &head, &tail);
	scan_copy(s, p, head);
	if (head + tail < size)
		scan_mark(s, mark_temporary);
	scan_copy(s, p + size - tail, tail);
	s->has_letters |= head > 0;
	s->is_particular = true;
	return i + size;
}

/* U+2500..U+259F and U+2800..U+28FF draw bars and spinners. */
static bool
is_drawing(const char *p)
{
	unsigned char a = (unsigned char)p[1];

	return p[0] == '\xe2' &&
	       ((a >= 0x94 && a <= 0x97) || (a >= 0xa0 && a <= 0xa3));
}

/* The length of "[=====>    ]" at p, or 0. */
static size_t
bar_length(const char *p)
{
	size_t n = 1;

	while (p[n] && strchr("=#>-. *|", p[n]))
		n++;
	return n >= 10 && p[n] == ']' ? n + 1 : 0;
}

/* Behind a sign, if it is that of a number. */
static bool
is_sign(const struct scan *s, size_t i)
{
	const char *p = s->text + i;

	return (*p == '-' || *p == '+') && char_is(p[1], CHAR_DIGIT) &&
	       (i == 0 || (!char_is(p[-1], CHAR_WORD) && p[-1] != ')' &&
			      p[-1] != ']'));
}

static size_t
copy_marks(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n = 1;

	if ((unsigned char)*p >= 0x80) {
		while (((unsigned char)p[n] & 0xc0) == 0x80)
			n++;
		if (is_drawing(p))
			scan_blank(s);
		else
			scan_copy(s, p, n);
		return i + n;
	}
	/* a ruler of the same mark is one ruler, however long */
	while (p[n] == *p && n < 4000)
		n++;
	scan_copy(s, p, n > 3 ? 3 : n);
	return i + n;
}

static size_t
scan_slash(struct scan *s, size_t i)
{
	size_t n = token_temporary_root_length(s->text + i);

	if (n && (i == 0 || !char_is(s->text[i - 1], CHAR_WORD))) {
		if (char_starts(s->text + i, "/run/user/")) {
			scan_copy(s, "/run/user/", 10);
			scan_mark(s, mark_number);
			scan_copy(s, "/", 1);
		} else if (char_starts(s->text + i, "/var/folders/")) {
			scan_copy(s, "/var/folders/", 13);
			scan_mark(s, mark_temporary);
			scan_copy(s, "/", 1);
		} else {
			scan_copy(s, s->text + i, n);
		}
		s->has_letters = true;
		return scan_temporary(s, i + n);
	}
	return copy_marks(s, i);
}

/* A dot: ".name.AbC123" of rsync and mkstemp ends with six of chance. */
static size_t
scan_dot(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n = token_mktemp_length(p), from = i;
	unsigned all = 0;

	if (n && text_ends_with(s->text, i, "tmp") &&
	    (i == 3 || !char_is(s->text[i - 4], CHAR_WORD))) {
		scan_copy(s, ".", 1);
		return scan_mask(s, i, n, mark_temporary);
	}
	n = token_suffix_length(p);
	if (!n)
		return copy_marks(s, i);
	while (from && (char_is(s->text[from - 1], CHAR_HOST)))
		from--;
	for (size_t k = 1; k < n; k++)
		all |= char_of(p[k]);
	if (from < i &&
	    (s->text[from] == '.' || (all & CHAR_ALNUM) == CHAR_ALNUM)) {
		scan_copy(s, ".", 1);
		return scan_mask(s, i, n, mark_temporary);
	}
	return copy_marks(s, i);
}

/* A time that is not known yet, the end of a pod's name, a sign. */
static size_t
scan_dash(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n;

	if ((n = char_starts(p, "--:--:--")) || (n = char_starts(p, "--:--")))
		return scan_mask(s, i, n, mark_time);
	if (i && char_is(p[-1], CHAR_ALNUM) &&
	    ((n = token_pod_length(p)) || (n = token_daemon_length(p)))) {
		scan_copy(s, "-", 1);
		return scan_mask(s, i, n, mark_id);
	}
	return is_sign(s, i) ? scan_number(s, i + 1) : copy_marks(s, i);
}

/* "$$" and the digits that Java adds to the names of its proxies. */
static size_t
scan_dollar(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n;

	if (p[1] != '$' || (n = char_run(p + 2, CHAR_HEX)) < 6 ||
	    char_is(p[2 + n], CHAR_WORD))
		return copy_marks(s, i);
	scan_copy(s, "$$", 2);
	return scan_mask(s, i, 2 + n, mark_hex);
}

/* Is it a name of what stands for one request, or for one thread? */
static bool
is_request(const struct scan *s, struct span word)
{
	struct span before = {s->text + s->earlier_start, s->earlier_size};

	if (word.size == 2 && span_in_any_case(word, "id"))
		return span_in_any_case(before, "request") &&
		       before.data + before.size + 1 == word.data;
	return word.size >= 9 && word.size <= 12 &&
	       span_in_any_case(word, "requestid request_id x_request_id");
}

/* The length of a value of letters and digits, of which some are letters. */
static size_t
value_length(const char *p)
{
	size_t n = token_uuid_length(p);
	unsigned all = 0;

	/* to a shape, one date is as another and one UUID as another */
	if (n || instant_length(p))
		return n;
	while (char_is(p[n], CHAR_ALNUM | CHAR_UNDER) ||
	       (p[n] == '-' && char_is(p[n + 1], CHAR_ALNUM)))
		all |= char_of(p[n++]);
	return all & CHAR_ALPHA ? n : 0;
}

/*
 * The value behind "request id: ", "RequestId=", "tid=", from the colon or the
 * sign on.  One of digits alone is masked as any number is.
 */
static size_t
scan_value(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	struct span word = {s->text + s->word_start, s->word_size};
	bool is_thread;
	size_t skip = 1, n;

	if (!s->word_size || s->word_start + s->word_size > i ||
	    s->word_start + s->word_size + 1 < i)
		return i;
	is_thread = *p == '=' && span_in_any_case(word, "tid thread");
	if (!is_thread && !is_request(s, word))
		return i;
	skip += char_blanks(p + 1);
	skip += p[skip] == '"';
	n = value_length(p + skip);
	if (!n || (!is_thread && n < 7))
		return i;
	scan_copy(s, p, skip);
	return scan_mask(s, i + skip, n, is_thread ? mark_number : mark_id);
}

/* How many warnings there were, behind how many errors. */
static bool
is_warning_count(const char *p)
{
	size_t digits = char_starts(p, "; ") ? char_run(p + 2, CHAR_DIGIT) : 0;

	return digits && char_starts(p + 2 + digits, " warning");
}

size_t
scan_other(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n;

	switch (*p) {
	case '/':
		return scan_slash(s, i);
	case '.':
		return scan_dot(s, i);
	case '-':
		return scan_dash(s, i);
	case '$':
		return scan_dollar(s, i);
	case '+':
		return is_sign(s, i) ? scan_number(s, i + 1) : copy_marks(s, i);
	case ';':
		if (is_warning_count(p))
			return s->end;
		break;
	case '=':
		n = scan_value(s, i);
		return n > i ? n : copy_marks(s, i);
	case '"':
	case ':':
		n = scan_value(s, i);
		if (n > i)
			return n;
		if (p[1] == ':' && (i == 0 || !char_is(p[-1], CHAR_WORD)) &&
		    (n = token_ipv6_length(p)))
			return scan_mask(s, i, n, mark_ip);
		break;
	case '[':
		if ((n = bar_length(p))) {
			scan_copy(s, "[]", 2);
			return i + n;
		}
		break;
	}
	return copy_marks(s, i);
}
