/*
 * keyvalue: lines "KEY VALUE\n", the form of a delivery job, of an outbox
 * file's envelope and of a kept failure's head.  Pure.
 *
 * A key ends at the first blank; everything after that blank, up to the
 * newline, is the value, which may be empty or begin with blanks.
 */
#ifndef RUNNER_KEYVALUE_H
#define RUNNER_KEYVALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One line; key and value are borrowed and end without a NUL. */
struct keyvalue {
	const char *key;
	size_t key_size;
	const char *value;
	size_t value_size;
};

enum keyvalue_result {
	KEYVALUE_LINE,     /* one was read */
	KEYVALUE_EMPTY,    /* an empty line, which is passed over */
	KEYVALUE_END,      /* there is nothing more */
	KEYVALUE_CUT,      /* the bytes end within a line */
	KEYVALUE_NO_VALUE, /* a line without a blank */
};

/*
 * Reads the line at `*at`, before `end`, and moves `*at` to the next one; where
 * it finds no line, `*at` and `*line` are untouched.
 */
enum keyvalue_result keyvalue_next(
    const char **at, const char *end, struct keyvalue *line);

bool keyvalue_is(const struct keyvalue *line, const char *key);

/*
 * Copies the value and ends it with a NUL.  Returns 0, or -1 (EBADMSG): it does
 * not fit or holds a NUL; `out` is then untouched.
 */
int keyvalue_copy(const struct keyvalue *line, char *out, size_t out_size);

/*
 * Reads the value as a decimal number between the limits, signed or not,
 * without blanks.  Returns 0, or -1 (EBADMSG); `*n` is then untouched.
 */
int keyvalue_number(
    const struct keyvalue *line, int64_t min, int64_t max, int64_t *n);

#endif
