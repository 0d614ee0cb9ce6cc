/*
 * enter: a task's own side of the door, between fork(2) and execve(2).
 *
 * Everything a task must find as it starts: limits, umask, user and groups with
 * nothing of root left, death with the parent, an empty signal mask.
 */
#ifndef RUNNER_ENTER_H
#define RUNNER_ENTER_H

#include <stdbool.h>
#include <sys/types.h>

#include "config/settings.h"

/* Who must be our parent for us to go on. */
struct enter {
	const struct task_settings *task;
	pid_t parent;
	int exec_fd; /* written to when we cannot go on */
};

/*
 * Asks to be killed when the parent dies, and ends at once when it already has:
 * no race is left.  For children only.
 */
void enter_die_with(pid_t parent);

/*
 * HOME, USER, LOGNAME and SHELL of the task's user, before the task's own
 * environment is added.  Does nothing without a user.
 */
void enter_environment(const struct task_settings *t);

/*
 * The last steps (pipecmd_pre_exec).  On failure it says so on standard error
 * and exec_fd, and ends the process with status 126.
 */
void enter_task(void *enter);

/*
 * Becomes that user and group, each a name or number or NULL, for good.
 * Returns 0; or -1 with one line in `why`.  Also for the whole chain.
 */
int enter_user(const char *user, const char *group, char *why, size_t why_size);

/*
 * The number of a user, and its main group, by name or number.  Returns 0, or
 * -1: unknown.  `home` and `shell` (may be NULL) get malloc'd copies.
 */
int enter_find_user(const char *user, uid_t *uid, gid_t *gid, char **name,
    char **home, char **shell);
int enter_find_group(const char *group, gid_t *gid);

#endif
