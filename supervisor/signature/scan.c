#include "scan.h"

#include "chars.h"
#include "scan_private.h"

const char mark_time[] = "<ts>";
const char mark_number[] = "<n>";
const char mark_hex[] = "<hex>";
const char mark_id[] = "<id>";
const char mark_uuid[] = "<uuid>";
const char mark_ip[] = "<ip>";
const char mark_mac[] = "<mac>";
const char mark_temporary[] = "<tmp>";
const char mark_email[] = "<email>";
const char mark_bytes[] = "<bytes>";

void
scan_begin(struct scan *s, const char *text, size_t size, char *out)
{
	*s = (struct scan){.text = text, .out = out, .end = size};
	s->has_at = memchr(text, '@', size) != NULL;
}

void
scan_copy(struct scan *s, const char *bytes, size_t size)
{
	size_t room = SCAN_OUT_MAX - s->size;

	if (size > room) {
		size = room;
		while (size && ((unsigned char)bytes[size] & 0xc0) == 0x80)
			size--;
	}
	memcpy(s->out + s->size, bytes, size);
	s->size += size;
}

/* Is what stands behind the last placeholder one or two marks or blanks? */
static bool
is_repeated(const struct scan *s, const char *placeholder)
{
	size_t gap = s->size - s->mark_end;

	if (s->mark != placeholder || gap > 2)
		return false;
	for (size_t i = s->mark_end; i < s->size; i++)
		if (char_is(s->out[i], CHAR_WORD) || s->out[i] & 0x80)
			return false;
	return true;
}

void
scan_mark(struct scan *s, const char *placeholder)
{
	if (is_repeated(s, placeholder)) {
		s->size = s->mark_end;
		return;
	}
	scan_copy(s, placeholder, strlen(placeholder));
	s->mark = placeholder;
	s->mark_end = s->size;
}

void
scan_blank(struct scan *s)
{
	if (s->size && s->out[s->size - 1] != ' ')
		scan_copy(s, " ", 1);
}

/*
 * A short hexadecimal id is now and then all digits, and then a number: these
 * two must look the same.
 */
const char *
scan_hex_mark(size_t size)
{
	return size < 16 ? mark_number : mark_hex;
}

void
scan_remember(struct scan *s, size_t start, size_t size)
{
	s->earlier_start = s->word_start;
	s->earlier_size = s->word_size;
	s->word_start = start;
	s->word_size = size;
}

size_t
scan_keep(struct scan *s, size_t i, size_t size)
{
	scan_copy(s, s->text + i, size);
	s->has_letters = true;
	scan_remember(s, i, size);
	return i + size;
}

size_t
scan_mask(struct scan *s, size_t i, size_t size, const char *placeholder)
{
	scan_mark(s, placeholder);
	return i + size;
}

/* A user and host of ssh: "user@host.tld: Permission denied". */
bool
scan_is_login(const struct scan *s, size_t i, size_t size)
{
	return (i == 0 && s->text[size] == ':') ||
	       (i >= 2 && s->text[i - 1] == '/' && s->text[i - 2] == '/');
}

/*
 * The common case: a short word of lower-case letters that nothing makes
 * special.  Returns the index behind it, or `i`.
 */
static inline size_t
scan_plain_word(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	unsigned common = CHAR_HEX;
	size_t n = 0;

	while (char_is(p[n], CHAR_LOWER))
		common &= char_of(p[n++]);
	if (n == 0 || n > 10 || common || char_is(p[n], CHAR_WORD) ||
	    s->has_at || s->size > SCAN_OUT_MAX - SCAN_PIECE ||
	    (s->mark && s->size == s->mark_end + 1))
		return i;
	memcpy(s->out + s->size, p, SCAN_PIECE);
	s->size += n;
	s->has_letters = true;
	scan_remember(s, i, n);
	return i + n;
}

void
scan_part(struct scan *s, size_t from, size_t to)
{
	size_t i = from, n;

	s->end = to;
	while (i < to && s->size < SCAN_OUT_MAX) {
		unsigned k = char_of(s->text[i]);

		if (k & (CHAR_ALPHA | CHAR_UNDER | CHAR_HIGH)) {
			n = k & CHAR_LOWER ? scan_plain_word(s, i) : i;
			i = n > i ? n : scan_word(s, i);
		} else if (k & CHAR_DIGIT) {
			i = scan_number(s, i);
		} else if (k & CHAR_BLANK) {
			scan_blank(s);
			i++;
		} else {
			i = scan_other(s, i);
		}
	}
}

size_t
scan_end(struct scan *s)
{
	while (s->size && s->out[s->size - 1] == ' ')
		s->size--;
	s->out[s->size] = '\0';
	return s->size;
}

size_t
scan_line(const char *text, size_t size, char *out, struct scan *s)
{
	scan_begin(s, text, size, out);
	scan_part(s, 0, size);
	return scan_end(s);
}
