/*
 * slots: how many helpers of one RUN_ROOT may be at work at once.
 *
 * SLOTS bytes of a file, each a record lock (fcntl(2)) that lives no longer
 * than its holder; so a thousand chains that fail together do not stampede the
 * machine, and a runner that dies gives its slot back.
 */
#ifndef RUNNER_SLOTS_H
#define RUNNER_SLOTS_H

#include <stdbool.h>

enum { SLOTS = 8 };

struct slots {
	int fd;   /* or -1: no file, no limit */
	int held; /* the slot that is ours, or -1 */
};

/* Opens RUN_ROOT/outbox/.slots-UID; where that cannot be, nothing limits. */
void slots_open(struct slots *s, const char *run_root);
void slots_close(struct slots *s);

/* Takes a free slot.  Returns whether there was one (or one is held). */
bool slots_take(struct slots *s);

/* Gives the slot back, if one is held. */
void slots_give(struct slots *s);

#endif
