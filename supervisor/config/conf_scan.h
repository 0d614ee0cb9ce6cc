/*
 * conf_scan: the pass over the text of a configuration.
 *
 * It cuts files into words and follows their grammar (libconfuse's), includes
 * read where they stand.  It fills the tree with sections and entries and their
 * lines, says what is wrong with the form and which keys and sections there are
 * not, and writes what is right as one text for libconfuse, which knows what a
 * string means.  After a fault that leaves the form unclear, the rest of that
 * file is not read.
 */
#ifndef RUNNER_CONF_SCAN_H
#define RUNNER_CONF_SCAN_H

#include <stdio.h>

#include "conf_tree.h"

enum {
	KEYS_MAX = 80,
	CONF_DEPTH_MAX = 16,    /* of braces */
	CONF_INCLUDES_MAX = 10, /* of files in files */
	CONF_INCLUDED_MAX = 1000,
	CONF_INCLUDED_BYTES_MAX = 16 << 20, /* all together */
};

/* One KEY = VALUE in the text for libconfuse, in its order. */
struct assignment {
	size_t section, entry; /* of the tree */
	size_t count;          /* of values that it has */
	bool is_added;         /* += */
};

struct conf_scan {
	struct conf_tree *tree;
	struct diagnostics *found;
	bool is_found;     /* see conf_load_file() */
	bool has_no_lines; /* a text that a person gave as one word */
	char *out;         /* the text for libconfuse; NULL: no memory */
	size_t out_size;
	FILE *writer;
	size_t assignment_count, assignment_room;
	struct assignment *assignments;
	/* The keys that were met, by their rows: in each section, and those of
	 * tasks at the top level. */
	bool is_met[KEYS_SECTIONS][KEYS_MAX];
	bool is_met_above[KEYS_MAX];
	int include_depth, included_count;
	size_t included_bytes;
};

/* Scans; `out` is whole afterwards. */
void conf_scan_file(struct conf_scan *s, const char *file);
void conf_scan_text(struct conf_scan *s, const char *place, const char *text);
void conf_scan_release(struct conf_scan *s);

#endif
