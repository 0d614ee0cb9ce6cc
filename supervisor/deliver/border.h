/*
 * border: who runner-notify is while it does what.
 *
 * Run by an ordinary user nothing here does anything.  Run by root: with a user
 * in the job it becomes that user at once, so that secrets, Maildirs and
 * programs are the user's.  Without one a delivery over a network is done by a
 * process of its own, which reads its secrets as root and then is nobody for
 * good, with no way back, before the first byte from a server is read.
 */
#ifndef RUNNER_NOTIFY_BORDER_H
#define RUNNER_NOTIFY_BORDER_H

#include "base/text.h"

/* Becomes the user, or does nothing.  Returns EX_OK, or EX_CONFIG and why. */
int border_become(const char *user, struct text *words);

/*
 * Calls `deliver` with `context`, by root in a process of its own, and returns
 * what it returns, with its words.
 */
int border_deliver(int (*deliver)(void *context, struct text *words),
    void *context, struct text *words);

/*
 * Nothing but the network is needed from now on.  Returns EX_OK, or EX_CONFIG
 * and why.
 */
int border_leave_root(struct text *words);

#endif
