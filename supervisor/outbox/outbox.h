/*
 * outbox: messages on their way, one file each in RUN_ROOT/outbox.
 *
 * Invariants: a message is on the disk (written, synced, renamed, the
 * directory synced) before anybody tries to deliver it, and it leaves only when
 * it was accepted or refused for good; messages of one task and channel go in
 * the order in which they were put.  When the disk takes nothing a message
 * waits in memory, can be delivered from there, and is written when that is
 * possible. Files of other chains, owners and programs are left alone.
 *
 * The pause before the next try grows with the message's age, about 10 s to
 * 1 h, jittered; so it needs no other record and survives a restart.
 */
#ifndef RUNNER_OUTBOX_H
#define RUNNER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.h"
#include "log/log.h"

/* More are not taken: hold them back. */
enum { OUTBOX_WAITING_MAX = 512 };

/* The entries that it hands out are borrowed, until their message leaves. */
struct outbox;

/*
 * Opens (and makes, 0700) RUN_ROOT/outbox and takes in what waits there for
 * `chain`; removes this chain's half-written files.  `log` is borrowed; damaged
 * files are named in it once and moved to refused/.
 * Returns NULL with errno only for want of memory: without a directory
 * everything waits in memory.
 */
struct outbox *outbox_open(
    const char *run_root, const char *chain, struct log *log, int64_t now_ms);
void outbox_free(struct outbox *o);

/*
 * Puts one message; `entry` is copied, its `tries` and `answer` do not count.
 * Returns 0 when it is durable, 1 when it waits in memory
 * (said once in the log), -1 when it could not be taken at all.
 */
int outbox_put(struct outbox *o, const struct outbox_entry *entry,
    const char *message, size_t size, int64_t now_ms);

/*
 * The message to try now, or NULL: of the due ones that have no older one of
 * their task, channel and recipients before them the oldest of those that were
 * tried least.  `*deadline_ms`: when to ask again, or -1.  Also tries to write
 * what waits in memory.
 */
const struct outbox_entry *outbox_next(
    struct outbox *o, int64_t now_ms, int64_t *deadline_ms);

/*
 * A descriptor of the message, close-on-exec, its offset at the message's first
 * byte; to be closed by the caller.  From now on the message is on its way, and
 * outbox_next() passes over it and those after it, until outbox_done(),
 * outbox_retry() or outbox_refuse().  A lock (flock(2)) that lives as long as
 * any copy of the descriptor keeps every other process from delivering it at
 * the same time, also a runner that follows one that was killed.
 * `*verdict_at`: where in the file the helper notes what came of it, so that
 * it is known though we are killed; 0: nowhere.
 * Returns -1 with errno: EWOULDBLOCK, another process is delivering it; ENOENT,
 * another one has (outbox_wait() is right for both); else as open(2).
 */
int outbox_message_fd(
    struct outbox *o, const struct outbox_entry *e, size_t *verdict_at);

/* It was accepted: it leaves. */
void outbox_done(struct outbox *o, const struct outbox_entry *e);

/* Another one says it too: it leaves.  False: it is on its way, and stays. */
bool outbox_drop(struct outbox *o, const struct outbox_entry *e);

/*
 * Not now: it is tried again after a pause, of at least `wait_ms` (0: any) when
 * the server asked for that.
 */
void outbox_retry(struct outbox *o, const struct outbox_entry *e,
    const char *answer, int64_t wait_ms, int64_t now_ms);

/* Another process has it: it is looked at again a second later. */
void outbox_wait(
    struct outbox *o, const struct outbox_entry *e, int64_t now_ms);

/*
 * It was accepted for some, and not now for those of `only` (blank-separated):
 * it stays for them.  When they do not fit, for all.
 */
void outbox_narrow(
    struct outbox *o, const struct outbox_entry *e, const char *only);

/*
 * Refused for good: it is kept in outbox/refused with the answer.  While that
 * cannot be had it stays and is tried again, as by outbox_retry().
 */
void outbox_refuse(struct outbox *o, const struct outbox_entry *e,
    const char *answer, int64_t now_ms);

/* The same for those of `only`, while it stays for others: a copy is kept. */
void outbox_refuse_for(struct outbox *o, const struct outbox_entry *e,
    const char *only, const char *answer);

/* Does a message of that task wait in memory only? */
bool outbox_has_in_memory(const struct outbox *o, const char *task);

/* The last try to bring to the disk what waits in memory; nothing is on its
 * way any more. */
void outbox_save(struct outbox *o);

/* All that wait are due now. */
void outbox_hasten(struct outbox *o, int64_t now_ms);

/* Those of the channel that are due are tried later. */
void outbox_put_off(struct outbox *o, const char *channel, int64_t now_ms);

/* How many wait, for status; all channels. */
size_t outbox_count(const struct outbox *o);

/* The i-th that waits, oldest first, or NULL. */
const struct outbox_entry *outbox_at(const struct outbox *o, size_t i);

#endif
