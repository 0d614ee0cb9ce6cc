/*
 * vocabulary: the words that libconfuse is told of before it reads.
 *
 * It gives up at the first word that it does not know.  So a word that was
 * stumbled over is learned, first as a key, then, when that makes it stumble
 * again, as a section, a section with a title, a function; and the reading
 * begins again.  Pure.
 */
#ifndef RUNNER_VOCABULARY_H
#define RUNNER_VOCABULARY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "document.h"

/* In the order in which an unknown word is tried. */
enum word_kind { WORD_KEY, WORD_SECTION, WORD_TITLED, WORD_FUNCTION };

struct word {
	char *name; /* NULL: the top level */
	enum word_kind kind;
	bool is_learned; /* not one of those that are right */
	size_t count;
	struct word *inner; /* what may stand in a section */
};

/* The word within `w`, or NULL. */
struct word *vocabulary_find(const struct word *w, const char *name);

/* Adds one; NULL: no memory. */
struct word *vocabulary_add(
    struct word *w, const char *name, enum word_kind kind);

/* Adds what is right.  Returns 0, or -1: no memory. */
int vocabulary_fill(struct word *root, const struct document_shape *shapes);

/*
 * libconfuse stumbled, within `w`, and says so with printf's `format` and `ap`.
 * Returns true when that taught us something, so that reading again helps.
 */
bool vocabulary_learn(struct word *w, const char *format, va_list ap);

/* Frees what is within `w`, not `w` itself. */
void vocabulary_release(struct word *w);

#endif
