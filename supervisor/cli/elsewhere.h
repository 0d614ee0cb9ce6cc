/*
 * elsewhere: a runner of one of our chains that has another run_root.
 *
 * That happens when the unit and the command disagree about run_root, and when
 * the directory of a project is moved while its chains run: their runners make
 * the old one again.  It is known by the state file that a runner has open,
 * which we may see of our own processes, and as root of all.
 */
#ifndef RUNNER_ELSEWHERE_H
#define RUNNER_ELSEWHERE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "config/config.h"

/* One runner that lives. */
struct runner {
	pid_t pid;
	int64_t start_ticks;
	char *run_root;
	char *chain;
	bool is_moved; /* elsewhere_find(): its directory was moved */
};

/* All that can be seen; looked for when it is first asked.  Begins as {0}. */
struct runners {
	bool is_known;
	size_t count;
	struct runner *list;
};

void runners_free(struct runners *all);

/*
 * One that runs the chain with the same configuration file, or that ran here
 * before the directory was moved, in another run_root than config's.  NULL:
 * there is none, or the chain runs here.
 */
const struct runner *elsewhere_find(
    struct runners *all, const struct config *config, const char *chain);

/* Where it runs, and how it is stopped: what follows "CHAIN: ". */
enum { ELSEWHERE_SIZE = 4600 };
void elsewhere_describe(const struct runner *r, char text[ELSEWHERE_SIZE]);

#endif
