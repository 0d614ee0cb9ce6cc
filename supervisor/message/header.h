/*
 * header: the fields of a message's header (RFC 5322, 2.2 and 3.2-3.6, and
 * RFC 2047 for what is not ASCII).
 *
 * Pure.  Whatever bytes a value holds, exactly one well-formed field comes out,
 * in lines of at most 78 characters (76 with encoded words) that end in CRLF:
 * control characters and bytes that are not UTF-8 are shown as \xNN, and a
 * value that folding could change is written in encoded words, from which a
 * reader decodes it exactly.
 */
#ifndef RUNNER_HEADER_H
#define RUNNER_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum {
	HEADER_NAME_MAX = 40,
	HEADER_VALUE_MAX = 1100, /* bytes; a longer one is cut, "..." follows */
	HEADER_ID_SIZE = 512,
};

/* An unstructured field. */
void header_add(struct text *t, const char *name, const char *value);

/*
 * The pieces of a field, for address.  header_add_words() writes `size` bytes
 * of UTF-8 as encoded words, folded, from `column` on, which must leave room
 * for a word, and returns the column behind.  header_is_atext(): RFC 5322,
 * 3.2.3, with RFC 6532's UTF-8.
 */
size_t header_add_words(
    struct text *t, size_t column, const char *s, size_t size);
bool header_is_atext(char c);

/* Is it "<left@right>" and nothing else, fit for a Message-ID? */
bool header_is_id(const char *id);

#endif
