/*
 * runner run, runner once: one chain in the foreground.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/text.h"
#include "chain/chain.h"
#include "chain/control.h"
#include "chain/pause.h"
#include "commands.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/identity.h"
#include "os/process.h"
#include "os/sdnotify.h"
#include "os/signals.h"
#include "owner/runroot.h"
#include "owner/takeover.h"
#include "state/statefile.h"
#include "task/child_setup.h"
#include "terminal.h"

/* A command line, on its way to be a chain. */
struct start {
	const struct options *options;
	struct config_source source;
	struct config *config;
	struct chain_settings settings; /* of this chain; name, words owned */
	const struct task_settings **tasks;
	size_t task_count;
	int64_t start_ns;
	char mark[PROCESS_MARK_SIZE];
	int signal_fd;
	struct log *log;
	char *fallback_log; /* detached: what nobody gave a file; owned */
	int starter_fd;     /* detached: where `runner start` waits; or -1 */
	const struct pidfile_unused *seen; /* what it saw before; or NULL */
};

/* It hears that we are ready, and reads our standard error no longer. */
static void
leave_starter(struct start *s)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (file_write_all(s->starter_fd, "1", 1))
		command_say("runner start does not wait: %m");
	close(s->starter_fd);
	dup2(fd, STDERR_FILENO);
	close(fd);
}

/* The tasks of the words; every complaint is printed. */
static int
resolve_tasks(struct start *s)
{
	struct diagnostics wrong; /* on the stack, which is given back */

	wrong.count = wrong.left_out = 0;
	while (s->settings.words[s->task_count])
		s->task_count++;
	s->tasks = calloc(s->task_count, sizeof(*s->tasks));
	if (!s->tasks)
		return command_fails(STATUS_FAILED, "out of memory");
	if (s->task_count > STATE_TASKS_MAX)
		diagnostics_add(
		    &wrong, "a chain has at most %d tasks", STATE_TASKS_MAX);
	for (size_t i = 0; i < s->task_count; i++)
		s->tasks[i] =
		    config_task(s->config, s->settings.words[i], &wrong);
	config_check_chain(s->config,
	    s->options->word_count ? NULL : s->options->name, s->settings.words,
	    s->settings.admins, &wrong);
	command_complain(&wrong);
	return wrong.count ? STATUS_USAGE : STATUS_DONE;
}

/* --name, or the tasks' names joined by `_`; in settings.name, owned. */
static int
name_chain(struct start *s)
{
	char joined[4096];
	struct text t;

	text_init(&t, joined, sizeof(joined));
	if (s->options->name)
		text_add_string(&t, s->options->name);
	for (size_t i = 0; i < s->task_count && !s->options->name; i++)
		text_addf(&t, "%s%s", i ? "_" : "", s->tasks[i]->name);
	if (t.is_short || !text_is_name(joined))
		return command_fails(STATUS_USAGE,
		    "'%.80s%s' cannot be a chain's name: up to 200 of "
		    "[A-Za-z0-9_.-], a letter or digit first%s",
		    joined, t.length > 80 ? "..." : "",
		    s->options->name ? "" : "; give it one with --name");
	s->settings.name = strdup(joined);
	return s->settings.name ? STATUS_DONE
				: command_fails(STATUS_FAILED, "out of memory");
}

/* What the words and options amount to, or what `chain NAME` says. */
static int
describe_chain(struct start *s)
{
	const struct options *o = s->options;
	const struct chain_settings *declared =
	    o->name ? config_chain(s->config, o->name) : NULL;
	int status;

	if (!o->word_count && !declared)
		return command_fails(STATUS_USAGE,
		    o->name
			? "chain %s is not declared in %s"
			: "which tasks? usage: runner run [options] TASK...",
		    o->name,
		    s->config->file ? s->config->file : "any runner.conf");
	if (!o->word_count) {
		s->settings = *declared;
	} else {
		s->settings =
		    (struct chain_settings){.words = (char **)o->words,
			.if_running = s->config->if_running,
			.lease_command = s->config->lease_command};
	}
	s->settings.name = NULL;
	s->settings.is_name_given = o->name != NULL;
	if (o->command == COMMAND_ONCE)
		s->settings.if_running = IF_RUNNING_REFUSE;
	if (o->has_if_running)
		s->settings.if_running = o->if_running;
	status = resolve_tasks(s);
	/* One chain of a large file is kept. */
	if (!s->config->is_shared)
		config_forget_others(
		    s->config, (char **)&o->name, o->name ? 1 : 0);
	return status ? status : name_chain(s);
}

/* user, group and nice of a declared chain: the whole runner's. */
static int
become_user(const struct start *s)
{
	const struct chain_settings *c = &s->settings;
	char why[256];

	if (c->has_nice) {
		errno = 0;
		if (nice(c->nice) == -1 && errno)
			return command_fails(
			    STATUS_FAILED, "cannot be nice %d: %m", c->nice);
	}
	child_setup_user_environment(c->user);
	if (c->user)
		child_setup_hide_environment();
	if (identity_become(c->user, c->group, why, sizeof(why)))
		return command_fails(STATUS_FAILED, "%s", why);
	return STATUS_DONE;
}

/* cron mails what is printed: `once` prints what nobody was told of. */
static bool
is_quiet(const struct start *s)
{
	const struct options *o = s->options;

	return o->command == COMMAND_ONCE && !o->verbose &&
	       (o->quiet || !isatty(STDERR_FILENO));
}

static int
prepare_run(struct start *s)
{
	struct log_settings log = s->config->log, seen = log;
	const char *log_file;
	const char *advice = s->config->has_several_users
				 ? "; chains of several users share a run_root "
				   "that is root's and has mode 1777"
				 : "";
	char why[512], *path = NULL;
	int status;

	/* `runner start` detached us: standard error is read by nobody. */
	if (s->starter_fd >= 0 &&
	    asprintf(
		&path, "%s/%s.log", s->config->run_root, s->settings.name) < 0)
		return command_fails(STATUS_FAILED, "out of memory");
	s->fallback_log = path;
	log_file = chain_log_file(s->config, &s->settings, s->fallback_log);

	if (runroot_prepare(s->config, why, sizeof(why)) ||
	    runroot_prepare_log(log_file, s->settings.user, why, sizeof(why)))
		return command_fails(STATUS_FAILED, "%s%s", why,
		    log_file == s->fallback_log ? advice : "");
	status = become_user(s);
	if (status)
		return status;
	if (access(s->config->run_root, W_OK | X_OK))
		return command_fails(STATUS_FAILED,
		    "cannot write in the run_root %s: %m%s",
		    s->config->run_root, advice);
	seen.file = NULL;
	if (is_quiet(s) && seen.level < LOG_LEVEL_WARNING)
		seen.level = LOG_LEVEL_WARNING;
	s->log = log_open(log_file ? &log : &seen, log_file, s->settings.name);
	if (!s->log)
		return command_fails(STATUS_FAILED,
		    "cannot open the log %s: %m",
		    log_file ? log_file : "(standard error)");
	/* Whoever calls `once` reads its standard error, not a file. */
	if (log_file && s->options->command == COMMAND_ONCE)
		log_also(s->log, log_open(&seen, NULL, s->settings.name));
	if (runroot_is_open_to_others(s->config->run_root))
		log_say(s->log, LOG_LEVEL_WARNING, NULL,
		    "Others can write in the run_root %s", s->config->run_root);
	return STATUS_DONE;
}

/* Ends the start-up: from here on, faults are lived through. */
static int
run_chain(struct start *s, const struct takeover *t)
{
	struct chain_source source = {
	    .config_source = &s->source,
	    .config = s->config,
	    .settings = &s->settings,
	    .fallback_log = s->fallback_log,
	    .is_declared = !s->options->word_count,
	    .start_ns = s->start_ns,
	    .mark = s->mark,
	    .signal_fd = s->signal_fd,
	    .pidfile = t->pidfile,
	    .log = s->log,
	    .is_once = s->options->command == COMMAND_ONCE,
	    .is_contended = t->is_contended,
	    .is_replacing = t->is_replaced,
	    .predecessor = t->predecessor,
	};
	const char *task, *message;
	struct chain *chain;
	char why[512];
	bool is_fine;

	s->config = NULL; /* the chain's by now */
	chain = chain_open(&source, why, sizeof(why));
	if (!chain)
		return command_fails(STATUS_FAILED, "%s", why);
	sdnotify_send("READY=1");
	if (s->starter_fd >= 0)
		leave_starter(s);
	is_fine = chain_run(chain);
	for (size_t at = 0; !is_fine && is_quiet(s) &&
			    (task = chain_next_untold(chain, &at, &message));)
		command_say("[%s] failed: %s", task, message);
	chain_close(chain);
	return is_fine ? STATUS_DONE : STATUS_FAILED;
}

/*
 * What of ours the chain that runs has; NULL: nothing, or it only happens to
 * have the name that was derived for this one.
 */
static const char *
held_task(const struct start *s, const struct snapshot *other)
{
	const char *file = s->config->file ? s->config->file : "";

	if (s->settings.is_name_given &&
	    !strcmp(other->chain.name, s->settings.name))
		return other->task_count ? other->tasks[0].name : "";
	if (strcmp(other->chain.config_file, file) != 0)
		return NULL;
	for (size_t i = 0; i < other->task_count; i++)
		for (size_t j = 0; j < s->task_count; j++)
			if (!strcmp(other->tasks[i].name, s->tasks[j]->name))
				return other->tasks[i].name;
	return NULL;
}

/*
 * `once` runs no task that a chain which runs for ever has: two of it would
 * run at once, or the chain would have to end for it.
 */
static int
check_held(const struct start *s)
{
	char **names = statefile_names(s->config->run_root);
	int status = STATUS_DONE;

	for (char **n = names; n && *n && !status; n++) {
		pid_t pid = pidfile_find_owner(s->config->run_root, *n);
		struct snapshot *other =
		    pid > 0 ? statefile_look(s->config->run_root, *n) : NULL;
		const char *task =
		    other && !other->chain.is_once ? held_task(s, other) : NULL;

		if (task)
			status = command_fails(STATUS_TEMPFAIL,
			    "the chain %s runs (pid %ld) and has the task %s; "
			    "runner now %s/%s",
			    *n, (long)pid, task, *n, task);
		snapshot_free(other);
	}
	free(names);
	return status;
}

/* A chain that is paused is run by nobody. */
static int
check_paused(const struct start *s)
{
	struct pauses *p = calloc(1, sizeof(*p));
	int status = STATUS_DONE;

	if (p &&
	    !pauses_read(p, s->config->run_root, s->settings.name, geteuid()) &&
	    pauses_of(p, NULL, clock_wall_ms()))
		status = command_fails(STATUS_TEMPFAIL,
		    "%s is paused; runner resume %s", s->settings.name,
		    s->settings.name);
	free(p);
	return status;
}

/* Of --if-running wait: the owner is to leave when its run has ended. */
static int
ask_to_drain(const char *run_root, const char *chain, pid_t owner)
{
	const struct request r = {.kind = REQUEST_DRAIN};
	char answer[CONTROL_ANSWER_SIZE];

	return control_ask(
	    run_root, chain, owner, &r, NULL, answer, sizeof(answer));
}

static int
own_and_run(struct start *s)
{
	bool is_once = s->options->command == COMMAND_ONCE;
	struct pidfile pidfile;
	struct takeover t = {
	    .pidfile = &pidfile,
	    .log = s->log,
	    .run_root = s->config->run_root,
	    .chain = s->settings.name,
	    .if_running = s->settings.if_running,
	    .is_name_given = s->settings.is_name_given,
	    .seen = s->seen,
	    .tasks = s->tasks,
	    .task_count = s->task_count,
	    .signal_fd = s->signal_fd,
	    /* Another `once` ends by itself. */
	    .drain = is_once ? NULL : ask_to_drain,
	    .progress = isatty(STDERR_FILENO) ? terminal_show_waiting : NULL,
	};
	const char *names[STATE_TASKS_MAX];
	int status = is_once ? check_held(s) : STATUS_DONE;

	if (!status && is_once)
		status = check_paused(s);
	if (status)
		return status;
	for (size_t i = 0; i < s->task_count; i++)
		names[i] = s->tasks[i]->name;
	if (pidfile_open(&pidfile, t.run_root, t.chain, s->start_ns,
		pidfile_queue(t.is_name_given, names, s->task_count), t.why,
		sizeof(t.why)))
		return command_fails(STATUS_FAILED, "%s", t.why);
	switch (takeover_run(&t)) {
	case TAKEOVER_OWNED:
		status = run_chain(s, &t);
		break;
	case TAKEOVER_YIELDED:
	case TAKEOVER_STOPPED:
		break;
	case TAKEOVER_REFUSED:
		status = command_fails(STATUS_TEMPFAIL, "%s", t.why);
		break;
	case TAKEOVER_FAILED:
		status = command_fails(
		    t.is_collision ? STATUS_USAGE : STATUS_FAILED, "%s", t.why);
		break;
	}
	log_flush(s->log);
	pidfile_close(&pidfile);
	return status;
}

int
cmd_run_started(const struct options *o, struct config *config, int starter_fd,
    const struct pidfile_unused *seen)
{
	struct start s = {.options = o,
	    .config = config,
	    .start_ns = clock_now_ns(),
	    .starter_fd = starter_fd,
	    .seen = seen};
	int status;

	s.source = (struct config_source){
	    .file = o->config_file, .run_root = o->run_root, .sets = o->sets};
	process_make_mark(s.mark);
	s.signal_fd = signals_open();
	if (s.signal_fd < 0)
		return command_fails(STATUS_FAILED, "cannot open signals: %m");
	/* What tasks leave behind comes to us; nothing of us is readable. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (!s.config && !(s.config = command_config(o)))
		return STATUS_USAGE;
	status = describe_chain(&s);
	if (!status)
		status = prepare_run(&s);
	if (!status)
		status = own_and_run(&s);
	if (s.log)
		log_close(s.log);
	free(s.settings.name);
	free(s.fallback_log);
	free(s.tasks);
	config_free(s.config);
	return status;
}

int
cmd_run(const struct invocation *c)
{
	return cmd_run_started(c->options, NULL, -1, NULL);
}
