/*
 * spawn: the one place that forks and reaps.  Alone includes pipeline.h.
 *
 * libpipeline builds and executes what a command is, but reaps every child and
 * ends the process when it cannot fork; so it starts nothing in the long-lived
 * process.  We fork; the child executes the command (pipecmd_exec), or, for a
 * pipeline, is the parent of its stages and ends as they did (pipefail).
 *
 * A child that could not execute its command says so over a close-on-exec pipe,
 * so that this is never mistaken for an exit status.  Children are in sessions
 * of their own, so that none can wait for an answer at a terminal or type into
 * one, and die with their parent (PR_SET_PDEATHSIG).
 */
#ifndef RUNNER_SPAWN_H
#define RUNNER_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/outcome.h"
#include "config/settings.h"

/* A task's command made ready, so that a run allocates nothing here. */
struct spawn_plan;

/*
 * To be called once, before the first plan, and before chains are forked: they
 * share the page that it writes to.
 */
void spawn_init(void);

/*
 * Returns NULL with errno ENOMEM.  `t` is borrowed for the plan's life; the
 * environment is that of now.  Runs are started by the process that made it.
 */
struct spawn_plan *spawn_plan_new(const struct task_settings *t);
void spawn_plan_free(struct spawn_plan *plan);

/* What differs from run to run: the RUNNER_* environment. */
struct spawn_run {
	const char *chain;
	uint64_t number;
	uint64_t failures;     /* consecutive ones so far */
	const char *last_exit; /* "" on the first run */
	const char *lease;     /* or NULL */
	const char *mark;      /* RUNNER_MARK */
};

/* A child; our descriptors (close-on-exec) or -1; a task's output blocks. */
struct child {
	pid_t pid; /* 0: none */
	int out_fd;
	int err_fd;
	int exec_fd;
	bool has_stages;  /* exec_fd speaks of them, too */
	char fault;       /* what exec_fd said of exec, or 0 */
	int64_t kill_ms;  /* KILL is due, or -1 */
	int64_t grace_ms; /* how long that limit is */
};

void child_init(struct child *child);

/*
 * Starts a run.  Returns 0; or -1 with errno (EAGAIN, EMFILE, ENOMEM, ...) and
 * nothing left behind.
 */
int spawn_task(
    struct spawn_plan *plan, const struct spawn_run *run, struct child *child);

/*
 * Reads what a pipeline says of its stages.  Call when exec_fd of a child with
 * stages is readable.  Returns the signal that stopped one, 0 when one goes on
 * (SIGCONT), -1 when nothing was said of that.
 */
int spawn_read_stages(struct child *child);

/*
 * The outcome of a task's wait status: marks it not_executed when the child
 * said so.  Closes exec_fd.  is_success is decided by the task's settings.
 */
struct outcome spawn_outcome(struct child *child, int wait_status,
    const struct task_settings *t, bool is_timed_out, bool has_stderr);

/*
 * Starts a helper program: `job` (at most RUNNER_NOTIFY_JOB_SIZE bytes) is its
 * standard input, `message_fd` (or -1) its descriptor 3, and both outputs come
 * from child->out_fd.  Returns as spawn_task().
 */
int spawn_helper(const char *path, const char *job, size_t job_size,
    int message_fd, struct child *child);

/*
 * Starts a command that lives beside the chain (a lease): standard output to
 * child->out_fd, standard error to child->err_fd.  It carries the mark too,
 * which like the rest must be where a child sees it (os/pages.h).  Returns as
 * spawn_task().
 */
int spawn_companion(
    char *const *argv, const char *cwd, const char *mark, struct child *child);

/* TERM to its group now, KILL after `grace_ms`. */
void child_end(struct child *child, int64_t grace_ms, int64_t now_ms);

/* KILL after so long, without a word before. */
void child_limit(struct child *child, int64_t limit_ms, int64_t now_ms);

/* We slept over the limit, if there is one: it begins now. */
void child_grant_anew(struct child *child, int64_t now_ms);

/* Sends KILL when that is due.  Returns when to call again, or -1. */
int64_t child_check_time(struct child *child, int64_t now_ms);

/* Closes what is open of a child; its pid is forgotten, it is not ended. */
void child_close(struct child *child);

/*
 * Reaps one child that ended, or tells of one that was stopped or goes on.
 * Returns its pid and status; 0: there is none.
 */
pid_t spawn_reap(int *wait_status);

/* Is there any child left, running or not yet reaped? */
bool spawn_has_children(void);

#endif
