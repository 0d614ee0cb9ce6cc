/*
 * runner status: how the chains are.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "gather.h"
#include "printout.h"
#include "terminal.h"
#include "watch.h"

static int
print_status(const struct options *o, struct config *config)
{
	struct view *v = gather_chains(config, o->words);
	struct printout p;
	struct screen s;
	bool is_written = true;
	int status;

	if (!v)
		return STATUS_USAGE;
	if (!printout_open(&p)) {
		gather_free(v);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	status = view_status(v);
	terminal_detect(&s);
	s.rows = 0; /* one can scroll */
	if (o->json)
		view_json(p.stream, v);
	else if (o->prometheus)
		is_written = !view_prometheus(p.stream, v);
	else
		view_table(p.stream, &s, v);
	gather_free(v);
	if (!is_written)
		status = command_fails(STATUS_FAILED, "out of memory");
	return printout_end(&p, status);
}

struct watched {
	const struct options *options;
	struct config *config;
};

static int
draw_status(FILE *out, const struct screen *s, void *data)
{
	const struct watched *w = data;
	struct view *v = gather_chains(w->config, w->options->words);
	struct screen below = *s;
	char now[40];

	if (!v)
		return -1;
	view_format_time(s->wall_ms, now);
	screen_tint(out, s, TINT_FAINT);
	fprintf(out, "%s UTC%s", now, s->is_terminal ? ", q ends" : "");
	screen_plain(out, s);
	fputs("\n", out);
	below.rows = s->rows > 1 ? s->rows - 1 : s->rows;
	view_table(out, &below, v);
	gather_free(v);
	return 0;
}

static int
watch_status(const struct options *o, struct config *config)
{
	struct watched w = {.options = o, .config = config};
	struct view *v = gather_chains(config, o->words);

	/* A word that is no chain is said before the screen is taken. */
	if (!v)
		return STATUS_USAGE;
	gather_free(v);
	if (watch(draw_status, &w))
		return command_fails(STATUS_FAILED, "cannot write: %m");
	return STATUS_DONE;
}

int
cmd_status(const struct options *o)
{
	struct config *config = command_config_to_look(o);
	int status;

	if (!config)
		return STATUS_USAGE;
	status = o->watch ? watch_status(o, config) : print_status(o, config);
	config_free(config);
	return status;
}
