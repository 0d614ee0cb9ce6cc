/* Numbers, and names that begin with a digit. */
#include "scan.h"

#include "chars.h"
#include "instant.h"
#include "scan_private.h"
#include "token.h"

/* The number that is not kept: with its unit, it is masked. */
static size_t
mask_number(struct scan *s, size_t n)
{
	const char *p = s->text;
	size_t unit = instant_unit_length(p + n);

	/* 1h02m03.5s */
	while (unit && char_is(p[n + unit], CHAR_DIGIT) &&
	       !char_is(p[n], CHAR_BLANK)) {
		n += unit;
		n += char_run(p + n, CHAR_DIGIT);
		if (p[n] == '.')
			n += 1 + char_run(p + n + 1, CHAR_DIGIT);
		unit = instant_unit_length(p + n);
	}
	scan_mark(s, mark_number);
	return n + unit;
}

/* digits with commas, points and underscores between them */
static size_t
number_end(const char *p, size_t i)
{
	for (;;) {
		i += char_run(p + i, CHAR_DIGIT);
		if ((p[i] == '.' || p[i] == ',' || p[i] == '_') &&
		    char_is(p[i + 1], CHAR_DIGIT))
			i++;
		else
			return i;
	}
}

/* A duration of several units glued: 1m02.5s, 25h21m. */
static size_t
compound_length(const char *p)
{
	size_t n = 0, parts = 0;

	for (;;) {
		size_t d = char_run(p + n, CHAR_DIGIT), u;

		if (!d)
			break;
		if (p[n + d] == '.' && char_is(p[n + d + 1], CHAR_DIGIT))
			d += 1 + char_run(p + n + d + 1, CHAR_DIGIT);
		u = char_run(p + n + d, CHAR_ALPHA);
		if (!u || u > 2 || !strchr("hmsdwuμn", p[n + d]))
			return 0;
		n += d + u;
		parts++;
	}
	return parts >= 2 && !char_is(p[n], CHAR_WORD) ? n : 0;
}

/* 0x7ffd1234: an address, unless it is short or behind an error word. */
static size_t
scan_prefixed(struct scan *s, size_t i, size_t run)
{
	size_t n = char_run(s->text + i + 2, CHAR_HEX);

	if (n + 2 != run || n < 5)
		return scan_keep(s, i, run);
	if (n == 8 && scan_is_code(s, i, i + run)) {
		s->is_particular = true;
		return scan_keep(s, i, run);
	}
	return scan_mask(s, i, run, mark_hex);
}

/* 3rd, 1e6 */
static bool
is_spelled_number(const char *p, size_t digits, size_t run)
{
	size_t n;

	if (run == digits + 2 && digits &&
	    span_in((struct span){p + digits, 2}, "st nd rd th"))
		return true;
	n = p[digits] == 'e' ? char_run(p + digits + 1, CHAR_DIGIT) : 0;
	return n && digits + 1 + n == run && digits < 3;
}

/* Something that begins with a digit and goes on with letters. */
static size_t
scan_digits_and_letters(struct scan *s, size_t i, size_t digits, size_t run)
{
	const char *p = s->text + i;
	size_t n;

	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		return scan_prefixed(s, i, run);
	if ((n = compound_length(p)))
		return scan_mask(s, i, n, mark_number);
	if (digits && instant_unit_length(p + digits) && p[digits] != ' ')
		return mask_number(s, i + digits);
	if (is_spelled_number(p, digits, run))
		return scan_mask(s, i, run, mark_number);
	if ((n = token_base64_length(p)))
		return scan_mask(s, i, n, mark_id);
	if (memchr(p, '_', run))
		return scan_segments(s, i, run);
	if (run == 8 && scan_is_code(s, i, i + run)) {
		s->is_particular = true;
		return scan_keep(s, i, run);
	}
	if (token_is_hexadecimal(p, run))
		return scan_mask(s, i, run, scan_hex_mark(run));
	if (token_is_random(p, run) ||
	    (p[run] == ':' && token_is_queue_id(p, run)))
		return scan_mask(s, i, run, mark_id);
	return scan_keep(s, i, run);
}

/* A quick look at what follows the digits, for most numbers are no date. */
static bool
may_be_instant(const char *p, size_t run)
{
	switch (p[run]) {
	case ':':
	case '-':
	case '/':
	case '.':
		return true;
	case ' ':
		return char_is(p[run + 1], CHAR_ALPHA);
	default:
		return run > 2;
	}
}

/* The tokens with marks in them that a digit may begin; or 0. */
static size_t
scan_shaped(struct scan *s, size_t i, size_t run)
{
	const char *p = s->text + i;
	size_t n, hex = char_run(p, CHAR_HEX);

	if (hex == run && (n = scan_groups(s, i, run)))
		return n;
	if (may_be_instant(p, run) && (n = instant_length(p)))
		return scan_mask(s, i, n, mark_time);
	if (run <= 3 && p[run] == '.' && (n = token_ipv4_length(p)))
		return scan_mask(s, i, n, mark_ip);
	if (s->has_at && (n = token_email_length(p)) && !scan_is_login(s, i, n))
		return scan_mask(s, i, n, mark_email);
	return 0;
}

static size_t
keep_number(struct scan *s, size_t i, size_t n)
{
	if (i && s->text[i - 1] == '-' && s->size && s->out[s->size - 1] != '-')
		scan_copy(s, "-", 1);
	scan_copy(s, s->text + i, n - i);
	s->kept_end = n;
	return n;
}

size_t
scan_number(struct scan *s, size_t i)
{
	const char *p = s->text;
	size_t run = char_run(p + i, CHAR_WORD);
	size_t digits = char_run(p + i, CHAR_DIGIT), n;

	if ((n = scan_shaped(s, i, run)))
		return n;
	if (run == 6 && p[i + 6] == '-' && (n = token_exim_length(p + i)))
		return scan_mask(s, i, n, mark_id);
	if (run > digits)
		return scan_digits_and_letters(s, i, digits, run);
	n = i + digits;
	if (scan_is_place(s, i, n))
		return keep_number(s, i, n);
	if (scan_is_port(s, i, n)) {
		if (digits < 5 ||
		    (digits == 5 && memcmp(p + i, "32768", 5) < 0))
			return keep_number(s, i, n);
		return scan_mask(s, i, digits, "<port>");
	}
	if (scan_is_code(s, i, n))
		return keep_number(s, i, n);
	n = number_end(p, i);
	/* the letters that end a version, 1.2.3rc1, go with it */
	if (n > i + digits && char_is(p[n], CHAR_WORD) &&
	    !instant_unit_length(p + n)) {
		scan_mark(s, mark_number);
		return n + char_run(p + n, CHAR_WORD);
	}
	return mask_number(s, n);
}
