#include "header.h"

#include <string.h>

#include "mime.h"

enum {
	FOLD_AT = 78,       /* RFC 5322, 2.1.1 */
	FOLD_WORDS_AT = 76, /* RFC 2047, 2: a line with encoded words */
	WORD_FRAME = 12,    /* =?utf-8?Q? and ?= */
	ADDRESS_MAX = 320,  /* 64 @ 255 */
	ADDRESSES_MAX = 100,
	HOST_MAX = 255,
};

static bool
is_atext(char c)
{
	return text_is_alnum(c) || (unsigned char)c >= 0x80 ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* May it be written as it is in an encoded word, also in a phrase (RFC 2047,
 * 5)? */
static bool
is_word_safe(char c)
{
	return text_is_alnum(c) || (c && strchr("!*+-/", c));
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

static size_t
add_words(struct text *t, size_t column, const char *s, size_t size)
{
	size_t coded = 0;
	bool is_q;

	/* Q where most of it can be read, else B (RFC 2047, 4). */
	for (size_t i = 0; i < size; i++)
		coded += !is_word_safe(s[i]) && s[i] != ' ';
	is_q = coded * 3 <= size;
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
		add_words(t, column, buffer, clean.length);
	text_add_string(t, "\r\n");
}

/* One of a dot-atom; a dot only between two others. */
static bool
is_id_char(const char *id, size_t i)
{
	if (id[i] == '.')
		return is_atext(id[i - 1]) && is_atext(id[i + 1]);
	return is_atext(id[i]) && (unsigned char)id[i] < 0x80;
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

/* ---- mailboxes ---- */

/* Part of an address, what may be there, or a quoted string for it. */
static void
add_local_part(struct text *t, const char *s, size_t size)
{
	bool is_dot_atom = size > 0;

	for (size_t i = 0; i < size; i++)
		if (s[i] == '.' ? !i || i + 1 == size || s[i - 1] == '.'
				: !is_atext(s[i]))
			is_dot_atom = false;
	if (is_dot_atom) {
		text_add(t, s, size);
		return;
	}
	text_add_string(t, "\"");
	for (size_t i = 0; i < size; i++) {
		if (s[i] == '"' || s[i] == '\\')
			text_add_string(t, "\\");
		text_add(t, s + i, 1);
	}
	text_add_string(t, "\"");
}

static bool
is_domain_char(char c)
{
	return text_is_alnum(c) || c == '-' || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* A host as a domain, never empty, never with an empty label. */
static void
add_domain(struct text *t, const char *s, size_t size)
{
	size_t start = t->length;
	bool is_literal = size && s[0] == '[';

	text_add_string(t, is_literal ? "[" : "");
	for (size_t i = 0; i < size; i++)
		if (is_domain_char(s[i]) || (is_literal && s[i] == ':') ||
		    (s[i] == '.' && is_domain_char(t->data[t->length - 1])))
			text_add(t, s + i, 1);
	if (t->data[t->length - 1] == '.')
		t->data[--t->length] = '\0';
	if (t->length == start + is_literal)
		text_add_string(t, is_literal ? "127.0.0.1" : "localhost");
	text_add_string(t, is_literal ? "]" : "");
}

/* Drops quotes around a name or local part, and the backslashes within. */
static size_t
unquote(char *s, size_t size)
{
	size_t n = 0;

	if (size < 2 || s[0] != '"' || s[size - 1] != '"')
		return size;
	for (size_t i = 1; i + 1 < size; i++) {
		if (s[i] == '\\' && i + 2 < size)
			i++;
		s[n++] = s[i];
	}
	return n;
}

/* Copies what is printable UTF-8, without blanks around; returns the size. */
static size_t
copy_printable(char *out, const char *s, size_t size)
{
	size_t n = 0, step;

	for (size_t i = 0; i < size; i += step) {
		step = text_utf8_length(s + i, size - i);
		if (!step) {
			step = 1;
			continue;
		}
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f ||
		    (s[i] == ' ' && !n))
			continue;
		memcpy(out + n, s + i, step);
		n += step;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return n;
}

static void
add_addr_spec(struct text *t, char *s, size_t size, const char *host)
{
	const char *at = memrchr(s, '@', size);
	size_t local = at ? (size_t)(at - s) : size;
	char own[HOST_MAX + 1];

	add_local_part(t, s, unquote(s, local));
	text_add_string(t, "@");
	if (at)
		add_domain(t, at + 1, size - local - 1);
	else
		add_domain(
		    t, own, copy_printable(own, host, strnlen(host, HOST_MAX)));
}

/* "Name " before an address, in atoms or encoded words. */
static size_t
add_phrase(struct text *t, size_t column, const char *s, size_t size)
{
	bool is_plain = size < FOLD_AT - column && s[0] != ' ' &&
			!strstr(s, "  ") && !strstr(s, "=?");

	for (size_t i = 0; i < size; i++)
		if (s[i] != ' ' &&
		    (!is_atext(s[i]) || (unsigned char)s[i] >= 0x80))
			is_plain = false;
	if (is_plain) {
		text_add(t, s, size);
		return column + size;
	}
	return add_words(t, column, s, size);
}

/* One mailbox from `column` on; returns the column after it. */
static size_t
add_mailbox(
    struct text *t, size_t column, const char *address, const char *host)
{
	size_t size = text_cut(address, strlen(address), ADDRESS_MAX);
	const char *open = memrchr(address, '<', size);
	char name[ADDRESS_MAX + 1], spec[ADDRESS_MAX + 1] = {0};
	char buffer[2 * ADDRESS_MAX + 300];
	struct text whole;
	size_t name_size = 0, spec_size;

	text_init(&whole, buffer, sizeof(buffer));
	if (open) {
		const char *end = memchr(open, '>', address + size - open);

		name_size = copy_printable(name, address, open - address);
		name_size = unquote(name, name_size);
		name[name_size] = '\0';
		spec_size = (end ? end : address + size) - open - 1;
		spec_size = copy_printable(spec, open + 1, spec_size);
	} else {
		spec_size = copy_printable(spec, address, size);
	}
	text_add_string(&whole, name_size ? "<" : "");
	add_addr_spec(&whole, spec, spec_size, host);
	text_add_string(&whole, name_size ? ">" : "");
	if (name_size) {
		column = add_phrase(t, column, name, name_size);
		if (column + 1 + whole.length + 1 > FOLD_AT) {
			text_add_string(t, "\r\n");
			column = 0;
		}
		text_add_string(t, " ");
		column++;
	}
	text_add(t, buffer, whole.length);
	return column + whole.length;
}

void
header_add_mailboxes(
    struct text *t, const char *name, char *const *addresses, const char *host)
{
	size_t column = strlen(name) + 2;

	text_addf(t, "%.*s: ", HEADER_NAME_MAX, name);
	if (!addresses || !addresses[0])
		text_add_string(t, "undisclosed-recipients:;");
	for (size_t i = 0; addresses && addresses[i]; i++) {
		if (i == ADDRESSES_MAX)
			break;
		if (i) {
			text_add_string(t, ",\r\n ");
			column = 1;
		}
		column = add_mailbox(t, column, addresses[i], host);
	}
	text_add_string(t, "\r\n");
}
