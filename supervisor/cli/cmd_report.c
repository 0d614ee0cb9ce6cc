/*
 * runner report: everything on one HTML page.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "gather.h"
#include "os/file.h"
#include "printout.h"
#include "terminal.h"

enum { HOST_SIZE = 256, PAGE_MODE = 0666 };

/* A pipe, /dev/stdout and the like cannot be replaced: they are written to. */
static bool
is_replaceable(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? errno == ENOENT : S_ISREG(st.st_mode);
}

static int
write_through(struct printout *p, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
	    PAGE_MODE);
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
	int result;

	if (!o->output || !strcmp(o->output, "-"))
		return printout_end(p, STATUS_DONE);
	result = is_replaceable(o->output) ? replace_file(p, o->output)
					   : write_through(p, o->output);
	if (result)
		return command_fails(
		    STATUS_FAILED, "cannot write %s: %m", o->output);
	return STATUS_DONE;
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
		host, terminal_wall_ms())) {
		fclose(p.stream);
		free(p.bytes);
		free(runs);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	free(runs);
	return deliver(o, &p);
}

int
cmd_report(const struct options *o)
{
	struct config *config = command_config_to_look(o);
	struct failure_list failures;
	struct view *v;
	int status;

	if (!config)
		return STATUS_USAGE;
	v = gather_chains(config, o->words);
	if (!v) {
		config_free(config);
		return STATUS_USAGE;
	}
	gather_failures(&failures, config->run_root);
	status = report(o, v, &failures);
	free(failures.list);
	gather_free(v);
	config_free(config);
	return status;
}
