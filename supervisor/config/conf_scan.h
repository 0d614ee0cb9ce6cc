/*
 * conf_scan: the pass over the text of a configuration.
 *
 * It cuts files into words and follows their grammar (libconfuse's), includes
 * read where they are.  It fills the tree with sections and entries and their
 * lines, says what is wrong with the form and which keys and sections there are
 * not, and writes what is right as one text for libconfuse, which knows what a
 * string means.  After a fault that leaves the form unclear, the rest of that
 * file is not read.
 */
#ifndef RUNNER_CONF_SCAN_H
#define RUNNER_CONF_SCAN_H

#include <stdio.h>
#include <sys/types.h>

#include "conf_tree.h"

enum {
	CONF_DEPTH_MAX = 16,    /* of braces */
	CONF_INCLUDES_MAX = 10, /* of files in files */
	CONF_INCLUDED_MAX = 1000,
	CONF_INCLUDED_BYTES_MAX = 16 << 20, /* all together */
};

struct conf_scan {
	struct conf_tree *tree;
	struct diagnostics *diagnostics;
	bool is_found;     /* see conf_load_file() */
	bool has_no_lines; /* a text that a person gave as one word */
	FILE *writer;      /* of the text for libconfuse */
	int include_depth, included_count;
	struct conf_file_id {
		dev_t dev;
		ino_t ino;
	} open[CONF_INCLUDES_MAX + 1]; /* the files that are being read */
	size_t included_bytes;
};

/* Returns -1 when something of it could not be read: it was complained of. */
int conf_scan(
    struct conf_scan *s, const char *file, const char *text, size_t size);

/* The same of a text in a section (-1: one that is not looked at). */
int conf_scan_text(struct conf_scan *s, ssize_t section, size_t depth,
    const char *file, const char *text, size_t size);

/* Reads what `name` means: a file, or all that a pattern matches. */
struct input;
void conf_include(struct input *in, ssize_t section, size_t depth, int line,
    const char *name);

/* Notes which file is read now.  Returns false: it is being read already. */
bool conf_include_enter(struct conf_scan *s, const char *path);

#endif
