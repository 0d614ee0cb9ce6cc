#include "view_html.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/text.h"
#include "base/units.h"
#include "runner_version.h"

enum { DOWNTIMES_SHOWN = 20 };

/* <time> in UTC, to the second; a dash for 0. */
static void
put_time(FILE *out, int64_t wall_ms)
{
	char exact[UNITS_TEXT_SIZE], shown[40];

	if (!wall_ms) {
		fputs("\xe2\x80\x93", out);
		return;
	}
	units_format_wall(wall_ms, exact);
	view_format_time(wall_ms, shown);
	fprintf(out, "<time datetime=\"%s\">%s</time>", exact, shown);
}

/* The run's message, with a sign when it was cut; else how it ended. */
static void
put_cause(FILE *out, const struct run_view *v)
{
	struct outcome o = run_record_outcome(v->run);
	char result[VIEW_RESULT_SIZE];

	view_format_result(&o, result);
	encode_html(out, *v->run->message ? v->run->message : result);
	/* It is cut at a character, which has four bytes at most. */
	if (strlen(v->run->message) + 4 >= sizeof(v->run->message))
		fputs("\xe2\x80\xa6", out);
}

static void
put_downtime(FILE *out, const struct task_story *t, const struct downtime *d)
{
	int64_t end_wall_ms = d->to_wall_ms ? d->to_wall_ms : t->wall_ms;
	char span[UNITS_TEXT_SIZE];

	units_format_span(end_wall_ms - d->from_wall_ms, span);
	fputs("<tr><td data-of=\"From\">", out);
	put_time(out, d->from_wall_ms);
	fputs("</td><td data-of=\"to\">", out);
	if (d->to_wall_ms)
		put_time(out, d->to_wall_ms);
	else
		fputs("<b class=\"bad-ink\">still down</b>", out);
	fprintf(out,
	    "</td><td data-of=\"Length\">%s</td>"
	    "<td class=\"n\" data-of=\"Failures\">%zu</td>"
	    "<td class=\"text\">",
	    span, d->failures);
	put_cause(out, d->first);
	fputs("</td></tr>\n", out);
}

/* Stretches of failures; nothing when there were none. */
static void
put_downtimes(FILE *out, const struct task_story *t)
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
	fprintf(out,
	    "<tr><td class=\"n\" data-of=\"Count\">%" PRIu64
	    "</td><td data-of=\"Task\">",
	    f->count);
	encode_html(out, f->task);
	fputs("</td><td data-of=\"First\">", out);
	put_time(out, f->first_wall_ms);
	fputs("</td><td data-of=\"Last\">", out);
	put_time(out, f->last_wall_ms);
	fputs("</td><td class=\"text\">", out);
	encode_html(out, f->subject);
	fprintf(out, "<br><span class=\"soft\">%s, <code>%s</code></span>",
	    result, digits);
	fputs("</td></tr>\n", out);
}

/* The kept failures of all tasks. */
static void
put_failures(FILE *out, const struct failure *list, size_t count)
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

/* What the whole page tells. */
struct page {
	const struct view *view;
	const struct run_view *runs;
	size_t run_count;
	int64_t wall_ms;
	const struct run_view **of_task; /* room for all runs */
};

static void
put_pill(FILE *out, const char *kind, const char *word)
{
	fprintf(out, "<span class=\"pill %s\">%s</span>\n", kind, word);
}

static void
put_tile(FILE *out, const char *to, const char *kind, size_t n, const char *of)
{
	fprintf(out,
	    "<li class=\"%s\"><a href=\"#%s\"><b>%zu</b> %s</a></li>\n", kind,
	    to, n, of);
}

static void
put_tiles(FILE *out, const struct view *v, size_t failure_count)
{
	size_t running = 0, missed = 0, failing = 0;

	for (size_t i = 0; i < v->count; i++) {
		const struct snapshot *s = v->chains[i].snapshot;

		running += v->chains[i].is_running;
		missed += chain_view_is_missed(&v->chains[i]);
		for (size_t j = 0; s && j < s->task_count; j++)
			failing += task_is_failing(&s->tasks[j]);
	}
	fputs("<ul class=\"tiles\">\n", out);
	put_tile(out, "chains", running ? "good" : "", running,
	    running == 1 ? "chain runs" : "chains run");
	put_tile(out, "chains", missed ? "bad" : "good", missed,
	    missed == 1 ? "chain does not run" : "chains do not run");
	put_tile(out, failing ? "failing" : "chains", failing ? "bad" : "good",
	    failing, failing == 1 ? "task fails" : "tasks fail");
	put_tile(out, "failures", "", failure_count,
	    failure_count == 1 ? "distinct failure" : "distinct failures");
	fputs("</ul>\n<p class=\"key\"><span class=\"k-ok\">success</span>"
	      "<span class=\"k-fail\">failure</span><span class=\"k-down\">"
	      "downtime</span></p>\n",
	    out);
}

static void
put_head(FILE *out, const char *host, int64_t wall_ms)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
	      "charset=\"utf-8\">\n<meta name=\"viewport\" "
	      "content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"generator\" content=\"runner " RUNNER_VERSION
	      "\">\n"
	      /* Nothing is loaded, whatever a message says. */
	      "<meta http-equiv=\"Content-Security-Policy\" "
	      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<title>runner on ",
	    out);
	encode_html(out, host);
	fputs("</title>\n<style>\n", out);
	fputs(view_html_style, out);
	fputs("</style></head>\n<body><main>\n<header><h1>runner on ", out);
	encode_html(out, host);
	fputs("</h1>\n<p class=\"soft\">As of ", out);
	put_time(out, wall_ms);
	fputs(" UTC, runner " RUNNER_VERSION "</p>\n", out);
}

static void
put_fact_time(FILE *out, const char *name, int64_t wall_ms)
{
	fprintf(out, "<div><dt>%s</dt><dd>", name);
	put_time(out, wall_ms);
	fputs("</dd></div>\n", out);
}

static void
put_facts(FILE *out, const struct chain_view *c, const struct task_record *t)
{
	char result[VIEW_RESULT_SIZE] = "\xe2\x80\x93";

	if (t->last.started_wall_ms)
		view_format_result(&t->last.outcome, result);
	fprintf(out,
	    "<dl class=\"facts\">\n<div><dt>Last result</dt><dd>%s</dd></div>\n"
	    "<div><dt>Runs</dt><dd>%" PRIu64 ", %" PRIu64
	    " failed</dd></div>\n",
	    result, t->runs, t->failures);
	put_fact_time(out, "Last run (UTC)", t->last.started_wall_ms);
	if (t->policy.is_down)
		put_fact_time(
		    out, "Down since (UTC)", t->policy.down_since_wall_ms);
	put_fact_time(out, "Next run (UTC)", chain_view_next_run(c, t));
	fprintf(out, "<div><dt>Mails sent</dt><dd>%" PRIu64, t->mails_sent);
	if (t->mails_held_back)
		fprintf(out, ", %" PRIu64 " held back", t->mails_held_back);
	fputs("</dd></div>\n</dl>\n", out);
}

/* The runs of one task among all. */
static struct task_story
story_of(const struct page *p, const struct chain_view *c,
    const struct task_record *t)
{
	struct task_story story = {
	    .task = t,
	    .runs = p->of_task,
	    .wall_ms = p->wall_ms,
	    .from_wall_ms = p->wall_ms,
	};

	for (size_t i = 0; i < p->run_count; i++) {
		const struct run_view *v = &p->runs[i];

		if (v->chain != c->name)
			continue;
		/* All time lines of a chain begin at the same instant. */
		if (v->run->started_wall_ms < story.from_wall_ms)
			story.from_wall_ms = v->run->started_wall_ms;
		if (v->task == t->name)
			p->of_task[story.run_count++] = v;
	}
	return story;
}

/* What names a task within the page; a chain is named by CHAIN/. */
static void
put_task_id(FILE *out, const struct chain_view *c, const struct task_record *t)
{
	encode_html(out, c->name);
	putc('/', out);
	if (t)
		encode_html(out, t->name);
}

static void
put_link(FILE *out, const struct chain_view *c, const struct task_record *t)
{
	fputs("<a href=\"#", out);
	put_task_id(out, c, t);
	fputs("\">", out);
	encode_html(out, t ? t->name : c->name);
	fputs("</a>\n", out);
}

static void
put_acknowledged(FILE *out, const struct acknowledgement *a)
{
	fputs("<p class=\"known\">Acknowledged by ", out);
	encode_html(out, a->who);
	fputs(", ", out);
	put_time(out, a->wall_ms);
	fputs(" UTC", out);
	if (*a->why) {
		fputs(": ", out);
		encode_html(out, a->why);
	}
	fputs("</p>\n", out);
}

static void
put_task(FILE *out, const struct page *p, const struct chain_view *c,
    const struct task_record *t)
{
	struct task_story story = story_of(p, c, t);
	bool fails = task_is_failing(t);

	fputs("<article id=\"", out);
	put_task_id(out, c, t);
	fputs("\"><div class=\"head\"><h3>", out);
	encode_html(out, t->name);
	fputs("</h3>\n", out);
	put_pill(out, "", phase_name(chain_view_phase(c, t)));
	if (fails)
		put_pill(out, "bad", "failing");
	else if (t->last.started_wall_ms)
		put_pill(out, "good", "ok");
	fputs("</div>\n", out);
	put_facts(out, c, t);
	if (fails && *t->last.message) {
		fputs("<p class=\"message\">", out);
		encode_html(out, t->last.message);
		fputs("</p>\n", out);
	}
	if (t->policy.is_acknowledged)
		put_acknowledged(out, &t->acknowledged);
	if (t->ping_refused_wall_ms) {
		fputs("<p class=\"message\">Pings are refused: ", out);
		encode_html(out, t->ping_answer);
		fputs("</p>\n", out);
	}
	if (story.run_count) {
		html_timeline(out, &story);
		html_durations(out, &story);
		put_downtimes(out, &story);
	} else {
		fputs("<p class=\"soft\">No run is kept.</p>\n", out);
	}
	fputs("</article>\n", out);
}

static void
put_chain_state(FILE *out, const struct page *p, const struct chain_view *c)
{
	char span[UNITS_TEXT_SIZE];
	const struct snapshot *s = c->snapshot;

	if (!c->is_running) {
		bool died = s && s->chain.since_wall_ms && !s->chain.is_ended;

		put_pill(out, chain_view_is_missed(c) || c->fault ? "bad" : "",
		    c->fault ? "unreadable"
		    : !s     ? "never ran"
		    : died   ? "its runner died"
			     : "stopped");
		return;
	}
	put_pill(out, "good", "running");
	if (!s)
		return;
	units_format_span(p->wall_ms - s->chain.since_wall_ms, span);
	fprintf(out, "<span class=\"soft\">up %s</span>\n", span);
}

static void
put_outbox(FILE *out, const struct chain_record *c)
{
	if (!c->outbox_waiting)
		return;
	fprintf(out, "<p class=\"message\">%" PRIu32 " message%s in the outbox",
	    c->outbox_waiting, c->outbox_waiting == 1 ? " waits" : "s wait");
	if (*c->outbox_answer) {
		fputs(": ", out);
		encode_html(out, c->outbox_answer);
	}
	fputs("</p>\n", out);
}

static void
put_chain(FILE *out, const struct page *p, const struct chain_view *c)
{
	const struct snapshot *s = c->snapshot;
	const struct task_record *t;
	struct task_record idle;

	fputs("<section id=\"", out);
	put_task_id(out, c, NULL);
	fputs("\">\n<div class=\"head\"><h2>", out);
	encode_html(out, c->name);
	fputs("</h2>\n", out);
	put_chain_state(out, p, c);
	fputs("</div>\n", out);
	if (c->fault) {
		fputs("<p class=\"message\">", out);
		encode_html(out, c->fault);
		fputs("</p>\n", out);
	}
	if (s)
		put_outbox(out, &s->chain);
	/* Failing ones first. */
	for (int pass = 0; !c->fault && pass < 2; pass++)
		for (size_t i = 0; (t = chain_view_task(c, i, &idle)); i++)
			if (task_is_failing(t) == (pass == 0))
				put_task(out, p, c, t);
	fputs("</section>\n", out);
}

static size_t
count_failing(const struct chain_view *c)
{
	const struct snapshot *s = c->snapshot;
	size_t count = 0;

	for (size_t i = 0; s && i < s->task_count; i++)
		count += task_is_failing(&s->tasks[i]);
	return count;
}

/* How soon an operator should look at it: the least is first. */
enum { RANK_FAILING, RANK_MISSED, RANK_WELL, RANKS };

static int
rank_of(const struct chain_view *c)
{
	if (count_failing(c))
		return RANK_FAILING;
	return c->fault || chain_view_is_missed(c) ? RANK_MISSED : RANK_WELL;
}

static bool
is_bad(const struct chain_view *c)
{
	return rank_of(c) != RANK_WELL;
}

/* One line of what fails: the task, its chain, since when, and why. */
static void
put_failing_task(FILE *out, const struct page *p, const struct chain_view *c,
    const struct task_record *t)
{
	char span[UNITS_TEXT_SIZE];

	fputs("<li><div class=\"head\"><b>", out);
	put_link(out, c, t);
	fputs("</b>", out);
	if (p->view->count > 1) {
		fputs("<span class=\"soft\">in ", out);
		encode_html(out, c->name);
		fputs("</span>", out);
	}
	if (t->policy.is_down) {
		units_format_span(
		    p->wall_ms - t->policy.down_since_wall_ms, span);
		fprintf(out, "<span class=\"soft\">down for %s</span>", span);
	}
	fputs("</div>\n", out);
	if (*t->last.message) {
		fputs("<p>", out);
		encode_html(out, t->last.message);
		fputs("</p>", out);
	}
	fputs("</li>\n", out);
}

static void
put_failing(FILE *out, const struct page *p)
{
	size_t count = 0;

	for (size_t i = 0; i < p->view->count; i++)
		count += count_failing(&p->view->chains[i]);
	if (!count)
		return;
	fputs("<section id=\"failing\"><h2>What fails</h2>\n"
	      "<ul class=\"failing\">\n",
	    out);
	for (size_t i = 0; i < p->view->count; i++) {
		const struct chain_view *c = &p->view->chains[i];

		for (size_t j = 0; c->snapshot && j < c->snapshot->task_count;
		     j++)
			if (task_is_failing(&c->snapshot->tasks[j]))
				put_failing_task(
				    out, p, c, &c->snapshot->tasks[j]);
	}
	fputs("</ul></section>\n", out);
}

/* A dot for the colour, and words for who does not see it. */
static void
put_index_entry(FILE *out, const struct chain_view *c)
{
	size_t failing = count_failing(c);

	fprintf(out, "<li><span class=\"dot %s\"></span><span>",
	    is_bad(c)       ? "bad"
	    : c->is_running ? "good"
			    : "");
	put_link(out, c, NULL);
	if (c->fault)
		fputs(" <span class=\"bad-ink\">unreadable</span>", out);
	else if (failing)
		fprintf(out, " <span class=\"bad-ink\">%zu %s</span>", failing,
		    failing == 1 ? "task fails" : "tasks fail");
	else if (!c->is_running)
		fprintf(out, " <span class=\"%s\">%s</span>",
		    is_bad(c) ? "bad-ink" : "soft",
		    is_bad(c) ? "does not run" : "stopped");
	fputs("</span></li>\n", out);
}

static void
put_index(FILE *out, const struct view *v)
{
	fputs("<section id=\"chains\"><h2>Chains</h2>\n<ul class=\"index\">\n",
	    out);
	for (size_t i = 0; i < v->count; i++)
		put_index_entry(out, &v->chains[i]);
	fputs("</ul></section>\n", out);
}

int
view_html(FILE *out, const struct view *v, const struct run_view *runs,
    size_t run_count, const struct failure *list, size_t count,
    const char *host, int64_t wall_ms)
{
	struct page p = {
	    .view = v,
	    .runs = runs,
	    .run_count = run_count,
	    .wall_ms = wall_ms,
	    .of_task = calloc(run_count + 1, sizeof(*p.of_task)),
	};

	if (!p.of_task)
		return -1;
	put_head(out, host, wall_ms);
	put_tiles(out, v, count);
	fputs("</header>\n", out);
	if (!v->count)
		fputs("<section id=\"chains\"><p>No chain has run here, and "
		      "none is "
		      "declared.</p></section>\n",
		    out);
	put_failing(out, &p);
	if (v->count)
		put_index(out, v);
	for (int rank = 0; rank < RANKS; rank++)
		for (size_t i = 0; i < v->count; i++)
			if (rank_of(&v->chains[i]) == rank)
				put_chain(out, &p, &v->chains[i]);
	put_failures(out, list, count);
	fputs("</main></body></html>\n", out);
	free(p.of_task);
	return 0;
}
