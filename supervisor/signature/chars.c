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

const char *
text_find_last(const char *text, const char *needle)
{
	const char *last = NULL;

	for (const char *p = text; (p = strstr(p, needle)); p++)
		last = p;
	return last;
}

static const uint64_t mix_a = 0x9e3779b97f4a7c15ull;
static const uint64_t mix_b = 0xd6e8feb86659fd93ull;

uint64_t
hash_mix(uint64_t h)
{
	h ^= h >> 32;
	h *= mix_b;
	h ^= h >> 32;
	h *= mix_b;
	return h ^ (h >> 32);
}

static uint64_t
load(const char *bytes, size_t size)
{
	uint64_t v = 0;

	memcpy(&v, bytes, size);
	return v;
}

uint64_t
hash_line(const char *bytes, size_t size)
{
	uint64_t h = mix_a ^ size, g = mix_b + size;

	for (; size >= 16; bytes += 16, size -= 16) {
		h = (h ^ load(bytes, 8)) * mix_a;
		g = (g ^ load(bytes + 8, 8)) * mix_b;
		h ^= h >> 29;
		g ^= g >> 31;
	}
	if (size >= 8) {
		h = (h ^ load(bytes, 8)) * mix_a;
		h ^= h >> 29;
		bytes += 8;
		size -= 8;
	}
	g = (g ^ load(bytes, size)) * mix_b;
	return hash_mix(h + hash_mix(g));
}
