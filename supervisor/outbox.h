/*
 * outbox: messages on their way, one file each in RUN_ROOT/outbox.
 *
 * Invariants: a message is on the disk (written, synced, renamed, the folder
 * synced) before anybody tries to deliver it, and it leaves only when it was
 * accepted or refused for good; messages of one task and channel go in the
 * order in which they were put.  When the disk takes nothing a message waits in
 * memory, can be delivered from there, and is written when that is possible.
 * Files of other chains, owners and programs are left alone.
 *
 * A file is an envelope of "KEY VALUE" lines (channel, task, reason, subject,
 * queued, unique), an empty line, and the message; its name is
 * CHAIN,QUEUED-NUMBER,CHANNEL (a comma cannot stand in a chain's name).
 * The pause before the next try grows with the message's age, about 10 s to
 * 1 h, jittered; so it needs no other record and survives a restart.
 */
#ifndef RUNNER_OUTBOX_H
#define RUNNER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"
#include "policy.h"
#include "text.h"

enum outbox_channel { CHANNEL_MAIL, CHANNEL_WEBHOOK, CHANNEL_COUNT };

enum {
	OUTBOX_WAITING_MAX = 512,  /* more are not taken: hold them back */
	OUTBOX_IN_MEMORY_MAX = 16, /* of them while the disk takes nothing */
	OUTBOX_REFUSED_MAX = 100,  /* kept in outbox/refused; oldest go */
};

struct outbox;

/* What is known of one message.  Borrowed, until it leaves. */
struct outbox_entry {
	enum outbox_channel channel;
	enum reason reason;
	char task[256];
	char subject[768]; /* as the log says it, behind "[TASK] " */
	char unique[256];  /* stable; [A-Za-z0-9._-] */
	int64_t queued_wall_ms;
	uint32_t tries;     /* of this process */
	char answer[256];   /* the last one, or empty */
};

/*
 * Opens (and makes, 0700) RUN_ROOT/outbox and takes in what waits there for
 * `chain`; removes this chain's half-written files.  `log` is borrowed; damaged
 * files are named in it once and moved to refused/.
 * Returns NULL with errno only for want of memory: without a folder everything
 * waits in memory.
 */
struct outbox *outbox_open(const char *run_root, const char *chain,
    struct log *log, int64_t now_ms);
void outbox_free(struct outbox *o);

/*
 * Puts one message.  Returns 0 when it is durable, 1 when it waits in memory
 * (said once in the log), -1 when it could not be taken at all.
 */
int outbox_put(struct outbox *o, const struct outbox_entry *entry,
    const char *message, size_t size, int64_t now_ms);

/*
 * The message to try now (the oldest due one that has no older one of its task
 * and channel before it), or NULL.  `*deadline_ms`: when to ask again, or -1.
 * Also tries to write what waits in memory.
 */
const struct outbox_entry *outbox_next(
    struct outbox *o, int64_t now_ms, int64_t *deadline_ms);

/*
 * A descriptor of the message, close-on-exec, its offset at the message's first
 * byte; to be closed by the caller.  -1 with errno.
 */
int outbox_message_fd(struct outbox *o, const struct outbox_entry *e);

/* It was accepted: it leaves. */
void outbox_done(struct outbox *o, const struct outbox_entry *e);

/* Not now: it is tried again after a pause. */
void outbox_retry(struct outbox *o, const struct outbox_entry *e,
    const char *answer, int64_t now_ms);

/* Refused for good: it is kept in outbox/refused with the answer. */
void outbox_refuse(
    struct outbox *o, const struct outbox_entry *e, const char *answer);

/* How many wait, for status; all channels. */
size_t outbox_count(const struct outbox *o);

/* The i-th that waits, oldest first, or NULL. */
const struct outbox_entry *outbox_at(const struct outbox *o, size_t i);

#endif
