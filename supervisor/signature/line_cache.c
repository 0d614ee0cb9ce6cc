#include "line_cache.h"

#include "chars.h"
#include "drawn.h"
#include "keep.h"
#include "token.h"

/* Templates. */

/* What a template leaves out.  A clean line has no control characters. */
enum kind {
	KIND_TIME = 1,
	KIND_ADDRESS,
	KIND_UUID,
	KIND_HEX, /* below 16 digits, or from there on */
	KIND_LONG_HEX,
	KIND_PREFIXED,  /* 0x... */
	KIND_SHORT,     /* one or two digits */
	KIND_DAY,       /* the same, as a day of a month could be */
	KIND_THREE,     /* may be an HTTP status */
	KIND_CODE,      /* four or five: a code, a port */
	KIND_YEAR,      /* as the year of a date could be */
	KIND_EPHEMERAL, /* the same, as a port of the caller */
	KIND_LONG,
	KIND_EPOCH,
};

static size_t
uuid_length(const char *p)
{
	enum group kind;
	size_t n = token_group(p, &kind);

	return kind == GROUP_UUID ? n : 0;
}

static unsigned
number(const char *digits, size_t n)
{
	unsigned value = 0;

	while (n--)
		value = value * 10 + (unsigned)(*digits++ - '0');
	return value;
}

static enum kind
kind_of_digits(const char *p, size_t n)
{
	if (n <= 2)
		return number(p, n) >= 1 && number(p, n) <= 31 ? KIND_DAY
							       : KIND_SHORT;
	if (n == 3)
		return KIND_THREE;
	if (n == 5 && memcmp(p, "32768", 5) >= 0)
		return KIND_EPHEMERAL;
	if (n == 4 && number(p, n) >= 1970 && number(p, n) <= 2199)
		return KIND_YEAR;
	if (n <= 5)
		return KIND_CODE;
	return (n == 10 || n == 13) && *p == '1' ? KIND_EPOCH : KIND_LONG;
}

/* A token of digits and letters that is all hexadecimal, or 0. */
static enum kind
kind_of_mixed(const char *p, size_t n)
{
	if (n >= 7 && drawn_is_hexadecimal(p, n))
		return n < 16 ? KIND_HEX : KIND_LONG_HEX;
	if (n >= 7 && p[0] == '0' && p[1] == 'x' &&
	    char_run(p + 2, CHAR_HEX) == n - 2)
		return KIND_PREFIXED;
	return 0;
}

/*
 * Looks at the token of digits, or digits and letters, at line[i].  Returns how
 * much of the line it stands for, and its kind in `*kind`; 0 as kind: it has
 * to be taken as it is.
 */
static size_t
look_at_digits(const char *line, size_t i, enum kind *kind)
{
	const char *p = line + i;
	size_t digits = char_run(p, CHAR_DIGIT), n, run;

	*kind = 0;
	if ((p[digits] == ':' || p[digits] == '-' || p[digits] == '/' ||
		p[digits] == '.') &&
	    digits <= 4) {
		if ((n = token_time(p))) {
			*kind = KIND_TIME;
			return n;
		}
		if (p[digits] == '.' && (n = token_ipv4(p))) {
			*kind = KIND_ADDRESS;
			return n;
		}
	}
	run = digits + char_run(p + digits, CHAR_WORD);
	if (run == 8 && p[8] == '-' && (n = uuid_length(p))) {
		*kind = KIND_UUID;
		return n;
	}
	if (run > digits)
		*kind = kind_of_mixed(p, run);
	else if (!keep_is_possible(line, i, i + digits))
		*kind = kind_of_digits(p, digits);
	return run;
}

/* The word at line[i]: how long it is, and its kind or 0. */
static size_t
look_at_word(const char *line, size_t i, enum kind *kind)
{
	const char *p = line + i;
	unsigned all = 0, k;
	size_t n = 0, uuid;

	*kind = 0;
	while ((k = char_of(p[n])) & CHAR_WORD) {
		all |= k;
		n++;
	}
	if (!(all & CHAR_DIGIT))
		return n;
	if (char_is(*p, CHAR_DIGIT))
		return look_at_digits(line, i, kind);
	if (n == 8 && p[n] == '-' && (uuid = uuid_length(p))) {
		*kind = KIND_UUID;
		return uuid;
	}
	*kind = kind_of_mixed(p, n);
	return n;
}

/* Where the next digit stands at or behind line[i], or `size`. */
static size_t
find_digit(const char *line, size_t i, size_t size)
{
	const uint64_t ones = 0x0101010101010101ull;
	uint64_t v;

	/* eight at a time: a digit differs from '0' by less than ten */
	for (; i + 8 <= size; i += 8) {
		memcpy(&v, line + i, 8);
		v ^= ones * '0';
		if ((v - ones * 10) & ~v & (ones << 7))
			break;
	}
	while (i < size && !char_is(line[i], CHAR_DIGIT))
		i++;
	return i;
}

static uint64_t
template_hash(const char *line, size_t size, char *scratch)
{
	size_t i = 0, n = 0;

	while (i < size) {
		size_t digit = find_digit(line, i, size), from = i;
		enum kind kind = 0;

		/* only a word with a digit in it is more than what it says */
		i = digit;
		while (i < size && i > from && char_is(line[i - 1], CHAR_WORD))
			i--;
		memcpy(scratch + n, line + from, i - from);
		n += i - from;
		if (digit == size)
			continue;
		from = i;
		i += look_at_word(line, i, &kind);
		if (kind) {
			scratch[n++] = (char)kind;
		} else {
			memcpy(scratch + n, line + from, i - from);
			n += i - from;
		}
	}
	return hash_line(scratch, n);
}

/* The table. */

void
line_cache_begin(struct line_cache *c)
{
	c->run++;
	c->epoch++;
	c->slots = LINE_CACHE_SLOTS_FIRST;
	c->count = c->pause = 0;
	c->credit = LINE_CACHE_CREDIT;
}

uint64_t
line_cache_key(const struct line_cache *c, const char *line, size_t size,
    uint64_t state, char *scratch)
{
	uint64_t key = template_hash(line, size, scratch) ^ state ^
		       c->run * 0x9e3779b97f4a7c15ull;

	return key + !key; /* 0 is that of an empty slot */
}

bool
line_cache_is_worth(struct line_cache *c)
{
	if (c->pause && !--c->pause)
		c->credit = LINE_CACHE_CREDIT;
	return !c->pause;
}

const struct cached_line *
line_cache_find(struct line_cache *c, uint64_t key)
{
	const struct cached_line *p = &c->lines[key & (c->slots - 1)];
	bool is_known = p->key == key && p->epoch == c->epoch;

	if (is_known && c->credit < LINE_CACHE_CREDIT)
		c->credit += LINE_CACHE_GAIN;
	if (!is_known && !--c->credit)
		c->pause = LINE_CACHE_PAUSE;
	return is_known ? p : NULL;
}

void
line_cache_forget(struct line_cache *c)
{
	c->epoch++;
}

/* Twice the slots: what belongs into the upper half now goes there. */
static void
grow(struct line_cache *c)
{
	unsigned half = c->slots;

	c->slots *= 2;
	for (unsigned i = 0; i < half; i++)
		if (c->lines[i].key & half) {
			c->lines[i + half] = c->lines[i];
			c->lines[i].key = 0;
		}
}

void
line_cache_add(struct line_cache *c, const struct cached_line *line)
{
	struct cached_line *p = &c->lines[line->key & (c->slots - 1)];

	if (p->key != line->key && ++c->count * 2 > c->slots &&
	    c->slots < LINE_CACHE_SLOTS) {
		grow(c);
		p = &c->lines[line->key & (c->slots - 1)];
	}
	*p = *line;
	p->epoch = c->epoch;
}
