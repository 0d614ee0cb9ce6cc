/*
 * runner stop: ends chains, and returns when nothing of theirs is left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chains.h"
#include "commands.h"
#include "takeover.h"

/* On a terminal: what is waited for, in one line that is drawn over. */
static void
show_progress(
    const struct snapshot *s, int64_t waited_ms, int64_t limit_ms, void *chain)
{
	const char *what = chain;
	long pid = s ? s->chain.pid : 0;

	if (s && s->chain.current_task >= 0 && s->chain.run_pid &&
	    (size_t)s->chain.current_task < s->task_count) {
		what = s->tasks[s->chain.current_task].name;
		pid = s->chain.run_pid;
	}
	if (waited_ms >= 500)
		fprintf(stderr,
		    "\r\033[Kwaiting for %s (pid %ld), %d s of %d s", what, pid,
		    (int)(waited_ms / 1000), (int)(limit_ms / 1000));
}

static int
stop_chain(const struct config *config, const char *name)
{
	bool is_terminal = isatty(STDERR_FILENO);
	char why[512];
	int result = takeover_stop(config->run_root, name,
	    is_terminal ? show_progress : NULL, (void *)name, why, sizeof(why));

	if (is_terminal)
		fprintf(stderr, "\r\033[K");
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
