/* Words and numbers: a token of letters and digits becomes its normal form. */
#include <strings.h>

#include "scan_private.h"
#include "token.h"
#include "words.h"

/* A time, with the day of the week that is before it. */
static size_t
mask_time(struct scan *s, size_t i, size_t size)
{
	const char *word = s->word.data;

	if (s->word.size &&
	    token_weekday(word) == (size_t)(s->text + i - word)) {
		while (s->size && strchr(" ,", s->out[s->size - 1]))
			s->size--;
		s->size -= s->size < s->word.size ? s->size : s->word.size;
	}
	return scan_mask(s, i, size, mark_time);
}

/* Is a number right before what comes now, with a blank between? */
static bool
is_counted(const struct scan *s)
{
	return s->mark == mark_number && s->size == s->mark_end + 1 &&
	       s->out[s->size - 1] == ' ';
}

/*
 * A short hexadecimal id is now and then all digits, and then a number: these
 * two must look the same.
 */
static const char *
hex_mark(size_t size)
{
	return size < 16 ? mark_number : mark_hex;
}

/* What a word may be as a whole, or begin.  Returns the index after it. */

static size_t
scan_email(struct scan *s, size_t i)
{
	size_t n = s->has_at ? token_email(s->text + i) : 0;

	/* a user and host of ssh: "user@host.tld: Permission denied" */
	if (!n || (i == 0 && s->text[n] == ':') ||
	    (i >= 2 && s->text[i - 1] == '/' && s->text[i - 2] == '/'))
		return 0;
	return scan_mask(s, i, n, mark_email);
}

static size_t
scan_group(struct scan *s, size_t i)
{
	static const char *const marks[] = {
	    NULL, mark_uuid, mark_mac, mark_ip, mark_hex, mark_bytes};
	enum group kind;
	size_t n = token_group(s->text + i, &kind);

	return n ? scan_mask(s, i, n, marks[kind]) : 0;
}

/* A word that was drawn by chance as a whole; or 0. */
static size_t
scan_drawn(struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;

	if (drawn_is_hexadecimal(p, size))
		return scan_mask(s, i, size, hex_mark(size));
	if (drawn_is_random(p, size) || drawn_is_queue_id(p, size))
		return scan_mask(s, i, size, mark_id);
	return 0;
}

/* One part of a word between underscores. */
static void
scan_segment(struct scan *s, size_t i, size_t size, bool is_first)
{
	const char *p = s->text + i;

	if (!is_first && char_run(p, CHAR_DIGIT) == size && size >= 5)
		scan_mark(s, mark_number);
	else if (drawn_is_hexadecimal(p, size))
		scan_mark(s, hex_mark(size));
	else if (drawn_is_random(p, size))
		scan_mark(s, mark_id);
	else
		scan_copy(s, p, size);
}

/* A word with digits in it and underscores between its parts. */
static size_t
scan_segments(struct scan *s, size_t i, size_t size)
{
	size_t end = i + size, from = i;

	while (from < end) {
		size_t n = 0, date;

		if (from > i && char_is(s->text[from], CHAR_DIGIT) &&
		    (date = token_time(s->text + from))) {
			from = scan_mask(s, from, date, mark_time);
			end = from > end ? from : end;
			continue;
		}
		while (from + n < end && s->text[from + n] != '_')
			n++;
		if (n)
			scan_segment(s, from, n, from == i);
		from += n;
		if (from < end) {
			scan_copy(s, "_", 1);
			from++;
		}
	}
	s->has_letters = true;
	scan_remember(s, i, end - i);
	return end;
}

/* The number after "v" of a version, or "T" of a thread. */
static bool
is_numbered(const struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;

	if (char_run(p + 1, CHAR_DIGIT) + 1 != size)
		return false;
	if (*p == 'v' && p[size] == '.' && char_is(p[size + 1], CHAR_DIGIT))
		return true;
	return *p == 'T' && s->word.size == 6 &&
	       (char_starts(s->word.data, "thread") ||
		   char_starts(s->word.data, "Thread"));
}

/* A word that is no volatile token: only what a number counts is changed. */
static size_t
scan_plain(struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;
	bool is_count = is_counted(s) && char_run(p, CHAR_ALPHA) == size;

	/* "<n> files", "<n> file" are one count; "previous" is no plural */
	if (is_count && size >= 4 && p[size - 1] == 's' &&
	    !memchr("sui", p[size - 2], 3)) {
		scan_keep(s, i, size - 1);
		return i + size;
	}
	scan_keep(s, i, size);
	/* what "<n> previous errors" counts is after this word */
	if (is_count && size == 8 && char_starts(p, "previous"))
		s->mark_end = s->size;
	return i + size;
}

size_t
scan_word(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	unsigned all = 0, k;
	size_t size = 0, n, kept;
	bool has_digits, has_cases;

	if ((i == 0 || !char_is(p[-1], CHAR_HOST)) &&
	    (n = token_program_name(p, &kept)))
		return scan_mask_after(s, i, kept, n, mark_temporary);
	for (; (k = char_of(p[size])) & CHAR_WORD; size++)
		all |= k;
	has_digits = all & CHAR_DIGIT;
	has_cases = (all & CHAR_ALPHA) == CHAR_ALPHA;
	if (size == 6 && p[6] == '-' && (n = drawn_exim_length(p)))
		return scan_mask(s, i, n, mark_id);
	if ((n = scan_email(s, i)))
		return n;
	if (all & CHAR_UPPER && !has_digits && size >= 3 && size <= 11 &&
	    (p[size] == ' ' || p[size] == ',') && (n = token_time(p)))
		return mask_time(s, i, n);
	if ((has_digits || size <= 8) && char_run(p, CHAR_HEX) == size &&
	    (n = scan_group(s, i)))
		return n;
	if (drawn_is_python(p, size) && (has_digits || (i && p[-1] == '/')))
		return scan_mask(s, i, size, mark_temporary);
	if (*p == 'P' && has_digits && (n = token_duration(p)))
		return scan_mask(s, i, n, mark_number);
	if (has_digits && (n = word_generated(p)) && n < size)
		return scan_mask_after(s, i, n, size, mark_number);
	if ((has_digits || has_cases) && (n = drawn_base64_length(p)))
		return scan_mask(s, i, n, mark_id);
	if (has_digits && all & CHAR_UNDER)
		return scan_segments(s, i, size);
	if (is_numbered(s, i, size))
		return scan_mask_after(s, i, 1, size, mark_number);
	if ((n = scan_drawn(s, i, size)))
		return n;
	return scan_plain(s, i, size);
}

/* Numbers, and names that begin with a digit. */

/* 0x7ffd1234: an address, unless it is short or after an error word. */
static size_t
scan_prefixed(struct scan *s, size_t i, size_t run)
{
	size_t n = char_run(s->text + i + 2, CHAR_HEX);

	if (n + 2 != run || n < 5)
		return scan_keep(s, i, run);
	/* 0x80070005 and 0xc0000005 are what Windows says, and no addresses */
	if (n == 8 &&
	    (keep_is_code(s, i, i + run) || char_starts(s->text + i, "0x80") ||
		!strncasecmp(s->text + i, "0xc0000", 7))) {
		return scan_keep(s, i, run);
	}
	return scan_mask(s, i, run, mark_hex);
}

/* Something that begins with a digit and goes on with letters. */
static size_t
scan_digits_and_letters(struct scan *s, size_t i, size_t digits, size_t run)
{
	const char *p = s->text + i;
	size_t n;

	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		return scan_prefixed(s, i, run);
	if ((n = token_duration(p)) ||
	    (p[digits] != ' ' && (n = token_unit(p + digits)) && (n += digits)))
		return scan_mask(s, i, n, mark_number);
	if ((n = drawn_base64_length(p)))
		return scan_mask(s, i, n, mark_id);
	if (memchr(p, '_', run))
		return scan_segments(s, i, run);
	if (run == 8 && keep_is_code(s, i, i + run)) {
		return scan_keep(s, i, run);
	}
	if ((n = scan_drawn(s, i, run)))
		return n;
	return scan_keep(s, i, run);
}

/* The tokens with marks in them that a digit may begin; or 0. */
static size_t
scan_marked_number(struct scan *s, size_t i, size_t run)
{
	const char *p = s->text + i;
	size_t n;

	if (run <= 8 && (run == 2 || p[run] == ':' || p[run] == '-') &&
	    char_run(p, CHAR_HEX) == run && (n = scan_group(s, i)))
		return n;
	if ((n = token_time(p)))
		return mask_time(s, i, n);
	if (run <= 3 && p[run] == '.' && (n = token_ipv4(p)))
		return scan_mask(s, i, n, mark_ip);
	if (run == 6 && p[6] == '-' && (n = drawn_exim_length(p)))
		return scan_mask(s, i, n, mark_id);
	if (run == 10 && p[10] == '.' && (n = token_maildir(p)))
		return scan_mask(s, i, n, mark_id);
	return scan_email(s, i);
}

/* digits with commas, points and underscores between them */
static size_t
number_end(const char *p, size_t i)
{
	for (;; i++) {
		i += char_run(p + i, CHAR_DIGIT);
		if (!p[i] || !strchr(".,_", p[i]) ||
		    !char_is(p[i + 1], CHAR_DIGIT))
			return i;
	}
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
	size_t run = char_run(p + i, CHAR_WORD), n, unit;
	size_t digits = char_run(p + i, CHAR_DIGIT);

	if ((n = scan_marked_number(s, i, run)))
		return n;
	if (run > digits)
		return scan_digits_and_letters(s, i, digits, run);
	n = i + digits;
	if (keep_is_place(s, i, n))
		return keep_number(s, i, n);
	if (keep_is_port(s, i, n)) {
		if (digits < 5 || memcmp(p + i, "32768", 5) < 0)
			return keep_number(s, i, n);
		return scan_mask(s, i, digits, "<port>");
	}
	/* A share is no code, whatever is before it. */
	if (s->text[n + (s->text[n] == ' ')] != '%' && keep_is_code(s, i, n))
		return keep_number(s, i, n);
	n = number_end(p, i);
	unit = token_unit(p + n);
	/* the letters that end a version, 1.2.3rc1, go with it */
	if (!unit && n > i + digits)
		unit = char_run(p + n, CHAR_WORD);
	scan_mark(s, mark_number);
	return n + unit;
}
