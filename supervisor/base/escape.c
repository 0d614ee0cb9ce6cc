#include "escape.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "text.h"

/* The same byte in all eight places of a word. */
#define EVERY(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t
load(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/*
 * The top bit of each byte that is below 0x20 or 0x7f.  No sum leaves its
 * byte, so the answer is exact in each whatever stands beside it.
 */
static uint64_t
controls_in(uint64_t word)
{
	uint64_t low = word & EVERY(0x7f);
	uint64_t is_not_below = low + EVERY(0x60);
	uint64_t is_delete = low + EVERY(0x01);

	return (~is_not_below | is_delete) & ~word & EVERY(0x80);
}

/* Which byte in memory order has the first bit of `marks`, which has one. */
static size_t
first_marked(uint64_t marks)
{
	return (size_t)__builtin_ctzll(htole64(marks)) / 8;
}

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

size_t
escape_plain_span(const char *bytes, size_t size)
{
	size_t i = 0;

	/* Two words a turn: their sums do not wait for each other. */
	for (; size - i >= 16; i += 16) {
		uint64_t first = controls_in(load(bytes + i));
		uint64_t second = controls_in(load(bytes + i + 8));

		if (first)
			return i + first_marked(first);
		if (second)
			return i + 8 + first_marked(second);
	}
	while (i < size && !is_control(bytes[i]))
		i++;
	return i;
}

static size_t
put_hex(char *out, const char *before, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = strlen(before);

	memcpy(out, before, n);
	out[n] = digits[c >> 4];
	out[n + 1] = digits[c & 15];
	return n + 2;
}

size_t
escape_text(char *out, const char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size;) {
		size_t plain = escape_plain_span(text + i, size - i);

		memcpy(out + n, text + i, plain);
		n += plain;
		i += plain;
		if (i == size)
			break;
		if (text[i] == '\t')
			out[n++] = '\t';
		else
			n += put_hex(out + n, "\\x", (unsigned char)text[i]);
		i++;
	}
	return n;
}

/* One character of `text` that may need care; `*i` moves behind it. */
static size_t
put_json_character(char *out, const char *text, size_t size, size_t *i)
{
	const char *from = text + *i;
	unsigned char c = (unsigned char)*from;
	size_t n = text_utf8_length(from, size - *i);

	*i += n ? n : 1;
	if (c == '\t')
		return memcpy(out, "\\t", 2), 2;
	if (is_control((char)c))
		return put_hex(out, "\\\\x", c);
	if (c == '"' || c == '\\') {
		out[0] = '\\';
		out[1] = (char)c;
		return 2;
	}
	if (!n)
		return memcpy(out, "\xef\xbf\xbd", 3), 3;
	memcpy(out, from, n);
	return n;
}

/* Not zero when there is such a byte. */
static uint64_t
has_byte(uint64_t word, unsigned char byte)
{
	uint64_t x = word ^ EVERY(byte);

	return (x - EVERY(0x01)) & ~x & EVERY(0x80);
}

size_t
escape_json(char *out, const char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size;) {
		uint64_t w = size - i >= 8 ? load(text + i) : EVERY(0x80);

		if (!(controls_in(w) | (w & EVERY(0x80)) | has_byte(w, '"') |
			has_byte(w, '\\'))) {
			memcpy(out + n, &w, sizeof(w));
			n += sizeof(w);
			i += sizeof(w);
			continue;
		}
		/* Up to the end of this word one by one. */
		for (size_t stop = i + 8 < size ? i + 8 : size; i < stop;)
			n += put_json_character(out + n, text, size, &i);
	}
	return n;
}
