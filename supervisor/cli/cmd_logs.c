/*
 * runner logs: the end of the chains' log files; -f follows them.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/nearest.h"
#include "commands.h"
#include "follow.h"
#include "log_filter.h"
#include "printout.h"
#include "state/statefile.h"
#include "terminal.h"

enum {
	LINES = 100,
	SAME_TRIES = 40,
	STEADY_MS = 50, /* the end of a run is in both after that */
	PERIOD_MS = 200,
	PATH_SIZE = 4096,
	TITLE_SIZE = 1024
};

/* One file; several chains may write to it. */
struct log_view {
	struct follow follow;
	char path[PATH_SIZE];
	char chains[TITLE_SIZE];
};

struct logs {
	const struct options *options;
	const struct config *config;
	const struct view *view;
	struct log_filter filter;
	bool is_counting;      /* what the filter wants, nothing is printed */
	const char *run_chain; /* of --run; borrowed */
	int64_t runs;          /* that its task has had by now */

	struct log_view *files;
	size_t count;
	const struct log_view *file;    /* that is read now */
	const struct log_view *heading; /* whose lines are the last printed */
	struct screen screen;
	struct printout page;
	bool has_printed;
	int error; /* of standard output; EPIPE: nobody reads on */
};

/*
 * What a running chain writes to, else what it would write to.  Of one whose
 * state is not ours to see: what `start` gives it when runner.conf does not.
 */
static bool
find_log_file(const struct logs *l, const struct chain_view *c, char *path)
{
	const struct chain_settings *chain = config_chain(l->config, c->name);
	const char *used = c->snapshot ? c->snapshot->chain.log_file : "";
	const char *file = c->is_running && *used     ? used
			   : chain && chain->log_file ? chain->log_file
			   : l->config->log.file      ? l->config->log.file
						      : used;

	if (*file || !c->fault)
		return snprintf(path, PATH_SIZE, "%s", file) > 0;
	snprintf(path, PATH_SIZE, "%s/%s.log", l->view->run_root, c->name);
	return !access(path, F_OK);
}

static void
add_file(struct logs *l, const char *path, const char *chain)
{
	struct log_view *f = l->files;
	size_t used;

	while (f < l->files + l->count && strcmp(f->path, path))
		f++;
	if (f == l->files + l->count) {
		l->count++;
		strcpy(f->path, path);
		f->follow.fd = -1;
	}
	used = strlen(f->chains);
	snprintf(f->chains + used, sizeof(f->chains) - used, "%s%s",
	    used ? ", " : "", chain);
}

static int
complain_of_none(const struct config *config, const struct chain_view *c)
{
	const char *file = config->file ? config->file : "runner.conf";

	if (!c)
		return command_fails(STATUS_FAILED,
		    "no chain has a log file; say `log { file = \"/var/log/"
		    "runner.log\" }` in %s",
		    file);
	if (c->fault)
		return command_fails(
		    STATUS_FAILED, "where %s logs: %s", c->name, c->fault);
	return command_fails(STATUS_FAILED,
	    "chain %s has no log file; say `log_file = \"/var/log/%s.log\"` in "
	    "its chain section of %s",
	    c->name, c->name, file);
}

/* Returns a status: every chain that was named must have a file. */
static int
choose_files(struct logs *l)
{
	const struct view *v = l->view;
	int status = STATUS_DONE;
	char path[PATH_SIZE];

	l->files = calloc(v->count + 1, sizeof(*l->files));
	if (!l->files)
		return command_fails(STATUS_FAILED, "out of memory");
	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];

		if (l->run_chain && l->run_chain != c->name)
			continue;
		if (find_log_file(l, c, path))
			add_file(l, path, c->name);
		else if (c->is_named)
			status = complain_of_none(l->config, c);
	}
	if (!v->count)
		return command_fails(STATUS_FAILED,
		    "no chain has run in %s, and none is declared",
		    v->run_root);
	if (!l->count && !status)
		status = complain_of_none(l->config, NULL);
	return status;
}

/* The lines that are printed of the file, below its name if there are more. */
static void
put_lines(const char *bytes, size_t size, void *data)
{
	struct logs *l = data;
	FILE *out = l->page.stream;

	if (l->heading != l->file && l->count > 1) {
		fputs(l->has_printed ? "\n==> " : "==> ", out);
		screen_put(out, &l->screen, l->file->chains, TITLE_SIZE);
		fputs(" <==\n", out);
		l->heading = l->file;
	}
	if (l->screen.is_terminal)
		screen_put_bytes(out, &l->screen, bytes, size);
	else
		fwrite(bytes, size, 1, out);
	l->has_printed = true;
}

static int
take_bytes(const char *bytes, size_t size, void *data)
{
	struct logs *l = data;
	int result;

	if (l->is_counting) {
		log_filter_take(&l->filter, bytes, size, NULL, NULL);
		return 0;
	}
	if (!printout_open(&l->page))
		return l->error = ENOMEM, -1;
	if (l->filter.task)
		log_filter_take(&l->filter, bytes, size, put_lines, l);
	else
		put_lines(bytes, size, l);
	result = printout_close(&l->page, STDOUT_FILENO);
	l->error = result < 0 ? errno : result ? EPIPE : 0;
	return l->error ? -1 : 0;
}

/* How a file's reading ended, as a status; -1: go on. */
static int
judge(const struct logs *l, int result)
{
	if (result < 0)
		return command_fails(
		    STATUS_FAILED, "cannot read %s: %m", l->file->path);
	if (!l->error)
		return -1;
	if (l->error == EPIPE)
		return STATUS_DONE;
	errno = l->error;
	return command_fails(STATUS_FAILED, "cannot write: %m");
}

/*
 * Reads what is there of the file from the oldest line on, whatever is rotated
 * meanwhile.  Returns a status, or -1: go on.
 */
static int
read_whole(struct logs *l, struct log_view *f)
{
	l->filter.runs = l->filter.lines = 0;
	follow_close(&f->follow);
	if (follow_open_oldest(&f->follow, f->path))
		return judge(l, -1);
	return judge(l, follow_read_on(&f->follow, take_bytes, l));
}

/* A chain that runs on has had more by now. */
static void
reread_runs(struct logs *l)
{
	struct snapshot *s = statefile_look(l->view->run_root, l->run_chain);

	for (size_t i = 0; s && i < s->task_count; i++)
		if (!strcmp(s->tasks[i].name, l->filter.task))
			l->runs = (int64_t)s->tasks[i].runs;
	snapshot_free(s);
}

/*
 * The lines that the filter wants: counted first, for the last ones are wanted.
 * Returns a status, or -1: go on.
 */
static int
print_filtered(struct logs *l, struct log_view *f, uint64_t lines, int64_t run)
{
	struct log_filter *filter = &l->filter;
	int64_t runs;
	int end, tries = 0;

	l->is_counting = true;
	/* The lines and the number of runs must be of one moment. */
	do {
		runs = l->runs;
		end = read_whole(l, f);
		if (run) {
			poll(NULL, 0, STEADY_MS);
			reread_runs(l);
		}
	} while (end < 0 && l->runs != runs && ++tries < SAME_TRIES);
	if (end < 0 && l->runs != runs) {
		end = command_fails(STATUS_FAILED,
		    "%s runs too often to find a run of it; pause it first",
		    filter->task);
	} else if (end < 0 && !run) {
		filter->first =
		    filter->lines > lines ? filter->lines - lines + 1 : 0;
	} else if (end < 0 && (int64_t)filter->runs + run <= l->runs) {
		end = command_fails(STATUS_FAILED,
		    "run %lld of %s is not in %s any more%s", (long long)run,
		    filter->task, f->path,
		    l->config->log.level > LOG_LEVEL_DEBUG
			? " (log level debug tells runs apart)"
			: "");
	} else if (end < 0) {
		filter->run = filter->runs + (uint64_t)(run - l->runs);
		end = read_whole(l, f);
	}
	l->is_counting = false;
	if (end < 0)
		end = read_whole(l, f);
	*filter =
	    (struct log_filter){.task = filter->task, .chain = filter->chain};
	return end;
}

/* Does another chain write of that task to the file, in lines like ours? */
static bool
is_ambiguous(const struct logs *l, const char *path)
{
	const struct config *c = l->config;
	bool is_shared = false;

	for (size_t i = 0; i < c->chain_count; i++) {
		const struct chain_settings *s = &c->chains[i];
		const char *file = s->log_file ? s->log_file : c->log.file;

		if (!file || strcmp(file, path) != 0 ||
		    !strcmp(s->name, l->run_chain))
			continue;
		for (char *const *w = s->words; *w; w++)
			is_shared |= !strcmp(*w, l->filter.task);
	}
	return is_shared && c->log.format != LOG_FORMAT_JSON;
}

/* The last lines of each.  Returns a status, or -1: all were printed. */
static int
print_tails(struct logs *l)
{
	const struct options *o = l->options;
	size_t lines = o->lines >= 0 ? (size_t)o->lines : LINES;
	int status = -1, end;

	for (size_t i = 0; i < l->count; i++) {
		struct log_view *f = &l->files[i];

		l->file = f;
		if (follow_open(&f->follow, f->path)) {
			/* One that is followed may come yet. */
			if (!o->follow || errno != ENOENT)
				status = command_fails(STATUS_FAILED,
				    errno == ESPIPE
					? "%s is no regular file: what was "
					  "logged to it cannot be read back"
					: "cannot open %s: %m",
				    f->path);
			continue;
		}
		if (o->run && is_ambiguous(l, f->path))
			end = command_fails(STATUS_FAILED,
			    "several chains write of %s to %s: which run is "
			    "of %s only `log { format = json }` tells",
			    o->task, f->path, l->run_chain);
		else if (o->task)
			end = print_filtered(l, f, lines, o->run);
		else if (follow_seek_tail(&f->follow, lines))
			end = judge(l, -1);
		else
			end = judge(l, follow_read(&f->follow, take_bytes, l));
		if (end >= 0)
			return end;
	}
	return status;
}

static int
follow_all(struct logs *l)
{
	int end = -1;

	for (size_t i = 0; i < l->count && end < 0; i++) {
		l->file = &l->files[i];
		end = judge(
		    l, follow_read_on(&l->files[i].follow, take_bytes, l));
	}
	return end;
}

/* Until Ctrl-C or TERM, or until the reader of our output goes. */
static int
follow_until_signal(struct logs *l)
{
	struct pollfd fds[2] = {
	    {.events = POLLIN}, {.fd = STDOUT_FILENO, .events = 0}};
	sigset_t mask;
	int status = -1;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	fds[0].fd = signalfd(-1, &mask, SFD_CLOEXEC);
	while (status < 0 && !fds[0].revents && !(fds[1].revents & POLLERR)) {
		if (poll(fds, 2, PERIOD_MS) < 0 && errno != EINTR)
			break;
		status = follow_all(l);
	}
	close(fds[0].fd);
	return status < 0 ? STATUS_DONE : status;
}

/* The chain of --run has had the run; one in progress is the next. */
static int
find_run(
    struct logs *l, const struct chain_view *c, const struct task_record *t)
{
	int64_t run = l->options->run;

	if (l->run_chain)
		return command_fails(STATUS_USAGE,
		    "'%s' is a task of several chains; name the CHAIN too",
		    t->name);
	l->run_chain = c->name;
	l->runs = (int64_t)t->runs;
	if (run <= l->runs + (t->phase == PHASE_RUNNING))
		return STATUS_DONE;
	return command_fails(STATUS_FAILED,
	    "%s has not had a run %lld in this runner, only %lld", t->name,
	    (long long)run, (long long)l->runs);
}

/* The task of --task must be one of the chains', as far as they can be seen. */
static int
find_task(struct logs *l, const char *task)
{
	struct nearest nearest = nearest_to(task);
	char hint[NEAREST_HINT_SIZE];
	bool is_run = l->options->run, is_known = false;
	const struct chain_view *unseen = NULL;
	int status = STATUS_DONE;

	for (size_t i = 0; i < l->view->count && !status; i++) {
		const struct chain_view *c = &l->view->chains[i];
		const char *name;

		unseen = c->fault ? c : unseen;
		for (size_t j = 0; (name = chain_view_task_name(c, j)); j++) {
			if (strcmp(name, task) != 0) {
				nearest_try(&nearest, name);
			} else if (!is_run) {
				is_known = true;
			} else if (c->snapshot && !status) {
				is_known = true;
				status = find_run(l, c, &c->snapshot->tasks[j]);
			}
		}
	}
	if (is_known || (unseen && !is_run))
		return status;
	if (unseen)
		return command_fails(
		    STATUS_FAILED, "%s: %s", unseen->name, unseen->fault);
	nearest_hint(&nearest, hint);
	return command_fails(STATUS_USAGE, "no chain here has %s task '%s'%s",
	    is_run ? "run a" : "a", task, hint);
}

int
cmd_logs(const struct invocation *c)
{
	const struct options *o = c->options;
	struct logs l = {
	    .options = o,
	    .config = c->config,
	    .view = c->view,
	    .filter.task = o->task,
	};
	int status = o->task ? find_task(&l, o->task) : STATUS_DONE;
	int end;

	if (status)
		return status;
	l.filter.chain =
	    l.view->count == 1 ? l.view->chains->name : l.run_chain;
	status = choose_files(&l);
	terminal_detect(&l.screen);
	if (l.count && (!status || !o->follow)) {
		end = print_tails(&l);
		if (end >= 0)
			status = end;
		else if (o->follow)
			status = follow_until_signal(&l);
		for (size_t i = 0; i < l.count; i++)
			follow_close(&l.files[i].follow);
	}
	free(l.files);
	return status;
}
