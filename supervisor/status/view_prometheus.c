#include <inttypes.h>
#include <string.h>

#include "base/encode.h"
#include "view.h"
#include "runner_version.h"

/*
 * The text format of Prometheus ("Exposition formats" and "Metric and label
 * naming" in its documentation): base units, _total for counters, all samples
 * of a metric in one group under its HELP and TYPE.
 */

/* What is told of a chain or of a task, if there is anything to tell. */
struct value {
	bool is_there;
	bool is_ms; /* shown as seconds */
	int64_t n;
};

static struct value
number(uint64_t n)
{
	return (struct value){.is_there = true, .n = (int64_t)n};
}

static struct value
seconds(int64_t ms)
{
	return (struct value){.is_there = true, .is_ms = true, .n = ms};
}

/* An instant as seconds since 1970; none when it is 0. */
static struct value
instant(int64_t wall_ms)
{
	return wall_ms ? seconds(wall_ms) : (struct value){0};
}

typedef struct value chain_value(const struct chain_view *c);
typedef struct value task_value(
    const struct chain_view *c, const struct task_record *t);

static struct value
chain_running(const struct chain_view *c)
{
	return number(c->is_running);
}

static struct value
chain_declared(const struct chain_view *c)
{
	return number(c->is_declared);
}

static struct value
chain_readable(const struct chain_view *c)
{
	return number(!c->fault);
}

static struct value
chain_start(const struct chain_view *c)
{
	if (!c->snapshot || !c->is_running)
		return (struct value){0};
	return instant(c->snapshot->chain.since_wall_ms);
}

static struct value
chain_outbox(const struct chain_view *c)
{
	if (!c->snapshot)
		return (struct value){0};
	return number(c->snapshot->chain.outbox_waiting);
}

static struct value
chain_outbox_oldest(const struct chain_view *c)
{
	if (!c->snapshot || !c->snapshot->chain.outbox_waiting)
		return (struct value){0};
	return instant(c->snapshot->chain.outbox_oldest_wall_ms);
}

static struct value
chain_errors(const struct chain_view *c)
{
	if (!c->snapshot)
		return (struct value){0};
	return number(c->snapshot->chain.errors);
}

static struct value
task_running(const struct chain_view *c, const struct task_record *t)
{
	return number(chain_view_phase(c, t) == PHASE_RUNNING);
}

static struct value
task_runs(const struct chain_view *c, const struct task_record *t)
{
	return number(t->runs);
}

static struct value
task_failures(const struct chain_view *c, const struct task_record *t)
{
	return number(t->failures);
}

static struct value
task_failures_in_row(const struct chain_view *c, const struct task_record *t)
{
	return number(t->policy.failures_in_row);
}

static struct value
task_last_run(const struct chain_view *c, const struct task_record *t)
{
	return instant(t->last.started_wall_ms);
}

static struct value
task_last_duration(const struct chain_view *c, const struct task_record *t)
{
	if (!t->last.started_wall_ms)
		return (struct value){0};
	return seconds(t->last.duration_ms);
}

static struct value
task_last_success(const struct chain_view *c, const struct task_record *t)
{
	if (!t->last.started_wall_ms)
		return (struct value){0};
	return number(t->last.outcome.is_success);
}

/* As a shell tells it: a signal is 128 and its number. */
static struct value
task_last_exit(const struct chain_view *c, const struct task_record *t)
{
	const struct outcome *o = &t->last.outcome;

	if (!t->last.started_wall_ms)
		return (struct value){0};
	return number((uint64_t)(o->signal ? 128 + o->signal : o->exit));
}

static struct value
task_next_run(const struct chain_view *c, const struct task_record *t)
{
	return instant(chain_view_next_run(c, t));
}

static struct value
task_down_since(const struct chain_view *c, const struct task_record *t)
{
	if (!t->policy.is_down)
		return (struct value){0};
	return instant(t->policy.down_since_wall_ms);
}

static struct value
task_mails_sent(const struct chain_view *c, const struct task_record *t)
{
	return number(t->mails_sent);
}

static struct value
task_mails_held(const struct chain_view *c, const struct task_record *t)
{
	return number(t->mails_held_back);
}

static const struct metric {
	const char *name, *type, *help;
	chain_value *of_chain;
	task_value *of_task; /* one of the two */
} metrics[] = {
    {"runner_chain_running", "gauge",
	"Whether a runner owns the chain (1) or nobody does (0).",
	chain_running, NULL},
    {"runner_chain_declared", "gauge",
	"Whether runner.conf declares the chain.", chain_declared, NULL},
    {"runner_chain_state_readable", "gauge",
	"Whether the state file of the chain could be read.", chain_readable,
	NULL},
    {"runner_chain_start_timestamp_seconds", "gauge",
	"When the runner of the chain started.", chain_start, NULL},
    {"runner_chain_errors_total", "counter",
	"Faults that the runner lived through: no process, no disk.",
	chain_errors, NULL},
    {"runner_outbox_messages", "gauge", "Messages that wait for delivery.",
	chain_outbox, NULL},
    {"runner_outbox_oldest_timestamp_seconds", "gauge",
	"Since when the oldest waiting message waits.", chain_outbox_oldest,
	NULL},
    {"runner_task_running", "gauge", "Whether a run is in progress.", NULL,
	task_running},
    {"runner_task_runs_total", "counter", "Runs that ended, in this runner.",
	NULL, task_runs},
    {"runner_task_failures_total", "counter",
	"Runs that failed, in this runner.", NULL, task_failures},
    {"runner_task_consecutive_failures", "gauge",
	"Failures in a row up to now.", NULL, task_failures_in_row},
    {"runner_task_last_run_timestamp_seconds", "gauge",
	"When the last run that ended was started.", NULL, task_last_run},
    {"runner_task_last_duration_seconds", "gauge",
	"How long the last run took.", NULL, task_last_duration},
    {"runner_task_last_success", "gauge", "Whether the last run succeeded.",
	NULL, task_last_success},
    {"runner_task_last_exit_status", "gauge",
	"Exit status of the last run; 128 and the number for a signal.", NULL,
	task_last_exit},
    {"runner_task_next_run_timestamp_seconds", "gauge",
	"When the task runs next; absent while it runs or nobody knows.", NULL,
	task_next_run},
    {"runner_task_down_since_timestamp_seconds", "gauge",
	"Start of the open downtime; absent when there is none.", NULL,
	task_down_since},
    {"runner_mails_sent_total", "counter",
	"Notifications delivered, in this runner.", NULL, task_mails_sent},
    {"runner_mails_held_back_total", "counter",
	"Notifications held back by the hourly cap, in this runner.", NULL,
	task_mails_held},
};

static void
put_sample(FILE *out, const struct metric *m, const struct chain_view *c,
    const struct task_record *t)
{
	struct value v = t ? m->of_task(c, t) : m->of_chain(c);

	if (!v.is_there)
		return;
	fprintf(out, "%s{chain=\"", m->name);
	encode_label(out, c->name);
	if (t) {
		fputs("\",task=\"", out);
		encode_label(out, t->name);
	}
	fputs("\"} ", out);
	if (v.is_ms)
		encode_seconds(out, v.n);
	else
		fprintf(out, "%" PRId64, v.n);
	putc('\n', out);
}

/* The same task may stand in a chain twice; a series may not. */
static bool
is_first_of_name(const struct snapshot *s, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!strcmp(s->tasks[i].name, s->tasks[index].name))
			return false;
	return true;
}

static void
put_samples(FILE *out, const struct metric *m, const struct chain_view *c)
{
	const struct snapshot *s = c->snapshot;

	if (m->of_chain) {
		put_sample(out, m, c, NULL);
		return;
	}
	for (size_t i = 0; s && i < s->task_count; i++)
		if (is_first_of_name(s, i))
			put_sample(out, m, c, &s->tasks[i]);
}

void
view_prometheus(FILE *out, const struct view *v)
{
	fputs("# HELP runner_info The version of runner that tells this.\n"
	      "# TYPE runner_info gauge\n"
	      "runner_info{version=\"" RUNNER_VERSION "\"} 1\n",
	    out);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(*metrics); i++) {
		const struct metric *m = &metrics[i];

		fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help,
		    m->name, m->type);
		for (size_t j = 0; j < v->count; j++)
			put_samples(out, m, &v->chains[j]);
	}
}
