/*
 * address: the fields that hold mailboxes (RFC 5322, 3.4; RFC 2047; RFC 6532).
 *
 * Pure.  What an operator wrote becomes one well-formed field, whatever it is.
 */
#ifndef RUNNER_ADDRESS_H
#define RUNNER_ADDRESS_H

#include "base/text.h"

/*
 * A field of addresses, "a@b" or "Name <a@b>" each; an address without a domain
 * gets `host`.  No address: `undisclosed-recipients:;` stands there.  What
 * cannot stand in an address is left out of it.  Not more than 100 are named.
 */
void address_add_field(
    struct text *t, const char *name, char *const *addresses, const char *host);

#endif
