/*
 * maildir: a message delivered into a Maildir (tmp, new, cur).
 *
 * Sources: https://cr.yp.to/proto/maildir.html, maildir(5).  The file is
 * written in tmp, synced, renamed into new, and the directory is synced: it is
 * whole and on disk once it is seen.  Its name is made of the job's `unique`
 * and this host, without the usual time and pid, so that a delivery repeated
 * after a crash finds what the first one left, in new or (read meanwhile) in
 * cur, and delivers nothing twice.
 */
#ifndef RUNNER_NOTIFY_MAILDIR_H
#define RUNNER_NOTIFY_MAILDIR_H

#include "base/text.h"
#include "input.h"

/*
 * Delivers `body` (lines ended by LF) into the Maildir `path`, which is made
 * with its three directories, mode 0700, when it is missing; its parent is not.
 * Returns EX_OK with "delivered to PATH/new/NAME" in `words`; EX_CONFIG: it
 * cannot be a Maildir of ours (no parent directory, no permission, not a
 * directory); EX_TEMPFAIL: anything else, such as a full disk.
 */
int maildir_deliver(const char *path, const char *unique,
    const struct body *body, struct text *words);

#endif
