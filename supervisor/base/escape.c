#include "escape.h"

#include <endian.h>
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

/* The top bit of each byte that is this one, exact likewise. */
static uint64_t
bytes_in(uint64_t word, unsigned char byte)
{
	uint64_t x = word ^ EVERY(byte);

	return ~(((x & EVERY(0x7f)) + EVERY(0x7f)) | x) & EVERY(0x80);
}

/* The first bytes of what may be harmful: C1, U+061C, and U+2000 and on. */
static uint64_t
suspects_in(uint64_t word)
{
	uint64_t marks = controls_in(word);

	if (word & EVERY(0x80))
		marks |= bytes_in(word, 0xc2) | bytes_in(word, 0xd8) |
			 bytes_in(word, 0xe2);
	return marks;
}

/* How many bytes come before the first suspect, or `size`. */
static size_t
innocent_span(const char *bytes, size_t size)
{
	size_t i = 0;

	/* Two words a turn: their sums do not wait for each other. */
	for (; size - i >= 16; i += 16) {
		uint64_t first = suspects_in(load(bytes + i));
		uint64_t second = suspects_in(load(bytes + i + 8));

		if (first)
			return i + first_marked(first);
		if (second)
			return i + 8 + first_marked(second);
	}
	while (i < size && !text_harmful(bytes + i, size - i))
		i++;
	return i;
}

size_t
escape_plain_span(const char *bytes, size_t size)
{
	size_t i = 0;

	while ((i += innocent_span(bytes + i, size - i)) < size &&
	       !text_harmful(bytes + i, size - i))
		i++;
	return i;
}

/* Each byte in hexadecimal digits behind `before`. */
static size_t
put_hex(char *out, const char *before, const char *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	char *to = out;

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];

		to = stpcpy(to, before);
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	return (size_t)(to - out);
}

size_t
escape_text(char *out, const char *text, size_t size)
{
	size_t n = 0, length;

	for (size_t i = 0; i < size; i += length) {
		length = escape_plain_span(text + i, size - i);
		memcpy(out + n, text + i, length);
		n += length;
		i += length;
		if (i == size)
			break;
		length = text_harmful(text + i, size - i);
		if (text[i] == '\t')
			out[n++] = '\t';
		else
			n += put_hex(out + n, "\\x", text + i, length);
	}
	return n;
}

/* One character of `text` that may need care; `*i` moves behind it. */
static size_t
put_json_character(char *out, const char *text, size_t size, size_t *i)
{
	const char *from = text + *i;
	size_t n = text_utf8_length(from, size - *i);

	*i += n ? n : 1;
	if (!n)
		return memcpy(out, "\xef\xbf\xbd", 3), 3;
	if (*from == '\t')
		return memcpy(out, "\\t", 2), 2;
	if (text_harmful(from, n))
		return put_hex(out, "\\\\x", from, n);
	if (*from == '"' || *from == '\\') {
		out[0] = '\\';
		out[1] = *from;
		return 2;
	}
	memcpy(out, from, n);
	return n;
}

size_t
escape_json(char *out, const char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size;) {
		uint64_t w = size - i >= 8 ? load(text + i) : EVERY(0x80);

		if (!(controls_in(w) | (w & EVERY(0x80)) | bytes_in(w, '"') |
			bytes_in(w, '\\'))) {
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
