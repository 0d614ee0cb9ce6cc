#include "header.h"

#include <string.h>

#include "mime.h"

enum {
	FOLD_AT = 78,       /* RFC 5322, 2.1.1 */
	FOLD_WORDS_AT = 76, /* RFC 2047, 2: a line with encoded words */
	WORD_FRAME = 12,    /* =?utf-8?Q? and ?= */
};

static bool
is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

bool
header_is_atext(char c)
{
	return is_alphanumeric(c) || (unsigned char)c >= 0x80 ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* May it stand as it is in an encoded word, also in a phrase (RFC 2047, 5)? */
static bool
is_word_safe(char c)
{
	return is_alphanumeric(c) || (c && strchr("!*+-/", c));
}

/* Does folding before a space, and unfolding, give back the same? */
static bool
is_foldable(const char *s, size_t room)
{
	size_t word = 0;

	for (size_t i = 0; s[i]; i++) {
		if (s[i] < 0x20 || s[i] > 0x7e || !strncmp(s + i, "=?", 2))
			return false;
		word = s[i] == ' ' ? 0 : word + 1;
		if (word > room ||
		    (!word && (!i || s[i + 1] == ' ' || !s[i + 1])))
			return false;
	}
	return true;
}

/* Writes words that is_foldable() approved of. */
static void
add_folded(struct text *t, size_t column, const char *s)
{
	while (*s) {
		/* A word goes with the space before it. */
		size_t n = 1 + strcspn(s + 1, " ");

		if (column + n > FOLD_AT) {
			text_add_string(t, "\r\n");
			column = 0;
		}
		text_add(t, s, n);
		column += n;
		s += n;
	}
}

/* How many whole characters at `s` fit into `room` columns as Q words. */
static size_t
fit_quoted(const char *s, size_t size, size_t room)
{
	size_t used = 0, i = 0;

	while (i < size) {
		size_t n = text_utf8_length(s + i, size - i), width = 0;

		n = n ? n : 1;
		for (size_t k = i; k < i + n; k++)
			width += is_word_safe(s[k]) || s[k] == ' ' ? 1 : 3;
		if (used + width > room)
			break;
		used += width;
		i += n;
	}
	return i;
}

/* Q where most of it can be read, else B (RFC 2047, 4). */
static bool
is_q_better(const char *s, size_t size)
{
	size_t coded = 0;

	for (size_t i = 0; i < size; i++)
		coded += !is_word_safe(s[i]) && s[i] != ' ';
	return coded * 3 <= size;
}

static void
add_q_word(struct text *t, const char *s, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (s[i] == ' ')
			text_add_string(t, "_");
		else if (is_word_safe(s[i]))
			text_add(t, s + i, 1);
		else
			text_addf(t, "=%02X", (unsigned char)s[i]);
	}
}

size_t
header_add_words(struct text *t, size_t column, const char *s, size_t size)
{
	bool is_q = is_q_better(s, size);

	for (;;) {
		size_t start = t->length, room, n;

		room = FOLD_WORDS_AT - WORD_FRAME - column;
		n = is_q ? fit_quoted(s, size, room)
			 : text_cut(s, size, room / 4 * 3);
		text_add_string(t, is_q ? "=?utf-8?Q?" : "=?utf-8?B?");
		if (is_q)
			add_q_word(t, s, n);
		else
			mime_add_base64(t, s, n);
		text_add_string(t, "?=");
		column += t->length - start;
		s += n;
		size -= n;
		if (!size)
			return column;
		text_add_string(t, "\r\n ");
		column = 1;
	}
}

/* The value as one line of UTF-8 without control characters, cut. */
static void
clean_value(struct text *clean, const char *value)
{
	size_t size = strlen(value);
	size_t n = text_cut(value, size, HEADER_VALUE_MAX);

	mime_add_shown(clean, value, n, false);
	if (n < size)
		text_add_string(clean, "...");
}

void
header_add(struct text *t, const char *name, const char *value)
{
	char buffer[HEADER_VALUE_MAX * 4 + 8];
	struct text clean;
	size_t column = strlen(name) + 2;

	text_init(&clean, buffer, sizeof(buffer));
	clean_value(&clean, value);
	text_addf(t, "%.*s: ", HEADER_NAME_MAX, name);
	if (is_foldable(buffer, FOLD_AT - column))
		add_folded(t, column, buffer);
	else
		header_add_words(t, column, buffer, clean.length);
	text_add_string(t, "\r\n");
}

/* One of a dot-atom; a dot only between two others. */
static bool
is_id_char(const char *id, size_t i)
{
	if (id[i] == '.')
		return header_is_atext(id[i - 1]) && header_is_atext(id[i + 1]);
	return header_is_atext(id[i]) && (unsigned char)id[i] < 0x80;
}

bool
header_is_id(const char *id)
{
	size_t size = strlen(id);
	const char *at = strchr(id, '@');

	if (size < 5 || size >= HEADER_ID_SIZE || id[0] != '<' ||
	    id[size - 1] != '>' || !at || at == id + 1 || at == id + size - 2)
		return false;
	for (size_t i = 1; i + 1 < size; i++)
		if (!is_id_char(id, i) && id + i != at)
			return false;
	return true;
}
