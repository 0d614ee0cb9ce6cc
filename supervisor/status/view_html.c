#include "view_html.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/text.h"
#include "base/units.h"
#include "runner_version.h"

/* <time> in UTC, to the second; a dash for 0. */
static void
put_time(FILE *out, int64_t wall_ms)
{
	char exact[UNITS_TEXT_SIZE], shown[40];

	if (!wall_ms) {
		html(out, "\xe2\x80\x93");
		return;
	}
	units_format_wall(wall_ms, exact);
	units_format_time(wall_ms, shown);
	fprintf(out, "<time datetime=\"%s\">%s</time>", exact, shown);
}

void
html(FILE *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	for (const char *at; (at = strchr(fmt, '%')); fmt = at + 2) {
		fwrite(fmt, (size_t)(at - fmt), 1, out);
		switch (at[1]) {
		case 's':
			encode_html(out, va_arg(ap, const char *));
			break;
		case 't':
			put_time(out, va_arg(ap, int64_t));
			break;
		case 'd':
			fprintf(out, "%d", va_arg(ap, int));
			break;
		case 'z':
			fprintf(out, "%zu", va_arg(ap, size_t));
			break;
		case 'n':
			fprintf(out, "%" PRIu64, va_arg(ap, uint64_t));
			break;
		}
	}
	fputs(fmt, out);
	va_end(ap);
}

static void
put_failure(FILE *out, const struct failure *f)
{
	char digits[17], result[VIEW_RESULT_SIZE];

	view_format_result(&f->outcome, result);
	text_format_hex64(f->signature, digits);
	html(out,
	    "<tr><td class=\"n\" data-of=\"Count\">%n</td>"
	    "<td data-of=\"Task\">%s</td><td data-of=\"First\">%t</td>"
	    "<td data-of=\"Last\">%t</td><td class=\"text\">%s<br>"
	    "<span class=\"soft\">%s, <code>%s</code></span></td></tr>\n",
	    f->count, f->task, f->first_wall_ms, f->last_wall_ms, f->subject,
	    result, digits);
}

/* The kept failures of all tasks. */
static void
put_failures(
    FILE *out, const struct view *v, const struct failure *list, size_t count)
{
	html(out, "<section aria-labelledby=\"failures\"><h2 id=\"failures\">"
		  "Distinct failures</h2>\n");
	if (!count) {
		html(out, "<p class=\"%s\">%s</p></section>\n",
		    v->has_hidden_failures ? "message" : "soft",
		    v->has_hidden_failures ? "They cannot be read."
					   : "None is kept.");
		return;
	}
	html(out,
	    "<p class=\"soft\">Newest first. <code>runner failures --show "
	    "SIGNATURE</code> prints what the task wrote.</p>\n"
	    "<div class=\"scroll\"><table><thead><tr>"
	    "<th scope=\"col\" class=\"n\">Count</th>"
	    "<th scope=\"col\">Task</th><th scope=\"col\">First (UTC)</th>"
	    "<th scope=\"col\">Last</th><th scope=\"col\">Message</th>"
	    "</tr></thead>\n<tbody>\n");
	for (size_t i = count; i-- > 0;)
		put_failure(out, &list[i]);
	html(out, "</tbody></table></div></section>\n");
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
	html(out, "<span class=\"pill %s\">%s</span>\n", kind, word);
}

enum { NOT_KNOWN = -1 };

/* How many there are, with the words for one and for any other number. */
static void
put_tile(FILE *out, const char *to, const char *kind, ssize_t n,
    const char *one, const char *others)
{
	html(out, "<li class=\"%s\"><a href=\"#%s\"><b>",
	    n == NOT_KNOWN ? "bad" : kind, to);
	html(out, n == NOT_KNOWN ? "?" : "%z", (size_t)n);
	html(out, "</b> %s</a></li>\n", n == 1 ? one : others);
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

static void
put_tiles(FILE *out, const struct view *v, size_t failure_count)
{
	ssize_t running = 0, missed = 0, failing = 0, unreadable = 0;

	for (size_t i = 0; i < v->count; i++) {
		running += v->chains[i].is_running;
		missed += chain_view_is_missed(&v->chains[i]);
		failing += (ssize_t)count_failing(&v->chains[i]);
		unreadable += v->chains[i].fault != NULL;
	}
	html(out, "<ul class=\"tiles\">\n");
	put_tile(out, "chains", running ? "good" : "", running, "chain runs",
	    "chains run");
	put_tile(out, "chains", missed ? "bad" : "good", missed,
	    "chain does not run", "chains do not run");
	put_tile(out, failing ? "failing" : "chains", failing ? "bad" : "good",
	    unreadable && !failing ? NOT_KNOWN : failing, "task fails",
	    "tasks fail");
	put_tile(out, "failures", "",
	    v->has_hidden_failures ? NOT_KNOWN : (ssize_t)failure_count,
	    "distinct failure", "distinct failures");
	if (unreadable)
		put_tile(out, "chains", "bad", unreadable,
		    "chain cannot be read", "chains cannot be read");
	html(out, "</ul>\n<p class=\"key\"><span class=\"k-ok\">success</span>"
		  "<span class=\"k-fail\">failure</span><span class=\"k-down\">"
		  "downtime</span></p>\n");
}

static void
put_head(FILE *out, const char *host, int64_t wall_ms)
{
	/* Nothing is loaded, whatever a message says. */
	html(out,
	    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
	    "charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"generator\" content=\"runner " RUNNER_VERSION "\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	    "<title>runner on %s</title>\n<style>\n",
	    host);
	fputs(view_html_style, out);
	html(out,
	    "</style></head>\n<body><main>\n<header><h1>runner on %s</h1>\n"
	    "<p class=\"soft\">As of %t UTC, runner " RUNNER_VERSION "</p>\n",
	    host, wall_ms);
}

static void
put_facts(FILE *out, const struct chain_view *c, const struct task_record *t)
{
	static const char fact[] = "<div><dt>%s</dt><dd>%t</dd></div>\n";
	char result[VIEW_RESULT_SIZE] = "\xe2\x80\x93";

	if (t->last.started_wall_ms)
		view_format_result(&t->last.outcome, result);
	html(out,
	    "<dl class=\"facts\">\n<div><dt>Last result</dt><dd>%s</dd></div>\n"
	    "<div><dt>Runs</dt><dd>%n, %n failed</dd></div>\n",
	    result, t->runs, t->failures);
	html(out, fact, "Last run (UTC)", t->last.started_wall_ms);
	if (t->policy.is_down)
		html(out, fact, "Down since (UTC)",
		    t->policy.down_since_wall_ms);
	html(out, fact, "Next run (UTC)", chain_view_next_run(c, t));
	html(out, "<div><dt>Mails sent</dt><dd>%n", t->mails_sent);
	if (t->mails_held_back)
		html(out, ", %n held back", t->mails_held_back);
	html(out, "</dd></div>\n</dl>\n");
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

/* What is named CHAIN/TASK within the page; a chain is CHAIN/. */
static void
put_link(FILE *out, const struct chain_view *c, const char *task)
{
	html(out, "<a href=\"#%s/%s\">%s</a>\n", c->name, task,
	    *task ? task : c->name);
}

static void
put_message(FILE *out, const char *label, const char *message)
{
	html(out, "<p class=\"message\">%s%s</p>\n", label, message);
}

static void
put_task(FILE *out, const struct page *p, const struct chain_view *c,
    const struct task_record *t)
{
	const struct acknowledgement *a = &t->acknowledged;
	struct task_story story = story_of(p, c, t);
	bool fails = task_is_failing(t);

	html(out, "<article id=\"%s/%s\"><div class=\"head\"><h3>%s</h3>\n",
	    c->name, t->name, t->name);
	put_pill(out, "", phase_name(chain_view_phase(c, t)));
	if (fails)
		put_pill(out, "bad", "failing");
	else if (t->last.started_wall_ms)
		put_pill(out, "good", "ok");
	html(out, "</div>\n");
	put_facts(out, c, t);
	if (fails && *t->last.message)
		put_message(out, "", t->last.message);
	if (t->policy.is_acknowledged)
		html(out,
		    "<p class=\"known\">Acknowledged by %s, %t UTC%s%s</p>\n",
		    a->who, a->wall_ms, *a->why ? ": " : "", a->why);
	if (t->ping_refused_wall_ms)
		put_message(out, "Pings are refused: ", t->ping_answer);
	if (story.run_count) {
		html_timeline(out, &story);
		html_durations(out, &story);
		html_downtimes(out, &story);
	} else {
		html(out, "<p class=\"soft\">No run is kept.</p>\n");
	}
	html(out, "</article>\n");
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
	html(out, "<span class=\"soft\">up %s</span>\n", span);
}

static void
put_chain(FILE *out, const struct page *p, const struct chain_view *c)
{
	const struct snapshot *s = c->snapshot;
	const struct task_record *t;
	struct task_record idle;

	html(out, "<section id=\"%s/\">\n<div class=\"head\"><h2>%s</h2>\n",
	    c->name, c->name);
	put_chain_state(out, p, c);
	html(out, "</div>\n");
	if (c->fault)
		put_message(out, "", c->fault);
	if (s && s->chain.outbox_waiting)
		html(out,
		    "<p class=\"message\">%d message%s in the outbox%s%s</p>\n",
		    (int)s->chain.outbox_waiting,
		    s->chain.outbox_waiting == 1 ? " waits" : "s wait",
		    *s->chain.outbox_answer ? ": " : "",
		    s->chain.outbox_answer);
	/* Failing ones first. */
	for (int pass = 0; !c->fault && pass < 2; pass++)
		for (size_t i = 0; (t = chain_view_task(c, i, &idle)); i++)
			if (task_is_failing(t) == (pass == 0))
				put_task(out, p, c, t);
	html(out, "</section>\n");
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

	html(out, "<li><div class=\"head\"><b>");
	put_link(out, c, t->name);
	html(out, "</b>");
	if (p->view->count > 1)
		html(out, "<span class=\"soft\">in %s</span>", c->name);
	if (t->policy.is_down) {
		units_format_span(
		    p->wall_ms - t->policy.down_since_wall_ms, span);
		html(out, "<span class=\"soft\">down for %s</span>", span);
	}
	html(out, "</div>\n");
	if (*t->last.message)
		html(out, "<p>%s</p>", t->last.message);
	html(out, "</li>\n");
}

static void
put_failing(FILE *out, const struct page *p)
{
	size_t count = 0;

	for (size_t i = 0; i < p->view->count; i++)
		count += count_failing(&p->view->chains[i]);
	if (!count)
		return;
	html(out, "<section id=\"failing\"><h2>What fails</h2>\n"
		  "<ul class=\"failing\">\n");
	for (size_t i = 0; i < p->view->count; i++) {
		const struct chain_view *c = &p->view->chains[i];

		for (size_t j = 0; c->snapshot && j < c->snapshot->task_count;
		     j++)
			if (task_is_failing(&c->snapshot->tasks[j]))
				put_failing_task(
				    out, p, c, &c->snapshot->tasks[j]);
	}
	html(out, "</ul></section>\n");
}

/* A dot for the colour, and words for who does not see it. */
static void
put_index_entry(FILE *out, const struct chain_view *c)
{
	size_t failing = count_failing(c);

	html(out, "<li><span class=\"dot %s\"></span><span>",
	    is_bad(c)       ? "bad"
	    : c->is_running ? "good"
			    : "");
	put_link(out, c, "");
	if (c->fault)
		html(out, " <span class=\"bad-ink\">unreadable</span>");
	else if (failing)
		html(out, " <span class=\"bad-ink\">%z %s</span>", failing,
		    failing == 1 ? "task fails" : "tasks fail");
	else if (!c->is_running)
		html(out, " <span class=\"%s\">%s</span>",
		    is_bad(c) ? "bad-ink" : "soft",
		    is_bad(c) ? "does not run" : "stopped");
	html(out, "</span></li>\n");
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
	html(out, "</header>\n");
	if (!v->count)
		html(out,
		    "<section id=\"chains\"><p>No chain has run here, and "
		    "none is "
		    "declared.</p></section>\n");
	put_failing(out, &p);
	if (v->count) {
		html(out, "<section id=\"chains\"><h2>Chains</h2>\n"
			  "<ul class=\"index\">\n");
		for (size_t i = 0; i < v->count; i++)
			put_index_entry(out, &v->chains[i]);
		html(out, "</ul></section>\n");
	}
	for (int rank = 0; rank < RANKS; rank++)
		for (size_t i = 0; i < v->count; i++)
			if (rank_of(&v->chains[i]) == rank)
				put_chain(out, &p, &v->chains[i]);
	put_failures(out, v, list, count);
	html(out, "</main></body></html>\n");
	free(p.of_task);
	return 0;
}
