/*
 * complaints: everything that is wrong, as lines for a person, in a table of
 * fixed size.  Pure.
 */
#ifndef RUNNER_COMPLAINTS_H
#define RUNNER_COMPLAINTS_H

#include <stddef.h>

enum { COMPLAINTS_MAX = 64, COMPLAINT_SIZE = 512 };

/* What is wrong, in the order of finding: "FILE:LINE: WHAT" or "WHAT". */
struct complaints {
	size_t count;
	size_t left_out; /* more than fit */
	char text[COMPLAINTS_MAX][COMPLAINT_SIZE];
};

/*
 * Adds one complaint; printf-like.  The text is cut where it is too long, and
 * control characters in it are escaped.
 */
void complaints_add(struct complaints *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
