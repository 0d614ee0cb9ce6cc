/*
 * main: the command word is looked up and carried out.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "runner_version.h"

static int
print_text(const char *text)
{
	fputs(text, stdout);
	if (fflush(stdout))
		return command_fails(STATUS_FAILED, "cannot write: %m");
	return STATUS_DONE;
}

static int
cmd_help(const struct options *o)
{
	const char *text = options_help(o->words[0]);

	if (!text)
		return command_fails(STATUS_USAGE,
		    "there is no command '%s'; see runner --help", o->words[0]);
	return print_text(text);
}

static int
cmd_version(const struct options *o)
{
	return print_text("runner " RUNNER_VERSION "\n");
}

int
main(int argc, char **argv)
{
	static int (*const commands[])(const struct options *) = {
	    [COMMAND_RUN] = cmd_run,
	    [COMMAND_ONCE] = cmd_run,
	    [COMMAND_START] = cmd_start,
	    [COMMAND_STOP] = cmd_stop,
	    [COMMAND_NOW] = cmd_now,
	    [COMMAND_PAUSE] = cmd_pause,
	    [COMMAND_RESUME] = cmd_pause,
	    [COMMAND_RELOAD] = cmd_reload,
	    [COMMAND_STATUS] = cmd_status,
	    [COMMAND_FAILURES] = cmd_failures,
	    [COMMAND_HISTORY] = cmd_history,
	    [COMMAND_LOGS] = cmd_logs,
	    [COMMAND_CHECK] = cmd_check,
	    [COMMAND_SIGNATURE] = cmd_signature,
	    [COMMAND_REPORT] = cmd_report,
	    [COMMAND_ACK] = cmd_ack,
	    [COMMAND_TEST_NOTIFY] = cmd_test_notify,
	    [COMMAND_VERSION] = cmd_version,
	    [COMMAND_HELP] = cmd_help,
	    [COMMAND_COMPLETE] = cmd_complete,
	};
	struct options options;
	char why[1024];
	int status;

	/* Whoever reads us may go: that is an errno, not an end. */
	signal(SIGPIPE, SIG_IGN);
	if (options_parse(&options, argc, argv, why, sizeof(why)))
		return command_fails(STATUS_USAGE, "%s", why);
	status = commands[options.command](&options);
	options_release(&options);
	return status;
}
