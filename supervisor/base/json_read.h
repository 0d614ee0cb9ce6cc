/*
 * json_read: a JSON document (RFC 8259) looked at where it is.
 *
 * Pure, allocates nothing, keeps nothing: values point into the document.  It
 * reads what runner composed itself and what a user's template became, so it is
 * strict: UTF-8, no duplicate-tolerant tricks, at most JSON_READ_DEPTH_MAX
 * deep.
 */
#ifndef RUNNER_JSON_READ_H
#define RUNNER_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum { JSON_READ_DEPTH_MAX = 32 };

/* A value; `bytes` begins at its first character: '"', '{', '[', '-', ... */
struct json_value {
	const char *bytes; /* borrowed; NULL: there is none */
	size_t size;
};

/*
 * Is it one JSON value with nothing but blanks around?  Returns NULL; or what
 * is wrong, with the offset of it in `*at`.
 */
const char *json_check(const char *bytes, size_t size, size_t *at);

/*
 * The member `name` of the object `bytes`, which json_check() has approved of.
 * Returns whether there is one.
 */
bool json_find(
    const char *bytes, size_t size, const char *name, struct json_value *value);

/*
 * The next character of a JSON string's inside, of `size` bytes, as UTF-8 in
 * `utf8`, its length in `*length`.  A lone surrogate is U+FFFD.  Returns how
 * many bytes it took.
 */
size_t json_next_character(
    const char *inside, size_t size, char utf8[4], size_t *length);

#endif
