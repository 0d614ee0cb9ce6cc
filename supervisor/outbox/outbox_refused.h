/*
 * outbox_refused: RUN_ROOT/outbox/refused, the messages that nobody takes.
 */
#ifndef RUNNER_OUTBOX_REFUSED_H
#define RUNNER_OUTBOX_REFUSED_H

#include <stddef.h>

#include "outbox_folder.h"

/*
 * Moves a file to refused/; with an `answer`, which is written into the
 * envelope of the message at `offset`.  Returns 0, or -1 with errno.
 */
int outbox_refused_keep(struct outbox_folder *f, const char *name,
    const char *answer, size_t offset);

/*
 * Removes the oldest of our files in refused/ until `keep` are left.  Returns
 * how many were removed.
 */
size_t outbox_refused_trim(struct outbox_folder *f, size_t keep);

#endif
