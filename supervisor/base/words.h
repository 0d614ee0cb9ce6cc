/*
 * words: the words of an enum, in a table that serves for reading and for
 * printing: word i names the value i, NULL ends it.  Pure.
 */
#ifndef RUNNER_WORDS_H
#define RUNNER_WORDS_H

#include <stddef.h>

#include "text.h"

/* The value that `word` names, or -1: none. */
int words_find(const char *const *words, const char *word);

/* Adds "a", "a or b", "a, b or c". */
void words_list(struct text *t, const char *const *words);

#endif
