/*
 * cmd_check: `runner check` says everything that is wrong with runner.conf, and
 * prints the settings in force.
 */
#include <stdio.h>

#include "commands.h"
#include "elsewhere.h"
#include "notify/delivery.h"

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/*
 * What was found, on standard error; if it can be used, the settings; and what
 * to make of it, as the last line.
 */
static int
say(const struct config *c, bool is_all, const struct diagnostics *errors,
    const struct diagnostics *warnings)
{
	const char *file = c && c->file ? c->file : "the configuration";
	size_t error_count = errors->count + errors->left_out;
	size_t warning_count = warnings->count + warnings->left_out;
	size_t tasks = c ? config_task_count(c) : 0;

	for (size_t i = 0; i < warnings->count; i++)
		command_say("warning: %s", warnings->text[i]);
	if (warnings->left_out)
		command_say(
		    "warning: and %zu more warnings", warnings->left_out);
	command_complain(errors);
	if (!c)
		return STATUS_USAGE;
	if (error_count)
		return command_fails(STATUS_USAGE,
		    "%s cannot be used: %zu error%s", file, error_count,
		    plural(error_count));
	config_print(c, stdout, is_all);
	printf("\n# %s can be used: %zu chain%s, %zu task%s", file,
	    c->chain_count, plural(c->chain_count), tasks, plural(tasks));
	if (warning_count)
		printf(", %zu warning%s", warning_count, plural(warning_count));
	puts("");
	return STATUS_DONE;
}

/* A chain that runs with this file, but where no command will look for it. */
static void
look_elsewhere(const struct config *c, struct diagnostics *warnings)
{
	struct runners runners = {0};
	char text[ELSEWHERE_SIZE];

	for (size_t i = 0; i < c->chain_count; i++) {
		const struct runner *r =
		    elsewhere_find(&runners, c, c->chains[i].name);

		if (!r)
			continue;
		elsewhere_describe(r, text);
		diagnostics_add(
		    warnings, "chain %s: %s", c->chains[i].name, text);
	}
	runners_free(&runners);
}

int
cmd_check(const struct invocation *command)
{
	const struct options *o = command->options;
	const struct config_source source = {
	    .file = o->config_file,
	    .run_root = o->run_root,
	};
	static struct diagnostics errors, warnings;
	struct config *c =
	    config_examine(&source, o->words, &errors, &warnings);
	int status;

	if (c && !errors.count)
		template_check(c, &errors);
	if (c && !o->run_root)
		look_elsewhere(c, &warnings);
	status = say(c, o->all, &errors, &warnings);
	config_free(c);
	return status;
}
