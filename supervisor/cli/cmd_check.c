/*
 * cmd_check: `runner check` says everything that is wrong with runner.conf, and
 * prints the settings in force.
 */
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>

#include "notify/template_check.h"

/* What was found, on standard error; then, if it can be used, the settings. */
static int
say(const struct config *c, const struct diagnostics *errors,
    const struct diagnostics *warnings)
{
	for (size_t i = 0; i < warnings->count; i++)
		command_fails(STATUS_DONE, "warning: %s", warnings->text[i]);
	if (warnings->left_out)
		command_fails(STATUS_DONE, "warning: and %zu more warnings",
		    warnings->left_out);
	command_complain(errors);
	if (!c || errors->count)
		return STATUS_USAGE;
	config_print(c, stdout);
	if (fflush(stdout) || ferror(stdout))
		return command_fails(STATUS_FAILED, "cannot write: %m");
	return STATUS_DONE;
}

int
cmd_check(const struct options *o)
{
	const struct config_source source = {
	    .file = o->config_file,
	    .run_root = o->run_root,
	};
	struct diagnostics *errors = calloc(1, sizeof(*errors));
	struct diagnostics *warnings = calloc(1, sizeof(*warnings));
	struct config *c = NULL;
	int status;

	if (errors && warnings) {
		c = config_examine(&source, o->words, errors, warnings);
		if (c && !errors->count)
			template_check(c, errors);
		status = say(c, errors, warnings);
	} else {
		status = command_fails(STATUS_FAILED, "out of memory");
	}
	free(errors);
	free(warnings);
	config_free(c);
	return status;
}
