/*
 * outbox_store: where the bytes of a waiting message are: on the disk, or in
 * memory while the disk takes nothing.
 *
 * It says in the log, once each, that the disk takes nothing and that it does
 * again.  What is in memory is bounded in number.
 */
#ifndef RUNNER_OUTBOX_STORE_H
#define RUNNER_OUTBOX_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/log.h"
#include "outbox_folder.h"
#include "waiting.h"

enum {
	OUTBOX_IN_MEMORY_MAX = 16, /* messages */
	OUTBOX_REFUSED_MAX = 100,  /* kept in outbox/refused; oldest go */
};

struct outbox_store {
	struct outbox_folder folder;
	struct log *log; /* borrowed */
	size_t in_memory;
	int64_t rewrite_ms; /* when to try to write what is in memory */
	bool is_failing;    /* the disk takes nothing, and that was said */
	bool has_passed;    /* a message was passed over, and that was said */
};

/* errno of what was tried last on the disk, or 0: it worked. */
void outbox_store_note(struct outbox_store *s, int error);

/*
 * Stores a message under the slot's name.  Returns 0, on the disk; 1, a copy in
 * memory; -1, there is no room for one.
 */
int outbox_store_put(struct outbox_store *s, struct waiting *w,
    const char *message, size_t size, int64_t now_ms);

/* Tries to bring to the disk what is in memory and not on its way. */
void outbox_store_write_memory(
    struct outbox_store *s, struct waiting_table *table, int64_t now_ms);

/* As outbox_message_fd(); the slot is on its way when that succeeds. */
int outbox_store_take(struct outbox_store *s, struct waiting *w);

/* It is not on its way any more; others may have it. */
void outbox_store_give_back(struct waiting *w);

/* Has another process delivered it? */
bool outbox_store_has_left(struct outbox_store *s, const struct waiting *w);

/* Writes to the file for whom the message is still. */
void outbox_store_narrow(struct outbox_store *s, struct waiting *w);

/* Removes the file.  */
void outbox_store_remove(struct outbox_store *s, struct waiting *w);

/*
 * Keeps a message in outbox/refused, with the answer of its entry.  Returns 0;
 * or -1, it stays where it is.
 */
int outbox_store_refuse(struct outbox_store *s, struct waiting *w);

/* Moves a damaged file there, or leaves it where it is. */
void outbox_store_refuse_damaged(struct outbox_store *s, const char *name);

/* A message of a later version stays for that one. */
void outbox_store_pass_over(struct outbox_store *s, const char *name);

/* Frees what the slot holds; a file stays. */
void outbox_store_release(struct outbox_store *s, struct waiting *w);

#endif
