/*
 * A task's story in the report: runs on a time line, durations as bars,
 * downtimes as a table.
 */
#include <string.h>

#include "base/units.h"
#include "view_html.h"

/*
 * The drawings hold no text: they are stretched to the page's width, and words
 * would be stretched with them.  Axes are HTML beside them; each bar tells its
 * run in a <title>, which a pointer or a screen reader shows.
 */

enum {
	WIDTH = 10000, /* units of a drawing, as wide as the page */
	HEIGHT = 100,
	RUN_WIDTH_MIN = 20, /* so that a short run is seen */
	FAIL_TOP = 8,
	OK_TOP = 30,
	BARS_MAX = 160,
	BAR_PIXELS = 12,  /* the widest: a few runs make a small drawing */
	LINE_SLOTS = 400, /* runs of one result within one are drawn as one */
	TICKS = 3,
	DOWNTIMES_SHOWN = 20,
};

/* The run, or the newest of so many that are drawn as one. */
static void
put_title(FILE *out, const struct run_view *v, size_t count)
{
	struct outcome o = run_record_outcome(v->run);
	char when[40], result[VIEW_RESULT_SIZE], span[UNITS_TEXT_SIZE];

	units_format_time(v->run->started_wall_ms, when);
	view_format_result(&o, result);
	view_format_duration(v->run->duration_ms, span);
	html(out, "<title>");
	if (count > 1)
		html(out, "%z runs, the last: ", count);
	html(out, "%s UTC, %s, %s%s%s</title>", when, span, result,
	    *v->run->message ? ": " : "", v->run->message);
}

static bool
is_success(const struct run_view *v)
{
	return v->run->flags & RUN_SUCCESS;
}

bool
story_next_downtime(const struct task_story *t, size_t *at, struct downtime *d)
{
	size_t i = *at;
	const struct run_view *first;

	while (i < t->run_count && is_success(t->runs[i]))
		i++;
	if (i >= t->run_count)
		return false;
	first = t->runs[i];
	*d = (struct downtime){
	    .from_wall_ms = first->run->started_wall_ms,
	    .first = first,
	};
	for (; i < t->run_count && !is_success(t->runs[i]); i++)
		d->failures++;
	if (i < t->run_count)
		d->to_wall_ms = t->runs[i]->run->started_wall_ms;
	/* It may be older than the runs that are kept. */
	else if (t->task->policy.is_down &&
		 t->task->policy.down_since_wall_ms < d->from_wall_ms &&
		 d->failures == t->run_count)
		d->from_wall_ms = t->task->policy.down_since_wall_ms;
	*at = i;
	return true;
}

static int64_t
x_of(const struct task_story *t, int64_t wall_ms)
{
	int64_t span_ms = t->wall_ms - t->from_wall_ms;

	if (span_ms <= 0 || wall_ms <= t->from_wall_ms)
		return 0;
	if (wall_ms >= t->wall_ms)
		return WIDTH;
	return (int64_t)((double)(wall_ms - t->from_wall_ms) / (double)span_ms *
			 WIDTH);
}

static void
put_down_bands(FILE *out, const struct task_story *t)
{
	struct downtime d;
	size_t at = 0;

	while (story_next_downtime(t, &at, &d)) {
		int64_t x = x_of(t, d.from_wall_ms);
		int64_t end =
		    d.to_wall_ms ? x_of(t, d.to_wall_ms) : (int64_t)WIDTH;

		html(out,
		    "<rect class=\"down\" x=\"%n\" y=\"0\" width=\"%n\" "
		    "height=\"%d\"/>",
		    x, end > x ? end - x : INT64_C(1), HEIGHT);
	}
}

/* The runs from `from` up to `to`, which are drawn as one. */
static void
put_line_runs(FILE *out, const struct task_story *t, size_t from, size_t to)
{
	const struct run_view *v = t->runs[from], *last = t->runs[to - 1];
	int64_t x = x_of(t, v->run->started_wall_ms);
	int64_t width =
	    x_of(t, last->run->started_wall_ms + last->run->duration_ms) - x;
	int top = is_success(v) ? OK_TOP : FAIL_TOP;

	if (width < RUN_WIDTH_MIN)
		width = RUN_WIDTH_MIN;
	if (x + width > WIDTH)
		x = WIDTH - width;
	html(out,
	    "<rect class=\"%s\" x=\"%n\" y=\"%d\" width=\"%n\" "
	    "height=\"%d\">",
	    is_success(v) ? "ok" : "fail", x, top, width, HEIGHT - 2 * top);
	put_title(out, last, to - from);
	fputs("</rect>\n", out);
}

/* The end of the runs that are drawn together with the one at `from`. */
static size_t
end_of_slot(const struct task_story *t, size_t from)
{
	bool is_good = is_success(t->runs[from]);
	int64_t slot =
	    x_of(t, t->runs[from]->run->started_wall_ms) * LINE_SLOTS / WIDTH;
	size_t to = from + 1;

	if (t->run_count <= LINE_SLOTS)
		return to;
	while (
	    to < t->run_count && is_success(t->runs[to]) == is_good &&
	    x_of(t, t->runs[to]->run->started_wall_ms) * LINE_SLOTS / WIDTH ==
		slot)
		to++;
	return to;
}

/* As much of an instant as the span needs. */
static void
put_tick(FILE *out, int64_t wall_ms, int64_t span_ms)
{
	const int64_t day_ms = 86400000;
	char text[40];
	const char *shown = text;

	units_format_time(wall_ms, text);
	if (span_ms < 2 * day_ms)
		shown = text + strlen("2026-11-24 ");
	else if (span_ms < 300 * day_ms)
		shown = text + strlen("2026-");
	if (span_ms >= 7200000)
		text[strlen("2026-11-24 03:06")] = '\0';
	fprintf(out, "<span>%s</span>", shown);
}

static void
put_time_axis(FILE *out, const struct task_story *t)
{
	int64_t span_ms = t->wall_ms - t->from_wall_ms;

	fputs("<div class=\"axis\" aria-hidden=\"true\">", out);
	for (int i = 0; i < TICKS; i++)
		put_tick(out, t->from_wall_ms + span_ms * i / TICKS, span_ms);
	fputs("<span>now</span></div>\n", out);
}

void
html_timeline(FILE *out, const struct task_story *t)
{
	size_t failed = 0;

	for (size_t i = 0; i < t->run_count; i++)
		failed += !is_success(t->runs[i]);
	html(out,
	    "<h4>Time line</h4>\n"
	    "<svg class=\"line\" role=\"img\" viewBox=\"0 0 %d %d\" "
	    "preserveAspectRatio=\"none\"><title>Time line of %s: %z runs, %z "
	    "failed</title>\n",
	    WIDTH, HEIGHT, t->task->name, t->run_count, failed);
	for (int i = 1; i < TICKS; i++)
		html(out,
		    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"0\" "
		    "y2=\"%d\"/>",
		    WIDTH * i / TICKS, WIDTH * i / TICKS, HEIGHT);
	put_down_bands(out, t);
	putc('\n', out);
	/* Failures last: they are not hidden by what runs beside them. */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0, to; i < t->run_count; i = to) {
			to = end_of_slot(t, i);
			if (is_success(t->runs[i]) == (pass == 0))
				put_line_runs(out, t, i, to);
		}
	}
	fputs("</svg>\n", out);
	put_time_axis(out, t);
}

/* ---- durations ---- */

static void
put_scale(FILE *out, int64_t max_ms)
{
	char most[UNITS_TEXT_SIZE], half[UNITS_TEXT_SIZE];

	view_format_duration(max_ms, most);
	view_format_duration(max_ms / 2, half);
	fprintf(out,
	    "<div class=\"scale\" aria-hidden=\"true\"><span>%s</span>"
	    "<span>%s</span><span>0</span></div>\n",
	    most, max_ms > 1 ? half : "");
}

static void
put_bar(FILE *out, const struct run_view *v, size_t slot, size_t slots,
    int64_t max_ms)
{
	double height =
	    max_ms ? (double)v->run->duration_ms / (double)max_ms * HEIGHT : 0;
	double width = (double)WIDTH / (double)slots;

	height = height < 2 ? 2 : height;
	fprintf(out,
	    "<rect class=\"%s\" x=\"%.0f\" y=\"%.1f\" width=\"%.0f\" "
	    "height=\"%.1f\">",
	    is_success(v) ? "ok" : "fail", width * ((double)slot + 0.1),
	    HEIGHT - height, width * 0.8, height);
	put_title(out, v, 1);
	fputs("</rect>\n", out);
}

static void
put_bars(FILE *out, const struct task_story *t,
    const struct run_view *const *runs, size_t count, int64_t max_ms)
{
	html(out,
	    "<svg class=\"bars\" role=\"img\" viewBox=\"0 0 %d %d\" "
	    "preserveAspectRatio=\"none\"><title>Durations of %s</title>\n"
	    "<line class=\"grid\" x1=\"0\" x2=\"%d\" y1=\"%d\" "
	    "y2=\"%d\"/>\n",
	    WIDTH, HEIGHT, t->task->name, WIDTH, HEIGHT / 2, HEIGHT / 2);
	for (size_t i = 0; i < count; i++)
		put_bar(out, runs[i], i, count, max_ms);
	fputs("</svg>\n", out);
}

void
html_durations(FILE *out, const struct task_story *t)
{
	size_t count = t->run_count > BARS_MAX ? BARS_MAX : t->run_count;
	const struct run_view *const *runs = t->runs + t->run_count - count;
	int64_t max_ms = 0;

	for (size_t i = 0; i < count; i++)
		if (runs[i]->run->duration_ms > max_ms)
			max_ms = runs[i]->run->duration_ms;
	fprintf(out, "<h4>Duration of the last %zu run%s</h4>\n", count,
	    count == 1 ? "" : "s");
	fputs("<div class=\"plot\">", out);
	put_scale(out, max_ms);
	fprintf(out, "<div style=\"max-width:%zupx\">\n", count * BAR_PIXELS);
	put_bars(out, t, runs, count, max_ms);
	/* Few bars need no direction, and leave no room for its words. */
	if (count * BAR_PIXELS >= 240)
		fputs("<div class=\"axis\" aria-hidden=\"true\">"
		      "<span>older</span><span>newest</span></div>",
		    out);
	fputs("</div></div>\n", out);
}

static void
put_downtime(FILE *out, const struct task_story *t, const struct downtime *d)
{
	int64_t end_wall_ms = d->to_wall_ms ? d->to_wall_ms : t->wall_ms;
	const char *message = d->first->run->message;
	struct outcome o = run_record_outcome(d->first->run);
	char span[UNITS_TEXT_SIZE], result[VIEW_RESULT_SIZE];

	units_format_span(end_wall_ms - d->from_wall_ms, span);
	view_format_result(&o, result);
	html(out, "<tr><td data-of=\"From\">%t</td><td data-of=\"to\">",
	    d->from_wall_ms);
	if (d->to_wall_ms)
		html(out, "%t", d->to_wall_ms);
	else
		html(out, "<b class=\"bad-ink\">still down</b>");
	/* A message is cut at a character, which has four bytes at most. */
	html(out,
	    "</td><td data-of=\"Length\">%s</td>"
	    "<td class=\"n\" data-of=\"Failures\">%z</td>"
	    "<td class=\"text\">%s%s</td></tr>\n",
	    span, d->failures, *message ? message : result,
	    strlen(message) + 4 >= sizeof(d->first->run->message)
		? "\xe2\x80\xa6"
		: "");
}

void
html_downtimes(FILE *out, const struct task_story *t)
{
	struct downtime d;
	size_t at = 0, count = 0, skip;

	while (story_next_downtime(t, &at, &d))
		count++;
	if (!count)
		return;
	skip = count > DOWNTIMES_SHOWN ? count - DOWNTIMES_SHOWN : 0;
	html(out, "<h4>Downtimes</h4>\n<div class=\"scroll\"><table>");
	if (skip)
		html(out, "<caption>The last %z of %z</caption>", count - skip,
		    count);
	html(out, "<thead><tr><th scope=\"col\">From (UTC)</th>"
		  "<th scope=\"col\">To</th><th scope=\"col\">Length</th>"
		  "<th scope=\"col\" class=\"n\">Failures</th>"
		  "<th scope=\"col\">Began with</th></tr></thead>\n<tbody>\n");
	at = 0;
	for (size_t i = 0; story_next_downtime(t, &at, &d); i++)
		if (i >= skip)
			put_downtime(out, t, &d);
	html(out, "</tbody></table></div>\n");
}
