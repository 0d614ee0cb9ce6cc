/*
 * tasks: the tasks of a chain, and the order that they run in.
 *
 * The same task may be in a chain twice: it is one here, and its index,
 * which is also that of its record, is in the order twice.
 */
#ifndef RUNNER_TASKS_H
#define RUNNER_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/diagnostics.h"
#include "config/config.h"
#include "policy/tally.h"
#include "task/spawn.h"
#include "usual.h"

struct chain_task {
	const struct task_settings *settings; /* of the configuration in use */
	struct spawn_plan *plan;              /* owned */
	uid_t user;                           /* as whom it runs */
	bool is_untold; /* its last run failed, and nobody was told of it */
	struct tally tally;
	struct usual usual;
};

struct tasks {
	struct chain_task *task; /* owned; `count` distinct ones */
	size_t count;
	size_t *order; /* owned; indices */
	size_t order_count;
};

/*
 * Looks each word up in the configuration, which is borrowed.  Returns 0; or
 * -1, with what is wrong in `diagnostics` (nothing: out of memory).  To be
 * closed in either case.
 */
int tasks_open(struct tasks *t, struct config *config, char *const *words,
    struct diagnostics *diagnostics);
void tasks_close(struct tasks *t);

/*
 * Changes settings and plans with `fresh`, of a new configuration, when it has
 * the same tasks in the same order; pointers into `t` stay good.  Returns 0; or
 * -1, with why in `diagnostics` and nothing changed.
 */
int tasks_replace(
    struct tasks *t, struct tasks *fresh, struct diagnostics *diagnostics);

/*
 * The task's program: the first word of its command that is a file below
 * `root`; else the first that may become one.  "": none is.
 */
void task_find_program(
    const struct task_settings *t, const char *root, char path[4096]);

/* Learns from a predecessor how long their runs take. */
struct snapshot;
void tasks_learn(struct tasks *t, const struct snapshot *s);

/* What others look up in the records: names, and how each task is ended. */
struct records;
void tasks_describe(const struct tasks *t, struct records *records);

#endif
