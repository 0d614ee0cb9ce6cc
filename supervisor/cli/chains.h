/*
 * chains: which chains does a command line mean?
 */
#ifndef RUNNER_CHAINS_H
#define RUNNER_CHAINS_H

#include <stdbool.h>
#include <sys/types.h>

#include "config/config.h"

enum chains_scope {
	CHAINS_DECLARED, /* by chain NAME { } */
	CHAINS_KNOWN,    /* also those with a pidfile or state in RUN_ROOT */
};

/*
 * The chains named by `words`, or, when there are none, all in scope: declared
 * ones first, in file order.  An unknown one is complained of on standard
 * error, with the nearest that exists.
 * Returns a NULL-ended list in one allocation, to be freed with free(); NULL
 * when a word was unknown (or memory is short).
 */
char **chains_select(const struct config *config, const char *const *words,
    enum chains_scope scope);

/*
 * Who runs it: the user it is declared with, else the owner of its state file,
 * else of run_root.
 */
uid_t chains_owner(const struct config *config, const char *name);

/* Are we a task of it, whose run is in progress?  Who waits for it hangs. */
bool chains_are_inside(const struct config *config, const char *name);

/*
 * What is written for a chain from here on belongs to its user, until
 * identity_make_as() says else; but only that user and root may.  Returns 0, or
 * a status after complaining.
 */
int chains_make_as_owner(const struct config *config, const char *name);

#endif
