/*
 * runroot: the directory of pidfiles and state, made and looked at.
 *
 * What is made for a user is made as that user; what the user could not make,
 * by root, where nobody but root can exchange a directory on the way, and given
 * away by descriptor.  What was there keeps its mode and owner.
 */
#ifndef RUNNER_RUNROOT_H
#define RUNNER_RUNROOT_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

/*
 * Makes config->run_root with its parents (0755) when it is missing.  Made by
 * root it belongs to the one user of all declared chains, or, when they have
 * several, is like /tmp (01777).  In one that is like /tmp root makes the
 * directories that all share.  Returns 0, or -1 with one line in `why`.
 */
int runroot_prepare(const struct config *config, char *why, size_t why_size);

/* Can anybody but its owner and root write there (and no sticky bit helps)? */
bool runroot_is_open_to_others(const char *run_root);

/*
 * Makes the directory of the log file, if it is missing; and both for a user
 * that we are about to become (or NULL), so that they are that user's.  `file`
 * may be NULL.  Returns as runroot_prepare().
 */
int runroot_prepare_log(
    const char *file, const char *user, char *why, size_t why_size);

#endif
