/*
 * waiting: the table of an outbox: which messages wait, in which order.
 *
 * Pure, of fixed size.  A slot does not move while its message waits, so that
 * an entry can be handed out; the order is that of the names, which sort in the
 * order of putting.  Messages of one task and channel are a lane.
 */
#ifndef RUNNER_WAITING_H
#define RUNNER_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.h"

enum { WAITING_MAX = 512 };

/* A message that waits; in memory while `bytes` is there, else on the disk. */
struct waiting {
	struct outbox_entry entry; /* first: an entry is its own handle */
	char name[ENVELOPE_NAME_SIZE];
	uint64_t lane;     /* the same for one task and channel */
	size_t offset;     /* of the message in the file */
	char *bytes;       /* owned by the outbox */
	size_t size;       /* of `bytes` */
	int64_t queued_ms; /* on the clock of decisions */
	int64_t due_ms;
	int lock_fd; /* holds the lock while it is on its way, or -1 */
	bool is_used;
	bool is_on_its_way;
};

struct waiting_table {
	size_t count;
	uint16_t order[WAITING_MAX]; /* slots, oldest first */
	struct waiting slots[WAITING_MAX];
};

/* The slot of an entry that the table handed out. */
struct waiting *waiting_of(
    struct waiting_table *t, const struct outbox_entry *e);

/* The i-th, oldest first; `i` < count. */
struct waiting *waiting_at(struct waiting_table *t, size_t i);

/* An empty slot, not yet in the order, or NULL: the table is full. */
struct waiting *waiting_find_free(struct waiting_table *t);

/* Puts a slot, whose name and entry are set, where it belongs. */
void waiting_insert(struct waiting_table *t, struct waiting *w);

/* Takes a slot out and clears it; what it owned is the caller's matter. */
void waiting_remove(struct waiting_table *t, struct waiting *w);

bool waiting_has_name(struct waiting_table *t, const char *name);

/* Does the i-th stand behind an older one of its lane? */
bool waiting_is_behind(struct waiting_table *t, size_t i);

#endif
