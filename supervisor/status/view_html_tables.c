#include <inttypes.h>

#include "base/encode.h"
#include "base/text.h"
#include "base/units.h"
#include "view_html.h"

enum { DOWNTIMES_SHOWN = 20 };

void
html_time(FILE *out, int64_t wall_ms)
{
	char exact[UNITS_TEXT_SIZE], shown[HTML_TIME_SIZE];

	if (!wall_ms) {
		fputs("\xe2\x80\x93", out);
		return;
	}
	units_format_wall(wall_ms, exact);
	view_format_time(wall_ms, shown);
	fprintf(out, "<time datetime=\"%s\">%s</time>", exact, shown);
}

/* The message, while it is kept; else how the run ended. */
static void
put_cause(FILE *out, const struct run_view *v)
{
	struct outcome o = run_record_outcome(v->run);
	char result[VIEW_RESULT_SIZE];

	view_format_result(&o, result);
	encode_html(out, *v->run->message ? v->run->message : result);
}

static void
put_downtime(FILE *out, const struct task_story *t, const struct downtime *d)
{
	int64_t end_wall_ms = d->to_wall_ms ? d->to_wall_ms : t->wall_ms;
	char span[UNITS_TEXT_SIZE];

	units_format_span(end_wall_ms - d->from_wall_ms, span);
	fputs("<tr><td>", out);
	html_time(out, d->from_wall_ms);
	fputs("</td><td>", out);
	if (d->to_wall_ms)
		html_time(out, d->to_wall_ms);
	else
		fputs("<b class=\"bad-ink\">still down</b>", out);
	fprintf(out,
	    "</td><td>%s</td><td class=\"n\">%zu</td><td class=\"text\">", span,
	    d->failures);
	put_cause(out, d->first);
	fputs("</td></tr>\n", out);
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
	fputs("<h4>Downtimes</h4>\n<div class=\"scroll\"><table>", out);
	if (skip)
		fprintf(out, "<caption>The last %zu of %zu</caption>",
		    count - skip, count);
	fputs("<thead><tr><th scope=\"col\">From (UTC)</th>"
	      "<th scope=\"col\">To</th><th scope=\"col\">Length</th>"
	      "<th scope=\"col\" class=\"n\">Failures</th>"
	      "<th scope=\"col\">Began with</th></tr></thead>\n<tbody>\n",
	    out);
	at = 0;
	for (size_t i = 0; story_next_downtime(t, &at, &d); i++)
		if (i >= skip)
			put_downtime(out, t, &d);
	fputs("</tbody></table></div>\n", out);
}

static void
put_failure(FILE *out, const struct failure *f)
{
	char digits[17], result[VIEW_RESULT_SIZE];

	view_format_result(&f->outcome, result);
	text_format_hex64(f->signature, digits);
	fprintf(out, "<tr><td class=\"n\">%" PRIu64 "</td><td>", f->count);
	encode_html(out, f->task);
	fputs("</td><td>", out);
	html_time(out, f->first_wall_ms);
	fputs("</td><td>", out);
	html_time(out, f->last_wall_ms);
	fputs("</td><td class=\"text\">", out);
	encode_html(out, f->subject);
	fprintf(out, "<br><span class=\"soft\">%s, <code>%s</code></span>",
	    result, digits);
	fputs("</td></tr>\n", out);
}

void
html_failures(FILE *out, const struct failure *list, size_t count)
{
	fputs("<section aria-labelledby=\"failures\"><h2 id=\"failures\">"
	      "Distinct failures</h2>\n",
	    out);
	if (!count) {
		fputs("<p class=\"soft\">None is kept.</p></section>\n", out);
		return;
	}
	fputs("<p class=\"soft\">Newest first. <code>runner failures --show "
	      "SIGNATURE</code> prints what the task wrote.</p>\n"
	      "<div class=\"scroll\"><table><thead><tr>"
	      "<th scope=\"col\" class=\"n\">Count</th>"
	      "<th scope=\"col\">Task</th><th scope=\"col\">First (UTC)</th>"
	      "<th scope=\"col\">Last</th><th scope=\"col\">Message</th>"
	      "</tr></thead>\n<tbody>\n",
	    out);
	for (size_t i = count; i-- > 0;)
		put_failure(out, &list[i]);
	fputs("</tbody></table></div></section>\n", out);
}
