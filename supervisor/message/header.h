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
 * A field of mailboxes (RFC 5322, 3.4; RFC 6532), "a@b" or "Name <a@b>" each,
 * one well-formed field whatever an operator wrote; an address without a domain
 * gets `host`.  No address: `undisclosed-recipients:;`.  What cannot be in an
 * address is left out of it.  Not more than 100 are named.
 */
void header_add_mailboxes(
    struct text *t, const char *name, char *const *addresses, const char *host);

/* Is it "<left@right>" and nothing else, fit for a Message-ID? */
bool header_is_id(const char *id);

#endif
