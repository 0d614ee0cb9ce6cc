/*
 * gather: reads what there is to see of the chains of a RUN_ROOT: who owns
 * them, their state files, the kept failures.  Reads only, and never waits for
 * a runner.
 */
#ifndef RUNNER_GATHER_H
#define RUNNER_GATHER_H

#include "config/config.h"
#include "status/view.h"

/*
 * The chains named, or all known ones.  A state file that cannot be read is a
 * `fault` of its chain and hides no other.  Returns 0 and a view to be freed
 * with gather_free(); or a status after complaining, of unknown words above
 * all, and NULL.  gather_runs() has something to gather when `has_runs`.
 */
int gather_chains(struct view **view, struct config *config,
    const char *const *words, bool has_runs);
void gather_free(struct view *v);

/* What a word of the command line selects: a task, or a chain's tasks. */
struct selector {
	const char *chain, *task; /* one of them, or neither: the end */
};

/* Do they select it?  All is selected by NULL and by no selector. */
bool selector_takes(
    const struct selector *all, const char *chain, const char *task);

/* The kept failures, newest last; owned. */
struct failure_list {
	size_t count, size;
	struct failure *list;
};

/* Names each damaged file in a line on standard error.  0, or -1 with errno. */
int gather_failures(struct failure_list *l, const char *run_root);

/* The same; complains when there is nothing to see, and returns a status. */
int gather_failures_or_say(struct failure_list *l, const char *run_root);

/*
 * The kept runs that are selected, by the time of their start, in
 * one allocation to be freed with free(); NULL: no memory.  The strings belong
 * to `v`.
 */
struct run_view *gather_runs(
    const struct view *v, const struct selector *all, size_t *count);

/*
 * Says on standard error which chains' records cannot be read, and why.
 * Returns whether there are such.
 */
bool gather_warn(const struct view *v);

/*
 * TASK and CHAIN words as selectors, ended by an empty one, in one allocation
 * to be freed with free().  Complains of a word that nobody knows, with the
 * nearest that exists, and returns NULL.
 */
struct selector *gather_selectors(struct config *config, const struct view *v,
    const struct failure_list *failures, const char *const *words);

#endif
