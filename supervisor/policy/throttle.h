/*
 * throttle: how many messages may leave in an hour, and what was held back.
 *
 * A token bucket per channel of a chain, and the ledger of what found no token.
 * Pure and plain data, kept in the state file.  Time is an argument, on the
 * clock of decisions in milliseconds.
 *
 * Laws: max_per_hour may leave at once, and in the long run no more than that
 * in an hour; what is held back is counted, never forgotten until a message
 * that told of it was queued.  When the bucket is empty, `first`, `downtime`
 * and `healed` do not wait for what emptied it: they may borrow up to a
 * quarter of the cap from the tokens to come.
 */
#ifndef RUNNER_THROTTLE_H
#define RUNNER_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy.h"

enum { HELD_MAX = 24, HELD_TASK_SIZE = 64, HELD_SUBJECT_SIZE = 120 };

/* Notifications of one task, reason and failure that were held back. */
struct held {
	char task[HELD_TASK_SIZE];
	char subject[HELD_SUBJECT_SIZE]; /* the newest one's */
	uint64_t signature;              /* 0: of no failure */
	uint32_t reason;
	uint32_t count;
	int64_t first_wall_ms;
	int64_t last_wall_ms;
};

struct throttle {
	int64_t level;   /* milli-tokens in the bucket; < 0: borrowed */
	int64_t seen_ms; /* when the level was right; 0: never, it is full */
	uint32_t held_count; /* rows in use */
	uint32_t held_total; /* notifications, also those without a row */
	struct held held[HELD_MAX];
};

/*
 * Asks for one token.  max_per_hour 0: no cap.  Returns whether it was given.
 */
bool throttle_take(struct throttle *t, int64_t max_per_hour, enum reason reason,
    int64_t now_ms);

/*
 * Writes a notification into the ledger: into the row of the same task, reason
 * and signature, else a new row.  When there is none left, the task with the
 * most rows gives up the one that was not written to for the longest time; what
 * it counted stays in the total.
 */
void throttle_hold(struct throttle *t, const char *task, enum reason reason,
    uint64_t signature, const char *subject, int64_t wall_ms);

/* Is what was held back of that task meant?  (A message has its recipients.) */
typedef bool throttle_filter(const char *task, const void *data);

/*
 * What the filter picks of the ledger, as a ledger of its own; `is_picked` NULL
 * picks everything.  What has no row is in every pick.
 */
void throttle_pick(const struct throttle *t, throttle_filter *is_picked,
    const void *data, struct throttle *out);

/* A message that tells of the same pick is queued: it leaves the ledger. */
void throttle_drop(
    struct throttle *t, throttle_filter *is_picked, const void *data);

/*
 * When a digest of what is held back is due: an instant in milliseconds
 * (perhaps past), or -1 when nothing is held back.  It is ten seconds after a
 * token became free for it, which are for a failure that comes meanwhile: its
 * message tells of what was held back too, and of itself.
 */
int64_t throttle_digest_ms(
    const struct throttle *t, int64_t max_per_hour, int64_t now_ms);

/* After a reboot: the clock began again; the level stays, no time passed. */
void throttle_rebase(struct throttle *t, int64_t now_ms);

#endif
