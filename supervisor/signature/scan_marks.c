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
	size_t n = token_suffix_length(p), from = i;
	unsigned all = 0;

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
	if (i && char_is(p[-1], CHAR_ALNUM) && (n = token_pod_length(p))) {
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
	case ':':
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
