/*
 * outbox_folder: the files of an outbox, RUN_ROOT/outbox.
 *
 * Invariants: a file under its final name is whole and synced, and so is its
 * name; files of other owners, links and names that are not ours are left
 * alone, so that the folder can be shared by users (sticky, 01777).  Every call
 * opens the folder when it is not open yet or was replaced.
 */
#ifndef RUNNER_OUTBOX_FOLDER_H
#define RUNNER_OUTBOX_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "envelope.h"

struct outbox_folder {
	char *run_root; /* owned, as chain */
	char *chain;
	int fd; /* of RUN_ROOT/outbox, or -1 */
};

/* Copies the strings.  Returns 0, or -1 (ENOMEM); opens nothing yet. */
int outbox_folder_init(
    struct outbox_folder *f, const char *run_root, const char *chain);
void outbox_folder_release(struct outbox_folder *f);

/*
 * Writes a whole new file and syncs it.  Returns 0, or -1 with errno; nothing
 * is left behind then.
 */
int outbox_folder_write(struct outbox_folder *f, const char *name,
    const struct outbox_entry *e, const char *message, size_t size);

/*
 * Reads the envelope of a file of ours.  Returns 0 with the message's offset,
 * or -1: EBADMSG, it is damaged; EPERM, it is not ours; or errno of the kernel.
 */
int outbox_folder_read(struct outbox_folder *f, const char *name,
    struct outbox_entry *e, size_t *offset);

/*
 * Opens a file and locks it.  Returns a descriptor at offset 0, or -1 with
 * errno (EWOULDBLOCK: another process holds the lock).
 */
int outbox_folder_open_message(struct outbox_folder *f, const char *name);

/*
 * Fills in a padded field of `size` - 1 bytes at `offset` of a file of ours,
 * and syncs it.  Returns 0, or -1 with errno.
 */
int outbox_folder_fill(struct outbox_folder *f, const char *name,
    const char *value, size_t size, size_t offset);

/* Is it still there?  Also true when that cannot be told. */
bool outbox_folder_has(struct outbox_folder *f, const char *name);

/* Removes a file.  Returns 0 (also when there is none), or -1 with errno. */
int outbox_folder_remove(struct outbox_folder *f, const char *name);

/*
 * Calls `found` with the name of every message of the chain, in no order, and
 * removes half-written files that nobody works on.  Returns 0, or -1 with
 * errno.
 */
int outbox_folder_scan(struct outbox_folder *f,
    void (*found)(void *context, const char *name, int64_t queued),
    void *context);

/* Shared with outbox_refused: opens RUN_ROOT/outbox as `fd`. */
int outbox_folder_open(struct outbox_folder *f);
bool outbox_folder_is_own(const struct stat *st);

#endif
