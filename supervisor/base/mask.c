#include "mask.h"

#include <string.h>

#include "mask_rules.h"
#include "text.h"

static bool
is_word(char c)
{
	return text_is_alnum(c) || c == '_' || (c & 0x80);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void
mask_keep_until(struct mask_line *l, size_t end)
{
	size_t size = end - l->at;

	memmove(l->in + l->out, l->in + l->at, size);
	l->out += size;
	l->at = end;
}

void
mask_hide(struct mask_line *l, size_t size)
{
	size_t stars = size < 3 ? size : 3;

	memset(l->in + l->out, '*', stars);
	l->out += stars;
	l->at += size;
}

void
mask_hide_at(struct mask_line *l, size_t at, size_t size)
{
	mask_keep_until(l, at);
	mask_hide(l, size);
}

size_t
mask_finish(struct mask_line *l)
{
	mask_keep_until(l, l->size);
	return l->out;
}

/* ---- the user's patterns ---- */

/* At most a piece, of which a copy with an end is looked at. */
static size_t
apply_pattern(const regex_t *pattern, char *bytes, size_t size)
{
	struct mask_line l = {.in = bytes, .size = size};
	char copy[MASK_PIECE + 1];
	size_t from = 0;

	/* A NUL byte ends no secret. */
	for (size_t i = 0; i < size; i++)
		copy[i] = bytes[i] ? bytes[i] : '\1';
	copy[size] = '\0';
	while (from < size) {
		regmatch_t m;

		if (regexec(pattern, copy + from, 1, &m, from ? REG_NOTBOL : 0))
			break;
		/* A match of nothing hides nothing. */
		if (m.rm_eo == m.rm_so) {
			from += (size_t)m.rm_eo + 1;
			continue;
		}
		mask_hide_at(
		    &l, from + (size_t)m.rm_so, (size_t)(m.rm_eo - m.rm_so));
		from = l.at;
	}
	return mask_finish(&l);
}

/* Pieces end at a blank where there is one, so that no word is cut. */
static size_t
apply_patterns(const struct patterns *p, char *bytes, size_t size)
{
	size_t out = 0;

	for (size_t at = 0, piece; at < size; at += piece) {
		size_t kept;

		piece = size - at;
		if (piece > MASK_PIECE) {
			piece = MASK_PIECE;
			while (piece > MASK_PIECE / 2 &&
			       !is_blank(bytes[at + piece - 1]))
				piece--;
		}
		kept = piece;
		memmove(bytes + out, bytes + at, piece);
		for (size_t i = 0; i < p->count; i++)
			kept =
			    apply_pattern(&p->compiled[i], bytes + out, kept);
		out += kept;
	}
	return out;
}

/* ---- values ---- */

void
mask_add_value(struct mask_values *v, const char *value)
{
	size_t size = strlen(value), i;

	if (size < MASK_VALUE_MIN || mask_is_ordinary(value, size) ||
	    v->count == MASK_VALUES_MAX || size > sizeof(v->bytes) - v->used)
		return;
	for (i = 0; i < v->count; i++)
		if (v->values[i].size == size &&
		    !memcmp(v->bytes + v->values[i].at, value, size))
			return;
	memcpy(v->bytes + v->used, value, size);
	for (i = v->count; i > 0 && v->values[i - 1].size < size; i--)
		v->values[i] = v->values[i - 1];
	v->values[i].at = v->used;
	v->values[i].size = size;
	v->count++;
	v->used += size;
	v->first[(unsigned char)*value] = true;
}

static size_t
find_value(
    const struct mask_values *v, const char *bytes, size_t at, size_t size)
{
	for (size_t i = 0; i < v->count; i++) {
		size_t length = v->values[i].size;

		if (length > size - at ||
		    memcmp(v->bytes + v->values[i].at, bytes + at, length))
			continue;
		if (length > MASK_WORD_MAX ||
		    ((!at || !is_word(bytes[at - 1])) &&
			(at + length == size || !is_word(bytes[at + length]))))
			return length;
	}
	return 0;
}

static size_t
apply_values(const struct mask_values *v, char *bytes, size_t size)
{
	struct mask_line l = {.in = bytes, .size = size};

	for (size_t at = 0; at < size; at++) {
		size_t length = v->first[(unsigned char)bytes[at]]
				    ? find_value(v, bytes, at, size)
				    : 0;

		if (!length)
			continue;
		mask_hide_at(&l, at, length);
		at = l.at - 1;
	}
	return mask_finish(&l);
}

static bool
has_words(const char *line, size_t size, const char *words)
{
	return memmem(line, size, words, strlen(words)) != NULL;
}

/* Is a line within a private key of its body? */
static bool
is_key_line(const char *line, size_t size)
{
	size_t n = 0;

	while (n < size && (mask_is_token_char(line[n]) || line[n] == '\r'))
		n++;
	return n == size || has_words(line, size, "Proc-Type: ") ||
	       has_words(line, size, "DEK-Info: ");
}

static size_t
mask_one_line(const struct mask *m, char *line, size_t size)
{
	if (m->values && m->values->count)
		size = apply_values(m->values, line, size);
	if (m->patterns && m->patterns->count)
		size = apply_patterns(m->patterns, line, size);
	return m->has_rules ? mask_apply_rules(line, size) : size;
}

size_t
mask_bytes(const struct mask *m, char *bytes, size_t size)
{
	bool is_in_key = false;
	size_t out = 0;

	for (size_t at = 0; at < size;) {
		const char *end = memchr(bytes + at, '\n', size - at);
		size_t length = end ? (size_t)(end - bytes) - at : size - at;
		struct mask_line l = {.in = bytes + out, .size = length};

		memmove(l.in, bytes + at, length);
		is_in_key = is_in_key && is_key_line(l.in, length) &&
			    !has_words(l.in, length, "-----END");
		if (is_in_key) {
			mask_hide(&l, length);
			out += l.out;
		} else {
			is_in_key = m->has_rules &&
				    has_words(l.in, length, "-----BEGIN ") &&
				    has_words(l.in, length, "PRIVATE KEY-----");
			out += mask_one_line(m, l.in, length);
		}
		at += length;
		if (end) {
			bytes[out++] = '\n';
			at++;
		}
	}
	return out;
}

void
mask_string(const struct mask *m, char *s)
{
	s[mask_bytes(m, s, strlen(s))] = '\0';
}
