/*
 * conf_tree: a configuration as it is written, section by section and key by
 * key, with file and line of each.
 *
 * One pass over the files finds the sections and keys, with their lines, and
 * complains of what is wrong with them; what is left is declared to libconfuse,
 * which reads the values, once.
 */
#ifndef RUNNER_CONF_TREE_H
#define RUNNER_CONF_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "keys.h"

/* KEY = VALUE, KEY = {VALUE, ...} or KEY += the same. */
struct conf_entry {
	const struct key *key;
	char **values; /* NULL-ended */
	size_t count;
	bool is_list;     /* written in braces */
	bool is_bad;      /* has no value that can be used; that was said */
	const char *file; /* the tree's; or "--set KEY" */
	int line;         /* 0: none */
	int earlier_line; /* the same key was given before, in this file */
};

struct conf_section {
	enum keys_section type; /* the top level comes first */
	char *title;            /* or NULL */
	const char *file;
	int line;
	size_t count;
	struct conf_entry *entries;
};

struct conf_tree {
	size_t count;
	struct conf_section *sections;
	size_t file_count;
	char **files;
	bool is_cut;         /* something could not be read to its end */
	bool is_refused;     /* others can write the file itself */
	struct arena memory; /* of all that is above */
};

/*
 * Reads `file` and what it includes; `is_found` as conf_load_file().  What is
 * wrong is added to `diagnostics`; what is right is in `t` all the same.  To be
 * released.
 */
void conf_tree_read(struct conf_tree *t, const char *file, bool is_found,
    struct diagnostics *diagnostics);

/*
 * Reads `text`, the keys of a task, as one of the name `file`, without lines.
 */
void conf_tree_read_text(struct conf_tree *t, const char *file,
    const char *text, struct diagnostics *diagnostics);

/* One key with one value, which is taken as it is.  NULL: no memory. */
struct conf_entry *conf_tree_set(struct conf_tree *t, const char *file,
    const struct key *key, const char *value);

void conf_tree_release(struct conf_tree *t);

/* The tree's own copy of a file's name; NULL: no memory. */
const char *conf_tree_file(struct conf_tree *t, const char *file);

/* NULL: no memory.  What they return moves when another one is added. */
struct conf_section *conf_tree_add_section(struct conf_tree *t,
    enum keys_section type, const char *title, const char *file, int line);
struct conf_entry *conf_tree_add_entry(struct conf_tree *t, size_t section,
    const struct key *key, const char *file, int line);

/* The entry of that key, or NULL. */
const struct conf_entry *conf_find(
    const struct conf_section *s, const char *key);

#endif
