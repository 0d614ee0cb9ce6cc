/*
 * runner run, runner once: one chain in the foreground.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chain/chain.h"
#include "os/clock.h"
#include "commands.h"
#include "os/identity.h"
#include "task/child_setup.h"
#include "os/process.h"
#include "owner/runroot.h"
#include "os/sdnotify.h"
#include "os/signals.h"
#include "owner/takeover.h"
#include "terminal.h"
#include "base/text.h"

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
};

/* 0, 1 and 2 are open, so that no pipe of ours ever gets their numbers. */
static void
open_standard_descriptors(void)
{
	int fd = open("/dev/null", O_RDWR);

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = dup(fd);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* The tasks of the words; every complaint is printed. */
static int
resolve_tasks(struct start *s)
{
	struct diagnostics *diagnostics = calloc(1, sizeof(*diagnostics));
	int status = STATUS_DONE;

	while (s->settings.words[s->task_count])
		s->task_count++;
	s->tasks = calloc(s->task_count, sizeof(*s->tasks));
	if (!diagnostics || !s->tasks) {
		free(diagnostics);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	if (s->task_count > STATE_TASKS_MAX)
		diagnostics_add(diagnostics, "a chain has at most %d tasks",
		    STATE_TASKS_MAX);
	for (size_t i = 0; i < s->task_count; i++)
		s->tasks[i] =
		    config_task(s->config, s->settings.words[i], diagnostics);
	if (diagnostics->count) {
		command_complain(diagnostics);
		status = STATUS_USAGE;
	}
	free(diagnostics);
	return status;
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
settle_chain(struct start *s)
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
	if (o->has_if_running)
		s->settings.if_running = o->if_running;
	status = resolve_tasks(s);
	/* One chain of a large file is kept. */
	config_forget_others(s->config);
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

static int
prepare_place(struct start *s)
{
	const char *log_file;
	char why[512];
	int status;

	/* `runner start` detached us: standard error is read by nobody. */
	if (getenv("RUNNER_DETACHED") &&
	    asprintf(&s->fallback_log, "%s/%s.log", s->config->run_root,
		s->settings.name) < 0)
		return command_fails(STATUS_FAILED, "out of memory");
	log_file = chain_log_file(s->config, &s->settings, s->fallback_log);

	if (runroot_prepare(s->config, why, sizeof(why)) ||
	    runroot_prepare_log(log_file, s->settings.user, why, sizeof(why)))
		return command_fails(STATUS_FAILED, "%s", why);
	status = become_user(s);
	if (status)
		return status;
	if (access(s->config->run_root, W_OK | X_OK))
		return command_fails(STATUS_FAILED,
		    "cannot write in the run_root %s: %m", s->config->run_root);
	s->log = log_open(&s->config->log, log_file, s->settings.name);
	if (!s->log)
		return command_fails(STATUS_FAILED,
		    "cannot open the log %s: %m",
		    log_file ? log_file : "(standard error)");
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
	struct chain *chain;
	char why[512];
	bool is_fine;

	s->config = NULL; /* the chain's by now */
	chain = chain_open(&source, why, sizeof(why));
	if (!chain)
		return command_fails(STATUS_FAILED, "%s", why);
	sdnotify_send("READY=1");
	if (getenv("RUNNER_DETACHED")) {
		/* `runner start` has heard of us: nobody reads these. */
		int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(fd, STDERR_FILENO);
		close(fd);
		unsetenv("NOTIFY_SOCKET");
	}
	is_fine = chain_run(chain);
	chain_close(chain);
	return is_fine ? STATUS_DONE : STATUS_FAILED;
}

static int
open_pidfile(
    const struct start *s, struct pidfile *p, char *why, size_t why_size)
{
	const char *names[STATE_TASKS_MAX];

	for (size_t i = 0; i < s->task_count; i++)
		names[i] = s->tasks[i]->name;
	return pidfile_open(p, s->config->run_root, s->settings.name,
	    s->start_ns,
	    pidfile_queue(s->settings.is_name_given, names, s->task_count), why,
	    why_size);
}

static int
own_and_run(struct start *s)
{
	struct pidfile pidfile;
	struct takeover t = {
	    .pidfile = &pidfile,
	    .log = s->log,
	    .run_root = s->config->run_root,
	    .chain = s->settings.name,
	    .if_running = s->settings.if_running,
	    .is_name_given = s->settings.is_name_given,
	    .tasks = s->tasks,
	    .task_count = s->task_count,
	    .signal_fd = s->signal_fd,
	    .progress = isatty(STDERR_FILENO) ? terminal_show_waiting : NULL,
	};
	int status = STATUS_DONE;

	if (open_pidfile(s, &pidfile, t.why, sizeof(t.why)))
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
cmd_run(const struct options *o)
{
	struct start s = {.options = o, .start_ns = clock_now_ns()};
	int status;

	s.source = (struct config_source){
	    .file = o->config_file, .run_root = o->run_root, .sets = o->sets};
	process_make_mark(s.mark);
	open_standard_descriptors();
	s.signal_fd = signals_open();
	if (s.signal_fd < 0)
		return command_fails(STATUS_FAILED, "cannot open signals: %m");
	/* What tasks leave behind comes to us; nothing of us is readable. */
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	s.config = command_config(o);
	if (!s.config)
		return STATUS_USAGE;
	status = settle_chain(&s);
	if (!status)
		status = prepare_place(&s);
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
