/*
 * sources: the texts of the files that a configuration is in, each read once
 * and made fit for libconfuse.
 */
#ifndef RUNNER_SOURCES_H
#define RUNNER_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/diagnostics.h"

struct source {
	char *file;
	char *text;  /* prepared; not ended by a NUL */
	size_t size; /* as far as it can be read */
	bool is_bad; /* there is none, and that was complained of */
	bool is_cut; /* what follows cannot be read; the same */
};

struct sources {
	size_t count;
	struct source *list;
};

/*
 * The index of `file`, loaded at its first use; `place` and `line` (0: it
 * stands for itself) say who wants it.  Returns -1 when it cannot be used,
 * which was added to `found` once.
 */
ssize_t sources_load(struct sources *s, const char *file, const char *place,
    int line, struct diagnostics *found);

/* The same with a text in place of a file of that name. */
ssize_t sources_add(struct sources *s, const char *name, const char *text,
    struct diagnostics *found);

/* What was loaded under that name, or NULL. */
const struct source *sources_find(const struct sources *s, const char *file);

void sources_release(struct sources *s);

#endif
