/*
 * terminal: what standard output is, for the views that are laid out for it.
 */
#ifndef RUNNER_TERMINAL_H
#define RUNNER_TERMINAL_H

#include "screen.h"

/*
 * Describes standard output: columns and rows of the terminal (else $COLUMNS,
 * else 80), colour only on a terminal that is not dumb and without $NO_COLOR,
 * UTF-8 by the locale, which is set here for characters.
 */
void terminal_detect(struct screen *s);

/* The wall clock, in milliseconds. */
int64_t terminal_wall_ms(void);

#endif
