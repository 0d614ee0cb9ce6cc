/*
 * document: a configuration as it is written, section by section and key by
 * key, with the place of each.  What the words mean is not known here.
 *
 * libconfuse reads it (document_read.c alone includes confuse.h), and its
 * structures are gone when document_read() returns.
 */
#ifndef RUNNER_DOCUMENT_H
#define RUNNER_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diagnostics.h"

/* KEY = VALUE, KEY = {VALUE, ...} or KEY += the same. */
struct document_entry {
	char *key;
	char **values; /* NULL-ended */
	size_t count;
	bool is_list;     /* written in braces */
	const char *file; /* the document's; or "--set KEY" */
	int line;         /* of the first value; 0: none */
	int earlier_line; /* the same key was given before, in this file */
};

struct document_section {
	char *type;   /* "" for the top level, which comes first */
	char *title;  /* or NULL */
	size_t depth; /* 0: the top level; 1: a section of it; 2: within one */
	const char *file;
	int line;
	size_t count;
	struct document_entry *entries;
};

struct document {
	size_t count; /* at least 1 when it was read */
	struct document_section *sections;
	size_t file_count;
	char **files;
};

/*
 * The sections and keys that are expected.  Others are read as well, only more
 * slowly (libconfuse gives up at a word that it does not know and has to begin
 * again), so that all of them can be complained of at once.
 */
struct document_shape {
	const char *type; /* "" for the top level */
	bool has_title;
	const char *const *keys; /* NULL-ended */
};

/*
 * Reads `file` and what it includes.  `shapes` ends with a type of NULL.
 * Returns 0; or -1 when it cannot be read to its end, and that was added to
 * `found`: what stands before that place is in `d` all the same.  To be
 * released in both cases.
 */
int document_read(struct document *d, const char *file,
    const struct document_shape *shapes, struct diagnostics *found);

/* The same with a text instead of a file; `place` is its name. */
int document_read_text(struct document *d, const char *place, const char *text,
    const struct document_shape *shapes, struct diagnostics *found);

void document_release(struct document *d);

/*
 * For who reads: a new section; a value for the last section's key, in a new
 * entry (`is_first`: whatever the entry held is forgotten) or behind the
 * values that it has; a key whose list is empty.
 * Return NULL when there is no memory.
 */
struct document_section *document_add_section(struct document *d,
    const char *type, const char *title, size_t depth, const char *file,
    int line);
struct document_entry *document_add_value(struct document *d, size_t section,
    const char *key, const char *value, bool is_first, const char *file,
    int line);
struct document_entry *document_add_empty(struct document *d, size_t section,
    const char *key, const char *file, int line);

/* The document's own copy of a file's name; NULL: no memory. */
const char *document_file(struct document *d, const char *file);

/* The entry of that key, or NULL. */
const struct document_entry *document_find(
    const struct document_section *s, const char *key);

#endif
