#include "child_setup.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outcome.h"
#include "os/envfile.h"
#include "os/identity.h"
#include "os/process.h"

void
child_setup_die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
}

void
child_setup_user_environment(const char *user)
{
	char *name = NULL, *home = NULL, *shell = NULL;
	uid_t uid;
	gid_t gid;

	if (!user || identity_find_user(user, &uid, &gid, &name, &home, &shell))
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
/* What systemd told us, and what a runner above us told of its run. */
static const char *const for_nobody[] = {"NOTIFY_SOCKET", "WATCHDOG_USEC",
    "WATCHDOG_PID", "RUNNER_CHAIN", "RUNNER_TASK", "RUNNER_RUN",
    "RUNNER_FAILURES", "RUNNER_LAST_EXIT", "RUNNER_LEASE", PROCESS_MARK, NULL};

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

size_t
child_setup_filter_environment(const struct task_settings *t, char **to)
{
	const char *const *own =
	    t ? (const char *const *)t->environment_keep : NULL;
	bool is_any = !own && !is_hidden && !(t && t->user);
	size_t kept = 0;

	for (char **e = environ; *e; e++)
		if (!is_listed(*e, for_nobody) &&
		    (is_any || is_listed(*e, own ? own : harmless) ||
			(is_hidden && is_listed(*e, of_user)) ||
			(!t && is_listed(*e, of_network))))
			to[kept++] = *e;
	to[kept] = NULL;
	return kept;
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

/* Its frame is large: not of those who have no such file. */
static __attribute__((noinline)) void
read_environment_file(const struct child_setup *e)
{
	const struct task_settings *t = e->task;
	uid_t user = geteuid();
	gid_t group;
	char why[4096 + 128], words[sizeof(why) + 32];

	if (t->user)
		identity_find_user(t->user, &user, &group, NULL, NULL, NULL);
	if (!envfile_read(t->environment_file, user, set_variable, NULL, why,
		sizeof(why)))
		return;
	snprintf(words, sizeof(words), "environment_file %s", why);
	refuse(e, words);
}

void
child_setup_environment(const struct child_setup *e)
{
	child_setup_user_environment(e->task->user);
	if (e->task->environment_file)
		read_environment_file(e);
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

	if (value < 0 || !setrlimit(resource, &r))
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
	failed =
	    identity_take_groups(t->user, t->group, &who, why, sizeof(why));
	if (failed == -2)
		identity_refuse(t->user, t->group, why, sizeof(why));
	if (failed)
		refuse(e, why);
	limit(e, RLIMIT_NOFILE, "limit_files", t->limit_files, 0);
	/* One second from SIGXCPU to SIGKILL, for a last word. */
	limit(e, RLIMIT_CPU, "limit_cpu", t->limit_cpu_s, 1);
	limit(e, RLIMIT_AS, "limit_memory", t->limit_memory_bytes, 0);
	if (identity_take_ids(&who)) {
		identity_refuse(t->user, t->group, why, sizeof(why));
		refuse(e, why);
	}
	/* A change of user clears it: prctl(2). */
	child_setup_die_with(e->parent);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
