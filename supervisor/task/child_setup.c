#include "child_setup.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/units.h"
#include "os/envfile.h"

void
child_setup_die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
}

int
child_setup_find_user(const char *user, uid_t *uid, gid_t *gid, char **name,
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
child_setup_find_group(const char *group, gid_t *gid)
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

void
child_setup_user_environment(const char *user)
{
	char *name = NULL, *home = NULL, *shell = NULL;
	uid_t uid;
	gid_t gid;

	if (!user ||
	    child_setup_find_user(user, &uid, &gid, &name, &home, &shell))
		return;
	setenv("HOME", home ? home : "/", 1);
	setenv("USER", name ? name : user, 1);
	setenv("LOGNAME", name ? name : user, 1);
	setenv("SHELL", shell ? shell : "/bin/sh", 1);
	free(name);
	free(home);
	free(shell);
}

/* What root's environment may hand on, and what says who the user is. */
static const char *const harmless[] = {"PATH", "LANG", "LC_*", "TZ", NULL};
static const char *const of_user[] = {"HOME", "USER", "LOGNAME", "SHELL", NULL};
/* Of a delivery: the way through the network is no secret. */
static const char *const of_network[] = {"http_proxy", "https_proxy",
    "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    "SSL_CERT_*", NULL};

/* The chain has a user, whose environment ours is not. */
static bool is_hidden;

void
child_setup_hide_environment(void)
{
	is_hidden = true;
}

static bool
is_listed(const char *entry, const char *const *names)
{
	size_t length = strcspn(entry, "=");

	for (; names && *names; names++) {
		size_t n = strcspn(*names, "*");

		if ((*names)[n] ? n <= length && !memcmp(entry, *names, n)
				: n == length && !memcmp(entry, *names, n))
			return true;
	}
	return false;
}

void
child_setup_filter_environment(const struct task_settings *t)
{
	const char *const *own =
	    t ? (const char *const *)t->environment_keep : NULL;
	bool is_others = is_hidden || (t && t->user);
	size_t kept = 0;

	if (!own && !is_others)
		return;
	for (size_t i = 0; environ[i]; i++)
		if (is_listed(environ[i], own ? own : harmless) ||
		    (is_hidden && is_listed(environ[i], of_user)) ||
		    (!t && is_listed(environ[i], of_network)))
			environ[kept++] = environ[i];
	environ[kept] = NULL;
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

/* Who to become. */
struct identity {
	uid_t uid;
	gid_t gid;
	bool is_other; /* than we are */
};

/* The first half: looks it up, and takes on the groups. */
static int
take_groups(const char *user, const char *group, struct identity *who,
    char *why, size_t why_size)
{
	char *name = NULL;
	gid_t main_gid;
	int failed;

	*who = (struct identity){.uid = geteuid(), .gid = getegid()};
	if (user && child_setup_find_user(
			user, &who->uid, &main_gid, &name, NULL, NULL)) {
		snprintf(why, why_size, "there is no user %s", user);
		return -1;
	}
	if (user)
		who->gid = main_gid;
	if (group && child_setup_find_group(group, &who->gid)) {
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

/* The second half: the ids, and nothing of root is left. */
static int
take_ids(const struct identity *who)
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

static int
cannot_become(const char *user, const char *group, char *why, size_t why_size)
{
	snprintf(why, why_size, "cannot become %s%s%s: %s%s", user ? user : "",
	    user && group ? ":" : "", group ? group : "", strerror(errno),
	    geteuid() ? " (user and group need root)" : "");
	return -1;
}

int
child_setup_user(
    const char *user, const char *group, char *why, size_t why_size)
{
	struct identity who;
	int failed = take_groups(user, group, &who, why, why_size);

	if (failed == -1)
		return -1;
	if (failed || take_ids(&who))
		return cannot_become(user, group, why, why_size);
	return 0;
}

static void
refuse(const struct child_setup *e, const char *why)
{
	dprintf(STDERR_FILENO, "runner: %s\n", why);
	if (write(e->exec_fd, "x", 1) < 0)
		_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
	_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
}

static void
set_variable(const char *name, const char *value, void *data)
{
	/* What is RUNNER_... is ours to say. */
	if (strncmp(name, "RUNNER_", 7) != 0)
		setenv(name, value, 1);
}

void
child_setup_environment(const struct child_setup *e)
{
	const struct task_settings *t = e->task;
	uid_t user = geteuid();
	gid_t group;
	char why[4096 + 128], words[sizeof(why) + 32];

	child_setup_filter_environment(t);
	child_setup_user_environment(t->user);
	if (t->user)
		child_setup_find_user(t->user, &user, &group, NULL, NULL, NULL);
	if (!t->environment_file || !envfile_read(t->environment_file, user,
					set_variable, NULL, why, sizeof(why)))
		return;
	snprintf(words, sizeof(words), "environment_file %s", why);
	refuse(e, words);
}

/* libpipeline has called nice(2), and says nothing when that failed. */
static void
check_nice(const struct child_setup *e)
{
	int want = getpriority(PRIO_PROCESS, (id_t)e->parent) + e->task->nice;
	char why[128];

	if (!e->task->has_nice)
		return;
	want = want > 19 ? 19 : want < -20 ? -20 : want;
	if (getpriority(PRIO_PROCESS, 0) == want)
		return;
	snprintf(why, sizeof(why), "cannot set nice %d%s", e->task->nice,
	    geteuid() ? " (less than runner's own needs root)" : "");
	refuse(e, why);
}

static void
limit(const struct child_setup *e, int resource, const char *key, int64_t value,
    int64_t grace)
{
	struct rlimit r = {
	    .rlim_cur = (rlim_t)value, .rlim_max = (rlim_t)(value + grace)};
	char why[128];

	if (value < 0 || !setrlimit((__rlimit_resource_t)resource, &r))
		return;
	snprintf(why, sizeof(why), "cannot set %s: %s", key, strerror(errno));
	refuse(e, why);
}

void
child_setup_task(void *data)
{
	const struct child_setup *e = data;
	const struct task_settings *t = e->task;
	struct identity who;
	char why[256];
	sigset_t none;
	int failed;

	check_nice(e);
	if (t->umask >= 0)
		umask((mode_t)t->umask);
	/* Looking a user up takes descriptors and memory, before the limits;
	 * setting limits may take root, before the ids. */
	failed = take_groups(t->user, t->group, &who, why, sizeof(why));
	if (failed == -2)
		cannot_become(t->user, t->group, why, sizeof(why));
	if (failed)
		refuse(e, why);
	limit(e, RLIMIT_NOFILE, "limit_files", t->limit_files, 0);
	/* One second from SIGXCPU to SIGKILL, for a last word. */
	limit(e, RLIMIT_CPU, "limit_cpu", t->limit_cpu_s, 1);
	limit(e, RLIMIT_AS, "limit_memory", t->limit_memory_bytes, 0);
	if (take_ids(&who)) {
		cannot_become(t->user, t->group, why, sizeof(why));
		refuse(e, why);
	}
	/* A change of user clears it: prctl(2). */
	child_setup_die_with(e->parent);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
