/*
 * chars: character classes by table, and the few questions about text that
 * every other part of the signature asks.
 *
 * Independent of locale: the classes are those of ASCII.  A byte of a letter
 * beyond ASCII counts as part of a word; the lead bytes of punctuation,
 * symbols and drawing characters (U+0080..U+00BF, U+2000..U+2FFF, U+F000..)
 * do not.  Texts are ended by a NUL, which has no class, so that a look ahead
 * stops there by itself.
 */
#ifndef RUNNER_SIGNATURE_CHARS_H
#define RUNNER_SIGNATURE_CHARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	CHAR_LOWER = 1,
	CHAR_UPPER = 2,
	CHAR_DIGIT = 4,
	CHAR_UNDER = 8,
	CHAR_HIGH = 16,
	CHAR_BLANK = 32,
	CHAR_HEX = 64,
	CHAR_HOST = 128, /* what a name with dots is made of: alnum - . _ */

	CHAR_ALPHA = CHAR_LOWER | CHAR_UPPER,
	CHAR_ALNUM = CHAR_ALPHA | CHAR_DIGIT,
	CHAR_WORD = CHAR_ALNUM | CHAR_UNDER | CHAR_HIGH,
};

extern const uint8_t char_class[256];

/* Some bytes of a longer text; borrowed, not ended by a NUL. */
struct span {
	const char *data;
	size_t size;
};

static inline unsigned
char_of(char c)
{
	return char_class[(unsigned char)c];
}

static inline bool
char_is(char c, unsigned classes)
{
	return char_class[(unsigned char)c] & classes;
}

static inline char
char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* How many characters from `p` on are of these classes. */
static inline size_t
char_run(const char *p, unsigned classes)
{
	size_t n = 0;

	while (char_class[(unsigned char)p[n]] & classes)
		n++;
	return n;
}

static inline size_t
char_blanks(const char *p)
{
	size_t n = 0;

	while (p[n] == ' ')
		n++;
	return n;
}

/* Does `p` start with this literal?  Returns its length, or 0. */
#define char_starts(p, literal)                                                \
	(*(p) == ("" literal)[0] &&                                            \
		    strncmp((p), literal, sizeof(literal) - 1) == 0            \
		? sizeof(literal) - 1                                          \
		: (size_t)0)

/* Where the last `needle` is, or NULL. */
const char *text_find_last(const char *text, const char *needle);

/* Does text[0, n) end with this? */
static inline bool
text_ends_with(const char *text, size_t n, const char *end)
{
	size_t size = strlen(end);

	return n >= size && !memcmp(text + n - size, end, size);
}

/*
 * A fast hash, which decides only inside one process whether two texts are the
 * same; and what spreads the bits of a hash.
 */
uint64_t hash_line(const char *bytes, size_t size);
uint64_t hash_mix(uint64_t h);

#endif
