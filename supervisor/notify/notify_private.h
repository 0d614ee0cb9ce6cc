/*
 * notify_private: what notify.c, which sends, and notify_delivery.c, which
 * delivers, know of each other, and nobody else.
 */
#ifndef RUNNER_NOTIFY_PRIVATE_H
#define RUNNER_NOTIFY_PRIVATE_H

#include "channel.h"
#include "notify.h"

/* Whom mails of the task are for. */
char *const *notify_admins(const struct notify *n, const char *task);

/* A mail without recipients is told to nobody: it stays where it was put. */
bool notify_is_read(
    const struct notify *n, const struct channel *c, const char *task);

/* What waits and why, for status. */
void notify_publish(struct notify *n);

/* What is on the disk or delivered by now counts as sent. */
void notify_release_sent(struct notify *n);

/*
 * The other message that says the same: a predecessor sent it and it has not
 * left yet when a runner that follows a clean stop says it again.  That one is
 * dropped, unless it is on its way.
 */
const struct outbox_entry *notify_find_same(
    const struct notify *n, const struct outbox_entry *entry);
void notify_drop_same(struct notify *n, const struct outbox_entry *entry);

/* A token is free again: digests.  Returns when to look again, or -1. */
int64_t notify_tell_digests(struct notify *n, int64_t now_ms);

/*
 * A message was refused for good on one channel: the others hear of it, but not
 * because of a message that says just that.
 */
void notify_tell_refusal(struct notify *n, const struct outbox_entry *e,
    const char *answer, int64_t now_ms);

#endif
