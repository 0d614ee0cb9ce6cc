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

/* With the owner and the mode of the file that is there, as far as may be. */
static int
replace_in(int dir, const char *name, const struct printout *p)
{
	mode_t mask = umask(0), mode = PAGE_MODE & ~mask;
	struct file_draft d;
	struct stat old;

	umask(mask);
	if (file_draft_open(&d, dir, 0600))
		return -1;
	if (!fstatat(dir, name, &old, AT_SYMLINK_NOFOLLOW)) {
		mode = old.st_mode & 0777;
		if (fchown(d.fd, old.st_uid, old.st_gid) &&
		    fchown(d.fd, (uid_t)-1, old.st_gid))
			mode &= ~(mode_t)070; /* it has another group now */
	}
	if (fchmod(d.fd, mode) || file_write_all(d.fd, p->bytes, p->size)) {
		file_draft_drop(&d);
		return -1;
	}
	return file_draft_publish(&d, name) ? -1 : close(d.fd);
}

/* The page appears whole or not at all: a web server may be reading it. */
static int
replace_file(struct printout *p, const char *path)
{
	const char *name;
	int dir, error, result = -1;

	if (fclose(p->stream)) {
		free(p->bytes);
		return errno = ENOMEM, -1;
	}
	dir = file_open_parent(path, &name);
	if (dir >= 0)
		result = replace_in(dir, name, p);
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

/* What goes to others, and what is secret in it. */
struct page {
	const struct view *view;
	struct failure_list *failures;
	struct mask mask;
	struct mask_values values;
};

static void
mask_page(struct page *p)
{
	for (size_t i = 0; i < p->view->count; i++) {
		struct snapshot *s =
		    (struct snapshot *)p->view->chains[i].snapshot;

		for (size_t j = 0; s && j < s->task_count; j++) {
			mask_string(&p->mask, s->tasks[j].last.message);
			mask_string(&p->mask, s->tasks[j].acknowledged.why);
		}
		for (size_t j = 0; s && j < s->run_count; j++)
			mask_string(&p->mask, s->runs[j].message);
	}
	for (size_t i = 0; i < p->failures->count; i++)
		mask_string(&p->mask, p->failures->list[i].subject);
}

static void
add_secret(const char *name, const char *value, void *values)
{
	(void)name;
	mask_add_value(values, value);
}

/* Whoever has the file: what is in it is not shown. */
static void
add_secrets(const char *path, void *data)
{
	struct page *p = data;
	struct stat st;
	char why[512];

	/* Many files have more values than there is room for. */
	if (p->values.count > MASK_VALUES_MAX / 2 ||
	    p->values.used > MASK_VALUES_SIZE / 2) {
		mask_page(p);
		p->values = (struct mask_values){0};
	}
	if (!stat(path, &st))
		envfile_read(
		    path, st.st_uid, add_secret, &p->values, why, sizeof(why));
}

/* A page goes to others: what a notification would mask is masked. */
static int
mask_all(
    struct config *config, const struct view *v, struct failure_list *failures)
{
	struct page *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	p->view = v;
	p->failures = failures;
	p->mask = (struct mask){.patterns = config->mask,
	    .has_rules = config->mask_secrets,
	    .values = &p->values};
	if (config->mask_secrets)
		config_environment_files(config, add_secrets, p);
	mask_page(p);
	free(p);
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
	/* What cannot be read is missing on the page, which says so too. */
	int status = gather_failures_or_say(&failures, c->config->run_root);

	c->view->has_hidden_failures = status;
	if (gather_warn(c->view))
		status = STATUS_FAILED;
	if (mask_all(c->config, c->view, &failures))
		status = command_fails(STATUS_FAILED, "out of memory");
	else
		status = command_worse(
		    status, report(c->options, c->view, &failures));
	free(failures.list);
	return status;
}
