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

#include "hash.h"
#include "scan.h"

enum { COLLECT_LINES_MAX = 64 };

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

size_t collect_count(const struct collector *c);
const char *collect_line(const struct collector *c, size_t index);

#endif
