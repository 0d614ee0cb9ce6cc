#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "os/process.h"
#include "runner_version.h"

void
command_say(const char *fmt, ...)
{
	char raw[2048], line[4096];
	struct text what, printable;
	va_list ap;

	text_init(&what, raw, sizeof(raw));
	va_start(ap, fmt);
	text_vaddf(&what, fmt, ap);
	va_end(ap);
	text_init(&printable, line, sizeof(line) - 1);
	text_add_string(&printable, "runner: ");
	text_add_printable(&printable, raw, what.length);
	line[printable.length] = '\n';
	/* One write(2): runners that share a terminal do not mix lines. */
	if (write(STDERR_FILENO, line, printable.length + 1) < 0)
		return;
}

int
command_worse(int a, int b)
{
	static const int order[] = {STATUS_USAGE, STATUS_FAILED,
	    STATUS_NOT_RUNNING, STATUS_TEMPFAIL, STATUS_DONE};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return STATUS_FAILED;
}

static int output_error;

void
command_flush(void)
{
	if (fflush(stdout) && !output_error)
		output_error = errno;
}

int
command_printed(int status)
{
	command_flush();
	errno = output_error;
	output_error = 0;
	if (!errno || errno == EPIPE)
		return status;
	return command_fails(STATUS_FAILED, "cannot write: %m");
}

/*
 * 0, 1 and 2 are open, so that no file of ours gets their numbers.  To read or
 * write what was closed fails as before; only a log is written to nowhere.
 */
static void
hold_standard_descriptors(bool is_log)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", is_log ? O_RDWR
				      : fd   ? O_RDONLY
					     : O_WRONLY) != fd)
			return;
}

void
command_complain(const struct diagnostics *c)
{
	for (size_t i = 0; i < c->count; i++)
		command_say("%s", c->text[i]);
	if (c->left_out)
		command_say("and %zu more", c->left_out);
}

struct config *
command_config(const struct options *o)
{
	struct config_source source = {
	    .file = o->config_file,
	    .run_root = o->run_root,
	    .sets = o->sets,
	};
	static struct diagnostics wrong; /* large, and zero: once is enough */
	struct config *c = config_read(&source, &wrong);

	command_complain(&wrong);
	return c;
}

/*
 * For the commands that look, and for stop: what is wrong in runner.conf is a
 * warning, and what could be read of it, above all run_root, is what they go
 * by.  NULL when there is nothing to go by.
 */
static struct config *
config_to_look(const struct options *o)
{
	struct config_source source = {
	    .file = o->config_file,
	    .run_root = o->run_root,
	};
	static struct diagnostics wrong;
	struct config *c = config_read(&source, &wrong);
	struct config *rest;

	if (c)
		return c;
	/* Whatever is wrong is said below. */
	rest = config_examine(&source, NULL, NULL, NULL);
	if (rest && rest->is_refused) {
		/* Nor is its word for where to look. */
		config_free(rest);
		rest = NULL;
	}
	if (!rest && o->run_root) {
		/* Where to look was said, whatever the file is. */
		source.file = "/dev/null";
		rest = config_examine(&source, NULL, NULL, NULL);
	}
	for (size_t i = 0; i < wrong.count; i++)
		command_say("%s%s", rest ? "warning: " : "", wrong.text[i]);
	return rest;
}

static int
cmd_help(const struct invocation *c)
{
	/* The parser has refused what is no command. */
	fputs(options_help(c->options->words[0]), stdout);
	return STATUS_DONE;
}

static int
cmd_version(const struct invocation *c)
{
	puts("runner " RUNNER_VERSION);
	return STATUS_DONE;
}

enum { CONFIG_NONE, CONFIG_GOOD, CONFIG_TO_LOOK };
enum { VIEW_NONE, VIEW_NAMED, VIEW_ALL };

static const struct {
	int (*run)(const struct invocation *);
	int config, view;
	bool needs_proc; /* what it does depends on who runs */
	bool has_runs;   /* the view has the histories too */
} commands[] = {
    [COMMAND_RUN] = {cmd_run, .needs_proc = true},
    [COMMAND_ONCE] = {cmd_run, .needs_proc = true},
    [COMMAND_START] = {cmd_start, CONFIG_GOOD, .needs_proc = true},
    [COMMAND_STOP] = {cmd_stop, CONFIG_TO_LOOK, .needs_proc = true},
    [COMMAND_NOW] = {cmd_now, CONFIG_TO_LOOK, VIEW_ALL, true},
    [COMMAND_PAUSE] = {cmd_pause, CONFIG_TO_LOOK, VIEW_ALL, true},
    [COMMAND_RESUME] = {cmd_pause, CONFIG_TO_LOOK, VIEW_ALL, true},
    [COMMAND_RELOAD] = {cmd_reload, CONFIG_GOOD, VIEW_NAMED, true},
    [COMMAND_STATUS] = {cmd_status, CONFIG_TO_LOOK, VIEW_NAMED},
    [COMMAND_FAILURES] = {cmd_failures, CONFIG_TO_LOOK, VIEW_ALL,
	.has_runs = true},
    [COMMAND_HISTORY] = {cmd_history, CONFIG_TO_LOOK, VIEW_ALL,
	.has_runs = true},
    [COMMAND_LOGS] = {cmd_logs, CONFIG_TO_LOOK, VIEW_NAMED, .has_runs = true},
    [COMMAND_CHECK] = {cmd_check},
    [COMMAND_SIGNATURE] = {cmd_signature},
    [COMMAND_REPORT] = {cmd_report, CONFIG_TO_LOOK, VIEW_ALL, .has_runs = true},
    [COMMAND_ACK] = {cmd_ack, CONFIG_TO_LOOK, VIEW_ALL},
    [COMMAND_TEST_NOTIFY] = {cmd_test_notify, CONFIG_GOOD},
    [COMMAND_VERSION] = {cmd_version},
    [COMMAND_HELP] = {cmd_help},
    [COMMAND_COMPLETE] = {cmd_complete},
};

int
command_run(const struct options *o)
{
	static const char *const every[] = {NULL};
	int config = commands[o->command].config;
	int view = commands[o->command].view;
	struct invocation c = {.options = o};
	bool needs_proc = commands[o->command].needs_proc;
	int status = STATUS_DONE;

	hold_standard_descriptors(commands[o->command].run == cmd_run);
	if ((config || needs_proc) && access("/proc/self/stat", R_OK)) {
		command_say("%s/proc is not mounted: what runs cannot be seen",
		    needs_proc ? "" : "warning: ");
		if (needs_proc)
			return STATUS_FAILED;
	}
	/* What the shell left open is not for the runners that it forks. */
	if (o->command == COMMAND_START)
		process_close_from(STDERR_FILENO + 1);
	if (config)
		c.config = config == CONFIG_GOOD ? command_config(o)
						 : config_to_look(o);
	if (config && !c.config)
		return STATUS_USAGE;
	if (view)
		status = gather_chains(&c.view, c.config,
		    view == VIEW_ALL ? every : o->words,
		    commands[o->command].has_runs);
	if (!status)
		status = command_printed(commands[o->command].run(&c));
	gather_free(c.view);
	config_free(c.config);
	return status;
}
