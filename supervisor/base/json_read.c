#include "json_read.h"

#include <stdint.h>
#include <string.h>

struct reader {
	const char *start;
	const char *at;
	const char *end;
	const char *fault; /* the first, at `at` */
};

static bool
read_fault(struct reader *r, const char *words)
{
	if (!r->fault)
		r->fault = words;
	return false;
}

static void
skip_blanks(struct reader *r)
{
	while (r->at < r->end && strchr(" \t\r\n", *r->at) && *r->at)
		r->at++;
}

static bool
is_next(const struct reader *r, char c)
{
	return r->at < r->end && *r->at == c;
}

static bool
is_digit(const struct reader *r)
{
	return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static bool
skip_digits(struct reader *r)
{
	if (!is_digit(r))
		return read_fault(r, "a digit is missing");
	while (is_digit(r))
		r->at++;
	return true;
}

static bool
read_number(struct reader *r)
{
	if (is_next(r, '-'))
		r->at++;
	if (is_next(r, '0'))
		r->at++;
	else if (!skip_digits(r))
		return false;
	if (is_digit(r))
		return read_fault(r, "a number begins with 0");
	if (is_next(r, '.') && (r->at++, !skip_digits(r)))
		return false;
	if (is_next(r, 'e') || is_next(r, 'E')) {
		r->at++;
		if (is_next(r, '+') || is_next(r, '-'))
			r->at++;
		return skip_digits(r);
	}
	return true;
}

/* The value of four hexadecimal digits, or -1. */
static int32_t
hex4(const char *s, size_t size)
{
	int32_t value = 0;

	for (int i = 0; i < 4; i++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF", *d;

		if ((size_t)i >= size || !s[i] || !(d = strchr(digits, s[i])))
			return -1;
		value = value * 16 + (int32_t)((d - digits) % 16);
	}
	return value;
}

static bool
read_string(struct reader *r)
{
	for (r->at++; r->at < r->end && *r->at != '"'; r->at++) {
		size_t length;

		if ((unsigned char)*r->at < 0x20)
			return read_fault(
			    r, "a control character or line end in a string");
		if (*r->at == '\\') {
			r->at++;
			if (is_next(r, 'u')) {
				if (hex4(r->at + 1,
					(size_t)(r->end - r->at - 1)) < 0)
					return read_fault(
					    r, "\\u wants four digits");
				r->at += 4;
			} else if (r->at >= r->end || !*r->at ||
				   !strchr("\"\\/bfnrt", *r->at)) {
				return read_fault(
				    r, "an unknown escape in a string");
			}
			continue;
		}
		length = text_utf8_length(r->at, (size_t)(r->end - r->at));
		if (!length)
			return read_fault(r, "bytes that are no UTF-8");
		r->at += length - 1;
	}
	if (!is_next(r, '"'))
		return read_fault(r, "a string has no end");
	r->at++;
	return true;
}

static bool read_value(struct reader *r, int depth);

/* Members or elements, from the opening bracket to its partner. */
static bool
read_list(struct reader *r, char close, int depth)
{
	bool is_object = close == '}';

	r->at++;
	skip_blanks(r);
	if (is_next(r, close))
		return r->at++, true;
	for (;;) {
		skip_blanks(r);
		if (is_object && !is_next(r, '"'))
			return read_fault(r, "a name in quotes is missing");
		if (is_object) {
			if (!read_string(r))
				return false;
			skip_blanks(r);
			if (!is_next(r, ':'))
				return read_fault(r, "a colon is missing");
			r->at++;
		}
		if (!read_value(r, depth + 1))
			return false;
		skip_blanks(r);
		if (is_next(r, close))
			return r->at++, true;
		if (!is_next(r, ','))
			return read_fault(r, is_object
						 ? "a comma or } is missing"
						 : "a comma or ] is missing");
		r->at++;
	}
}

static bool
read_value(struct reader *r, int depth)
{
	static const char *const words[] = {"true", "false", "null"};

	skip_blanks(r);
	if (depth > JSON_READ_DEPTH_MAX)
		return read_fault(r, "too deep");
	if (is_next(r, '{'))
		return read_list(r, '}', depth);
	if (is_next(r, '['))
		return read_list(r, ']', depth);
	if (is_next(r, '"'))
		return read_string(r);
	if (is_next(r, '-') || is_digit(r))
		return read_number(r);
	for (int i = 0; i < 3; i++) {
		size_t length = strlen(words[i]);

		if ((size_t)(r->end - r->at) >= length &&
		    !memcmp(r->at, words[i], length)) {
			r->at += length;
			return true;
		}
	}
	return read_fault(r, "a value is missing");
}

static struct reader
reader_of(const char *bytes, size_t size)
{
	return (struct reader){bytes, bytes, bytes + size, NULL};
}

const char *
json_check(const char *bytes, size_t size, size_t *at)
{
	struct reader r = reader_of(bytes, size);

	if (read_value(&r, 0)) {
		skip_blanks(&r);
		if (r.at < r.end)
			read_fault(&r, "something follows the end");
	}
	*at = (size_t)(r.at - r.start);
	return r.fault;
}

bool
json_find(
    const char *bytes, size_t size, const char *name, struct json_value *value)
{
	struct reader r = reader_of(bytes, size);
	size_t length = strlen(name);

	*value = (struct json_value){NULL, 0};
	skip_blanks(&r);
	if (!is_next(&r, '{'))
		return false;
	do {
		const char *key;
		size_t key_size;

		r.at++;
		skip_blanks(&r);
		key = r.at + 1;
		if (!is_next(&r, '"') || !read_string(&r))
			return false;
		key_size = (size_t)(r.at - 1 - key);
		skip_blanks(&r);
		r.at++;
		skip_blanks(&r);
		value->bytes = r.at;
		if (!read_value(&r, 1))
			break;
		value->size = (size_t)(r.at - value->bytes);
		if (key_size == length && !memcmp(key, name, length))
			return true;
		skip_blanks(&r);
	} while (is_next(&r, ','));
	*value = (struct json_value){NULL, 0};
	return false;
}

static size_t
encode_utf8(uint32_t c, char utf8[4])
{
	if (c < 0x80)
		return utf8[0] = (char)c, 1;
	if (c < 0x800) {
		utf8[0] = (char)(0xc0 | c >> 6);
		utf8[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		utf8[0] = (char)(0xe0 | c >> 12);
		utf8[1] = (char)(0x80 | (c >> 6 & 63));
		utf8[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	utf8[0] = (char)(0xf0 | c >> 18);
	utf8[1] = (char)(0x80 | (c >> 12 & 63));
	utf8[2] = (char)(0x80 | (c >> 6 & 63));
	utf8[3] = (char)(0x80 | (c & 63));
	return 4;
}

size_t
json_next_character(
    const char *inside, size_t size, char utf8[4], size_t *length)
{
	static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
	const char *letter;
	int32_t high, low;

	if (*inside != '\\' || size < 2) {
		size_t n = text_utf8_length(inside, size);

		n = n ? n : 1;
		memcpy(utf8, inside, n);
		return *length = n;
	}
	*length = 1;
	if (inside[1] != 'u') {
		letter = strchr(letters, inside[1]);
		*utf8 = letter ? values[letter - letters] : inside[1];
		return 2;
	}
	high = hex4(inside + 2, size - 2);
	low = size >= 12 && inside[6] == '\\' && inside[7] == 'u'
		  ? hex4(inside + 8, size - 8)
		  : -1;
	if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
		*length =
		    encode_utf8(0x10000 + ((uint32_t)(high - 0xd800) << 10) +
				    (uint32_t)(low - 0xdc00),
			utf8);
		return 12;
	}
	*length = encode_utf8(high < 0 || (high >= 0xd800 && high < 0xe000)
				  ? 0xfffd
				  : (uint32_t)high,
	    utf8);
	return size < 6 ? size : 6;
}
