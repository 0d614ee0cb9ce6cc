#include "view_html.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/units.h"
#include "runner_version.h"

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
put_tile(FILE *out, const char *kind, size_t n, const char *of)
{
	fprintf(out, "<li class=\"%s\"><b>%zu</b> %s</li>\n", kind, n, of);
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
	put_tile(out, running ? "good" : "", running,
	    running == 1 ? "chain runs" : "chains run");
	put_tile(out, missed ? "bad" : "good", missed,
	    missed == 1 ? "chain does not run" : "chains do not run");
	put_tile(out, failing ? "bad" : "good", failing,
	    failing == 1 ? "task fails" : "tasks fail");
	put_tile(out, "", failure_count, "distinct failures");
	fputs("</ul>\n", out);
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
	html_time(out, wall_ms);
	fputs(" UTC, runner " RUNNER_VERSION "</p>\n", out);
}

static void
put_fact_time(FILE *out, const char *name, int64_t wall_ms)
{
	fprintf(out, "<div><dt>%s</dt><dd>", name);
	html_time(out, wall_ms);
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

static void
put_task(FILE *out, const struct page *p, const struct chain_view *c,
    const struct task_record *t)
{
	struct task_story story = story_of(p, c, t);
	bool fails = task_is_failing(t);

	fputs("<article><div class=\"head\"><h3>", out);
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
	if (story.run_count) {
		html_timeline(out, &story);
		html_durations(out, &story);
		html_downtimes(out, &story);
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
	struct task_record idle = {0};

	fputs("<section>\n<div class=\"head\"><h2>", out);
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
	for (size_t i = 0; s && i < s->task_count; i++)
		put_task(out, p, c, &s->tasks[i]);
	for (size_t i = 0; !s && c->task_names && c->task_names[i]; i++) {
		snprintf(idle.name, sizeof(idle.name), "%s", c->task_names[i]);
		put_task(out, p, c, &idle);
	}
	fputs("</section>\n", out);
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
		fputs("<section><p>No chain has run here, and none is "
		      "declared.</p></section>\n",
		    out);
	for (size_t i = 0; i < v->count; i++)
		put_chain(out, &p, &v->chains[i]);
	html_failures(out, list, count);
	fputs("<p class=\"key\"><span class=\"k-ok\">success</span>"
	      "<span class=\"k-fail\">failure</span><span class=\"k-down\">"
	      "downtime</span></p>\n</main></body></html>\n",
	    out);
	free(p.of_task);
	return 0;
}
