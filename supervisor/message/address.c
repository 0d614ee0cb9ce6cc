#include "address.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "header.h"

enum {
	FOLD_AT = 78,      /* RFC 5322, 2.1.1 */
	ADDRESS_MAX = 320, /* 64 @ 255 */
	ADDRESSES_MAX = 100,
	HOST_MAX = 255,
};

/* Part of an address, what may stand there, or a quoted string for it. */
static void
add_local_part(struct text *t, const char *s, size_t size)
{
	bool is_dot_atom = size > 0;

	for (size_t i = 0; i < size; i++)
		if (s[i] == '.' ? !i || i + 1 == size || s[i - 1] == '.'
				: !header_is_atext(s[i]))
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
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
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
		    (!header_is_atext(s[i]) || (unsigned char)s[i] >= 0x80))
			is_plain = false;
	if (is_plain) {
		text_add(t, s, size);
		return column + size;
	}
	return header_add_words(t, column, s, size);
}

/* One mailbox from `column` on; returns the column behind. */
static size_t
add_mailbox(
    struct text *t, size_t column, const char *address, const char *host)
{
	size_t size = text_cut(address, strlen(address), ADDRESS_MAX);
	const char *open = memrchr(address, '<', size);
	char name[ADDRESS_MAX + 1], spec[ADDRESS_MAX + 1];
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
address_add_field(
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
