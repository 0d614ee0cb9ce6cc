/*
 * records: what is known of the chain that runs, and their way to the state
 * file.
 *
 * Everybody in the loop changes the records in place and says which changed.  A
 * disk that takes nothing is complained of once; the records stay right in
 * memory and are written when it works again.
 */
#ifndef RUNNER_RECORDS_H
#define RUNNER_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "log/log.h"
#include "state.h"
#include "statefile.h"

struct records {
	struct chain_record chain;
	struct task_record *tasks; /* owned */
	size_t task_count;
	const char *run_root;         /* borrowed */
	struct log *log;              /* borrowed */
	struct statefile *file;       /* NULL while it cannot be made */
	struct snapshot *previous;    /* runs to carry over; owned */
	bool can_reuse_file;          /* `previous` is ours to write on */
	gid_t group;                  /* who may read the file, or (gid_t)-1 */
	int64_t retry_ms;             /* when making it is tried again */
	struct policy *held_policies; /* saved instead of a task's own; owned */
	bool *is_policy_held;         /* is it?  owned */
	bool is_complaining;
	/*
	 * Is the chain still ours?  Asked before a file takes the name: the
	 * records of another owner are not to be replaced.
	 */
	bool (*is_ours)(const void *data);
	const void *data;
	struct held_record *held; /* borrowed */
};

/*
 * What this process carries on from a predecessor (NULL: there was none):
 * everything, when that one died or this one is `once`; else only what the
 * policy keeps.  Whatever a task was doing there, now it waits for its turn.
 */
void records_inherit(struct records *r, const struct snapshot *predecessor,
    bool is_carrying_on, bool is_same_boot);

/*
 * Makes the file for the records as they are.  Takes `previous` over (may be
 * NULL).  Returns -1 with errno ENOMEM; one that cannot be made is tried again.
 */
int records_open(struct records *r, struct snapshot *previous);
void records_close(struct records *r);

/* Makes the file again if somebody removed it or put another in its place. */
void records_check_file(struct records *r);

/* Write to the file what is in memory; a fault is logged once and counted. */
void records_save_chain(struct records *r);
void records_save_held(struct records *r);
void records_save_task(struct records *r, size_t index);
void records_add_run(struct records *r, struct run_record *run);

/*
 * Has what was saved so far reach the disk: the admins were told, and a power
 * cut must not make us tell them again.
 */
void records_sync(struct records *r);

/*
 * While what was told of a task is neither on the disk nor delivered, its
 * record is saved with the policy from before: if we die, it is told again.
 */
void records_hold_policy(
    struct records *r, size_t index, const struct policy *before);
bool records_holds_policy(const struct records *r, size_t index);
void records_release_policy(struct records *r, size_t index);

/* The record of a task by its name, or NULL; its index in `*index`. */
struct task_record *records_find(
    struct records *r, const char *task, size_t *index);

/* A fault that the chain lives through: counted in status. */
void records_count_error(struct records *r);

#endif
