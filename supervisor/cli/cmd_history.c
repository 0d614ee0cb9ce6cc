/*
 * runner history: the last runs.
 */
#include <stdlib.h>

#include "commands.h"
#include "gather.h"
#include "printout.h"
#include "terminal.h"

/* A terminal shows the last runs and a plot; elsewhere all are printed. */
enum { SHOWN_ON_TERMINAL = 20 };

static void
print_runs(const struct options *o, FILE *out, const struct run_view *runs,
    size_t count)
{
	struct screen s;

	terminal_detect(&s);
	if (o->json) {
		view_runs_json(out, runs, count);
		return;
	}
	view_runs_table(
	    out, &s, runs, count, s.is_terminal ? SHOWN_ON_TERMINAL : count);
	if (s.is_terminal)
		view_runs_plot(out, &s, runs, count);
}

static int
print_history(const struct options *o, struct config *config,
    const struct view *v, const struct failure_list *failures)
{
	struct selector *all = gather_selectors(config, v, failures, o->words);
	struct run_view *runs = NULL;
	struct printout p;
	size_t count;

	if (!all)
		return STATUS_USAGE;
	runs = gather_runs(v, all, &count);
	free(all);
	if (!runs || !printout_open(&p)) {
		free(runs);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	print_runs(o, p.stream, runs, count);
	free(runs);
	return printout_end(&p, STATUS_DONE);
}

int
cmd_history(const struct options *o)
{
	static const char *const all[] = {NULL};
	struct config *config = command_config_to_look(o);
	struct failure_list failures;
	struct view *v;
	int status;

	if (!config)
		return STATUS_USAGE;
	v = gather_chains(config, all);
	if (!v) {
		config_free(config);
		return STATUS_FAILED;
	}
	gather_warn(v);
	/* They only help to know the names of tasks. */
	gather_failures(&failures, config->run_root);
	status = print_history(o, config, v, &failures);
	free(failures.list);
	gather_free(v);
	config_free(config);
	return status;
}
