/*
 * outbox_look: what waits in an outbox and what was refused, for those who
 * look.
 */
#ifndef RUNNER_OUTBOX_LOOK_H
#define RUNNER_OUTBOX_LOOK_H

#include <stddef.h>
#include <stdint.h>

#include "envelope.h"
#include "state/state.h"

/*
 * Where more messages wait on the disk than the record says (the runner took in
 * all that it can, or is down), corrects the record.  Changes nothing when the
 * directory is not ours to see.
 */
void outbox_look(const char *run_root, struct chain_record *c);

/* What one channel has refused for good, since it worked last. */
struct refused_channel {
	char channel[ENVELOPE_CHANNEL_SIZE];
	size_t count;
	int64_t newest_wall_ms;
	char answer[ENVELOPE_ANSWER_SIZE]; /* to the newest one */
};

/*
 * Gathers what is kept in outbox/refused of the chain, one row per channel.
 * Returns how many rows; 0 also when the directory is not ours to see.
 */
size_t outbox_look_refused(const char *run_root, const char *chain,
    struct refused_channel *rows, size_t max);

/*
 * All channels work again but those of `failed`: what others have refused, also
 * one that is not configured any more, is kept under another name and counts no
 * more.
 */
void outbox_look_mark_seen(const char *run_root,
    char (*failed)[STATE_CHANNEL_SIZE], size_t failed_count);

#endif
