/*
 * runroot: the folder of pidfiles and state, made and looked at.
 */
#ifndef RUNNER_RUNROOT_H
#define RUNNER_RUNROOT_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

/*
 * Makes config->run_root with its parents (0755) when it is missing.  Root
 * makes it for those who will use it: it belongs to the one user of all
 * declared chains, or, when they have several, is like /tmp (01777).
 * Returns 0, or -1 with one line in `why`.
 */
int runroot_prepare(const struct config *config, char *why, size_t why_size);

/* Can anybody but its owner and root write there (and no sticky bit helps)? */
bool runroot_is_open_to_others(const char *run_root);

/*
 * Makes the folder of the log file, if it is missing; and both for a user that
 * we are about to become (or NULL), so that they are that user's.  `file` may
 * be NULL.  Returns as runroot_prepare().
 */
int runroot_prepare_log(
    const char *file, const char *user, char *why, size_t why_size);

#endif
