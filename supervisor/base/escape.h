/*
 * escape: output of a task made fit for a line of the log.
 *
 * The bytes of harmful characters (text_harmful()) other than tab become \xNN
 * and all else stays.  Pure; the way of every byte, so it looks at eight at
 * once.
 */
#ifndef RUNNER_ESCAPE_H
#define RUNNER_ESCAPE_H

#include <stddef.h>

/* One byte of text becomes so many at most, in JSON too. */
enum { ESCAPE_GROWTH = 5 };

/*
 * How many bytes come before the first harmful character (newline and tab
 * are); `size` when there is none.
 */
size_t escape_plain_span(const char *bytes, size_t size);

/*
 * Writes the text to `out`, which has room for ESCAPE_GROWTH times `size`.
 * Returns how many bytes were written.
 */
size_t escape_text(char *out, const char *text, size_t size);

/*
 * The same as the inside of a JSON string (RFC 8259, 7), whose value is what
 * escape_text() writes, save that what is not UTF-8 becomes U+FFFD.
 */
size_t escape_json(char *out, const char *text, size_t size);

#endif
