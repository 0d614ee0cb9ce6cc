#include "gather.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "chains.h"
#include "commands.h"
#include "elsewhere.h"
#include "os/clock.h"
#include "os/file.h"
#include "outbox/outbox_look.h"
#include "owner/pidfile.h"
#include "state/statefile.h"

/* A view and what its pointers point to. */
struct gathered {
	struct view view;
	char **names;
};

static const char *
fault_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "it is not yours to see (status_group in runner.conf)";
	case EPROTO:
		return "another version of runner wrote its state file";
	case EBADMSG:
		return "its state file is damaged";
	default:
		return strerror(error);
	}
}

/* Who owns it: the kernel knows. */
static void
find_owner(struct chain_view *c, const char *run_root)
{
	pid_t pid;

	errno = 0;
	pid = pidfile_find_owner(run_root, c->name);
	if (pid < 0 && errno) {
		c->fault = fault_of(errno);
		c->is_hidden = true;
		return;
	}
	c->is_running = pid != 0;
	c->pid = pid > 0 ? pid : 0;
}

/* What a declared chain's tasks are called, though it never ran. */
static const char *const *
declared_tasks(struct config *config, const struct chain_settings *chain)
{
	size_t count = 0;
	const char **names;

	while (chain->words[count])
		count++;
	names = calloc(count + 1, sizeof(*names));
	for (size_t i = 0; names && i < count; i++) {
		const struct task_settings *t =
		    config_task(config, chain->words[i], NULL);

		names[i] = t ? t->name : chain->words[i];
	}
	return names;
}

static bool
is_among(const char *const *words, const char *name)
{
	for (; *words; words++)
		if (!strcmp(*words, name))
			return true;
	return false;
}

/* The pauses that are in force now. */
static const struct pauses *
read_pauses(const struct config *config, const char *chain, uid_t owner)
{
	const char *run_root = config->run_root;
	struct pauses *p = calloc(1, sizeof(*p));
	int64_t now_ms = clock_wall_ms();
	size_t kept = 0;

	if (!p)
		return NULL;
	if (pauses_read(p, run_root, chain, owner))
		command_say("warning: %s/%s.pause %s", run_root, chain,
		    pauses_fault(errno));
	for (size_t i = 0; i < p->count; i++)
		if (!p->list[i].until_wall_ms ||
		    p->list[i].until_wall_ms > now_ms)
			p->list[kept++] = p->list[i];
	p->count = kept;
	if (kept)
		return p;
	free(p);
	return NULL;
}

/* One that does not run here may run elsewhere. */
static void
look_elsewhere(
    struct chain_view *c, const struct config *config, struct runners *runners)
{
	const struct runner *r = elsewhere_find(runners, config, c->name);
	char text[ELSEWHERE_SIZE];

	if (!r)
		return;
	elsewhere_describe(r, text);
	c->other_run_root = strdup(r->run_root);
	c->other_says = strdup(text);
}

/*
 * The records of a chain, or NULL, and who owns it.  A runner that has just
 * started gets a moment to write them; one that cannot (the disk is full) works
 * on, but nobody sees how.
 */
static struct snapshot *
read_records(struct chain_view *c, const char *run_root, bool has_runs)
{
	enum { TRIES = 10, PAUSE_MS = 20 };
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};

	for (int tries = 0;; tries++) {
		struct snapshot *s = has_runs
					 ? statefile_read(run_root, c->name)
					 : statefile_look(run_root, c->name);

		if (!s && errno != ENOENT)
			c->fault = fault_of(errno);
		find_owner(c, run_root);
		if (c->fault || !c->pid ||
		    (s && (!s->chain.is_ended || s->chain.pid == c->pid)))
			return s;
		if (tries == TRIES) {
			c->fault = "its runner could not write its state; "
				   "its log says why";
			return s;
		}
		snapshot_free(s);
		nanosleep(&pause, NULL);
	}
}

static void
look_at(struct chain_view *c, struct config *config, const char *const *words,
    bool has_runs, struct runners *runners)
{
	const struct chain_settings *declared = config_chain(config, c->name);
	uid_t owner = chains_owner(config, c->name);
	struct snapshot *s = read_records(c, config->run_root, has_runs);

	if (s)
		outbox_look(config->run_root, &s->chain);
	/* What the chain takes in when its next run has ended. */
	for (size_t i = 0; s && i < s->task_count; i++)
		acknowledgement_take(
		    config->run_root, c->name, owner, &s->tasks[i]);
	c->snapshot = s;
	c->refused = calloc(STATE_CHANNELS, sizeof(*c->refused));
	if (c->refused)
		c->refused_count = outbox_look_refused(
		    config->run_root, c->name, c->refused, STATE_CHANNELS);
	c->is_declared = declared != NULL;
	c->is_named = is_among(words, c->name);
	if (!c->snapshot && declared)
		c->task_names = declared_tasks(config, declared);
	c->pauses = read_pauses(config, c->name, owner);
	c->is_removed = !declared && s && s->chain.is_declared &&
			config->file &&
			!strcmp(s->chain.config_file, config->file);
	if (!c->is_running && (declared || c->is_removed))
		look_elsewhere(c, config, runners);
}

/* One that cannot be read is not one in which nothing ever ran. */
static int
check_directory(const char *run_root)
{
	DIR *dir = file_open_entries(AT_FDCWD, run_root, FILE_NAMED);

	if (dir)
		return closedir(dir);
	if (errno == ENOENT)
		return 0;
	command_say("cannot read %s: %m", run_root);
	return -1;
}

int
gather_chains(struct view **view, struct config *config,
    const char *const *words, bool has_runs)
{
	struct gathered *g = calloc(1, sizeof(*g));
	struct runners runners = {0};
	size_t count = 0;
	int status = STATUS_USAGE;

	*view = NULL;
	if (!g)
		return command_fails(STATUS_FAILED, "out of memory");
	if (check_directory(config->run_root))
		status = STATUS_FAILED;
	else
		g->names = chains_select(config, words, CHAINS_KNOWN);
	if (!g->names) {
		free(g);
		return status;
	}
	while (g->names[count])
		count++;
	g->view.chains = calloc(count + 1, sizeof(*g->view.chains));
	if (!g->view.chains) {
		gather_free(&g->view);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	g->view.run_root = config->run_root;
	g->view.config_file = config->file;
	for (; g->view.count < count; g->view.count++) {
		struct chain_view *c = &g->view.chains[g->view.count];

		c->name = g->names[g->view.count];
		look_at(c, config, words, has_runs, &runners);
	}
	runners_free(&runners);
	*view = &g->view;
	return STATUS_DONE;
}

void
gather_free(struct view *v)
{
	struct gathered *g = (struct gathered *)v;

	if (!g)
		return;
	for (size_t i = 0; i < v->count; i++) {
		snapshot_free((struct snapshot *)v->chains[i].snapshot);
		free((void *)v->chains[i].task_names);
		free((void *)v->chains[i].other_run_root);
		free((void *)v->chains[i].other_says);
		free(v->chains[i].refused);
		free((void *)v->chains[i].pauses);
	}
	free(v->chains);
	free(g->names);
	free(g);
}

bool
gather_warn(const struct view *v)
{
	bool is_short = false;

	for (size_t i = 0; i < v->count; i++) {
		if (!v->chains[i].fault)
			continue;
		is_short = true;
		command_say(
		    "%s: %s; skipped", v->chains[i].name, v->chains[i].fault);
	}
	return is_short;
}

static void
take_failure(const struct failure *f, void *data)
{
	struct failure_list *l = data;

	if (l->count == l->size) {
		size_t size = l->size ? 2 * l->size : 64;
		struct failure *list =
		    reallocarray(l->list, size, sizeof(*list));

		if (!list)
			return;
		l->list = list;
		l->size = size;
	}
	l->list[l->count++] = *f;
}

static void
warn(const char *file, const char *what, void *data)
{
	(void)data;
	command_say("failures/%s: %s; skipped", file, what);
}

int
gather_failures(struct failure_list *l, const char *run_root)
{
	*l = (struct failure_list){0};
	return failures_each(run_root, take_failure, warn, l);
}

int
gather_failures_or_say(struct failure_list *l, const char *run_root)
{
	if (!gather_failures(l, run_root))
		return STATUS_DONE;
	return command_fails(STATUS_FAILED, "cannot read %s/failures%s: %m",
	    run_root, errno == EACCES ? ", it is not yours to see" : "");
}

static int
by_start(const void *a, const void *b)
{
	const struct run_record *x = ((const struct run_view *)a)->run;
	const struct run_record *y = ((const struct run_view *)b)->run;

	if (x->started_wall_ms != y->started_wall_ms)
		return x->started_wall_ms < y->started_wall_ms ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

struct run_view *
gather_runs(const struct view *v, const struct selector *all, size_t *count)
{
	struct run_view *runs;
	size_t most = 1, n = 0;

	for (size_t i = 0; i < v->count; i++)
		if (v->chains[i].snapshot)
			most += v->chains[i].snapshot->run_count;
	runs = calloc(most, sizeof(*runs));
	for (size_t i = 0; runs && i < v->count; i++) {
		const struct snapshot *s = v->chains[i].snapshot;

		for (size_t j = 0; s && j < s->run_count; j++) {
			const struct run_record *r = &s->runs[j];
			const char *task = s->tasks[r->task].name;

			if (!selector_takes(all, v->chains[i].name, task))
				continue;
			runs[n++] = (struct run_view){
			    .chain = v->chains[i].name,
			    .task = task,
			    .run = r,
			};
		}
	}
	if (runs)
		qsort(runs, n, sizeof(*runs), by_start);
	*count = n;
	return runs;
}

/* ---- the tasks that the words of a command line mean ---- */

struct search {
	bool is_found;
	struct nearest nearest;
};

static void
consider(struct search *s, const char *name)
{
	if (!strcmp(s->nearest.word, name))
		s->is_found = true;
	nearest_try(&s->nearest, name);
}

static void
consider_all(struct search *s, const struct config *config,
    const struct view *v, const struct failure_list *failures)
{
	const char *const *names = config_task_names(config);

	for (; *names; names++)
		consider(s, *names);
	for (size_t i = 0; i < v->count; i++) {
		const char *name;

		for (size_t j = 0;
		     (name = chain_view_task_name(&v->chains[i], j)); j++)
			consider(s, name);
	}
	for (size_t i = 0; i < failures->count; i++)
		consider(s, failures->list[i].task);
}

/*
 * What a word of the command line selects.  Returns false after complaining.
 */
static bool
select_word(struct selector *to, struct config *config, const struct view *v,
    const struct failure_list *failures, const char *word)
{
	const struct task_settings *task;
	struct search s = {.nearest = nearest_to(word)};
	char hint[NEAREST_HINT_SIZE];

	*to = (struct selector){.task = word};
	consider_all(&s, config, v, failures);
	if (s.is_found)
		return true;
	for (size_t i = 0; i < v->count; i++) {
		consider(&s, v->chains[i].name);
		if (!strcmp(v->chains[i].name, word)) {
			*to = (struct selector){.chain = word};
			return true;
		}
	}
	/* A dotted name or a path, as it was given to `run`. */
	task = config_task(config, word, NULL);
	if (task) {
		to->task = task->name;
		return true;
	}
	nearest_hint(&s.nearest, hint);
	command_say("there is no task or chain '%s'%s", word, hint);
	return false;
}

struct selector *
gather_selectors(struct config *config, const struct view *v,
    const struct failure_list *failures, const char *const *words)
{
	size_t count = 0, unknown = 0;
	struct selector *all;

	while (words[count])
		count++;
	all = calloc(count + 1, sizeof(*all));
	for (size_t i = 0; all && i < count; i++)
		unknown += !select_word(&all[i], config, v, failures, words[i]);
	if (!unknown)
		return all;
	free(all);
	return NULL;
}

bool
selector_takes(const struct selector *all, const char *chain, const char *task)
{
	if (!all || (!all->chain && !all->task))
		return true;
	for (; all->chain || all->task; all++)
		if (all->chain ? !strcmp(all->chain, chain)
			       : !strcmp(all->task, task))
			return true;
	return false;
}
