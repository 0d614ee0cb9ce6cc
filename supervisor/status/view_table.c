#include "view_table.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "runner_version.h"

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
	if (at && *at->chain.version &&
	    strcmp(at->chain.version, RUNNER_VERSION) != 0)
		text_addf(line, ", runner %s", at->chain.version);
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
	else if (c->is_hidden)
		text_add_string(line, "unknown");
	else if (!c->snapshot && !c->fault)
		text_add_string(line, "stopped, never ran");
	else if (chain_view_is_missed(c) && c->snapshot &&
		 !c->snapshot->chain.is_ended)
		text_add_string(line, "stopped: its runner died");
	else
		text_add_string(line, chain_view_is_once_over(c)
					  ? "ended, it ran once"
					  : "stopped");
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
	fprintf(out, "%*s", SCREEN_GAP, "");
	screen_line(out, s,
	    c->is_running             ? TINT_GOOD
	    : chain_view_is_missed(c) ? TINT_BAD
				      : TINT_FAINT,
	    buffer, s->columns - used - SCREEN_GAP);
}

/* "t paused until ...; runner resume a/t (by alice, since ...)". */
static void
put_pause(FILE *out, const struct screen *s, const struct chain_view *c,
    const struct pause *p)
{
	char since[40], until[40] = "";
	const struct passwd *user = getpwuid(p->user);

	units_format_time(p->since_wall_ms, since);
	if (p->until_wall_ms)
		units_format_time(p->until_wall_ms, until);
	table_note(out, s, TINT_WARN,
	    "%s%spaused%s%s; runner resume %s%s%s (by %s, since %s)", p->task,
	    *p->task ? " " : "", *until ? " until " : "", until, c->name,
	    *p->task ? "/" : "", p->task, user ? user->pw_name : "?", since);
}

/* What an operator must know of its runner. */
static void
put_runner_notes(
    FILE *out, const struct screen *s, const struct chain_record *c)
{
	if (c->log_error)
		table_note(out, s, TINT_BAD, "its log %s takes nothing: %s",
		    *c->log_file ? c->log_file : "(stderr)",
		    strerror(c->log_error));
	if (*c->lease_fault)
		table_note(out, s, TINT_BAD, "the lease cannot be had: %s",
		    c->lease_fault);
}

/* What an operator must know of the chain as a whole. */
static void
put_notes(FILE *out, const struct screen *s, const struct chain_view *c)
{
	const struct chain_record *at =
	    c->snapshot ? &c->snapshot->chain : NULL;
	char span[UNITS_TEXT_SIZE];

	if (c->fault)
		table_note(out, s, TINT_BAD, "%s", c->fault);
	if (c->is_removed)
		table_note(out, s, TINT_WARN,
		    "it is declared no more; runner stop %s%s",
		    c->is_running ? "" : "--forget ", c->name);
	if (c->other_says)
		table_note(out, s, TINT_BAD, "%s", c->other_says);
	for (size_t i = 0; c->pauses && i < c->pauses->count; i++)
		put_pause(out, s, c, &c->pauses->list[i]);
	if (at && c->is_running)
		put_runner_notes(out, s, at);
	if (at && at->outbox_waiting) {
		units_format_span(s->wall_ms - at->outbox_oldest_wall_ms, span);
		table_note(out, s, TINT_WARN,
		    "outbox: %" PRIu32 " wait%s for %s%s%s", at->outbox_waiting,
		    at->outbox_waiting == 1 ? "s" : "", span,
		    *at->outbox_answer ? ": " : "", at->outbox_answer);
	}
	for (size_t i = 0; i < c->refused_count; i++) {
		const struct refused_channel *r = &c->refused[i];

		table_note(out, s, TINT_BAD,
		    "%s refused %zu message%s for good: %s (runner test-notify "
		    "when that is corrected)",
		    r->channel, r->count, r->count == 1 ? "" : "s",
		    *r->answer ? r->answer : "without a word");
	}
}

static void
put_chain(FILE *out, const struct screen *s, const struct table_layout *l,
    const struct chain_view *c, bool is_cut)
{
	const struct task_record *t;
	struct task_record idle;

	put_chain_line(out, s, c);
	put_notes(out, s, c);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; (t = chain_view_task(c, i, &idle)); i++)
			if (is_cut ? task_is_failing(t) == !round : !round)
				table_task(out, s, l, c, t);
}

/* "3 chains: 2 run, 1 does not; 1 task fails; 4 messages wait". */
static void
put_summary(
    FILE *out, const struct screen *s, const struct view *v, size_t left_out)
{
	size_t running = 0, missed = 0, failing = 0, waiting = 0;
	char buffer[TABLE_LINE_SIZE];
	struct text line;

	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];

		running += c->is_running;
		missed += chain_view_is_missed(c);
		for (size_t j = 0; c->snapshot && chain_view_fails(c) &&
				   j < c->snapshot->task_count;
		     j++)
			failing += task_is_failing(&c->snapshot->tasks[j]);
		waiting += c->snapshot ? c->snapshot->chain.outbox_waiting : 0;
	}
	text_init(&line, buffer, sizeof(buffer));
	text_addf(&line, "%zu chain%s: %zu run%s", v->count,
	    v->count == 1 ? "" : "s", running, running == 1 ? "s" : "");
	if (missed)
		text_addf(
		    &line, ", %zu do%s not", missed, missed == 1 ? "es" : "");
	if (failing)
		text_addf(&line, "; %zu task%s", failing,
		    failing == 1 ? " fails" : "s fail");
	if (waiting)
		text_addf(&line, "; %zu message%s", waiting,
		    waiting == 1 ? " waits" : "s wait");
	if (left_out)
		text_addf(&line, "; %zu line%s not shown", left_out,
		    left_out == 1 ? "" : "s");
	screen_line(out, s,
	    missed || failing ? TINT_BAD
	    : waiting         ? TINT_WARN
			      : TINT_FAINT,
	    buffer, s->columns);
}

/* All chains; what fails first when not all of it will be shown. */
static void
put_chains(FILE *out, const struct screen *s, const struct table_layout *l,
    const struct view *v, bool is_cut)
{
	for (int wanted = 2; wanted >= 0; wanted--)
		for (size_t i = 0; i < v->count; i++) {
			const struct chain_view *c = &v->chains[i];
			int badness =
			    chain_view_is_missed(c) ? 2 : chain_view_fails(c);

			if (wanted == (is_cut ? badness : 2))
				put_chain(out, s, l, c, is_cut);
		}
}

/* Copies the first `most` lines; returns how many there are. */
static size_t
put_lines(FILE *out, const char *lines, size_t most)
{
	size_t count = 0;

	for (; *lines; count++) {
		size_t n = strcspn(lines, "\n") + 1;

		if (count < most)
			fwrite(lines, n, 1, out);
		lines += n;
	}
	return count;
}

void
view_table(FILE *out, const struct screen *s, const struct view *v)
{
	struct table_layout l = table_lay_out(s, v);
	/* The title and the summary have their lines. */
	size_t most = s->rows > 2 ? s->rows - 2 : s->rows ? 1 : SIZE_MAX;
	size_t size, count = 0;
	char *lines = NULL;
	FILE *page;

	if (!v->count) {
		fprintf(out, "No chain has run in %s, and %s.\n", v->run_root,
		    v->config_file ? "runner.conf declares none"
				   : "there is no runner.conf");
		return;
	}
	table_title(out, s, &l);
	for (int is_cut = 0; is_cut < 2; is_cut++) {
		page = open_memstream(&lines, &size);
		if (!page)
			return;
		put_chains(page, s, &l, v, is_cut);
		if (!fclose(page)) {
			count = put_lines(out, lines, 0);
			if (count <= most || is_cut)
				put_lines(out, lines, most);
		}
		free(lines);
		lines = NULL;
		if (count <= most)
			break;
	}
	put_summary(out, s, v, count > most ? count - most : 0);
}
