#include "metrics.h"

#include <inttypes.h>
#include <string.h>

#include "base/encode.h"
#include "runner_version.h"

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

typedef struct value chain_value(const struct metrics_chain *c);
typedef struct value task_value(
    const struct metrics_chain *c, const struct task_record *t);

static struct value
chain_running(const struct metrics_chain *c)
{
	return number(c->is_running);
}

static struct value
chain_declared(const struct metrics_chain *c)
{
	return number(c->is_declared);
}

static struct value
chain_readable(const struct metrics_chain *c)
{
	return number(c->is_readable);
}

static struct value
chain_start(const struct metrics_chain *c)
{
	if (!c->chain || !c->is_running)
		return (struct value){0};
	return instant(c->chain->since_wall_ms);
}

static struct value
chain_outbox(const struct metrics_chain *c)
{
	if (!c->chain)
		return (struct value){0};
	return number(c->chain->outbox_waiting);
}

static struct value
chain_outbox_oldest(const struct metrics_chain *c)
{
	if (!c->chain || !c->chain->outbox_waiting)
		return (struct value){0};
	return instant(c->chain->outbox_oldest_wall_ms);
}

static struct value
lease_held(const struct metrics_chain *c)
{
	if (!c->chain || c->chain->lease == LEASE_NONE)
		return (struct value){0};
	return number(c->is_running && c->chain->lease == LEASE_HELD);
}

static struct value
lease_since(const struct metrics_chain *c)
{
	if (!c->chain || !c->is_running || c->chain->lease == LEASE_NONE)
		return (struct value){0};
	return instant(c->chain->lease_since_wall_ms);
}

static struct value
chain_refused(const struct metrics_chain *c)
{
	return number((int64_t)c->refused);
}

static struct value
chain_errors(const struct metrics_chain *c)
{
	if (!c->chain)
		return (struct value){0};
	return number(c->chain->errors);
}

static struct value
task_running(const struct metrics_chain *c, const struct task_record *t)
{
	return number(c->is_running && t->phase == PHASE_RUNNING);
}

static struct value
task_runs(const struct metrics_chain *c, const struct task_record *t)
{
	return number(t->runs);
}

static struct value
task_failures(const struct metrics_chain *c, const struct task_record *t)
{
	return number(t->failures);
}

static struct value
task_failures_in_row(const struct metrics_chain *c, const struct task_record *t)
{
	return number(t->policy.failures_in_row);
}

static struct value
task_last_run(const struct metrics_chain *c, const struct task_record *t)
{
	return instant(t->last.started_wall_ms);
}

static struct value
task_last_duration(const struct metrics_chain *c, const struct task_record *t)
{
	if (!t->last.started_wall_ms)
		return (struct value){0};
	return seconds(t->last.duration_ms);
}

static struct value
task_last_success(const struct metrics_chain *c, const struct task_record *t)
{
	if (!t->last.started_wall_ms)
		return (struct value){0};
	return number(t->last.outcome.is_success);
}

/* As a shell tells it: a signal is 128 and its number. */
static struct value
task_last_exit(const struct metrics_chain *c, const struct task_record *t)
{
	const struct outcome *o = &t->last.outcome;

	if (!t->last.started_wall_ms)
		return (struct value){0};
	return number((uint64_t)(o->signal ? 128 + o->signal : o->exit));
}

static struct value
task_success_time(const struct metrics_chain *c, const struct task_record *t)
{
	return instant(t->last_success_wall_ms);
}

static struct value
task_duration_sum(const struct metrics_chain *c, const struct task_record *t)
{
	return seconds(t->duration_sum_ms);
}

static struct value
task_acknowledged(const struct metrics_chain *c, const struct task_record *t)
{
	return number(t->policy.is_acknowledged);
}

static struct value
task_next_run(const struct metrics_chain *c, const struct task_record *t)
{
	return instant(c->is_running ? t->next_run_wall_ms : 0);
}

static struct value
task_down_since(const struct metrics_chain *c, const struct task_record *t)
{
	if (!t->policy.is_down)
		return (struct value){0};
	return instant(t->policy.down_since_wall_ms);
}

static struct value
task_mails_sent(const struct metrics_chain *c, const struct task_record *t)
{
	return number(t->mails_sent);
}

static struct value
task_mails_held(const struct metrics_chain *c, const struct task_record *t)
{
	return number(t->mails_held_back);
}

/*
 * A metric; one that continues the one before it (help NULL) has its HELP and
 * TYPE, as the _sum and the _count of a summary.
 */
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
    {"runner_lease_held", "gauge",
	"Whether this host holds the lease of the chain.", lease_held, NULL},
    {"runner_lease_since_timestamp_seconds", "gauge",
	"Since when it is held, or not held.", lease_since, NULL},
    {"runner_outbox_messages", "gauge", "Messages that wait for delivery.",
	chain_outbox, NULL},
    {"runner_outbox_oldest_timestamp_seconds", "gauge",
	"Since when the oldest waiting message waits.", chain_outbox_oldest,
	NULL},
    {"runner_notifications_waiting", "gauge",
	"Notifications that wait for delivery.", chain_outbox, NULL},
    {"runner_notifications_refused", "gauge",
	"Notifications that were refused for good.", chain_refused, NULL},
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
    {"runner_task_last_success_timestamp_seconds", "gauge",
	"When the last run that succeeded ended.", NULL, task_success_time},
    {"runner_task_last_duration_seconds", "gauge",
	"How long the last run took.", NULL, task_last_duration},
    {"runner_task_run_duration_seconds", "summary",
	"How long the runs took, in this runner.", NULL, NULL},
    {"runner_task_run_duration_seconds_sum", NULL, NULL, NULL,
	task_duration_sum},
    {"runner_task_run_duration_seconds_count", NULL, NULL, NULL, task_runs},
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
    {"runner_task_acknowledged", "gauge",
	"Whether somebody said that the open downtime is known.", NULL,
	task_acknowledged},
    {"runner_mails_sent_total", "counter",
	"Notifications delivered, in this runner.", NULL, task_mails_sent},
    {"runner_mails_held_back_total", "counter",
	"Notifications held back by the hourly cap, in this runner.", NULL,
	task_mails_held},
};

static void
put_sample(FILE *out, const struct metric *m, const struct metrics_chain *c,
    const struct task_record *t)
{
	struct value v = m->of_task ? m->of_task(c, t) : m->of_chain(c);

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

/* The same task may be in a chain twice; a series may not. */
static bool
is_first_of_name(const struct metrics_chain *c, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!strcmp(c->tasks[i].name, c->tasks[index].name))
			return false;
	return true;
}

static void
put_samples(FILE *out, const struct metric *m, const struct metrics_chain *c)
{
	if (m->of_chain)
		put_sample(out, m, c, NULL);
	for (size_t i = 0; m->of_task && i < c->task_count; i++)
		if (is_first_of_name(c, i))
			put_sample(out, m, c, &c->tasks[i]);
}

static void
put_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
metrics_write(FILE *out, const struct metrics_chain *chains, size_t count)
{
	for (size_t i = 0; i < sizeof(metrics) / sizeof(*metrics); i++) {
		const struct metric *m = &metrics[i];

		if (m->help)
			put_head(out, m->name, m->type, m->help);
		for (size_t j = 0; j < count; j++)
			put_samples(out, m, &chains[j]);
	}
}

void
metrics_write_info(FILE *out)
{
	put_head(out, "runner_info", "gauge",
	    "The version of runner that tells this.");
	fputs("runner_info{version=\"" RUNNER_VERSION "\"} 1\n", out);
}
