/*
 * live: the records of the chain that runs, and their way to the state file.
 *
 * Everybody in the loop changes the records in place and says which changed.  A
 * disk that takes nothing is complained of once; the records stay right in
 * memory and are written when it works again.
 */
#ifndef RUNNER_LIVE_H
#define RUNNER_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "log/log.h"
#include "state.h"
#include "statefile.h"

struct live {
	struct chain_record chain;
	struct held_record held;
	struct task_record *tasks; /* owned */
	size_t task_count;
	const char *run_root;      /* borrowed */
	struct log *log;           /* borrowed */
	struct statefile *file;    /* NULL while it cannot be made */
	struct snapshot *previous; /* runs to carry over; owned */
	int64_t retry_ms;          /* when making it is tried again */
	bool is_complaining;
};

/*
 * Makes the file for the records as they stand.  Takes `previous` over (may be
 * NULL).
 */
void live_open(struct live *l, struct snapshot *previous);
void live_close(struct live *l);

/* Makes the file anew if somebody removed it. */
void live_check_file(struct live *l);

void live_save_chain(struct live *l);

/*
 * Has what was saved so far reach the disk: the admins were told, and a power
 * cut must not make us tell them again.
 */
void live_sync(struct live *l);
void live_save_held(struct live *l);
void live_save_task(struct live *l, size_t index);
void live_add_run(struct live *l, struct run_record *r);

/* The record of a task by its name, or NULL; its index in `*index`. */
struct task_record *live_find(struct live *l, const char *task, size_t *index);

/* A fault that the chain lives through: counted in status. */
void live_count_error(struct live *l);

#endif
