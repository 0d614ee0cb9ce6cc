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

#include "commands.h"
#include "follow.h"
#include "gather.h"
#include "log/line.h"
#include "printout.h"
#include "state/statefile.h"
#include "terminal.h"

enum {
	LINES = 100,
	ROTATED_MAX = 100,
	SAME_TRIES = 20,
	PERIOD_MS = 200,
	TITLE_SIZE = 1024
};

/* One file; several chains may write to it. */
struct log_view {
	struct follow follow;
	const char *path; /* borrowed */
	char chains[TITLE_SIZE];
};

/* The lines that are wanted: all, those of a task, or of one run of it. */
struct filter {
	const char *task; /* or NULL */
	uint64_t run;     /* counted from the first in the files; 0: every */
	uint64_t first;   /* of the lines that match, counted from 1 */
	/* While the files are read. */
	uint64_t runs, matched;
};

struct logs {
	struct filter filter;
	const char *run_root, *run_chain; /* of --run; borrowed */
	struct log_view *files;
	size_t count;
	const struct log_view *last; /* whose lines stand above */
	struct screen screen;
	bool has_printed;
};

/* What a running chain writes to, else what it would write to. */
static const char *
log_file_of(const struct config *config, const struct chain_view *c)
{
	const struct chain_settings *chain = config_chain(config, c->name);
	const char *used = c->snapshot ? c->snapshot->chain.log_file : "";

	if (c->is_running && *used)
		return used;
	if (chain && chain->log_file)
		return chain->log_file;
	if (config->log.file)
		return config->log.file;
	return *used ? used : NULL;
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
		f->path = path;
		f->follow.fd = -1;
	}
	used = strlen(f->chains);
	snprintf(f->chains + used, sizeof(f->chains) - used, "%s%s",
	    used ? ", " : "", chain);
}

static int
complain_of_none(const struct config *config, const char *chain)
{
	const char *file = config->file ? config->file : "runner.conf";

	if (!chain)
		return command_fails(STATUS_FAILED,
		    "no chain has a log file; say `log { file = \"/var/log/"
		    "runner.log\" }` in %s",
		    file);
	return command_fails(STATUS_FAILED,
	    "chain %s has no log file; say `log_file = \"/var/log/%s.log\"` in "
	    "its chain section of %s",
	    chain, chain, file);
}

/* Returns a status: every chain that was named must have a file. */
static int
choose_files(struct logs *l, const struct config *config, const struct view *v)
{
	int status = STATUS_DONE;

	l->files = calloc(v->count + 1, sizeof(*l->files));
	if (!l->files)
		return command_fails(STATUS_FAILED, "out of memory");
	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];
		const char *path = log_file_of(config, c);

		if (l->run_chain && l->run_chain != c->name)
			continue;
		if (path)
			add_file(l, path, c->name);
		else if (c->is_named)
			status = complain_of_none(config, c->name);
	}
	if (!v->count)
		return command_fails(STATUS_FAILED,
		    "no chain has run in %s, and none is declared",
		    v->run_root);
	if (!l->count && !status)
		status = complain_of_none(config, NULL);
	return status;
}

/* The lines of which file come now, when there are several. */
static void
put_heading(FILE *out, struct logs *l, const struct log_view *f)
{
	if (l->last == f || l->count < 2)
		return;
	fputs(l->has_printed ? "\n==> " : "==> ", out);
	screen_put(out, &l->screen, f->chains, TITLE_SIZE);
	fputs(" <==\n", out);
	l->last = f;
}

/* What follows "[TASK] " in a line of the task; NULL: it is none. */
static const char *
text_of_task(const char *line, size_t size, const char *task)
{
	const char *at = line, *end = line + size;
	size_t length = strlen(task);

	/* "<N>", or the instant and the level, or the level. */
	for (int field = 0; field < 2 && at < end && *at != '['; field++) {
		const char *next =
		    memchr(at, *line == '<' ? '>' : ' ', (size_t)(end - at));

		if (!next)
			return NULL;
		at = next + 1;
	}
	if ((size_t)(end - at) < length + 3 || *at != '[' ||
	    memcmp(at + 1, task, length) || memcmp(at + 1 + length, "] ", 2))
		return NULL;
	return at + length + 3;
}

static bool
has_text(const char *line, size_t size, const char *text)
{
	return memmem(line, size, text, strlen(text)) != NULL;
}

/* What a line is to a task. */
enum line_kind { LINE_OTHER, LINE_OF_TASK, LINE_ENDS_RUN, LINE_INTERRUPTS_RUN };

static enum line_kind
kind_of(const char *line, size_t size, const char *task)
{
	static const struct {
		const char *text, *json;
		enum line_kind kind;
	} ends[] = {
#define END(text, kind)                                                        \
	{text "\n", "\"stream\":null,\"msg\":\"" text "\"", kind}
	    END("Execution successful", LINE_ENDS_RUN),
	    END("Execution failed", LINE_ENDS_RUN),
	    END("Execution interrupted", LINE_INTERRUPTS_RUN),
	};
	char member[LINE_NAME_MAX + 16];
	const char *text = NULL;

	if (*line == '{') {
		snprintf(member, sizeof(member), "\"task\":\"%s\"", task);
		if (!has_text(line, size, member))
			return LINE_OTHER;
	} else if (!(text = text_of_task(line, size, task))) {
		return LINE_OTHER;
	}
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (text ? (size_t)(line + size - text) ==
				   strlen(ends[i].text) &&
			       !memcmp(text, ends[i].text, strlen(ends[i].text))
			 : has_text(line, size, ends[i].json))
			return ends[i].kind;
	return LINE_OF_TASK;
}

/* Writes the lines that are wanted; with `out` NULL it only counts. */
static void
filter_lines(struct filter *f, FILE *out, const char *bytes, size_t size)
{
	while (size) {
		const char *stop = memchr(bytes, '\n', size);
		size_t n = stop ? (size_t)(stop - bytes) + 1 : size;
		enum line_kind kind = kind_of(bytes, n, f->task);
		bool is_match =
		    kind != LINE_OTHER && (!f->run || f->runs + 1 == f->run);

		f->matched += is_match;
		if (is_match && out && f->matched >= f->first)
			fwrite(bytes, n, 1, out);
		/* What was interrupted has no number: it begins anew. */
		if (is_match && !out && f->run && kind == LINE_INTERRUPTS_RUN)
			f->first = f->matched + 1;
		f->runs += kind == LINE_ENDS_RUN;
		bytes += n;
		size -= n;
	}
}

struct sink {
	struct logs *logs;
	bool is_counting;
	const struct log_view *file;
	int error; /* 0; or errno; or EPIPE */
};

static int
print_some(const char *bytes, size_t size, struct sink *s)
{
	struct printout p;
	int result;

	if (!printout_open(&p))
		return s->error = ENOMEM, -1;
	put_heading(p.stream, s->logs, s->file);
	if (s->logs->screen.is_terminal)
		screen_put_bytes(p.stream, &s->logs->screen, bytes, size);
	else
		fwrite(bytes, size, 1, p.stream);
	s->logs->has_printed = true;
	result = printout_close(&p, STDOUT_FILENO);
	s->error = result < 0 ? errno : result ? EPIPE : 0;
	return s->error ? -1 : 0;
}

static int
print_bytes(const char *bytes, size_t size, void *data)
{
	struct sink *s = data;
	struct printout wanted;
	int result;

	if (s->is_counting) {
		filter_lines(&s->logs->filter, NULL, bytes, size);
		return 0;
	}
	if (s->logs->filter.task) {
		if (!printout_open(&wanted))
			return s->error = ENOMEM, -1;
		filter_lines(&s->logs->filter, wanted.stream, bytes, size);
		if (fclose(wanted.stream))
			return s->error = ENOMEM, -1;
		result =
		    wanted.size ? print_some(wanted.bytes, wanted.size, s) : 0;
		free(wanted.bytes);
		return result;
	}
	return print_some(bytes, size, s);
}

/* How a file's reading ended, as a status; -1: go on. */
static int
judge(int result, const struct sink *s)
{
	if (result < 0)
		return command_fails(
		    STATUS_FAILED, "cannot read %s: %m", s->file->path);
	if (!s->error)
		return -1;
	if (s->error == EPIPE)
		return STATUS_DONE;
	errno = s->error;
	return command_fails(STATUS_FAILED, "cannot write: %m");
}

/* Reads the file, after those that it was rotated to, from the oldest on. */
static int
read_whole(struct log_view *f, struct sink *s)
{
	for (int place = ROTATED_MAX; place > 0; place--) {
		struct follow old;
		char path[4096];
		int end;

		snprintf(path, sizeof(path), "%s.%d", f->path, place);
		if (follow_open(&old, path))
			continue;
		end = judge(follow_read(&old, print_bytes, s), s);
		follow_close(&old);
		if (end >= 0)
			return end;
	}
	f->follow.offset = 0;
	return judge(follow_read(&f->follow, print_bytes, s), s);
}

/* How many runs the task has had by now.  Returns false when it is not known.
 */
static bool
reread_runs(const struct logs *l, const char *task, int64_t *runs)
{
	struct snapshot *s = statefile_read(l->run_root, l->run_chain);
	bool is_known = false;

	for (size_t i = 0; s && i < s->task_count; i++) {
		if (strcmp(s->tasks[i].name, task) != 0)
			continue;
		*runs = (int64_t)s->tasks[i].runs;
		is_known = true;
	}
	snapshot_free(s);
	return is_known;
}

/*
 * The lines that the filter wants: counted first, for the last ones are wanted.
 * `runs` is how many the task has had.  Returns a status, or -1.
 */
static int
print_filtered(
    struct logs *l, struct log_view *f, const struct options *o, int64_t runs)
{
	uint64_t lines = o->lines >= 0 ? (uint64_t)o->lines : LINES;
	struct filter *filter = &l->filter;
	struct sink s = {.logs = l, .file = f, .is_counting = true};
	int end;

	*filter = (struct filter){.task = o->task};
	/* A chain that runs on adds to both: they must be of one moment. */
	for (int tries = 0; tries < SAME_TRIES; tries++) {
		int64_t before = runs;

		filter->runs = filter->matched = 0;
		end = read_whole(f, &s);
		if (end >= 0)
			return end;
		if (!o->run || !reread_runs(l, o->task, &runs) ||
		    runs == before)
			break;
	}
	if (!o->run) {
		filter->first =
		    filter->matched > lines ? filter->matched - lines + 1 : 0;
	} else if (filter->runs + (uint64_t)o->run <= (uint64_t)runs) {
		return command_fails(STATUS_FAILED,
		    "run %lld of %s is not in %s any more", (long long)o->run,
		    o->task, f->path);
	} else {
		filter->run = filter->runs + (uint64_t)o->run - (uint64_t)runs;
		filter->runs = filter->matched = 0;
		read_whole(f, &s);
	}
	filter->runs = filter->matched = 0;
	s.is_counting = false;
	end = read_whole(f, &s);
	*filter = (struct filter){.task = o->task};
	return end;
}

/* The last lines of each.  Returns a status, or -1: all were printed. */
static int
print_tails(struct logs *l, const struct options *o, int64_t runs)
{
	size_t lines = o->lines >= 0 ? (size_t)o->lines : LINES;
	int status = -1;

	for (size_t i = 0; i < l->count; i++) {
		struct log_view *f = &l->files[i];
		struct sink s = {.logs = l, .file = f};
		int end;

		if (follow_open(&f->follow, f->path)) {
			/* One that is followed may come yet. */
			if (!o->follow || errno != ENOENT)
				status = command_fails(STATUS_FAILED,
				    "cannot open %s: %m", f->path);
			continue;
		}
		if (o->task)
			end = print_filtered(l, f, o, runs);
		else
			end = judge(
			    follow_seek_tail(&f->follow, lines) ||
				    follow_read(&f->follow, print_bytes, &s) < 0
				? -1
				: 0,
			    &s);
		if (end >= 0)
			return end;
	}
	return status;
}

static int
follow_all(struct logs *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct sink s = {.logs = l, .file = &l->files[i]};
		int result =
		    follow_read_on(&l->files[i].follow, print_bytes, &s);
		int end = judge(result, &s);

		if (end >= 0)
			return end;
	}
	return -1;
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

/* How many runs the task of --run has had; one in progress is the next. */
static int
find_runs(struct logs *l, const struct options *o, const struct view *v,
    int64_t *runs)
{
	const struct task_record *found = NULL;

	for (size_t i = 0; i < v->count; i++) {
		const struct snapshot *s = v->chains[i].snapshot;

		for (size_t j = 0; s && j < s->task_count; j++) {
			if (strcmp(s->tasks[j].name, o->task) != 0)
				continue;
			if (found)
				return command_fails(STATUS_USAGE,
				    "'%s' is a task of several chains; name "
				    "the CHAIN too",
				    o->task);
			found = &s->tasks[j];
			l->run_root = v->run_root;
			l->run_chain = v->chains[i].name;
		}
	}
	if (!found)
		return command_fails(
		    STATUS_USAGE, "no chain here has run a task '%s'", o->task);
	*runs = (int64_t)found->runs;
	if (o->run <= *runs + (found->phase == PHASE_RUNNING))
		return STATUS_DONE;
	return command_fails(STATUS_FAILED,
	    "%s has not had a run %lld in this runner, only %lld", o->task,
	    (long long)o->run, (long long)*runs);
}

int
cmd_logs(const struct invocation *c)
{
	const struct options *o = c->options;
	struct logs l = {0};
	int64_t runs = 0;
	int status = o->run ? find_runs(&l, o, c->view, &runs) : STATUS_DONE;
	int end;

	if (status)
		return status;
	status = choose_files(&l, c->config, c->view);
	terminal_detect(&l.screen);
	if (l.count && (!status || !o->follow)) {
		end = print_tails(&l, o, runs);
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
