/*
 * text: building text in a buffer that is never overrun, and the few ways in
 * which foreign bytes are made fit to print.
 *
 * A `struct text` writes into a buffer that the caller owns.  What does not
 * fit is left out and remembered in `is_short`; the content is always ended by
 * a NUL that `length` does not count.  Pure, independent of locale.
 */
#ifndef RUNNER_TEXT_H
#define RUNNER_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *data;    /* borrowed */
	size_t length; /* without the NUL */
	size_t size;   /* of the buffer, at least 1 */
	bool is_short; /* something did not fit */
};

void text_init(struct text *t, char *buffer, size_t size);
void text_clear(struct text *t);
void text_add(struct text *t, const char *bytes, size_t size);
void text_add_string(struct text *t, const char *s);
void text_addf(struct text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void text_vaddf(struct text *t, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Each byte as \xNN. */
void text_add_hex(struct text *t, const char *bytes, size_t size);

/* Harmful characters other than tab become \xNN; everything else stays. */
void text_add_printable(struct text *t, const char *bytes, size_t size);

/*
 * The bytes as the inside of a JSON string (RFC 8259, 7), without quotes; what
 * is harmful as \uNNNN.  What is not valid UTF-8 becomes U+FFFD.
 */
void text_add_json(struct text *t, const char *bytes, size_t size);

/*
 * The same for HTML text and attribute values.  What a page must not hold
 * (noncharacters, HTML 13.2.3.5) becomes U+FFFD too, as does what is harmful
 * save line ends and tabs.
 */
void text_add_html(struct text *t, const char *bytes, size_t size);

/*
 * The length of the valid UTF-8 sequence at `bytes` (1..4; strict: no overlong
 * form, no surrogate), or 0 when there is none.
 */
size_t text_utf8_length(const char *bytes, size_t size);

/* The character that such a sequence is. */
uint32_t text_decode(const char *bytes, size_t length);

/*
 * Is there, at `bytes`, a character that ends, moves, hides or turns others on
 * a screen: C0 (tab and newline too), DEL, C1, U+2028 and U+2029, the marks
 * that set the direction of text (UAX #9)?  Returns its length, or 0.
 */
size_t text_harmful(const char *bytes, size_t size);

/* C0 and DEL: is it, is there one; and each made a blank. */
bool text_is_control(char c);
bool text_has_control(const char *s);
void text_blank_controls(char *s);

/*
 * How many of the first `max` bytes are whole characters: where to cut.  A byte
 * that is not UTF-8 is a character.
 */
size_t text_cut(const char *bytes, size_t size, size_t max);

/*
 * Copies as many whole characters as fit with a NUL; the rest of `out` becomes
 * zeros, so that equal strings become equal bytes.
 */
void text_copy(char *out, size_t out_size, const char *s);

/* The bytes as a part of a URL, all but RFC 3986's unreserved as %NN. */
void text_add_percent(struct text *t, const char *bytes, size_t size);

/* Is it a letter or digit of ASCII? */
bool text_is_alnum(char c);

/* Is it [A-Za-z0-9][A-Za-z0-9_.-]*, and a file name with a suffix? */
bool text_is_name(const char *s);

/* Writes 16 lower-case hexadecimal digits and a NUL. */
void text_format_hex64(uint64_t value, char out[17]);

/* Reads exactly that.  Returns 0, or -1 (EINVAL). */
int text_parse_hex64(const char *s, uint64_t *value);

#endif
