/*
 * runner stop: ends chains, and returns when nothing of theirs is left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chains.h"
#include "commands.h"
#include "owner/takeover.h"
#include "terminal.h"

static int
stop_chain(const struct config *config, const char *name)
{
	bool is_terminal = isatty(STDERR_FILENO);
	char why[512];
	int result = takeover_stop(config->run_root, name,
	    is_terminal ? terminal_show_waiting : NULL, (void *)name, why,
	    sizeof(why));

	if (is_terminal)
		terminal_show_waiting(NULL, -1, 0, NULL);
	if (result < 0)
		return command_fails(STATUS_FAILED, "%s", why);
	printf(result ? "%s is not running\n" : "Stopped %s\n", name);
	fflush(stdout);
	return STATUS_DONE;
}

int
cmd_stop(const struct options *o)
{
	struct config *config = command_config(o);
	char **names;
	int status = STATUS_DONE;

	if (!config)
		return STATUS_USAGE;
	names = chains_select(config, o->words, CHAINS_KNOWN);
	for (size_t i = 0; names && names[i]; i++)
		status |= stop_chain(config, names[i]);
	if (!names)
		status = STATUS_USAGE;
	else if (!names[0])
		status = command_fails(STATUS_USAGE,
		    "no chain is declared, and none runs in %s",
		    config->run_root);
	free(names);
	config_free(config);
	return status;
}
