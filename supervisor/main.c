/*
 * main: the command line is read and carried out.
 */
#include <signal.h>

#include "cli/commands.h"
#include "cli/options.h"

int
main(int argc, char **argv)
{
	struct options options;
	char why[1024];
	int status;

	/* Whoever reads us may go: that is an errno, not an end. */
	signal(SIGPIPE, SIG_IGN);
	if (options_parse(&options, argc, argv, why, sizeof(why)))
		return command_fails(STATUS_USAGE, "%s", why);
	status = command_run(&options);
	options_release(&options);
	return status;
}
