/* Words, with digits in them and without. */
#include "scan.h"

#include "chars.h"
#include "instant.h"
#include "scan_private.h"
#include "token.h"

/*
 * The tokens that a group of hexadecimal digits may begin: `size` of them
 * stand at text[i].  Returns the index behind the token, or 0.
 */
size_t
scan_groups(struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;
	size_t n;

	if (size == 8 && p[8] == '-' && (n = token_uuid_length(p)))
		return scan_mask(s, i, n, mark_uuid);
	if (size == 2 && (n = token_mac_length(p)))
		return scan_mask(s, i, n, mark_mac);
	if (size <= 4 && p[size] == ':' && (n = token_ipv6_length(p)))
		return scan_mask(s, i, n, mark_ip);
	if (size == 2 && (n = token_dump_length(p)))
		return scan_mask(s, i, n, mark_bytes);
	return 0;
}

/* "<n> files" and "<n> file" are the same count; "previous" is no plural. */
static bool
is_plural(const struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;

	return s->mark == mark_number && s->size == s->mark_end + 1 &&
	       s->out[s->size - 1] == ' ' && size >= 4 && p[size - 1] == 's' &&
	       p[size - 2] != 's' && p[size - 2] != 'u' && p[size - 2] != 'i';
}

/* An id of postfix's queue stands before what became of the mail. */
static bool
is_queue_id(const char *p, size_t size)
{
	return p[size] == ':' && token_is_queue_id(p, size);
}

/* A word without digits. */
static size_t
scan_letters(struct scan *s, size_t i, size_t size, unsigned all)
{
	const char *p = s->text + i;
	size_t n;

	if (s->has_at && (n = token_email_length(p)) && !scan_is_login(s, i, n))
		return scan_mask(s, i, n, mark_email);
	if (all & CHAR_UPPER && size >= 3 &&
	    (p[size] == ' ' || p[size] == ',') && size <= 9 &&
	    (n = instant_length(p)))
		return scan_mask(s, i, n, mark_time);
	if (size <= 8 && char_run(p, CHAR_HEX) == size &&
	    (n = scan_groups(s, i, size)))
		return n;
	if (size >= 11) {
		if (token_is_python_temporary(p, size) && i && p[-1] == '/')
			return scan_mask(s, i, size, mark_temporary);
		if (size >= 16 && token_is_hexadecimal(p, size))
			return scan_mask(s, i, size, mark_hex);
	}
	if ((all & CHAR_ALPHA) == CHAR_ALPHA &&
	    ((n = token_jwt_length(p)) || (n = token_base64_length(p))))
		return scan_mask(s, i, n, mark_id);
	if ((all & CHAR_ALPHA) == CHAR_ALPHA && is_queue_id(p, size))
		return scan_mask(s, i, size, mark_id);
	if (is_plural(s, i, size)) {
		scan_keep(s, i, size - 1);
		return i + size;
	}
	/* what "<n> previous errors" counts stands behind this word */
	n = s->mark == mark_number && s->size == s->mark_end + 1 && size == 8 &&
	    char_starts(p, "previous");
	scan_keep(s, i, size);
	if (n)
		s->mark_end = s->size;
	return i + size;
}

/* Java numbers what it generates: $$_javassist_12, $Proxy12, Accessor12. */
static size_t
generated_length(const char *p, size_t size)
{
	static const char *const names[] = {"javassist_", "Proxy", "jvstd",
	    "GeneratedMethodAccessor", "GeneratedConstructorAccessor",
	    "GeneratedSerializationConstructorAccessor", "lambda_"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = strlen(names[i]);

		for (size_t at = 0; at <= 1; at++)
			if (size > n + at && !memcmp(p + at, names[i], n) &&
			    char_run(p + at + n, CHAR_DIGIT) == size - n - at)
				return n + at;
	}
	return 0;
}

/* One part of a word between underscores. */
static void
scan_segment(struct scan *s, size_t i, size_t size, bool is_first)
{
	const char *p = s->text + i;
	size_t digits = char_run(p, CHAR_DIGIT);

	if (!is_first && digits == size && size >= 5)
		scan_mark(s, mark_number);
	else if (size >= 7 && token_is_hexadecimal(p, size))
		scan_mark(s, scan_hex_mark(size));
	else if (token_is_random(p, size))
		scan_mark(s, mark_id);
	else
		scan_copy(s, p, size);
}

/* A word with digits in it and underscores between its parts. */
size_t
scan_segments(struct scan *s, size_t i, size_t size)
{
	size_t end = i + size, from = i;

	while (from < end) {
		size_t n = 0, date;

		if (from > i && char_is(s->text[from], CHAR_DIGIT) &&
		    (date = instant_length(s->text + from))) {
			from = scan_mask(s, from, date, mark_time);
			if (from >= end)
				end = from;
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

/* The number behind "v" of a version, or of a thread. */
static bool
is_numbered(const struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;
	size_t digits = char_run(p + 1, CHAR_DIGIT);

	if (digits + 1 != size)
		return false;
	if (*p == 'v' && p[size] == '.' && char_is(p[size + 1], CHAR_DIGIT))
		return true;
	return *p == 'T' && s->word_size == 6 &&
	       (char_starts(s->text + s->word_start, "thread") ||
		   char_starts(s->text + s->word_start, "Thread"));
}

/* A word with digits in it that begins with a letter. */
static size_t
scan_mixed(struct scan *s, size_t i, size_t size, unsigned all)
{
	const char *p = s->text + i;
	size_t n;

	if (s->has_at && (n = token_email_length(p)) && !scan_is_login(s, i, n))
		return scan_mask(s, i, n, mark_email);
	if (char_run(p, CHAR_HEX) == size && (n = scan_groups(s, i, size)))
		return n;
	if (token_is_python_temporary(p, size))
		return scan_mask(s, i, size, mark_temporary);
	n = generated_length(p, size);
	if (n) {
		scan_copy(s, p, n);
		return scan_mask(s, i, size, mark_number);
	}
	if ((n = token_jwt_length(p)) || (n = token_base64_length(p)))
		return scan_mask(s, i, n, mark_id);
	if (all & CHAR_UNDER)
		return scan_segments(s, i, size);
	if (token_is_hexadecimal(p, size))
		return scan_mask(s, i, size, scan_hex_mark(size));
	if (token_is_random(p, size) || is_queue_id(p, size))
		return scan_mask(s, i, size, mark_id);
	if (is_numbered(s, i, size)) {
		scan_copy(s, p, 1);
		scan_mark(s, mark_number);
		return i + size;
	}
	return scan_keep(s, i, size);
}

size_t
scan_word(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	unsigned all = 0, k;
	size_t n = 0;

	while ((k = char_of(p[n])) & CHAR_WORD) {
		all |= k;
		n++;
	}
	if (n == 6 && p[6] == '-' && (k = (unsigned)token_exim_length(p)))
		return scan_mask(s, i, k, mark_id);
	if (all & CHAR_DIGIT)
		return scan_mixed(s, i, n, all);
	return scan_letters(s, i, n, all);
}
