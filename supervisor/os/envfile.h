/*
 * envfile: variables out of a file that holds secrets (environment_file).
 *
 * A line is NAME=VALUE; one pair of quotes around the value is taken off, and
 * nothing in it is special.  Empty lines and those that begin with # say
 * nothing.  The file is believed only if nobody but its owner can read or write
 * it, and that is root, we, or one other user who is named.
 */
#ifndef RUNNER_ENVFILE_H
#define RUNNER_ENVFILE_H

#include <stddef.h>
#include <sys/types.h>

enum { ENVFILE_SIZE_MAX = 64 << 10 };

typedef void envfile_visitor(const char *name, const char *value, void *data);

/*
 * Calls `visit` for each variable, when all of the file is right.  `also` is
 * the other owner who is believed (ourselves: none).  Returns 0; or -1 with
 * "FILE: WHAT" or "FILE:LINE: WHAT" in `why`, which shows no value.
 */
int envfile_read(const char *path, uid_t also, envfile_visitor *visit,
    void *data, char *why, size_t why_size);

#endif
