/*
 * lease: makes a chain run on exactly one of many hosts, by a command of an
 * engine that its users already run (etcdctl lock, consul lock, flock).
 *
 * The command holds the lease for as long as it lives; its first line of output
 * says that the lease is held, and is given to tasks as RUNNER_LEASE.  When it
 * ends the lease is lost: the run in progress is stopped at once, and the
 * command is started again with growing pauses.
 */
#ifndef RUNNER_LEASE_H
#define RUNNER_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/log.h"
#include "policy/policy.h"
#include "state/state.h"
#include "task/spawn.h"

enum { LEASE_TOKEN_SIZE = 256 };

struct lease {
	char **argv;      /* owned; NULL: no lease is asked for */
	const char *cwd;  /* borrowed */
	const char *mark; /* borrowed: RUNNER_MARK */
	struct log *log;  /* borrowed */
	struct child child;
	bool is_held;
	int64_t held_ms;              /* since when */
	bool is_closing;              /* it is not started again */
	char token[LEASE_TOKEN_SIZE]; /* its first line */
	size_t token_size;
	int64_t retry_ms; /* when it is started again */
	uint32_t tries;
	/*
	 * An engine that cannot be reached is a downtime like that of a task:
	 * what its last command said or how it ended, and what was told of it.
	 */
	char fault[STATE_LEASE_FAULT_SIZE];
	bool has_spoken;  /* this command, of its fault */
	bool is_proven;   /* a run has ended under it */
	int64_t judge_ms; /* lease_judge() is to be asked again, or -1 */
	struct policy policy;
};

/*
 * `command` is a NULL-ended list in which %c stands for the chain; empty: no
 * lease.  Returns 0, or -1 with errno ENOMEM.
 */
int lease_open(struct lease *l, char *const *command, const char *chain,
    const char *cwd, const char *mark, struct log *log);
void lease_close(struct lease *l);

/* May tasks run? */
bool lease_is_held(const struct lease *l);

/* Why it cannot be had, while no command asks for it; else "". */
const char *lease_fault(const struct lease *l);

/* Starts the command when that is due; returns when to call again, or -1. */
int64_t lease_step(struct lease *l, int64_t now_ms);

/* Reads what the command says; call when a descriptor of it is readable. */
void lease_read(struct lease *l);

/* The command ended. */
void lease_finish(struct lease *l, int wait_status, int64_t now_ms);

/*
 * To be asked when the command has printed or ended, and at judge_ms: the
 * reason to tell the admins of the lease, if it could not be had for
 * downtime_ms (0: never).  One that is lost as soon as it is had was not,
 * unless a run has ended under it, which lease_prove() is told.
 */
enum reason lease_judge(
    struct lease *l, int64_t downtime_ms, int64_t now_ms, int64_t wall_ms);
void lease_prove(struct lease *l, int64_t now_ms);

/*
 * Ends the command, within stop_timeout_ms: another host may run the chain from
 * now on, so nothing of ours may run any more.
 */
void lease_stop(struct lease *l, int64_t stop_timeout_ms, int64_t now_ms);

#endif
