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
print_runs(const struct options *o, FILE *out, const char *run_root,
    const struct run_view *runs, size_t count)
{
	struct screen s;

	terminal_detect(&s);
	if (o->json) {
		view_runs_json(out, runs, count);
		return;
	}
	if (!count) {
		fprintf(out, "No run is kept in %s.\n", run_root);
		return;
	}
	view_runs_table(
	    out, &s, runs, count, s.is_terminal ? SHOWN_ON_TERMINAL : count);
	if (s.is_terminal)
		view_runs_plot(out, &s, runs, count);
}

int
cmd_history(const struct invocation *c)
{
	struct failure_list failures;
	struct run_view *runs = NULL;
	struct selector *all;
	struct printout p;
	bool is_short = gather_warn(c->view);
	size_t count;

	/* They only help to know the names of tasks. */
	gather_failures(&failures, c->config->run_root);
	all =
	    gather_selectors(c->config, c->view, &failures, c->options->words);
	free(failures.list);
	if (!all)
		return STATUS_USAGE;
	runs = gather_runs(c->view, all, &count);
	free(all);
	if (!runs || !printout_open(&p)) {
		free(runs);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	is_short = is_short && !count;
	if (!is_short || c->options->json)
		print_runs(
		    c->options, p.stream, c->config->run_root, runs, count);
	free(runs);
	return printout_end(&p, is_short ? STATUS_FAILED : STATUS_DONE);
}
