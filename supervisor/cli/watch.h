/*
 * watch: a picture that is drawn again every second, in place on a terminal,
 * one below the other elsewhere.
 */
#ifndef RUNNER_WATCH_H
#define RUNNER_WATCH_H

#include "status/screen.h"

/* Draws one picture; returns -1 when there is nothing more to draw. */
typedef int watch_draw(FILE *out, const struct screen *s, void *data);

/*
 * Draws until q, Ctrl-C, SIGTERM or SIGHUP, and leaves the terminal as it was
 * found.  Ctrl-Z suspends.  Returns 0, or -1 with errno when it cannot write.
 */
int watch(watch_draw *draw, void *data);

#endif
