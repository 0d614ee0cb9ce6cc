/*
 * outbox_look: what waits in an outbox, for those who look.  Changes nothing.
 */
#ifndef RUNNER_OUTBOX_LOOK_H
#define RUNNER_OUTBOX_LOOK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Counts the messages of the chain that wait in RUN_ROOT/outbox, however many;
 * `*oldest_wall_ms` is when the first of them was put there (0: none waits).
 * Returns 0, or -1 with errno (ENOENT, EACCES).
 */
int outbox_look(const char *run_root, const char *chain, size_t *waiting,
    int64_t *oldest_wall_ms);

#endif
