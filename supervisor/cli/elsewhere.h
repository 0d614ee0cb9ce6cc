/*
 * elsewhere: a runner of one of our chains that has another run_root.
 *
 * That happens when the unit and the command disagree about run_root, and when
 * the folder of a project is moved while its chains run: their runners make
 * the old one anew.  It is known by the state file that a runner has open,
 * which we may see of our own processes, and as root of all.
 */
#ifndef RUNNER_ELSEWHERE_H
#define RUNNER_ELSEWHERE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "config/config.h"
#include "state/state.h"

/* One runner that lives. */
struct runner {
	pid_t pid;
	int64_t start_ticks;
	char *run_root;
	char *chain;
	bool is_moved; /* of an answer: it is the one that ran here */
};

struct runners {
	size_t count;
	struct runner *list;
};

/* All that can be seen now. */
void runners_scan(struct runners *all);
void runners_free(struct runners *all);

/*
 * One of them that runs the chain with the same configuration file, or that
 * wrote `here` (may be NULL), in another run_root than config's; or NULL.
 */
struct runner *elsewhere_find(struct runners *all, const struct config *config,
    const char *chain, const struct snapshot *here);

#endif
