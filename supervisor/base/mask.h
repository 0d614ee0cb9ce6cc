/*
 * mask: takes what is secret out of a text before it leaves the machine.
 *
 * What is secret is *** afterwards, and no text becomes longer.  By itself it
 * knows `password=`, `token:` and the like, the Authorization header, bearer
 * tokens, credentials in URLs, private keys in PEM and the tokens of some
 * services; ordinary words stay as they are.  Pure; one
 * pass for each kind, whatever the bytes are; a user's pattern sees pieces of
 * MASK_PIECE bytes of a line.
 */
#ifndef RUNNER_MASK_H
#define RUNNER_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "patterns.h"

enum {
	MASK_PIECE = 4096,
	MASK_VALUES_MAX = 128,
	MASK_VALUES_SIZE = 64 << 10,
	MASK_VALUE_MIN = 4, /* shorter ones would mask ordinary text */
	MASK_WORD_MAX = 7,  /* up to this long only as a whole word */
};

/* Values that are secret wherever they are. */
struct mask_values {
	size_t count;
	size_t used;
	struct {
		size_t at, size; /* in `bytes` */
	} values[MASK_VALUES_MAX];
	bool first[256]; /* a value begins with that byte */
	char bytes[MASK_VALUES_SIZE];
};

struct mask {
	const struct patterns *patterns;  /* the user's; or NULL */
	bool has_rules;                   /* those that are built in */
	const struct mask_values *values; /* or NULL */
};

/*
 * Adds a value; one that is too short, or an ordinary word such as "true", is
 * passed over, as is one that is there and what does not fit.  Longer ones are
 * found first.
 */
void mask_add_value(struct mask_values *v, const char *value);

/* Masks in place.  Returns the new size, which is never larger. */
size_t mask_bytes(const struct mask *m, char *bytes, size_t size);

/* The same for a string. */
void mask_string(const struct mask *m, char *s);

#endif
