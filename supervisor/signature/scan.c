#include "scan.h"

#include "scan_private.h"
#include "token.h"
#include "words.h"

const char mark_time[] = "<ts>", mark_number[] = "<n>", mark_hex[] = "<hex>",
	   mark_id[] = "<id>", mark_uuid[] = "<uuid>", mark_ip[] = "<ip>",
	   mark_mac[] = "<mac>", mark_temporary[] = "<tmp>",
	   mark_email[] = "<email>", mark_bytes[] = "<bytes>";

void
scan_begin(struct scan *s, const char *text, size_t size, char *out)
{
	*s = (struct scan){.text = text, .out = out, .end = size};
	s->word = s->earlier = (struct span){text, 0};
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

/* Is what follows the last placeholder one or two marks or blanks? */
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

/* Writes a blank, unless one has just been written. */
static void
scan_blank(struct scan *s)
{
	if (s->size && s->out[s->size - 1] != ' ')
		scan_copy(s, " ", 1);
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

/* What a placeholder needs before it, of the token, and then the rest. */
size_t
scan_mask_after(
    struct scan *s, size_t i, size_t kept, size_t size, const char *placeholder)
{
	scan_copy(s, s->text + i, kept);
	return scan_mask(s, i, size, placeholder);
}

/* Marks, and what they begin: paths, signs, bars. */

/* The component of a path under a directory of temporary files at text[i]. */
static size_t
scan_temporary(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t size = 0, head, tail;

	while (char_is(p[size], CHAR_WORD) ||
	       (p[size] && strchr(".-+%~", p[size])))
		size++;
	/* a full stop after the name is not its */
	while (size && (p[size - 1] == '.' || p[size - 1] == '-'))
		size--;
	if (!size)
		return i;
	drawn_split(p, size, &head, &tail);
	scan_copy(s, p, head);
	if (head + tail < size)
		scan_mark(s, mark_temporary);
	scan_copy(s, p + size - tail, tail);
	s->has_letters |= head > 0;
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
	while (p[n] == *p)
		n++;
	scan_copy(s, p, n > 3 ? 3 : n);
	return i + n;
}

static size_t
scan_slash(struct scan *s, size_t i)
{
	size_t kept, n = token_temporary_root(s->text + i, &kept);

	if (!n || (i && char_is(s->text[i - 1], CHAR_WORD)))
		return copy_marks(s, i);
	scan_copy(s, s->text + i, kept);
	if (kept < n) {
		scan_mark(s, kept == 10 ? mark_number : mark_temporary);
		scan_copy(s, "/", 1);
	}
	s->has_letters = true;
	i = scan_temporary(s, i + n);
	/* what is made in it may be temporary as well */
	while (s->text[i] == '/' && token_is_temporary(s->text + i + 1)) {
		scan_copy(s, "/", 1);
		i = scan_temporary(s, i + 1);
	}
	return i;
}

/*
 * A dot: ".name.AbC123" of rsync and mkstemp ends with six of chance, "tmp."
 * and ten are mktemp's, eight before ".tmp" Python's.
 */
static size_t
scan_dot(struct scan *s, size_t i)
{
	size_t n = token_suffix(s->text + i), from = i;
	unsigned all;

	while (from && char_is(s->text[from - 1], CHAR_HOST))
		from--;
	if (!n || from == i)
		return copy_marks(s, i);
	all = texture_of(s->text + i + 1, n - 1).all;
	if (n == 11 ? text_ends_with(s->text, i, "tmp") &&
			  (i == 3 || !char_is(s->text[i - 4], CHAR_WORD))
	    : n == 9 ? all & CHAR_DIGIT
		     : s->text[from] == '.' || all == CHAR_ALNUM)
		return scan_mask_after(s, i, 1, n, mark_temporary);
	return copy_marks(s, i);
}

/* After a sign, if it is that of a number. */
static size_t
scan_sign(struct scan *s, size_t i)
{
	const char *p = s->text + i;

	if (char_is(p[1], CHAR_DIGIT) &&
	    (i == 0 ||
		(!char_is(p[-1], CHAR_WORD) && p[-1] != ')' && p[-1] != ']')))
		return scan_number(s, i + 1);
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
	if (i && char_is(p[-1], CHAR_ALNUM) && (n = token_pod(p)))
		return scan_mask_after(s, i, 1, n, mark_id);
	return scan_sign(s, i);
}

/* "$$" and the digits that Java adds to the names of its proxies. */
static size_t
scan_dollar(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n = p[1] == '$' ? char_run(p + 2, CHAR_HEX) : 0;

	if (n < 6 || char_is(p[2 + n], CHAR_WORD))
		return copy_marks(s, i);
	return scan_mask_after(s, i, 2, 2 + n, mark_hex);
}

/* The length of a value of letters and digits, of which some are letters. */
static size_t
value_length(const char *p)
{
	enum group kind;
	size_t n = token_group(p, &kind);
	unsigned all = 0;

	/* dashes and colons are part of these; a time is none of an id */
	if ((n && kind == GROUP_UUID) || token_time(p))
		return n;
	for (n = 0; char_is(p[n], CHAR_ALNUM | CHAR_UNDER) ||
		    (p[n] == '-' && char_is(p[n + 1], CHAR_ALNUM));)
		all |= char_of(p[n++]);
	return all & CHAR_ALPHA ? n : 0;
}

/*
 * The value after "request id: ", "RequestId=", "tid=", from the colon or the
 * sign on.  One of digits alone is masked as any number is.
 */
static size_t
scan_value(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t skip = 1, n, end = (size_t)(s->word.data - s->text);
	enum id_word id;

	if (!s->word.size || (end += s->word.size) > i || end + 1 < i)
		return i;
	id = word_of_id(s->word);
	if (id == ID_PART && word_of_id(s->earlier) == ID_REQUEST &&
	    s->earlier.data + s->earlier.size + 1 == s->word.data)
		id = ID_WHOLE;
	if (id != ID_WHOLE && !(id == ID_THREAD && *p == '='))
		return i;
	skip += char_blanks(p + 1);
	skip += p[skip] == '"';
	n = value_length(p + skip);
	if (!n || (id == ID_WHOLE && n < 7))
		return i;
	return scan_mask_after(
	    s, i, skip, skip + n, id == ID_THREAD ? mark_number : mark_id);
}

static size_t
scan_other(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	enum group kind;
	size_t n, kept;

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
		return scan_sign(s, i);
	case '=':
	case '"':
	case ':':
		if ((n = scan_value(s, i)) > i)
			return n;
		if (p[0] == ':' && p[1] == ':' &&
		    (i == 0 || !char_is(p[-1], CHAR_WORD)) &&
		    (n = token_group(p, &kind)))
			return scan_mask(s, i, n, mark_ip);
		break;
	case '#':
		if ((n = token_program_name(p, &kept)))
			return scan_mask_after(s, i, kept, n, mark_temporary);
		break;
	case '(':
	case ';':
	case '[':
		if (!(n = token_left_out(p)))
			break;
		scan_copy(s, "[]", *p == '[' ? 2 : 0);
		return i + n;
	}
	return copy_marks(s, i);
}

void
scan_part(struct scan *s, size_t from, size_t to)
{
	size_t i = from;

	s->end = to;
	while (i < to && s->size < SCAN_OUT_MAX) {
		unsigned k = char_of(s->text[i]);

		if (k & (CHAR_ALPHA | CHAR_UNDER | CHAR_HIGH)) {
			i = scan_word(s, i);
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
