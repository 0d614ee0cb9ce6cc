/* `runner history` as a table and as bars for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "view.h"

enum {
	TIME_COLUMNS = 19,
	TASK_COLUMNS_MAX = 20,
	DURATION_COLUMNS = 9,
	LABEL_COLUMNS = 9,
	PLOT_ROWS = 4,
	LINE_SIZE = 1024,
};

static size_t
task_columns(const struct screen *s, const struct run_view *runs, size_t count)
{
	size_t widest = 4;

	for (size_t i = 0; i < count; i++) {
		size_t w = screen_width(s, runs[i].task);

		widest = w > widest ? w : widest;
	}
	return widest > TASK_COLUMNS_MAX ? TASK_COLUMNS_MAX : widest;
}

static void
put_run(FILE *out, const struct screen *s, const struct run_view *v,
    size_t name, size_t rest)
{
	char text[UNITS_TEXT_SIZE], result[VIEW_RESULT_SIZE], line[LINE_SIZE];
	struct outcome o = run_record_outcome(v->run);

	units_format_time(v->run->started_wall_ms, text);
	screen_column(out, s, TINT_NONE, text, TIME_COLUMNS);
	screen_column(out, s, TINT_NONE, v->task, name);
	view_format_duration(v->run->duration_ms, text);
	screen_cell_right(out, s, text, DURATION_COLUMNS);
	fprintf(out, "%*s", SCREEN_GAP, "");
	/* "exit 3: no route to host" */
	view_format_result(&o, result);
	snprintf(line, sizeof(line), "%s%s%s", result,
	    *v->run->message ? ": " : "", v->run->message);
	screen_line(out, s, o.is_success ? TINT_GOOD : TINT_BAD, line, rest);
}

void
view_runs_table(FILE *out, const struct screen *s, const struct run_view *runs,
    size_t count, size_t shown)
{
	size_t first = count > shown ? count - shown : 0;
	size_t name = task_columns(s, runs + first, count - first);
	size_t used = TIME_COLUMNS + name + DURATION_COLUMNS + 3 * SCREEN_GAP;
	size_t rest = s->columns > used ? s->columns - used : 1;

	screen_tint(out, s, TINT_FAINT);
	screen_column(out, s, TINT_NONE, "START (UTC)", TIME_COLUMNS);
	screen_column(out, s, TINT_NONE, "TASK", name);
	screen_cell_right(out, s, "DURATION", DURATION_COLUMNS);
	fprintf(out, "%*s", SCREEN_GAP, "");
	screen_put(out, s, "RESULT", rest);
	screen_plain(out, s);
	putc('\n', out);
	for (size_t i = first; i < count; i++)
		put_run(out, s, &runs[i], name, rest);
	if (first)
		fprintf(
		    out, "(the last %zu of %zu runs)\n", count - first, count);
}

/* ---- the plot ---- */

/* The runs of one task, oldest first. */
struct series {
	const struct run_view **runs;
	size_t count;
	int64_t max_ms;
};

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* "send_mail: 40 runs, 3 failed; 800 ms to 12 s, median 1 s". */
static void
put_summary(FILE *out, const struct screen *s, const struct series *p,
    int64_t *sorted_ms)
{
	char line[LINE_SIZE], least[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
	char median[UNITS_TEXT_SIZE];
	size_t failed = 0;

	for (size_t i = 0; i < p->count; i++) {
		sorted_ms[i] = p->runs[i]->run->duration_ms;
		failed += !(p->runs[i]->run->flags & RUN_SUCCESS);
	}
	qsort(sorted_ms, p->count, sizeof(*sorted_ms), by_number);
	view_format_duration(sorted_ms[0], least);
	view_format_duration(sorted_ms[p->count - 1], most);
	view_format_duration(sorted_ms[p->count / 2], median);
	snprintf(line, sizeof(line),
	    "%s: %zu run%s, %zu failed; %s to %s, median %s", p->runs[0]->task,
	    p->count, p->count == 1 ? "" : "s", failed, least, most, median);
	screen_line(out, s, TINT_BOLD, line, s->columns);
}

/*
 * What one run looks like in one row: its bar fills the rows below its height,
 * in eighths with block characters, in thirds without.
 */
static const char *
bar_piece(const struct screen *s, int64_t ms, int64_t max_ms, size_t row)
{
	static const char *const blocks[] = {" ", "\xe2\x96\x81",
	    "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84", "\xe2\x96\x85",
	    "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88"};
	static const char *const plain[] = {" ", ".", ":", "|"};
	int64_t steps = s->is_utf8 ? 8 : 3;
	int64_t level = max_ms ? ms * steps * PLOT_ROWS / max_ms : 0;

	/* The shortest run is still seen. */
	level = level < 1 ? 1 : level;
	level -= (int64_t)row * steps;
	level = level < 0 ? 0 : level > steps ? steps : level;
	return s->is_utf8 ? blocks[level] : plain[level];
}

static void
put_axis(FILE *out, const struct screen *s, const char *label)
{
	screen_tint(out, s, TINT_FAINT);
	screen_cell_right(out, s, label, LABEL_COLUMNS);
	fputs(s->is_utf8 ? " \xe2\x94\x82" : " |", out);
	screen_plain(out, s);
}

static void
put_bars(FILE *out, const struct screen *s, const struct series *p, size_t row)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct run_record *r = p->runs[i]->run;

		screen_tint(
		    out, s, r->flags & RUN_SUCCESS ? TINT_GOOD : TINT_BAD);
		fputs(bar_piece(s, r->duration_ms, p->max_ms, row), out);
	}
	screen_plain(out, s);
	putc('\n', out);
}

/* Below the bars: which of them failed, for those who see no colour. */
static void
put_marks(FILE *out, const struct screen *s, const struct series *p)
{
	put_axis(out, s, "failed");
	for (size_t i = 0; i < p->count; i++) {
		bool is_success = p->runs[i]->run->flags & RUN_SUCCESS;

		screen_tint(out, s, is_success ? TINT_NONE : TINT_BAD);
		putc(is_success ? ' ' : 'x', out);
		if (!is_success)
			screen_plain(out, s);
	}
	putc('\n', out);
}

static void
put_plot(FILE *out, const struct screen *s, struct series *p)
{
	size_t room = s->columns - LABEL_COLUMNS - 2;
	char most[UNITS_TEXT_SIZE];

	if (p->count > room) {
		p->runs += p->count - room;
		p->count = room;
	}
	for (size_t i = 0; i < p->count; i++)
		if (p->runs[i]->run->duration_ms > p->max_ms)
			p->max_ms = p->runs[i]->run->duration_ms;
	view_format_duration(p->max_ms, most);
	for (size_t row = PLOT_ROWS; row-- > 0;) {
		put_axis(out, s,
		    row == PLOT_ROWS - 1 ? most
		    : row                ? ""
					 : "0 s");
		put_bars(out, s, p, row);
	}
	put_marks(out, s, p);
}

/* Is this the first run of its task? */
static bool
begins_series(const struct run_view *runs, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (runs[i].task == runs[index].task)
			return false;
	return true;
}

void
view_runs_plot(FILE *out, const struct screen *s, const struct run_view *runs,
    size_t count)
{
	const struct run_view **of_task = calloc(count + 1, sizeof(*of_task));
	int64_t *sorted_ms = calloc(count + 1, sizeof(*sorted_ms));

	for (size_t i = 0; of_task && sorted_ms && i < count; i++) {
		struct series p = {.runs = of_task};

		if (!begins_series(runs, i))
			continue;
		for (size_t j = i; j < count; j++)
			if (runs[j].task == runs[i].task)
				of_task[p.count++] = &runs[j];
		putc('\n', out);
		put_summary(out, s, &p, sorted_ms);
		put_plot(out, s, &p);
	}
	free(of_task);
	free(sorted_ms);
}
