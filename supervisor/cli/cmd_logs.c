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
#include "printout.h"
#include "terminal.h"

enum { LINES = 100, PERIOD_MS = 200, TITLE_SIZE = 1024 };

/* One file; several chains may write to it. */
struct log_view {
	struct follow follow;
	const char *path; /* borrowed */
	char chains[TITLE_SIZE];
};

struct logs {
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

		if (path)
			add_file(l, path, c->name);
		else if (c->is_named)
			status = complain_of_none(config, c->name);
	}
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

struct sink {
	struct logs *logs;
	const struct log_view *file;
	int error; /* 0; or errno; or EPIPE */
};

static int
print_bytes(const char *bytes, size_t size, void *data)
{
	struct sink *s = data;
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

/* The last lines of each.  Returns a status, or -1: all were printed. */
static int
print_tails(struct logs *l, bool is_following)
{
	int status = -1;

	for (size_t i = 0; i < l->count; i++) {
		struct log_view *f = &l->files[i];
		struct sink s = {.logs = l, .file = f};
		int end;

		if (follow_open(&f->follow, f->path)) {
			/* One that is followed may come yet. */
			if (!is_following || errno != ENOENT)
				status = command_fails(STATUS_FAILED,
				    "cannot open %s: %m", f->path);
			continue;
		}
		end = judge(follow_seek_tail(&f->follow, LINES) ||
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

static int
show_logs(
    const struct options *o, const struct config *config, const struct view *v)
{
	struct logs l = {0};
	int status = choose_files(&l, config, v), end;

	terminal_detect(&l.screen);
	if (l.count && (!status || !o->follow)) {
		end = print_tails(&l, o->follow);
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

int
cmd_logs(const struct options *o)
{
	struct config *config = command_config_to_look(o);
	struct view *v;
	int status;

	if (!config)
		return STATUS_USAGE;
	v = gather_chains(config, o->words);
	status = v ? show_logs(o, config, v) : STATUS_USAGE;
	gather_free(v);
	config_free(config);
	return status;
}
