/*
 * diagnostics: everything that is wrong, as lines for a person, in a table of
 * fixed size that needs no release.  Pure.  Where a function takes diagnostics,
 * NULL means that nobody wants to know.
 */
#ifndef RUNNER_DIAGNOSTICS_H
#define RUNNER_DIAGNOSTICS_H

#include <stdarg.h>
#include <stddef.h>

enum { DIAGNOSTICS_MAX = 64, DIAGNOSTIC_SIZE = 512 };

/* Lines "FILE:LINE: WHAT", "WHERE: WHAT" or "WHAT", without a newline. */
struct diagnostics {
	size_t count;
	size_t left_out; /* more than fit */
	char text[DIAGNOSTICS_MAX][DIAGNOSTIC_SIZE];
	struct {
		size_t where_length; /* of the text: its "FILE" or "WHERE" */
		int line;
	} at[DIAGNOSTICS_MAX]; /* for diagnostics_sort() */
};

/*
 * Adds one, printf-like.  The text is cut where it is too long, and control
 * characters in it are escaped.  The same text twice counts once.
 */
void diagnostics_add(struct diagnostics *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The same of a file, or what else `where` names; `line` 0: of the whole. */
void diagnostics_add_at(struct diagnostics *d, const char *where, int line,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same, with "KEY: " before it unless that is NULL. */
void diagnostics_vadd_at(struct diagnostics *d, const char *where, int line,
    const char *key, const char *fmt, va_list ap)
    __attribute__((format(printf, 5, 0)));

/* By file, in the order in which files were met, and by line. */
void diagnostics_sort(struct diagnostics *d);

#endif
