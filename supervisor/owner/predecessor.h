/*
 * predecessor: the runner that had a chain before, and what it left, known by
 * its records.
 *
 * Used by who owns the chain, or holds it as if (pidfile_borrow()).  Processes
 * are known by the mark in their environment and when they started, the runner
 * itself by its open state file; nothing is done on the word of a number, and
 * only to processes of the user whose file the records are.
 */
#ifndef RUNNER_PREDECESSOR_H
#define RUNNER_PREDECESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "log/log.h"
#include "state/state.h"

/* Do we believe these records, or are they another user's? */
bool predecessor_is_believed(const struct snapshot *s);

/* Was that written since the machine was booted? */
bool predecessor_is_same_boot(const struct snapshot *s);

/*
 * The pid of the runner that wrote these records if it lives and still has
 * them: its pidfile was removed, and with it what tells of it.  Else 0.
 */
pid_t predecessor_live_runner(const struct snapshot *s);

/*
 * Ends that runner and what it left, unless on purpose; waits.  `s` and `log`
 * may be NULL.  Returns how many are still there, the first one in `who`.
 */
size_t predecessor_end(
    struct snapshot *s, struct log *log, char *who, size_t who_size);

#endif
