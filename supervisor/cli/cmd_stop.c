/*
 * runner stop: ends chains, and returns when nothing of theirs is left.
 *
 * Each chain is ended by a process of its own, so that ten which do not want to
 * end take one time-out and not ten.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "chain/control.h"
#include "chains.h"
#include "commands.h"
#include "elsewhere.h"
#include "os/process.h"
#include "outbox/outbox_look.h"
#include "owner/pidfile.h"
#include "owner/takeover.h"
#include "state/statefile.h"
#include "terminal.h"

enum { AT_ONCE_MAX = 64, SLICE_MS = 1000 };

static int
end_chain(const char *run_root, const char *name, bool is_alone, bool is_shown,
    char *why, size_t why_size)
{
	int result = takeover_stop(run_root, name, is_alone,
	    is_shown ? terminal_show_waiting : NULL, (void *)name, why,
	    why_size);

	if (is_shown)
		terminal_show_waiting(NULL, -1, 0, NULL);
	return result;
}

/*
 * The runner of a directory that was moved is ended where it went on; of
 * another one it is said where it is.
 */
static int
end_elsewhere(
    const struct config *config, const char *name, char *why, size_t why_size)
{
	struct runners runners = {0};
	const struct runner *r = elsewhere_find(&runners, config, name);
	char text[ELSEWHERE_SIZE];
	int result = 1;

	if (r && r->is_moved) {
		result =
		    end_chain(r->run_root, name, true, false, why, why_size);
	} else if (r) {
		elsewhere_describe(r, text);
		command_say("%s: %s", name, text);
	}
	runners_free(&runners);
	return result;
}

/*
 * Has the runner end when its run in progress has, and waits for that, without
 * end.  Returns 1, 0 when none runs, 2 when the run is our own, for which we
 * cannot wait; or -1 with `why`.
 */
static int
drain_chain(
    const struct config *config, const char *name, char *why, size_t why_size)
{
	const struct request r = {.kind = REQUEST_DRAIN};
	pid_t pid = pidfile_find_owner(config->run_root, name);
	char answer[CONTROL_ANSWER_SIZE];
	struct process p;
	bool is_inside;
	int pidfd;

	if (pid <= 0 || process_read(pid, &p))
		return 0;
	pidfd = process_open(pid, p.start_ticks);
	if (pidfd < 0)
		return 0;
	if (control_ask(config->run_root, name, pid, &r, NULL, answer,
		sizeof(answer))) {
		snprintf(why, why_size, "cannot ask the runner of %s: %s", name,
		    *answer ? answer : strerror(errno));
		close(pidfd);
		return -1;
	}
	is_inside = chains_are_inside(config, name);
	while (!is_inside && !process_wait(pidfd, SLICE_MS))
		continue;
	close(pidfd);
	return is_inside ? 2 : 1;
}

static int
stop_chain(
    const struct config *config, const char *name, bool is_drain, bool is_alone)
{
	bool is_shown = is_alone && isatty(STDERR_FILENO);
	char why[1024];
	/* First, for it would start again what is ended here. */
	int result = end_elsewhere(config, name, why, sizeof(why));
	int here, drained = 0;

	if (is_drain && result == 1)
		drained = drain_chain(config, name, why, sizeof(why));
	if (drained < 0)
		return command_fails(STATUS_FAILED, "%s", why);
	if (drained == 2) {
		printf("%s stops when this run has ended\n", name);
		return command_printed(STATUS_DONE);
	}
	if (drained)
		result = 0;
	if (result >= 0) {
		here = end_chain(config->run_root, name, is_alone, is_shown,
		    why, sizeof(why));
		result = here == 1 ? result : here;
	}
	if (result < 0)
		return command_fails(STATUS_FAILED, "%s", why);
	printf(result ? "%s is not running\n" : "Stopped %s\n", name);
	return command_printed(STATUS_DONE);
}

/* Waits for one of them; returns its status. */
static int
await_one(void)
{
	int status;

	while (wait(&status) < 0)
		if (errno != EINTR)
			return STATUS_FAILED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAILED;
}

/*
 * One look at the end is for runners of all chains that were supplanted or lost
 * their files: it halts all who take locks.
 */
static int
stop_hidden(const struct config *config, char *const *names)
{
	char why[1024];
	int status = STATUS_DONE;

	if (!pidfile_find_hidden(config->run_root, NULL))
		return STATUS_DONE;
	for (; *names; names++)
		if (end_chain(config->run_root, *names, true, false, why,
			sizeof(why)) < 0)
			status = command_fails(STATUS_FAILED, "%s", why);
	return status;
}

static int
stop_chains(const struct config *config, char *const *names, bool is_drain)
{
	char *const *all = names;
	int status = STATUS_DONE, under_way = 0;

	for (; *names; names++) {
		pid_t pid;

		if (under_way == AT_ONCE_MAX) {
			status = command_worse(status, await_one());
			under_way--;
		}
		command_flush();
		pid = fork();
		if (!pid)
			_exit(stop_chain(config, *names, is_drain, false));
		if (pid > 0)
			under_way++;
		else
			status = command_worse(status,
			    stop_chain(config, *names, is_drain, false));
	}
	while (under_way--)
		status = command_worse(status, await_one());
	return command_worse(status, stop_hidden(config, all));
}

/*
 * Removes the records of a chain that is stopped, so that status does not list
 * it any more.  Not while messages of it wait: nobody would see them any more.
 */
static int
forget(const struct config *config, const char *name)
{
	static const char *const suffixes[] = {
	    ".state", ".pause", ".pid", ".lock"};
	char path[4096];
	int status = STATUS_DONE, fds[2];
	struct chain_record all = {0};

	if (pidfile_borrow(config->run_root, name, fds) && errno != ENOENT)
		return command_fails(
		    STATUS_FAILED, "cannot forget %s: it runs", name);
	text_copy(all.name, sizeof(all.name), name);
	outbox_look(config->run_root, &all);
	if (all.outbox_waiting)
		status = command_fails(STATUS_FAILED,
		    "cannot forget %s: %u message%s in %s/outbox (%s,*)", name,
		    all.outbox_waiting,
		    all.outbox_waiting == 1 ? " waits" : "s wait",
		    config->run_root, name);
	for (size_t i = 0; !status && i < sizeof(suffixes) / sizeof(*suffixes);
	     i++) {
		snprintf(path, sizeof(path), "%s/%s%s", config->run_root, name,
		    suffixes[i]);
		if (unlink(path) && errno != ENOENT)
			status = command_fails(
			    STATUS_FAILED, "cannot remove %s: %m", path);
	}
	pidfile_give_back(fds);
	return status;
}

int
cmd_stop(const struct invocation *c)
{
	const struct options *o = c->options;
	char **names;
	int status;

	if (o->forget && !o->word_count)
		return command_fails(
		    STATUS_USAGE, "--forget wants the CHAINs to be forgotten");
	names = chains_select(c->config, o->words, CHAINS_KNOWN);
	if (!names)
		status = STATUS_USAGE;
	else if (!names[0])
		status = command_fails(STATUS_USAGE,
		    "no chain is declared, and none runs in %s",
		    c->config->run_root);
	else if (!names[1])
		status = stop_chain(c->config, names[0], o->drain, true);
	else
		status = stop_chains(c->config, names, o->drain);
	for (size_t i = 0; o->forget && names && names[i] && !status; i++)
		status = forget(c->config, names[i]);
	free(names);
	return status;
}
