/*
 * runner report: everything on one HTML page.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mask.h"
#include "commands.h"
#include "gather.h"
#include "os/clock.h"
#include "os/envfile.h"
#include "os/file.h"
#include "os/identity.h"
#include "printout.h"
#include "terminal.h"

enum { HOST_SIZE = 256, PAGE_MODE = 0666 };

static int
write_through(struct printout *p, const char *path)
{
	int fd =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | FILE_ASKED, PAGE_MODE);
	int result = -1, error;

	if (fd < 0) {
		error = errno;
		fclose(p->stream);
		free(p->bytes);
		return errno = error, -1;
	}
	result = printout_close(p, fd);
	error = errno;
	if (close(fd) && !result)
		return -1;
	return errno = error, result;
}

/* The page appears whole or not at all: a web server may be reading it. */
static int
replace_file(struct printout *p, const char *path)
{
	mode_t mask = umask(0);
	const char *name;
	int dir, error, result = -1;

	umask(mask);
	if (fclose(p->stream)) {
		free(p->bytes);
		return errno = ENOMEM, -1;
	}
	dir = file_open_parent(path, &name);
	/* A page is for others too, as with any file that a shell makes. */
	if (dir >= 0)
		result = file_replace(dir, name, PAGE_MODE & ~mask,
		    &(struct iovec){p->bytes, p->size}, 1);
	error = errno;
	if (dir >= 0)
		close(dir);
	free(p->bytes);
	return errno = error, result;
}

static int
deliver(const struct options *o, struct printout *p)
{
	struct stat st;
	bool is_file;
	int result;

	if (!o->output || !strcmp(o->output, "-"))
		return printout_end(p, STATUS_DONE);
	/* A pipe, /dev/stdout and the like are written to, not replaced. */
	is_file = lstat(o->output, &st) ? errno == ENOENT : S_ISREG(st.st_mode);
	result =
	    is_file ? replace_file(p, o->output) : write_through(p, o->output);
	if (result)
		return command_fails(
		    STATUS_FAILED, "cannot write %s: %m", o->output);
	return STATUS_DONE;
}

static void
add_secret(const char *name, const char *value, void *values)
{
	(void)name;
	mask_add_value(values, value);
}

/* The secrets of every task that is declared, as far as we can read them. */
static void
collect_secrets(struct config *config, struct mask_values *values)
{
	const char *const *names = config_task_names(config);
	char why[512];

	for (; *names; names++) {
		const struct task_settings *t =
		    config_task(config, *names, NULL);
		uid_t user = geteuid();
		gid_t group;

		if (!t || !t->environment_file)
			continue;
		if (t->user)
			identity_find_user(
			    t->user, &user, &group, NULL, NULL, NULL);
		envfile_read(t->environment_file, user, add_secret, values, why,
		    sizeof(why));
	}
}

/* A page goes to others: what a notification would mask is masked. */
static int
mask_all(struct config *config, const struct view *v,
    const struct failure_list *failures)
{
	struct mask_values *values = calloc(1, sizeof(*values));
	const struct mask m = {.patterns = config->mask,
	    .has_rules = config->mask_secrets,
	    .values = values};

	if (!values)
		return -1;
	if (config->mask_secrets)
		collect_secrets(config, values);
	for (size_t i = 0; i < v->count; i++) {
		struct snapshot *s = (struct snapshot *)v->chains[i].snapshot;

		for (size_t j = 0; s && j < s->task_count; j++) {
			mask_string(&m, s->tasks[j].last.message);
			mask_string(&m, s->tasks[j].acknowledged.why);
		}
		for (size_t j = 0; s && j < s->run_count; j++)
			mask_string(&m, s->runs[j].message);
	}
	for (size_t i = 0; i < failures->count; i++)
		mask_string(&m, failures->list[i].subject);
	free(values);
	return 0;
}

static int
report(const struct options *o, const struct view *v,
    const struct failure_list *failures)
{
	char host[HOST_SIZE] = "localhost";
	struct run_view *runs;
	struct printout p;
	size_t count;

	gethostname(host, sizeof(host) - 1);
	runs = gather_runs(v, NULL, &count);
	if (!runs || !printout_open(&p)) {
		free(runs);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	if (view_html(p.stream, v, runs, count, failures->list, failures->count,
		host, clock_wall_ms())) {
		fclose(p.stream);
		free(p.bytes);
		free(runs);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	free(runs);
	return deliver(o, &p);
}

int
cmd_report(const struct invocation *c)
{
	struct failure_list failures;
	int status;

	gather_failures(&failures, c->config->run_root);
	if (mask_all(c->config, c->view, &failures))
		status = command_fails(STATUS_FAILED, "out of memory");
	else
		status = report(c->options, c->view, &failures);
	free(failures.list);
	return status;
}
