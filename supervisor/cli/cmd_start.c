/*
 * runner start: brings declared chains up, or upgrades them in place.
 *
 * Each is a `runner run --name CHAIN` of its own session: a child of ours that
 * executes nothing again, so that chains which are started together have what
 * was read and relocated by then in common.  It writes to a pipe of ours when
 * it owns its pidfile; until then its standard error comes to us, so that what
 * it cannot do is said.
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
#include "os/pages.h"
#include "os/process.h"
#include "owner/pidfile.h"
#include "owner/runroot.h"
#include "state/statefile.h"
#include "task/spawn.h"
#include "terminal.h"

enum {
	READY_TIMEOUT_MS = 120000,
	SLICE_MS = 50,
	FIRST_FREE = STDERR_FILENO + 1
};

struct starting {
	const char *name;
	const char *run_root;
	bool is_left_out; /* it is not started */
	struct pidfile_unused seen;
	pid_t pid;
	bool is_drain;
	bool is_inside; /* drained is what we are a task of */
	/* Readable when it is up, or gone; in the runner: to say so. */
	int ready_fd;
	int error_fd; /* what it says on standard error */
	char said[2048];
	size_t said_size;
};

/*
 * The descriptors of a daemon.  What a library remembers of ours is left alone,
 * or it would take another one for it.  Returns the end that says "ready".
 */
static int
detach(int ready_fd, int error_fd)
{
	/* Not one of those that are about to be replaced. */
	int null_fd = fcntl(
	    open("/dev/null", O_RDWR | O_CLOEXEC), F_DUPFD_CLOEXEC, FIRST_FREE);

	ready_fd = fcntl(ready_fd, F_DUPFD_CLOEXEC, FIRST_FREE);
	error_fd = fcntl(error_fd, F_DUPFD_CLOEXEC, FIRST_FREE);
	setsid();
	dup2(null_fd, STDIN_FILENO);
	dup2(null_fd, STDOUT_FILENO);
	dup2(error_fd, STDERR_FILENO);
	close(null_fd);
	close(error_fd);
	/* Who started us is not told of it. */
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	return ready_fd;
}

static int
be_runner(const struct starting *s, struct config *config)
{
	static const char *const none[] = {NULL};
	const struct options o = {
	    .command = COMMAND_RUN,
	    .config_file = config->file,
	    .run_root = config->run_root,
	    .name = s->name,
	    .has_if_running = s->is_drain,
	    .if_running = IF_RUNNING_WAIT,
	    .sets = none,
	    .words = none,
	};
	char *shown;
	int status, n = asprintf(&shown,
			"runner%crun%c--run-root%c%s%c--name%c%s%c--config%c%s",
			0, 0, 0, o.run_root, 0, 0, o.name, 0, 0, o.config_file);

	if (n < 0)
		return command_fails(STATUS_FAILED, "out of memory");
	process_show_as(shown, (size_t)n + 1);
	config->is_shared = true;
	status = cmd_run_started(&o, config, s->ready_fd, &s->seen);
	free(shown);
	return status;
}

/* Returns in the runner too, whose pid is 0. */
static int
start_chain(
    struct starting *s, struct config *config, const char *name, bool is_drain)
{
	int ready[2], error[2];

	s->name = name;
	s->run_root = config->run_root;
	s->is_drain = is_drain;
	s->is_inside = is_drain && chains_are_inside(config, name);
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
	s->pid = fork();
	if (!s->pid) {
		close(s->ready_fd);
		close(s->error_fd);
		s->ready_fd = detach(ready[1], error[1]);
	}
	if (ready[1] > STDERR_FILENO || s->pid)
		close(ready[1]);
	if (error[1] > STDERR_FILENO || s->pid)
		close(error[1]);
	return s->pid < 0 ? -1 : 0;
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
	bool is_mute = false; /* it ends, or will never say it */

	/* A run in progress may last. */
	while (s->is_drain || waited_ms < READY_TIMEOUT_MS) {
		struct pollfd p[2] = {
		    {.fd = is_mute ? -1 : s->ready_fd, .events = POLLIN},
		    {.fd = s->error_fd, .events = POLLIN}};

		poll(p, 2, SLICE_MS);
		is_mute = is_mute || p[0].revents == POLLHUP;
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

/* Why it did not come up, in its own words.  Returns the status of `start`. */
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
	return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAILED;
}

static int
await(struct starting *s)
{
	int status = 0, result = STATUS_DONE;
	enum came_up how = s->is_inside ? CAME_UP : wait_until_up(s, &status);

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
		    pidfile_find_owner(config->run_root, *n))
			command_say(
			    "%s runs but is not declared; runner stop %s", *n,
			    *n);
		snapshot_free(s);
	}
	free(names);
}

/*
 * Looks up the tasks of all, and drops what nobody needs then.  Where something
 * is wrong, all is kept, and the chain that has it says so.
 */
static void
prepare_config(struct config *config, char *const *names, size_t count)
{
	struct diagnostics *wrong = calloc(1, sizeof(*wrong));

	for (size_t i = 0; wrong && i < count; i++) {
		const struct chain_settings *c = config_chain(config, names[i]);

		for (char **w = c->words; *w; w++)
			config_task(config, *w, wrong);
	}
	if (wrong && !wrong->count)
		config_forget_others(config, names, count);
	free(wrong);
	spawn_init();
	pages_plug();
}

/*
 * A look for owners whose files were removed halts all who take locks, so it is
 * made once for all that are new.  Files of another user's are not ours to
 * make: those runners look themselves.
 */
static void
see_files(struct starting *all, const struct config *config, char *const *names,
    size_t count)
{
	bool has_new = false;

	for (size_t i = 0; i < count; i++)
		if (!all[i].is_left_out &&
		    !config_chain(config, names[i])->user)
			has_new |= pidfile_make_lock(
			    config->run_root, names[i], &all[i].seen);
	if (!has_new)
		return;
	poll(NULL, 0, PIDFILE_SEEN_MS);
	if (pidfile_find_hidden(config->run_root, NULL))
		for (size_t i = 0; i < count; i++)
			all[i].seen = (struct pidfile_unused){0};
}

static int
start_chains(struct config *config, char *const *names, size_t count,
    const struct options *o)
{
	struct starting *all = calloc(count, sizeof(*all));
	struct runners runners = {0};
	int status = STATUS_DONE;

	if (!all)
		return command_fails(STATUS_FAILED, "out of memory");
	for (size_t i = 0; i < count; i++) {
		all[i].is_left_out =
		    runs_elsewhere(&runners, config, names[i], o->run_root);
		if (all[i].is_left_out)
			status = STATUS_FAILED;
	}
	runners_free(&runners);
	prepare_config(config, names, count);
	if (count > 1)
		see_files(all, config, names, count);
	for (size_t i = 0; i < count; i++) {
		if (all[i].is_left_out)
			continue;
		if (start_chain(&all[i], config, names[i], o->drain)) {
			status = command_fails(STATUS_FAILED,
			    "%s did not come up: %s", names[i],
			    strerror(errno));
			all[i].is_left_out = true;
		} else if (!all[i].pid) {
			for (size_t k = 0; k < i; k++) {
				if (all[k].is_left_out)
					continue;
				close(all[k].ready_fd);
				close(all[k].error_fd);
			}
			status = be_runner(&all[i], config);
			free(all);
			return status;
		}
	}
	/* Not before: what could not be printed is no fault of theirs. */
	for (size_t i = 0; i < count; i++)
		if (!all[i].is_left_out)
			announce(config, names[i]);
	command_flush();
	for (size_t i = 0; i < count; i++)
		if (!all[i].is_left_out)
			status = command_worse(status, await(&all[i]));
	free(all);
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
	else if (names) {
		if (config_tells_nobody(config))
			command_say(
			    "warning: nobody is told when a task fails: no "
			    "admins, no channel; mail is only written to "
			    "%s/mail",
			    config->run_root);
		if (!c->options->word_count)
			name_removed(config);
		status = start_chains(config, names, count, c->options);
	}
	free(names);
	return status;
}
