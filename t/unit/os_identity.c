/* identity: users and groups by name or number, and what is left of root. */
#include "os/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "tap.h"

static struct scratch scratch;

static void
test_users(void)
{
	static const struct {
		const char *user, *name; /* NULL: there is none */
	} rows[] = {
	    {"root", "root"},
	    {"0", "root"},
	    {"no such user", NULL},
	    {"", NULL},
	    {"-1", NULL},
	    {"4294967294", NULL},
	    {"4294967295", NULL}, /* (uid_t)-1: "as it is" to setuid(2) */
	    {"99999999999999999999", NULL},
	    {"0x0", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *name = NULL, *home = NULL, *shell = NULL;
		uid_t uid = 77;
		gid_t gid = 77;
		int result = identity_find_user(
		    rows[i].user, &uid, &gid, &name, &home, &shell);

		if (rows[i].name)
			tap_ok(!result && !uid && !gid &&
				   !strcmp(name, rows[i].name) &&
				   *home == '/' && *shell == '/',
			    "user '%s' is found", rows[i].user);
		else
			tap_ok(result == -1 && uid == 77 && gid == 77 && !name,
			    "user '%s' is unknown", rows[i].user);
		free(name);
		free(home);
		free(shell);
	}
}

static void
test_groups(void)
{
	static const struct {
		const char *group;
		int result;
		gid_t gid;
	} rows[] = {
	    {"root", 0, 0},
	    {"0", 0, 0},
	    {"4000000", 0, 4000000}, /* a number needs no name */
	    {"4294967295", -1, 77},
	    {"no such group", -1, 77},
	    {"", -1, 77},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		gid_t gid = 77;
		int result = identity_find_group(rows[i].group, &gid);

		tap_ok(result == rows[i].result && gid == rows[i].gid,
		    "group '%s'", rows[i].group);
	}
}

static void
test_refusals(void)
{
	char why[256];

	tap_ok(identity_become("no such user", NULL, why, sizeof(why)) == -1,
	    "nobody becomes an unknown user");
	tap_is(why, "there is no user no such user", "which is said");
	tap_ok(identity_become(NULL, "no such group", why, sizeof(why)) == -1,
	    "nor an unknown group");
	tap_is(why, "there is no group no such group", "which is said");
	tap_ok(!identity_become(NULL, NULL, why, sizeof(why)),
	    "no user and no group change nothing");
	tap_ok(identity_act_as("no such user", NULL) == -1,
	    "nobody acts as an unknown user");
	errno = EPERM;
	identity_refuse("a", "b", why, sizeof(why));
	tap_ok(!strncmp(why, "cannot become a:b: ", 19), "a refusal: %s", why);
}

/* What a child that `act` ended with: its exit status, or -1. */
static int
in_child(int (*act)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(act());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Is a capability left in any set? */
static bool
has_capabilities(void)
{
	char *status = scratch_read("/proc/self/status", NULL);
	const char *at = status;
	bool has = !status;

	while (at && (at = strstr(at, "\nCap"))) {
		unsigned long long set =
		    strtoull(strchr(at, ':') + 1, NULL, 16);

		has |= set && strncmp(at, "\nCapBnd", 7) != 0;
		at += 4;
	}
	free(status);
	return has;
}

static int
become_nobody(void)
{
	uid_t r, e, s;
	gid_t rg, eg, sg, groups[64], gid;
	char why[256];
	uid_t uid;
	int n;

	if (identity_find_user("nobody", &uid, &gid, NULL, NULL, NULL) ||
	    identity_become("nobody", NULL, why, sizeof(why)))
		return 1;
	getresuid(&r, &e, &s);
	getresgid(&rg, &eg, &sg);
	if (r != uid || e != uid || s != uid || rg != gid || eg != gid ||
	    sg != gid)
		return 2;
	n = getgroups(64, groups);
	for (int i = 0; i < n; i++)
		if (!groups[i])
			return 3;
	if (has_capabilities())
		return 4;
	return !setuid(0) || !seteuid(0) || !setgid(0) ? 5 : 0;
}

static int
become_group_alone(void)
{
	gid_t groups[64];
	char why[256];

	if (identity_become(NULL, "4000000", why, sizeof(why)))
		return 1;
	if (getuid() || getgid() != 4000000 || getegid() != 4000000)
		return 2;
	return getgroups(64, groups) != 1 || groups[0] != 4000000 ? 3 : 0;
}

static int
act_as_nobody(void)
{
	uid_t uid;
	gid_t gid;

	if (identity_find_user("nobody", &uid, &gid, NULL, NULL, NULL) ||
	    identity_act_as("nobody", NULL))
		return 1;
	if (geteuid() != uid || getegid() != gid || getuid())
		return 2;
	if (identity_act_as(NULL, NULL))
		return 3;
	return geteuid() || getegid() ? 4 : 0;
}

static int
make_as_nobody(void)
{
	char *path = scratch_path(&scratch, "made");
	struct stat st;
	uid_t uid;
	gid_t gid;

	if (identity_find_user("nobody", &uid, &gid, NULL, NULL, NULL) ||
	    chmod(scratch.directory, 0777))
		return 1;
	identity_make_as(uid, gid);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	identity_make_as(geteuid(), getegid());
	if (stat(path, &st) || st.st_uid != uid || st.st_gid != gid)
		return 2;
	unlink(path);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	return stat(path, &st) || st.st_uid ? 3 : 0;
}

static void
test_root(void)
{
	static const struct {
		const char *name;
		int (*act)(void);
	} rows[] = {
	    {"of root nothing is left: no id, group or capability",
		become_nobody},
	    {"a group alone is the only one", become_group_alone},
	    {"a look at files as another user ends", act_as_nobody},
	    {"a file is made as another user, the next as ourselves",
		make_as_nobody},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (geteuid())
			tap_ok(true, "%s # SKIP not root", rows[i].name);
		else
			tap_is_int(
			    in_child(rows[i].act), 0, "%s", rows[i].name);
	}
}

int
main(void)
{
	scratch_init(&scratch);
	test_users();
	test_groups();
	test_refusals();
	test_root();
	scratch_release(&scratch);
	return tap_done();
}
