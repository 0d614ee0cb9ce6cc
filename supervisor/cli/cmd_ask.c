/*
 * runner now, pause, resume, reload: a chain that runs is asked for something.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chain/control.h"
#include "chain/pause.h"
#include "chains.h"
#include "commands.h"
#include "gather.h"
#include "os/clock.h"
#include "os/identity.h"
#include "owner/runroot.h"
#include "terminal.h"

/* A chain and one of its tasks, or "" for no task in particular. */
struct target {
	const struct chain_view *chain;
	char task[REQUEST_TASK_SIZE];
};

/* One that is paused may have left the chain since. */
static bool
has_task(const struct chain_view *c, const char *name)
{
	const char *known;

	for (size_t i = 0; (known = chain_view_task_name(c, i)); i++)
		if (!strcmp(known, name))
			return true;
	for (size_t i = 0; c->pauses && i < c->pauses->count; i++)
		if (!strcmp(c->pauses->list[i].task, name))
			return true;
	return false;
}

static const struct chain_view *
find_chain(const struct view *v, const char *name, size_t length)
{
	for (size_t i = 0; i < v->count; i++)
		if (strlen(v->chains[i].name) == length &&
		    !memcmp(v->chains[i].name, name, length))
			return &v->chains[i];
	return NULL;
}

/*
 * CHAIN or CHAIN/TASK.  Returns 0; or a status after complaining, and no chain.
 */
static int
parse_target(const struct view *v, const char *word, struct target *t)
{
	size_t length = strcspn(word, "/");

	*t = (struct target){.chain = find_chain(v, word, length)};
	if (!t->chain)
		return command_fails(STATUS_USAGE, "there is no chain '%.*s'",
		    (int)length, word);
	if (!word[length])
		return STATUS_DONE;
	snprintf(t->task, sizeof(t->task), "%s", word + length + 1);
	if (has_task(t->chain, t->task))
		return STATUS_DONE;
	t->chain = NULL;
	return command_fails(STATUS_USAGE, "chain %.*s has no task '%s'",
	    (int)length, word, word + length + 1);
}

/* The one chain that runs (and has the task). */
static int
find_running(const struct view *v, const char *task, struct target *t)
{
	*t = (struct target){0};
	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];

		if (!c->is_running || (task && !has_task(c, task)))
			continue;
		if (t->chain) {
			const char *first = t->chain->name;

			t->chain = NULL;
			return command_fails(STATUS_USAGE,
			    task ? "'%3$s' is a task of %1$s and of %2$s; say "
				   "%1$s/%3$s"
				 : "which chain?  %1$s runs, and %2$s%3$s",
			    first, c->name, task ? task : "");
		}
		t->chain = c;
	}
	if (t->chain) {
		snprintf(t->task, sizeof(t->task), "%s", task ? task : "");
		return STATUS_DONE;
	}
	if (task)
		return command_fails(STATUS_NOT_RUNNING,
		    "no chain that runs is called, or has a task, '%s'", task);
	return command_fails(
	    STATUS_NOT_RUNNING, "no chain runs in %s", v->run_root);
}

static int
find_target(const struct view *v, const char *word, struct target *t)
{
	const struct chain_view *c =
	    word ? find_chain(v, word, strlen(word)) : NULL;
	bool is_task = false;

	/* A chain that does not run, of a `once` perhaps, hides no task. */
	for (size_t i = 0; c && !c->is_running && i < v->count; i++)
		is_task |=
		    v->chains[i].is_running && has_task(&v->chains[i], word);
	if (word && (strchr(word, '/') || (c && !is_task)))
		return parse_target(v, word, t);
	return find_running(v, word, t);
}

/* Returns what the runner answered, or a status after complaining. */
static int
ask(const struct view *v, const struct chain_view *c, struct request *r,
    control_sink *sink)
{
	char answer[CONTROL_ANSWER_SIZE];
	int status = control_ask(
	    v->run_root, c->name, c->pid, r, sink, answer, sizeof(answer));

	if (status >= 0)
		return *answer
			   ? command_fails(status, "%s: %s", c->name, answer)
			   : status;
	switch (errno) {
	case ENOENT:
	case ECONNREFUSED:
		return command_fails(STATUS_FAILED,
		    "%s (pid %d) cannot be asked: it is stopping, or of an "
		    "older version",
		    c->name, (int)c->pid);
	case EACCES:
		return command_fails(STATUS_FAILED,
		    "only its own user and root may ask %s", c->name);
	case ECONNRESET:
		return command_fails(
		    STATUS_FAILED, "the runner of %s went away", c->name);
	default:
		return command_fails(
		    STATUS_FAILED, "cannot ask %s: %m", c->name);
	}
}

/* What the run prints, as it comes; a terminal gets it made harmless. */
static void
print_output(enum log_stream stream, const char *bytes, size_t size)
{
	FILE *out = stream == LOG_STREAM_STDERR ? stderr : stdout;
	struct screen s;

	if (isatty(fileno(out))) {
		terminal_detect(&s);
		screen_put_bytes(out, &s, bytes, size);
	} else {
		fwrite(bytes, size, 1, out);
	}
	command_flush();
}

int
cmd_now(const struct invocation *c)
{
	struct request r = {.kind = REQUEST_NOW};
	struct target t;
	int status = find_target(c->view, c->options->words[0], &t);

	if (!t.chain)
		return status;
	if (!t.chain->is_running)
		return command_fails(
		    STATUS_NOT_RUNNING, "%s does not run", t.chain->name);
	if (chains_are_inside(c->config, t.chain->name))
		return command_fails(STATUS_TEMPFAIL,
		    "%s runs one task at a time, and now runs this one",
		    t.chain->name);
	strcpy(r.task, t.task);
	return ask(c->view, t.chain, &r, print_output);
}

/* A file that another user made is no pause, and root takes it away. */
static int
read_pauses(struct pauses *all, const struct config *config, const char *name)
{
	if (!pauses_read(
		all, config->run_root, name, chains_owner(config, name)) ||
	    (errno == EPERM && !geteuid() &&
		!pauses_write(all, config->run_root, name)))
		return STATUS_DONE;
	return command_fails(STATUS_FAILED, "%s/%s.pause %s", config->run_root,
	    name, pauses_fault(errno));
}

static int
change_pauses(const struct options *o, const struct config *config,
    const struct target *t, bool is_pause, bool *was_paused)
{
	struct pause one = {.since_wall_ms = clock_wall_ms(), .user = getuid()};
	const char *run_root = config->run_root, *name = t->chain->name;
	struct pauses *all = calloc(1, sizeof(*all));
	int lock = pauses_lock(run_root);
	int status = all ? read_pauses(all, config, name)
			 : command_fails(STATUS_FAILED, "out of memory");

	if (!status)
		status = chains_make_as_owner(config, name);
	snprintf(one.task, sizeof(one.task), "%s", t->task);
	if (o->pause_ms)
		one.until_wall_ms = one.since_wall_ms + o->pause_ms;
	if (status)
		; /* it was said */
	else if (is_pause && !pauses_add(all, &one))
		status = command_fails(STATUS_FAILED,
		    "%s has too many pauses: %d", name, PAUSES_MAX);
	else if (!is_pause && !(*was_paused = pauses_remove(all, &one)) &&
		 *t->task && pauses_of(all, NULL, one.since_wall_ms))
		status = command_fails(STATUS_FAILED,
		    "all of %s is paused; runner resume %s", name, name);
	else if (pauses_write(all, run_root, name))
		status = command_fails(
		    STATUS_FAILED, "cannot write the pauses of %s: %m", name);
	identity_make_as(geteuid(), getegid());
	if (lock >= 0)
		close(lock);
	free(all);
	return status;
}

static void
report_pause(const struct options *o, const struct target *t, bool is_pause,
    bool was_paused)
{
	char until[40] = "";

	if (o->pause_ms)
		units_format_time(clock_wall_ms() + o->pause_ms, until);
	printf("%s%s%s%s%s%s%s%s\n",
	    is_pause     ? "Paused "
	    : was_paused ? "Resumed "
			 : "",
	    t->chain->name, *t->task ? "/" : "", t->task,
	    *until ? " until " : "", until, *until ? " UTC" : "",
	    is_pause || was_paused ? "" : " was not paused");
}

int
cmd_pause(const struct invocation *c)
{
	const struct options *o = c->options;
	bool is_pause = o->command == COMMAND_PAUSE;
	struct request r = {.kind = REQUEST_PAUSES};
	struct target t;
	char why[512];
	int status = STATUS_DONE;

	if (runroot_prepare(c->config, why, sizeof(why)))
		return command_fails(STATUS_FAILED, "%s", why);
	/* All are looked at before one is changed. */
	for (size_t i = 0; i < o->word_count; i++)
		status = command_worse(
		    status, parse_target(c->view, o->words[i], &t));
	if (status)
		return status;
	for (size_t i = 0; i < o->word_count; i++) {
		bool was_paused = false;
		int one;

		parse_target(c->view, o->words[i], &t);
		one = change_pauses(o, c->config, &t, is_pause, &was_paused);
		if (!one)
			report_pause(o, &t, is_pause, was_paused);
		/* It looks before each run; this is for one that waits. */
		if (!one && t.chain->is_running)
			one = ask(c->view, t.chain, &r, NULL);
		status = command_worse(status, one);
	}
	return status;
}

int
cmd_reload(const struct invocation *c)
{
	struct request r = {.kind = REQUEST_RELOAD};
	int status = STATUS_DONE;
	size_t asked = 0;

	for (size_t i = 0; i < c->view->count; i++) {
		const struct chain_view *chain = &c->view->chains[i];

		asked += chain->is_running || chain->is_named;
		if (chain->is_running)
			status = command_worse(
			    status, ask(c->view, chain, &r, NULL));
		else if (chain->is_named)
			status = command_worse(
			    status, command_fails(STATUS_NOT_RUNNING,
					"%s does not run", chain->name));
	}
	if (asked)
		return status;
	return command_fails(
	    STATUS_NOT_RUNNING, "no chain runs in %s", c->config->run_root);
}
