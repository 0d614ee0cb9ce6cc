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
print_status(const struct options *o, const struct view *v)
{
	struct printout p;
	struct screen s;
	bool is_written = true;
	int status = view_status(v);

	if (!printout_open(&p))
		return command_fails(STATUS_FAILED, "out of memory");
	terminal_detect(&s);
	s.rows = 0; /* one can scroll */
	if (o->json)
		view_json(p.stream, v);
	else if (o->prometheus)
		is_written = !view_prometheus(p.stream, v);
	else
		view_table(p.stream, &s, v);
	if (!is_written)
		status = command_fails(STATUS_FAILED, "out of memory");
	return printout_end(&p, status);
}

static int
draw_status(FILE *out, const struct screen *s, void *data)
{
	const struct invocation *c = data;
	struct screen below = *s;
	struct view *v;
	char now[40];

	if (gather_chains(&v, c->config, c->options->words, false))
		return -1;
	units_format_time(s->wall_ms, now);
	screen_tint(out, s, TINT_FAINT);
	fprintf(out, "%s UTC%s", now, s->is_terminal ? ", q ends" : "");
	screen_plain(out, s);
	fputs("\n", out);
	below.rows = s->rows > 1 ? s->rows - 1 : s->rows;
	view_table(out, &below, v);
	gather_free(v);
	return 0;
}

int
cmd_status(const struct invocation *c)
{
	if (!c->options->watch)
		return print_status(c->options, c->view);
	if (watch(draw_status, (void *)c))
		return command_fails(STATUS_FAILED, "cannot write: %m");
	return STATUS_DONE;
}
