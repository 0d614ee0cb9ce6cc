/*
 * hash: 64-bit hashes of lines, and a set of them in fixed memory.
 *
 * hash_line() is fast and decides only inside one process whether two lines
 * are the same; what is kept and compared for ever is hash_add(), which is
 * FNV-1a byte by byte and so the same on every machine.
 */
#ifndef RUNNER_SIGNATURE_HASH_H
#define RUNNER_SIGNATURE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_SET_MAX = 4096, HASH_SET_SLOTS = 8192 };

struct hash_set {
	uint64_t slots[HASH_SET_SLOTS]; /* 0: free */
	uint16_t used[HASH_SET_MAX];    /* which slots, so that a clear is short */
	unsigned count;
};

uint64_t hash_line(const char *bytes, size_t size);

/* The hash of no bytes, to start from; and of some more bytes; and its end. */
uint64_t hash_start(void);
uint64_t hash_add(uint64_t h, const void *bytes, size_t size);
uint64_t hash_end(uint64_t h);

void hash_set_clear(struct hash_set *set);

/*
 * Adds a hash.  Returns whether it was not there yet.  A full set says so of
 * every hash that it does not hold, and takes no more.
 */
bool hash_set_add(struct hash_set *set, uint64_t h);

#endif
