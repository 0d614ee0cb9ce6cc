/*
 * runner start: brings declared chains up, or upgrades them in place.
 *
 * Each is a `runner run --name CHAIN` of its own session.  It writes to a pipe
 * of ours when it owns its pidfile; until then its standard error comes to us,
 * so that what it cannot do is said.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chains.h"
#include "commands.h"
#include "elsewhere.h"
#include "os/clock.h"
#include "os/process.h"
#include "owner/pidfile.h"
#include "owner/runroot.h"
#include "state/statefile.h"
#include "terminal.h"

enum { READY_TIMEOUT_MS = 120000, SLICE_MS = 50 };

struct starting {
	const char *name;
	const char *run_root;
	pid_t pid;
	bool is_drain;
	int ready_fd; /* readable when it is up, or gone */
	int error_fd; /* what it says on standard error */
	char said[2048];
	size_t said_size;
};

static _Noreturn void
be_runner(const struct config *config, const char *name, bool is_drain,
    int ready_fd, int error_fd)
{
	enum { READY_FD = STDERR_FILENO + 1 };
	const char *argv[] = {"runner", "run", "--run-root", config->run_root,
	    "--name", name, "--config", config->file,
	    is_drain ? "--if-running" : NULL, "wait", NULL};
	int null_fd = open("/dev/null", O_RDWR);
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[n > 0 ? n : 0] = '\0';
	setsid();
	dup2(null_fd, STDIN_FILENO);
	dup2(null_fd, STDOUT_FILENO);
	dup2(error_fd, STDERR_FILENO);
	/* The number may be the one that it has: then it stays open anyhow. */
	ready_fd = dup(ready_fd);
	dup2(ready_fd, READY_FD);
	setenv("RUNNER_DETACHED", "3", 1);
	/* Who started us is not told of it. */
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	/* No descriptor of the shell that started us lives on in it. */
	process_close_from(READY_FD + 1);
	/* By its own name, so that ps(1) shows it. */
	execv(self, (char *const *)argv);
	dprintf(STDERR_FILENO, "runner: cannot execute itself: %s\n",
	    strerror(errno));
	_exit(STATUS_FAILED);
}

static int
start_chain(struct starting *s, const struct config *config, const char *name,
    bool is_drain)
{
	int ready[2], error[2];

	*s = (struct starting){.name = name,
	    .run_root = config->run_root,
	    .ready_fd = -1,
	    .error_fd = -1,
	    .is_drain = is_drain};
	if (pipe2(ready, O_CLOEXEC))
		return -1;
	s->ready_fd = ready[0];
	if (pipe2(error, O_CLOEXEC)) {
		close(ready[1]);
		return -1;
	}
	s->error_fd = error[0];
	fcntl(s->ready_fd, F_SETFL, O_NONBLOCK);
	fcntl(s->error_fd, F_SETFL, O_NONBLOCK);
	fflush(stdout);
	s->pid = fork();
	if (!s->pid)
		be_runner(config, name, is_drain, ready[1], error[1]);
	close(ready[1]);
	close(error[1]);
	return s->pid > 0 ? 0 : -1;
}

static void
read_errors(struct starting *s)
{
	ssize_t n;

	while (s->said_size < sizeof(s->said) - 1 &&
	       (n = read(s->error_fd, s->said + s->said_size,
		    sizeof(s->said) - 1 - s->said_size)) > 0)
		s->said_size += (size_t)n;
	s->said[s->said_size] = '\0';
}

/* Has it said that it is ready? */
static bool
is_ready(const struct starting *s)
{
	char byte;

	return read(s->ready_fd, &byte, 1) == 1;
}

/* The runner that makes way, if there is one, or the one that comes up. */
static void
show_waiting(const struct starting *s, int64_t waited_ms)
{
	struct snapshot *old;

	if (!isatty(STDERR_FILENO))
		return;
	old = statefile_look(s->run_root, s->name);
	if (old && !old->chain.is_ended && old->chain.pid != s->pid)
		terminal_show_waiting(old, waited_ms,
		    old->chain.stop_timeout_ms, (void *)s->name);
	else
		terminal_show_waiting(
		    NULL, waited_ms, READY_TIMEOUT_MS, (void *)s->name);
	snapshot_free(old);
}

/* What came of it: ready, ended (status in `*status`), or neither in time. */
enum came_up { CAME_UP, ENDED, TOO_LATE };

static enum came_up
wait_until_up(struct starting *s, int *status)
{
	int64_t since_ms = clock_now_ms(), waited_ms = 0;

	/* A run in progress may last. */
	while (s->is_drain || waited_ms < READY_TIMEOUT_MS) {
		struct pollfd p[2] = {{.fd = s->ready_fd, .events = POLLIN},
		    {.fd = s->error_fd, .events = POLLIN}};

		poll(p, 2, SLICE_MS);
		read_errors(s);
		if (is_ready(s))
			return CAME_UP;
		if (waitpid(s->pid, status, WNOHANG) == s->pid) {
			read_errors(s);
			return is_ready(s) ? CAME_UP : ENDED;
		}
		waited_ms = clock_now_ms() - since_ms;
		show_waiting(s, waited_ms);
	}
	return TOO_LATE;
}

/* Why it did not come up, in its own words. */
static int
explain(const struct starting *s, int status)
{
	const char *said = s->said;
	size_t length;

	if (WIFEXITED(status) && !WEXITSTATUS(status)) {
		printf("%s is left to a newer runner\n", s->name);
		return STATUS_DONE;
	}
	if (!*said)
		command_say("%s did not come up: it ended with status %d",
		    s->name,
		    WIFEXITED(status) ? WEXITSTATUS(status)
				      : 128 + WTERMSIG(status));
	for (; *said; said += length + (said[length] == '\n')) {
		length = strcspn(said, "\n");
		if (!strncmp(said, "runner: ", 8))
			command_say("%s did not come up: %.*s", s->name,
			    (int)length - 8, said + 8);
	}
	return STATUS_FAILED;
}

static int
await(struct starting *s)
{
	int status = 0, result = STATUS_DONE;
	enum came_up how = wait_until_up(s, &status);

	if (isatty(STDERR_FILENO))
		terminal_show_waiting(NULL, -1, 0, NULL);
	if (how == ENDED)
		result = explain(s, status);
	else if (how == TOO_LATE)
		result = command_fails(STATUS_FAILED,
		    "%s did not come up within %d s (pid %ld goes on trying)",
		    s->name, READY_TIMEOUT_MS / 1000, (long)s->pid);
	close(s->ready_fd);
	close(s->error_fd);
	return result;
}

static void
announce(const struct config *config, const char *name)
{
	const struct chain_settings *c = config_chain(config, name);

	printf("Starting runner run");
	for (char **w = c->words; *w; w++)
		printf(" %s", *w);
	printf("\n");
}

/*
 * Does a runner of it live in another run_root?  Then a second one would do
 * its work twice.  A run_root that was asked for is meant.
 */
static bool
runs_elsewhere(struct runners *runners, const struct config *config,
    const char *name, bool is_root_given)
{
	const struct runner *r =
	    is_root_given ? NULL : elsewhere_find(runners, config, name);
	char text[ELSEWHERE_SIZE];

	if (!r)
		return false;
	elsewhere_describe(r, text);
	command_say("%s was not started: %s", name, text);
	return true;
}

/* Chains that were declared when they were started, and run on. */
static void
name_removed(const struct config *config)
{
	char **names = statefile_names(config->run_root);

	for (char **n = names; n && *n; n++) {
		struct snapshot *s = config_chain(config, *n)
					 ? NULL
					 : statefile_look(config->run_root, *n);

		if (s && s->chain.is_declared &&
		    !strcmp(s->chain.config_file, config->file) &&
		    pidfile_owner(config->run_root, *n))
			command_say(
			    "%s runs but is not declared; runner stop %s", *n,
			    *n);
		snapshot_free(s);
	}
	free(names);
}

static int
start_chains(const struct config *config, char *const *names, size_t count,
    const struct options *o)
{
	struct starting *all = calloc(count, sizeof(*all));
	struct runners runners = {0};
	int status = STATUS_DONE;

	if (!all)
		return command_fails(STATUS_FAILED, "out of memory");
	for (size_t i = 0; i < count; i++) {
		if (runs_elsewhere(&runners, config, names[i], o->run_root)) {
			status = STATUS_FAILED;
			continue;
		}
		announce(config, names[i]);
		if (start_chain(&all[i], config, names[i], o->drain)) {
			status = command_fails(STATUS_FAILED,
			    "%s did not come up: %s", names[i],
			    strerror(errno));
			all[i].pid = 0;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (all[i].pid)
			status |= await(&all[i]);
	free(all);
	runners_free(&runners);
	return status;
}

int
cmd_start(const struct invocation *c)
{
	struct config *config = c->config;
	char **names, why[512];
	size_t count = 0;
	int status = STATUS_USAGE;

	names = chains_select(config, c->options->words, CHAINS_DECLARED);
	while (names && names[count])
		count++;
	if (names && !count)
		command_say(
		    "no chain is declared in %s: write chain NAME { tasks = "
		    "{...} } there",
		    config->file ? config->file : "any runner.conf");
	else if (names && runroot_prepare(config, why, sizeof(why)))
		status = command_fails(STATUS_FAILED, "%s", why);
	else if (names)
		status = start_chains(config, names, count, c->options);
	if (count && config_tells_nobody(config))
		command_say(
		    "warning: nobody is told when a task fails: no admins, no "
		    "channel; mail is only written to %s/mail",
		    config->run_root);
	if (count && !c->options->word_count)
		name_removed(config);
	free(names);
	return status;
}
