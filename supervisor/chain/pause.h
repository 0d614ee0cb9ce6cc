/*
 * pause: RUN_ROOT/NAME.pause, which tasks of a chain are not to be run.
 *
 * One line a pause, "TASK SINCE UNTIL UID", instants in milliseconds since
 * 1970, UNTIL 0: until somebody resumes it, TASK `*`: the whole chain.  The
 * file is replaced as a whole by the command and only read by the chain, so a
 * pause outlives both and can be made for a chain that does not run.
 */
#ifndef RUNNER_PAUSE_H
#define RUNNER_PAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PAUSES_MAX = 64, PAUSE_TASK_SIZE = 208 };

struct pause {
	char task[PAUSE_TASK_SIZE]; /* empty: the whole chain */
	int64_t since_wall_ms;
	int64_t until_wall_ms; /* 0: no end */
	uid_t user;            /* who paused it */
};

struct pauses {
	size_t count;
	struct pause list[PAUSES_MAX];
};

/* What errno says of the file after pauses_read(), to follow its name. */
const char *pauses_fault(int error);

/*
 * Reads the file; without one there is no pause.  It is believed when root, we
 * or `owner` (whose chain it is) own it, and nobody else can write it.
 * Returns 0, or -1 with errno (EPERM: it is not believed; EBADMSG: it is
 * damaged) and no pause.
 */
int pauses_read(
    struct pauses *p, const char *run_root, const char *chain, uid_t owner);

/*
 * For whoever reads, changes and writes: commands do so one after the other,
 * until each closes the descriptor.  One that keeps the lock for five seconds
 * is not waited for: others can hold it too, where users share the run_root.
 * Returns -1 with errno when there is no run_root.
 */
int pauses_lock(const char *run_root);

/* Replaces the file; without a pause it is removed.  Returns 0, or -1 with
 * errno. */
int pauses_write(
    const struct pauses *p, const char *run_root, const char *chain);

/*
 * The pause of the task that is in force at that time, or NULL: the one that
 * lasts longest, be it the task's own or the whole chain's (task NULL: only
 * that).  Pure.
 */
const struct pause *pauses_of(
    const struct pauses *p, const char *task, int64_t wall_ms);

/*
 * Adds one (task "": of the whole chain) in place of another one of the same.
 * Drops those that are over at one->since_wall_ms.  Returns false when there
 * are too many.
 */
bool pauses_add(struct pauses *p, const struct pause *one);

/*
 * Removes the pause of one->task; "" removes all.  Drops those that are over at
 * one->since_wall_ms.  Returns whether there was one that was not.
 */
bool pauses_remove(struct pauses *p, const struct pause *one);

#endif
