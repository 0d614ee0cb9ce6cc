#include "view_table.h"

#include <inttypes.h>

#include "base/text.h"
#include "base/units.h"

enum { GAP = 2 };

/* "running, pid 4711, up 2 d 3 h; send_mail for 12 s". */
static void
describe_running(
    struct text *line, const struct screen *s, const struct chain_view *c)
{
	const struct snapshot *at = c->snapshot;
	char span[UNITS_TEXT_SIZE];
	const struct task_record *t;

	text_add_string(line, "running");
	if (c->pid)
		text_addf(line, ", pid %d", (int)c->pid);
	if (at && at->chain.since_wall_ms) {
		units_format_span(s->wall_ms - at->chain.since_wall_ms, span);
		text_addf(line, ", up %s", span);
	}
	if (at && at->chain.is_stopping)
		text_add_string(line, ", stopping");
	if (!at || at->chain.current_task < 0)
		return;
	t = &at->tasks[at->chain.current_task];
	if (t->phase == PHASE_RUNNING && t->running_since_wall_ms) {
		units_format_span(s->wall_ms - t->running_since_wall_ms, span);
		text_addf(line, "; %s for %s", t->name, span);
	}
}

static void
describe_chain(
    struct text *line, const struct screen *s, const struct chain_view *c)
{
	if (c->is_running)
		describe_running(line, s, c);
	else if (!c->snapshot && !c->fault)
		text_add_string(line, "stopped, never ran");
	else if (chain_view_is_missed(c) && c->snapshot &&
		 !c->snapshot->chain.is_ended)
		text_add_string(line, "stopped: its runner died");
	else
		text_add_string(line, "stopped");
}

static void
put_chain_line(FILE *out, const struct screen *s, const struct chain_view *c)
{
	char buffer[TABLE_LINE_SIZE];
	struct text line;
	size_t used;

	text_init(&line, buffer, sizeof(buffer));
	describe_chain(&line, s, c);
	screen_tint(out, s, TINT_BOLD);
	used = screen_put(out, s, c->name, s->columns * 2 / 3);
	screen_plain(out, s);
	fprintf(out, "%*s", GAP, "");
	screen_tint(out, s,
	    c->is_running             ? TINT_GOOD
	    : chain_view_is_missed(c) ? TINT_BAD
				      : TINT_FAINT);
	screen_put(out, s, buffer, s->columns - used - GAP);
	screen_plain(out, s);
	putc('\n', out);
}

static void
put_outbox(FILE *out, const struct screen *s, const struct chain_record *c)
{
	char line[TABLE_LINE_SIZE], span[UNITS_TEXT_SIZE];

	if (!c->outbox_waiting)
		return;
	units_format_span(s->wall_ms - c->outbox_oldest_wall_ms, span);
	snprintf(line, sizeof(line), "outbox: %" PRIu32 " wait%s for %s%s%s",
	    c->outbox_waiting, c->outbox_waiting == 1 ? "s" : "", span,
	    *c->outbox_answer ? ": " : "", c->outbox_answer);
	table_note(out, s, TINT_WARN, line);
}

static void
put_chain(FILE *out, const struct screen *s, const struct table_layout *l,
    const struct chain_view *c)
{
	const struct snapshot *at = c->snapshot;
	struct task_record idle = {0};

	put_chain_line(out, s, c);
	if (c->fault)
		table_note(out, s, TINT_BAD, c->fault);
	if (at)
		put_outbox(out, s, &at->chain);
	for (size_t i = 0; at && i < at->task_count; i++)
		table_task(out, s, l, c, &at->tasks[i]);
	for (size_t i = 0; !at && c->task_names && c->task_names[i]; i++) {
		snprintf(idle.name, sizeof(idle.name), "%s", c->task_names[i]);
		table_task(out, s, l, c, &idle);
	}
}

void
view_table(FILE *out, const struct screen *s, const struct view *v)
{
	struct table_layout l = table_lay_out(s, v);

	if (!v->count) {
		fputs("No chain has run here, and none is declared.\n", out);
		return;
	}
	table_title(out, s, &l);
	for (size_t i = 0; i < v->count; i++)
		put_chain(out, s, &l, &v->chains[i]);
}
