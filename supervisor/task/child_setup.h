/*
 * child_setup: a task's own side, between fork(2) and execve(2).
 *
 * Everything a task must find as it starts: limits, umask, user and groups with
 * nothing of root left, death with the parent, an empty signal mask.
 */
#ifndef RUNNER_CHILD_SETUP_H
#define RUNNER_CHILD_SETUP_H

#include <stdbool.h>
#include <sys/types.h>

#include "config/settings.h"

/* `parent` must be ours for us to go on. */
struct child_setup {
	const struct task_settings *task;
	pid_t parent;
	int exec_fd; /* written to when we cannot go on */
};

/*
 * Asks to be killed when the parent dies, and ends at once when it already has:
 * no race is left.  For children only.
 */
void child_setup_die_with(pid_t parent);

/*
 * HOME, USER, LOGNAME and SHELL of that user (NULL: nothing is done), also for
 * the whole chain.
 */
void child_setup_user_environment(const char *user);

/*
 * From now on nothing that we start sees the environment that root gave us, but
 * for what is harmless and what its task keeps: the chain has a user.
 */
void child_setup_hide_environment(void);

/*
 * Writes to `to` what a child is to see of our environment, and a NULL; `to`
 * may be environ.  `t`: a task; NULL: something else.  Returns how many.
 */
size_t child_setup_filter_environment(const struct task_settings *t, char **to);

/*
 * Adds the variables of the task's user, and those of environment_file.  On
 * failure it says so and ends the process like child_setup_task().
 */
void child_setup_environment(const struct child_setup *e);

/*
 * The last steps (pipecmd_pre_exec).  On failure it says so on standard error
 * and exec_fd, and ends the process with status 126.
 */
void child_setup_task(void *data);

#endif
