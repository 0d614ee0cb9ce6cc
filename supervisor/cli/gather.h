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
 * The chains named, or all known ones; complains of unknown words.  A state
 * file that cannot be read is a `fault` of its chain and hides no other.
 * Returns a view to be freed with gather_free(), or NULL after complaining.
 */
struct view *gather_chains(struct config *config, const char *const *words);
void gather_free(struct view *v);

/* Kept failures, of the tasks named or of all, newest last; owned. */
struct failure_list {
	size_t count, size;
	struct failure *list;
	char *const *tasks; /* borrowed while it is read: NULL-ended, or NULL */
};

/* Names each damaged file in a line on standard error.  0, or -1 with errno. */
int gather_failures(
    struct failure_list *l, const char *run_root, char *const *tasks);

/*
 * The kept runs of the tasks named, or of all, by the time of their start, in
 * one allocation to be freed with free(); NULL: no memory.  The strings belong
 * to `v`.
 */
struct run_view *gather_runs(
    const struct view *v, char *const *tasks, size_t *count);

/* Says on standard error which chains' records cannot be read, and why. */
void gather_warn(const struct view *v);

/*
 * TASK words as names of tasks; NULL-ended, in one allocation to be freed with
 * free().  Complains of one that nobody knows, with the nearest that exists,
 * and returns NULL.
 */
char **gather_task_names(struct config *config, const struct view *v,
    const struct failure_list *failures, const char *const *words);

#endif
