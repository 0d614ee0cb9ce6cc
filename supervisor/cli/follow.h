/*
 * follow: the end of log files, and what is added to them.
 *
 * A file may be rotated (another one takes its name), cut short, or not be
 * there yet: it is followed by its name, and what was added to the old file
 * before it was renamed is not lost.
 */
#ifndef RUNNER_FOLLOW_H
#define RUNNER_FOLLOW_H

#include <stdio.h>
#include <sys/types.h>

struct follow {
	const char *path; /* borrowed */
	int fd;           /* -1: it is not there */
	off_t offset;     /* of the next byte to print */
};

/* What is printed of the file.  Returns -1 to end. */
typedef int follow_sink(const char *bytes, size_t size, void *data);

/*
 * Opens the file.  Returns 0, or -1 with errno (ESPIPE: a pipe or a device,
 * which cannot be read back); it can be followed all the same.
 */
int follow_open(struct follow *f, const char *path);

/* The same of the oldest file that it was rotated to, else of the file. */
int follow_open_oldest(struct follow *f, const char *path);

void follow_close(struct follow *f);

/* Moves to where the last `lines` lines begin.  Returns 0, or -1 with errno. */
int follow_seek_tail(struct follow *f, size_t lines);

/*
 * Hands on what the file holds from here to its end.  Returns 0, -1 with errno,
 * or 1 when the sink wants no more.
 */
int follow_read(struct follow *f, follow_sink *sink, void *data);

/* The same, and goes on in the file that took the name by now. */
int follow_read_on(struct follow *f, follow_sink *sink, void *data);

#endif
