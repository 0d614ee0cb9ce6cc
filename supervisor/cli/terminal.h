/*
 * terminal: what standard output is, for the views that are laid out for it.
 */
#ifndef RUNNER_TERMINAL_H
#define RUNNER_TERMINAL_H

#include "state/state.h"
#include "status/screen.h"

/*
 * Describes standard output: columns and rows of the terminal (else $COLUMNS,
 * else 80), colour only on a terminal that is not dumb and without $NO_COLOR,
 * UTF-8 by the locale, which is set here for characters.
 */
void terminal_detect(struct screen *s);

/*
 * Shows on standard error, a terminal, which task the chain that leaves still
 * runs, in a line that the next call replaces.  A takeover_progress;
 * `waited_ms` < 0 takes the line away.
 */
void terminal_show_waiting(
    const struct snapshot *s, int64_t waited_ms, int64_t limit_ms, void *chain);

#endif
