#include "identity.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/units.h"

int
identity_find_user(const char *user, uid_t *uid, gid_t *gid, char **name,
    char **home, char **shell)
{
	const struct passwd *pw = getpwnam(user);
	int64_t number;

	if (!pw && !units_parse_int(user, 0, UINT32_MAX - 1, &number))
		pw = getpwuid((uid_t)number);
	if (!pw)
		return -1;
	*uid = pw->pw_uid;
	*gid = pw->pw_gid;
	if (name)
		*name = strdup(pw->pw_name);
	if (home)
		*home = strdup(pw->pw_dir);
	if (shell)
		*shell = strdup(*pw->pw_shell ? pw->pw_shell : "/bin/sh");
	return 0;
}

int
identity_find_group(const char *group, gid_t *gid)
{
	const struct group *gr = getgrnam(group);
	int64_t number;

	if (gr) {
		*gid = gr->gr_gid;
		return 0;
	}
	if (units_parse_int(group, 0, UINT32_MAX - 1, &number))
		return -1;
	*gid = (gid_t)number;
	return 0;
}

/* capset(2) to nothing: setresuid() leaves the inheritable set, for one. */
static int
drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return (int)syscall(SYS_capset, &header, none);
}

int
identity_take_groups(const char *user, const char *group, struct identity *who,
    char *why, size_t why_size)
{
	char *name = NULL;
	gid_t main_gid;
	int failed;

	*who = (struct identity){.uid = geteuid(), .gid = getegid()};
	if (user &&
	    identity_find_user(user, &who->uid, &main_gid, &name, NULL, NULL)) {
		snprintf(why, why_size, "there is no user %s", user);
		return -1;
	}
	if (user)
		who->gid = main_gid;
	if (group && identity_find_group(group, &who->gid)) {
		snprintf(why, why_size, "there is no group %s", group);
		free(name);
		return -1;
	}
	/* Somebody who is not root may ask for what is so already. */
	who->is_other =
	    (user || group) &&
	    (!geteuid() || who->uid != geteuid() || who->gid != getegid());
	failed = who->is_other &&
		 (name ? initgroups(name, who->gid) : setgroups(1, &who->gid));
	free(name);
	return failed ? -2 : 0;
}

/* What it opens as /dev/stdout and the like is a pipe that root made. */
static void
own_pipes(const struct identity *who)
{
	struct stat st;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (!fstat(fd, &st) && S_ISFIFO(st.st_mode) &&
		    fchown(fd, who->uid, who->gid))
			return;
}

/*
 * Not that of whom it was started by: who has a session's keyring has its keys.
 * Where there are none, or a filter forbids them for all below it, there is
 * nothing to leave.
 */
static int
leave_keyring(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 ||
	    errno == ENOSYS || errno == EPERM)
		return 0;
	return -1;
}

int
identity_take_ids(const struct identity *who)
{
	gid_t gid = who->gid;
	uid_t uid = who->uid;

	if (!who->is_other)
		return 0;
	own_pipes(who);
	if (setresgid(gid, gid, gid) || setresuid(uid, uid, uid) ||
	    (uid && drop_capabilities()))
		return -1;
	/* What can be taken back was not given up. */
	if (uid && (!setresuid(0, 0, 0) || !seteuid(0)))
		return errno = EPERM, -1;
	return leave_keyring();
}

int
identity_refuse(const char *user, const char *group, char *why, size_t why_size)
{
	snprintf(why, why_size, "cannot become %s%s%s: %s%s", user ? user : "",
	    user && group ? ":" : "", group ? group : "", strerror(errno),
	    geteuid() ? " (user and group need root)" : "");
	return -1;
}

int
identity_become(const char *user, const char *group, char *why, size_t why_size)
{
	struct identity who;
	int failed = identity_take_groups(user, group, &who, why, why_size);

	if (failed == -1)
		return -1;
	if (failed || identity_take_ids(&who))
		return identity_refuse(user, group, why, why_size);
	return 0;
}

int
identity_act_as(const char *user, const char *group)
{
	enum { GROUPS_MAX = 256 };
	static gid_t groups[GROUPS_MAX];
	static int count = -1;
	struct identity who;
	char why[128];

	if (setresuid((uid_t)-1, getuid(), (uid_t)-1) ||
	    setresgid((gid_t)-1, getgid(), (gid_t)-1))
		return -1;
	if (count < 0)
		count = getgroups(GROUPS_MAX, groups);
	else if (!geteuid() && setgroups((size_t)count, groups))
		return -1;
	if (count < 0)
		return -1;
	if (identity_take_groups(user, group, &who, why, sizeof(why)))
		return -1;
	if (who.is_other && (setresgid((gid_t)-1, who.gid, (gid_t)-1) ||
				setresuid((uid_t)-1, who.uid, (uid_t)-1)))
		return identity_act_as(NULL, NULL), -1;
	return 0;
}

void
identity_make_as(uid_t uid, gid_t gid)
{
	int dumpable = prctl(PR_GET_DUMPABLE);

	/* In this order: with the user go the rights to set a group. */
	setfsuid(geteuid());
	setfsgid(gid);
	setfsuid(uid);
	/* That took it away, and what /proc tells others of us with it. */
	if (dumpable == 1)
		prctl(PR_SET_DUMPABLE, 1);
}
