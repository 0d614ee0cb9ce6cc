/*
 * identity: users and groups by name or number, and becoming one of them for
 * good: afterwards nothing of root is left, no capability and no saved id.
 */
#ifndef RUNNER_IDENTITY_H
#define RUNNER_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Who to become. */
struct identity {
	uid_t uid;
	gid_t gid;
	bool is_other; /* than we are */
};

/*
 * The number of a user, and its main group.  Returns 0, or -1: unknown.
 * `name`, `home` and `shell` (each may be NULL) get malloc'd copies.
 */
int identity_find_user(const char *user, uid_t *uid, gid_t *gid, char **name,
    char **home, char **shell);

/* Returns 0, or -1: unknown; a number needs no name. */
int identity_find_group(const char *group, gid_t *gid);

/*
 * Becomes that user and group, each may be NULL.  Returns 0, or -1 with one
 * line in `why`.
 */
int identity_become(
    const char *user, const char *group, char *why, size_t why_size);

/*
 * To look at files or make some: from here on our effective ids and our groups
 * are theirs; both NULL: our own again.  Returns 0, or -1: they are still ours.
 */
int identity_act_as(const char *user, const char *group);

/*
 * What root opens and makes from here on, it opens and makes as that user; as
 * itself: with its own ids.  For others nothing changes.
 */
void identity_make_as(uid_t uid, gid_t gid);

/*
 * identity_become() in two steps, for a child that sets limits in between:
 * looking a user up takes descriptors and memory, setting limits may take root.
 *
 * identity_take_groups() returns 0; -1 with one line in `why`: unknown; or -2
 * with errno.  identity_take_ids() returns 0, or -1 with errno.
 */
int identity_take_groups(const char *user, const char *group,
    struct identity *who, char *why, size_t why_size);
int identity_take_ids(const struct identity *who);

/* Writes what -2 or -1 with errno means for a person; returns -1. */
int identity_refuse(
    const char *user, const char *group, char *why, size_t why_size);

#endif
