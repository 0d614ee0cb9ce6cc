#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_LENGTH_MAX = 200 };

void
text_init(struct text *t, char *buffer, size_t size)
{
	*t = (struct text){.data = buffer, .size = size};
	buffer[0] = '\0';
}

void
text_clear(struct text *t)
{
	text_init(t, t->data, t->size);
}

void
text_add(struct text *t, const char *bytes, size_t size)
{
	size_t room = t->size - 1 - t->length;

	if (size > room) {
		size = room;
		t->is_short = true;
	}
	/* Nothing may be NULL; memcpy(3) must not be given that. */
	if (size)
		memcpy(t->data + t->length, bytes, size);
	t->length += size;
	t->data[t->length] = '\0';
}

void
text_add_string(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void
text_vaddf(struct text *t, const char *fmt, va_list ap)
{
	size_t room = t->size - t->length;
	int n = vsnprintf(t->data + t->length, room, fmt, ap);

	if (n < 0 || (size_t)n >= room) {
		t->is_short = true;
		n = n < 0 ? 0 : (int)room - 1;
	}
	t->length += (size_t)n;
	t->data[t->length] = '\0';
}

void
text_addf(struct text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_vaddf(t, fmt, ap);
	va_end(ap);
}

void
text_add_hex(struct text *t, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		text_addf(t, "\\x%02x", (unsigned char)bytes[i]);
}

void
text_add_printable(struct text *t, const char *bytes, size_t size)
{
	for (size_t i = 0, n; i < size; i += n) {
		n = text_harmful(bytes + i, size - i);
		if (n && bytes[i] != '\t') {
			text_add_hex(t, bytes + i, n);
		} else {
			n = text_utf8_length(bytes + i, size - i);
			text_add(t, bytes + i, n ? n : (n = 1));
		}
	}
}

size_t
text_utf8_length(const char *bytes, size_t size)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t length;
	unsigned char low = 0x80, high = 0xbf;

	if (!size)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		length = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		length = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		length = 4;
	else
		return 0;
	/* The second byte's range rules out overlong forms and surrogates. */
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (size < length || s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

uint32_t
text_decode(const char *bytes, size_t length)
{
	static const unsigned char lead[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t c = (unsigned char)bytes[0] & lead[length];

	for (size_t i = 1; i < length; i++)
		c = c << 6 | ((unsigned char)bytes[i] & 0x3f);
	return c;
}

bool
text_is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

size_t
text_harmful(const char *bytes, size_t size)
{
	size_t n = text_utf8_length(bytes, size);
	uint32_t c;

	if (n <= 1)
		return n && text_is_control(bytes[0]);
	c = text_decode(bytes, n);
	if (c < 0xa0 || c == 0x61c || c == 0x200e || c == 0x200f ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x206f))
		return n;
	return 0;
}

bool
text_has_control(const char *s)
{
	while (*s && !text_is_control(*s))
		s++;
	return *s;
}

void
text_blank_controls(char *s)
{
	for (; *s; s++)
		if (text_is_control(*s))
			*s = ' ';
}

size_t
text_cut(const char *bytes, size_t size, size_t max)
{
	size_t n = max;

	if (size <= max)
		return size;
	/* The cut falls within a character when one before it reaches over. */
	for (size_t back = 1; back <= 3 && back <= n; back++)
		if (text_utf8_length(bytes + n - back, size - n + back) > back)
			return n - back;
	return n;
}

void
text_copy(char *out, size_t out_size, const char *s)
{
	size_t n = text_cut(s, strlen(s), out_size - 1);

	memcpy(out, s, n);
	memset(out + n, 0, out_size - n);
}

void
text_add_json(struct text *t, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size;) {
		unsigned char c = (unsigned char)bytes[i];
		size_t n = text_utf8_length(bytes + i, size - i);

		if (!n)
			text_add_string(t, "\xef\xbf\xbd");
		else if (c == '"' || c == '\\')
			text_addf(t, "\\%c", c);
		else if (c == '\n')
			text_add_string(t, "\\n");
		else if (c == '\t')
			text_add_string(t, "\\t");
		else if (text_harmful(bytes + i, n))
			text_addf(t, "\\u%04x", text_decode(bytes + i, n));
		else
			text_add(t, bytes + i, n);
		i += n ? n : 1;
	}
}

void
text_add_html(struct text *t, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size;) {
		unsigned char c = (unsigned char)bytes[i];
		size_t n = text_utf8_length(bytes + i, size - i);

		if (!n ||
		    (text_harmful(bytes + i, n) && c != '\n' && c != '\t') ||
		    (n == 3 && text_decode(bytes + i, n) >= 0xfffe))
			text_add_string(t, "\xef\xbf\xbd");
		else if (c == '<')
			text_add_string(t, "&lt;");
		else if (c == '>')
			text_add_string(t, "&gt;");
		else if (c == '&')
			text_add_string(t, "&amp;");
		else if (c == '"')
			text_add_string(t, "&quot;");
		else if (c == '\'')
			text_add_string(t, "&#39;");
		else
			text_add(t, bytes + i, n);
		i += n ? n : 1;
	}
}

void
text_add_percent(struct text *t, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (text_is_alnum(bytes[i]) || memchr("-._~", bytes[i], 4))
			text_add(t, bytes + i, 1);
		else
			text_addf(t, "%%%02X", (unsigned char)bytes[i]);
}

bool
text_is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

bool
text_is_name(const char *s)
{
	size_t n = 0;

	if (!text_is_alnum(s[0]))
		return false;
	for (; s[n]; n++)
		if (!text_is_alnum(s[n]) && !strchr("_.-", s[n]))
			return false;
	return n <= NAME_LENGTH_MAX;
}

void
text_format_hex64(uint64_t value, char out[17])
{
	snprintf(out, 17, "%016" PRIx64, value);
}

int
text_parse_hex64(const char *s, uint64_t *value)
{
	uint64_t n = 0;

	for (size_t i = 0; i < 16; i++) {
		char c = s[i];

		if (c >= '0' && c <= '9')
			n = n << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			n = n << 4 | (uint64_t)(c - 'a' + 10);
		else
			return errno = EINVAL, -1;
	}
	if (s[16])
		return errno = EINVAL, -1;
	*value = n;
	return 0;
}
