/*
 * statefile: RUN_ROOT/NAME.state, the chain's records where others can read
 * them while the runner lives and after it died.
 *
 * Each record is stored twice, with a sequence number and a checksum; a write
 * replaces the older copy with one pwrite(2), a reader takes the newest copy
 * that is whole.  So no crash tears a record, no lock is needed, and a full
 * disk is an errno.  The last runs are a ring of small records.
 *
 * A runner that takes the chain over goes on with its predecessor's file; or,
 * when the chain has other tasks, makes it again (rename(2)), with the runs of
 * those that stay.
 */
#ifndef RUNNER_STATEFILE_H
#define RUNNER_STATEFILE_H

#include "state.h"

struct statefile;

/*
 * Makes NAME.state for the chain with `task_count` tasks in the directory; the
 * runs of `previous` (may be NULL) whose tasks stay are carried over, with
 * task numbers by the names in `tasks`.  Without `previous` nothing is synced
 * before the first statefile_sync().
 * Its mode is 0600; or 0640 and the group `group`, unless that is (gid_t)-1 or
 * not ours to give.  Returns NULL with errno.
 */
struct statefile *statefile_create(const char *run_root, const char *name,
    const struct task_record *tasks, size_t task_count,
    const struct snapshot *previous, gid_t group);

/*
 * Opens the file of `previous` to go on in it: nobody else writes there, and
 * nothing has to be copied or synced.  NULL: it is another file by now, or not
 * what statefile_create() would make.
 */
struct statefile *statefile_go_on(const char *run_root, const char *name,
    const struct task_record *tasks, size_t task_count,
    const struct snapshot *previous, gid_t group);
void statefile_close(struct statefile *s);

/* Does NAME.state still mean this file?  Also when that cannot be told. */
bool statefile_is_named(
    const struct statefile *s, const char *run_root, const char *name);

/* Each returns 0, or -1 with errno; nothing is then lost for the next try. */
int statefile_put_chain(struct statefile *s, const struct chain_record *c);
int statefile_put_held(struct statefile *s, const struct held_record *h);
int statefile_put_task(
    struct statefile *s, size_t index, const struct task_record *t);

/* Adds a run; sets its number. */
int statefile_add_run(struct statefile *s, struct run_record *r);

/*
 * What was put outlives a power cut (fdatasync(2)): slow, so only when it
 * matters, as when the admins were told.  Returns 0, or -1 with errno.
 */
int statefile_sync(struct statefile *s, const char *run_root);

/*
 * Reads NAME.state.  Returns a snapshot to be freed with snapshot_free(), or
 * NULL with errno: ENOENT; EPROTO: of another version of runner; EBADMSG: not
 * a state file, or damaged.
 */
struct snapshot *statefile_read(const char *run_root, const char *name);

/* The same, without runs and what was held back: a tenth of the work. */
struct snapshot *statefile_look(const char *run_root, const char *name);

/*
 * The names of all chains that have a pidfile or a state file in the directory,
 * sorted, NULL-ended, in one allocation to be freed with free(); NULL: errno.
 */
char **statefile_names(const char *run_root);

/*
 * That somebody knows of a downtime (`runner ack`), which began then.  Taking
 * believes only root and the chain's user, and returns whether the task's open
 * downtime was acknowledged, or acknowledged again, since the record was
 * written.  Writing
 * returns 0 when it is durable, or -1 with errno; its strings are one line.
 */
bool acknowledgement_take(
    const char *run_root, const char *chain, uid_t user, struct task_record *t);
int acknowledgement_write(const char *run_root, const char *chain,
    const char *task, int64_t down_since_wall_ms,
    const struct acknowledgement *a);

/* The downtime is over. */
void acknowledgement_remove(
    const char *run_root, const char *chain, const char *task);

#endif
