#include "chars.h"

#define L (CHAR_LOWER | CHAR_HOST)
#define l (CHAR_LOWER | CHAR_HEX | CHAR_HOST)
#define U (CHAR_UPPER | CHAR_HOST)
#define u (CHAR_UPPER | CHAR_HEX | CHAR_HOST)
#define D (CHAR_DIGIT | CHAR_HEX | CHAR_HOST)
#define H CHAR_HIGH
#define H16 H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H

/* clang-format off */
const uint8_t char_class[256] = {
	[' '] = CHAR_BLANK, ['\t'] = CHAR_BLANK,
	['-'] = CHAR_HOST, ['.'] = CHAR_HOST,
	['0'] = D, D, D, D, D, D, D, D, D, D,
	['A'] = u, u, u, u, u, u, U, U, U, U, U, U, U,
	U, U, U, U, U, U, U, U, U, U, U, U, U,
	['_'] = CHAR_UNDER | CHAR_HOST,
	['a'] = l, l, l, l, l, l, L, L, L, L, L, L, L,
	L, L, L, L, L, L, L, L, L, L, L, L, L,
	/* continuation bytes, then leads; not 0xc2, 0xe2, 0xef */
	[0x80] = H16, H16, H16, H16,
	0, 0, 0, H, H, H, H, H, H, H, H, H, H, H, H, H, H16,
	H, H, 0, H, H, H, H, H, H, H, H, H, H, H, H, 0,
	H16,
};
/* clang-format on */

static bool
is_equal(struct span word, const char *item, size_t size, bool any_case)
{
	if (word.size != size)
		return false;
	for (size_t i = 0; i < size; i++) {
		char c = any_case ? char_lower(word.data[i]) : word.data[i];

		if (c != item[i])
			return false;
	}
	return true;
}

static bool
is_listed(struct span word, const char *list, bool any_case)
{
	while (*list) {
		size_t n = 0;

		while (list[n] && list[n] != ' ')
			n++;
		if (is_equal(word, list, n, any_case))
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

bool
span_in(struct span word, const char *list)
{
	return is_listed(word, list, false);
}

bool
span_in_any_case(struct span word, const char *list)
{
	return is_listed(word, list, true);
}

const char *
text_find_last(const char *text, const char *needle)
{
	const char *last = NULL;

	for (const char *p = text; (p = strstr(p, needle)); p++)
		last = p;
	return last;
}

bool
text_ends_with(const char *text, size_t n, const char *end)
{
	size_t size = strlen(end);

	return n >= size && !memcmp(text + n - size, end, size);
}
