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

enum {
	HASH_SET_MAX = 4096,
	HASH_SET_SLOTS = 2 * HASH_SET_MAX,
	HASH_SET_SLOTS_FIRST = 64,
};

/*
 * The table of slots grows with what is in it, so that a few hashes touch a few
 * lines of memory and a clear costs what was used.  All zeros is a valid empty
 * set.
 */
struct hash_set {
	unsigned count;
	unsigned slot_count; /* a power of two; 0 before the first hash */
	uint16_t slots[HASH_SET_SLOTS]; /* 1 + an index of `hashes`, or 0 */
	uint64_t hashes[HASH_SET_MAX];
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
