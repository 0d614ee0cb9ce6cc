/*
 * backlog: lines on their way to a target that may not take them now.
 *
 * One buffer that does not grow.  While the target is full or fails, lines wait
 * here; what finds no room is counted as lost, and nothing is added behind a
 * gap before the gap can be told of, so that the notice stands where the lines
 * are missing.  A reader that went loses at once what waits for it.
 */
#ifndef RUNNER_BACKLOG_H
#define RUNNER_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "target.h"

struct backlog {
	struct target target;
	char *buffer; /* lines wait in [start, end) */
	size_t start, end;
	size_t touched;       /* of the buffer, since pages were given back */
	bool is_full;         /* the target said EAGAIN, the last time */
	int64_t full_ms;      /* since when nothing went, for is_full */
	int64_t retry_ms;     /* the target failed: not before; 0: it did not */
	int error;            /* of the last failure */
	uint64_t lost;        /* lines, not told of yet */
	int lost_error;       /* why, the first of them */
	uint64_t notice_lost; /* what the notice in the buffer tells */
	size_t notice_end;    /* it stands before this; 0: none waits */
};

/* Without a target yet.  Returns 0, or -1 with errno ENOMEM. */
int backlog_init(struct backlog *b);
void backlog_release(struct backlog *b);

/* Replaces the target; the backlog owns it from then on. */
void backlog_set_target(struct backlog *b, const struct target *target);

/*
 * Room for `need` bytes behind what waits, for lines that are then reported by
 * backlog_add(); or NULL: the lines are lost, say so by backlog_lose().
 * `*room` (may be NULL) is how much there is, at least `need`.
 */
char *backlog_reserve(struct backlog *b, size_t need, size_t *room);
void backlog_add(struct backlog *b, size_t size);
void backlog_lose(struct backlog *b, uint64_t lines);

/*
 * Is it the time to tell of lost lines?  Then reserve room, write the notice
 * about `lost` and `lost_error`, and report it by backlog_add_notice().
 */
bool backlog_has_gap(const struct backlog *b);
void backlog_add_notice(struct backlog *b, size_t size);

/* Writes what waits, as far as the target takes it. */
void backlog_flush(struct backlog *b);

/*
 * The last words: writes what waits, and waits for a reader that is slow, as
 * long as it takes something now and then.
 */
void backlog_drain(struct backlog *b);

bool backlog_is_congested(const struct backlog *b);
size_t backlog_free_size(const struct backlog *b);
int backlog_wait_fd(const struct backlog *b);
int64_t backlog_deadline_ms(const struct backlog *b);

#endif
