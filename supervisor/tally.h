/*
 * tally: the distinct failures of one task in this process, with counts.
 *
 * Pure, bounded: when it is full the one that was not seen for the longest time
 * gives way.
 */
#ifndef RUNNER_TALLY_H
#define RUNNER_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "message.h"

enum { TALLY_MAX = 24 };

struct tally {
	size_t count;
	struct failure_count rows[TALLY_MAX]; /* order of first appearance */
};

void tally_note(struct tally *t, uint64_t signature, const char *subject,
    int64_t wall_ms);

#endif
