/*
 * ring: the last bytes of a stream, in a buffer of fixed size.
 *
 * Pure.  The caller owns the buffer; adding costs one copy of what is kept.
 */
#ifndef RUNNER_RING_H
#define RUNNER_RING_H

#include <stddef.h>

struct ring {
	char *data;  /* borrowed */
	size_t size; /* of the buffer */
	size_t used; /* bytes in it, at most size */
	size_t next; /* where the next byte goes; the oldest, when full */
};

void ring_init(struct ring *r, char *data, size_t size);
void ring_clear(struct ring *r);

/* Adds bytes; the oldest are overwritten. */
void ring_add(struct ring *r, const char *bytes, size_t size);

/* Puts the bytes in order, so that data[0..used) is what was added last. */
void ring_straighten(struct ring *r);

#endif
