/*
 * collect: the evidence lines of one kind, in fixed memory.
 *
 * Keeps the first `head_max` and the last `tail_max` distinct normalised lines
 * in order of their first appearance; what lies between is dropped.
 */
#ifndef RUNNER_SIGNATURE_COLLECT_H
#define RUNNER_SIGNATURE_COLLECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan.h"

enum { COLLECT_LINES_MAX = 64 };

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

void hash_set_clear(struct hash_set *set);

/*
 * Adds a hash.  Returns whether it was not there yet.  A full set says so of
 * every hash that it does not hold, and takes no more.
 */
bool hash_set_add(struct hash_set *set, uint64_t h);

struct collector {
	size_t head_max;
	size_t tail_max;
	size_t count; /* distinct lines seen since the last clear */
	struct hash_set seen;
	char lines[COLLECT_LINES_MAX][SCAN_OUT_SIZE];
};

/* Empties it.  head_max + tail_max is at most COLLECT_LINES_MAX. */
void collect_begin(struct collector *c, size_t head_max, size_t tail_max);
void collect_clear(struct collector *c);

/* Takes a NUL-ended line.  Returns whether it was new. */
bool collect_add(struct collector *c, const char *line, size_t size);

/* Have more lines come than are told apart? */
bool collect_is_full(const struct collector *c);

size_t collect_count(const struct collector *c);
const char *collect_line(const struct collector *c, size_t index);

#endif
