/*
 * notify: from a reason to tell to a delivered message.
 *
 * Asks the throttle, composes, puts into the outbox, and has one helper at a
 * time deliver what waits there.  Never waits: the loop asks it for descriptors
 * and deadlines and tells it what happened.
 */
#ifndef RUNNER_NOTIFY_CONDUCTOR_H
#define RUNNER_NOTIFY_CONDUCTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "helper.h"
#include "message/message.h"
#include "outbox/outbox.h"
#include "outbox/slots.h"
#include "ping.h"
#include "state/records.h"

struct notify {
	struct records *records;     /* borrowed, like all pointers here */
	const struct config *config; /* changes on SIGHUP */
	struct log *log;
	/*
	 * Whom a task's mails are for, as records->tasks; NULL: the general
	 * admins.  The last one is for what is of no task.
	 */
	char *const **admins;
	char *helper_path; /* owned */
	char host[256];
	struct outbox *outbox; /* owned */
	struct slots slots;
	struct helper helper;
	const struct outbox_entry *entry; /* being delivered */
	int64_t slot_ms; /* when a slot is asked for again, or 0 */
	uint32_t slot_tries;
	int first_tries_left; /* messages whose first try has not ended */
	bool is_heard;        /* somebody reads what was told last */
	bool is_last_try; /* each message is tried once more, then it is over */
	bool is_closing;
};

/* `n` is zeros.  Returns 0, or -1 with errno ENOMEM. */
int notify_open(struct notify *n, struct records *records,
    const struct config *config, struct log *log, int64_t now_ms);
void notify_close(struct notify *n);

/*
 * Tells the admins: fills in what it knows itself of `what` (host, chain,
 * version, ids, what was held back), masks its message and command, and lets it
 * leave on every channel that has a token; else it is held back.
 * `thread_wall_ms`: when the downtime began that it belongs to (0: none),
 * `is_thread_start` whether it is the first one. Returns whether that outlives
 * us; false: a message waits in memory only, and the policy from before is to
 * be held (records_hold_policy()).
 */
bool notify_tell(struct notify *n, struct notification *what,
    int64_t thread_wall_ms, bool is_thread_start, int64_t now_ms);

/* Is there anybody to hear of a failure of the task? */
bool notify_has_readers(const struct notify *n, const char *task);

/*
 * Does what is due: starts a helper, kills a late one, sends a digest.  Returns
 * when to call again, or -1.
 */
int64_t notify_step(struct notify *n, int64_t now_ms);

/*
 * `once` is about to end: each message that waits is tried once more, whatever
 * its pause; notify_is_trying() until that is done.
 */
void notify_try_all(struct notify *n, int64_t now_ms);

/* The helper ended. */
void notify_finish(struct notify *n, int wait_status, int64_t now_ms);

/* Starts no delivery any more; one under way may end, if it does so soon. */
void notify_stop(struct notify *n);

/* Is a message still on its first try?  ("Sleeping" is logged after it.) */
bool notify_is_trying(const struct notify *n);

#endif
