/*
 * nearest: "did you mean": of many words the one that is most like a mistyped
 * one.  Pure.
 *
 * Two words are as far apart as there are edits between them (insert, drop,
 * change, swap neighbours).  How many edits may be a slip depends on the length
 * of the word: 1 below four letters, 2 below nine, else 3, and never all of it.
 */
#ifndef RUNNER_NEAREST_H
#define RUNNER_NEAREST_H

#include <stddef.h>

enum { NEAREST_HINT_SIZE = 256 };

struct nearest {
	const char *word;  /* borrowed */
	const char *found; /* the best so far, borrowed, or NULL */
	size_t limit;      /* fewer edits than this are better */
};

struct nearest nearest_to(const char *word);

/* Compares one more word, which must live as long as `n` is used. */
void nearest_try(struct nearest *n, const char *candidate);

/* "; did you mean 'FOUND'?" to put at the end of an error, or "". */
void nearest_hint(const struct nearest *n, char hint[NEAREST_HINT_SIZE]);

/* The number of edits; 64 when a word is longer than 63 bytes. */
size_t nearest_distance(const char *a, const char *b);

#endif
