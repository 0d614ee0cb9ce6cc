/*
 * outbox_files: the messages of an outbox, files in RUN_ROOT/outbox; while the
 * disk takes nothing, copies in memory.
 *
 * Invariants: a file under its final name is whole and synced, and so is its
 * name; files of other owners, links and names that are not ours are left
 * alone, so that the directory can be shared by users (sticky, 01777).  Every
 * call opens the directory when it is not open yet or was replaced.  What is in
 * memory is bounded in number.  That the disk takes nothing, and that it does
 * again, is said in the log once each.
 */
#ifndef RUNNER_OUTBOX_FILES_H
#define RUNNER_OUTBOX_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.h"
#include "log/log.h"

enum {
	OUTBOX_IN_MEMORY_MAX = 16, /* messages */
	OUTBOX_REFUSED_MAX = 100,  /* kept in outbox/refused; oldest go */
};

struct outbox_files {
	char *run_root; /* owned, as chain */
	char *chain;
	int fd;           /* of RUN_ROOT/outbox, or -1 */
	struct log *log;  /* borrowed */
	size_t in_memory; /* messages */
	bool is_failing;  /* the disk takes nothing, and that was said */
	bool has_passed;  /* a message was passed over, and that was said */
};

/* One message: in memory while `bytes` is there, else in the file `name`. */
struct stored {
	struct outbox_entry entry; /* first: an entry is its own handle */
	char name[ENVELOPE_NAME_SIZE];
	size_t offset; /* of the message in the file */
	char *bytes;   /* owned */
	size_t size;   /* of `bytes` */
	int lock_fd;   /* holds the lock while it is on its way, or -1 */
	bool is_on_its_way;
};

/* Copies the strings.  Returns 0, or -1 (ENOMEM); opens nothing yet. */
int outbox_files_init(struct outbox_files *f, const char *run_root,
    const char *chain, struct log *log);
void outbox_files_release(struct outbox_files *f);

/* The last try on disk gave `error`, or 0: logs a change. */
void outbox_files_note(struct outbox_files *f, int error);

/*
 * Calls `found` with the name of every message of the chain, in no order, and
 * removes half-written files that nobody works on.  Returns 0, or -1 with
 * errno.
 */
int outbox_files_scan(struct outbox_files *f,
    void (*found)(void *context, const char *name, int64_t queued),
    void *context);

/*
 * Fills in a message from its file, which is `name`.  Returns 0; or -1: it is
 * not ours, of a later version, which is said once, or damaged, which is said
 * and puts it into refused/.
 */
int outbox_files_read(
    struct outbox_files *f, const char *name, struct stored *s);

/*
 * Stores a message whose entry and name are set.  Returns 0, on the disk; 1, a
 * copy in memory; -1, there is no room for one.
 */
int outbox_files_put(
    struct outbox_files *f, struct stored *s, const char *message, size_t size);

/* Tries to write one that is in memory.  Returns 0, or -1 with errno. */
int outbox_files_write_copy(struct outbox_files *f, struct stored *s);

/* As outbox_message_fd(); the message is on its way when that succeeds. */
int outbox_files_take(
    struct outbox_files *f, struct stored *s, size_t *verdict_at);

/* It is not on its way any more; others may have it. */
void outbox_files_give_back(struct stored *s);

/* Has another process delivered it? */
bool outbox_files_has_left(struct outbox_files *f, const struct stored *s);

/*
 * Writes to the file for whom the message is still, and no verdict.  Here and
 * in the next a fault is only logged.
 */
void outbox_files_narrow(struct outbox_files *f, struct stored *s);

void outbox_files_remove(struct outbox_files *f, struct stored *s);

/*
 * Moves a message to outbox/refused, with the answer of its entry.  Returns 0;
 * or -1, it stays where it is.
 */
int outbox_files_refuse(struct outbox_files *f, struct stored *s);

/* Keeps a copy there that is for `only`, with this answer; a fault is logged.
 */
void outbox_files_refuse_copy(struct outbox_files *f, struct stored *s,
    const char *only, const char *answer);

/* Frees what it holds; a file stays. */
void outbox_files_drop(struct outbox_files *f, struct stored *s);

#endif
