/*
 * printout: what a command prints, made in memory and then written whole, so
 * that a full disk and a reader that went are seen where they happen.
 */
#ifndef RUNNER_PRINTOUT_H
#define RUNNER_PRINTOUT_H

#include <stdio.h>

struct printout {
	FILE *stream;
	char *bytes;
	size_t size;
};

/* Returns the stream to print to; NULL: no memory. */
FILE *printout_open(struct printout *p);

/*
 * Writes what was printed to the descriptor and frees it.  A reader that went
 * away (EPIPE) wanted no more: that is no error, and 1 is returned.
 * Returns 0, or -1 with errno.
 */
int printout_close(struct printout *p, int fd);

/*
 * The end of a command: writes to standard output.  Returns `status`, or
 * STATUS_FAILED after complaining.
 */
int printout_end(struct printout *p, int status);

#endif
