/*
 * bytes: all the bytes of a descriptor, and a descriptor of bytes.
 */
#ifndef RUNNER_BYTES_H
#define RUNNER_BYTES_H

#include <stddef.h>

/*
 * Reads from where the offset is to the end.  Returns the bytes, to be freed,
 * never NULL for none; or NULL with errno, EFBIG: there are more than `max`.
 */
char *bytes_read_all(int fd, size_t max, size_t *size);

/*
 * A copy of the bytes as a file without a name, its offset at the first of
 * them: who reads it can neither block nor signal us.  Returns a descriptor, or
 * -1 with errno.
 */
int bytes_open(const char *bytes, size_t size);

#endif
