#include <inttypes.h>

#include "base/encode.h"
#include "view.h"
#include "runner_version.h"

/* INTERFACE 9 fixes the keys and their order; keys of ours come last. */

static void
put_bool(FILE *out, bool b)
{
	fputs(b ? "true" : "false", out);
}

static void
put_exit(FILE *out, const struct outcome *o)
{
	if (o->exit < 0)
		fputs("\"exit\": null", out);
	else
		fprintf(out, "\"exit\": %d", o->exit);
	if (o->signal)
		fprintf(out, ", \"signal\": %d", o->signal);
	else
		fputs(", \"signal\": null", out);
	fputs(", \"timed_out\": ", out);
	put_bool(out, o->timed_out);
}

static void
put_last(FILE *out, const struct last_run *l)
{
	if (!l->started_wall_ms) {
		fputs("null", out);
		return;
	}
	fputs("{\"started\": ", out);
	encode_json_wall(out, l->started_wall_ms);
	fputs(", \"seconds\": ", out);
	encode_seconds(out, l->duration_ms);
	fputs(", ", out);
	put_exit(out, &l->outcome);
	fputs(", \"signature\": ", out);
	encode_json_signature(out, l->outcome.is_success ? 0 : l->signature);
	fputs(", \"message\": ", out);
	encode_json(out, l->outcome.is_success ? NULL : l->message);
	putc('}', out);
}

static void
put_task(FILE *out, const struct chain_view *c, const struct task_record *t)
{
	fputs("{\"name\": ", out);
	encode_json(out, t->name);
	fprintf(out,
	    ", \"state\": \"%s\", \"runs\": %" PRIu64 ", \"failures\": %" PRIu64
	    ", \"consecutive_failures\": %" PRIu32 ",\n     \"last\": ",
	    phase_name(chain_view_phase(c, t)), t->runs, t->failures,
	    t->policy.failures_in_row);
	put_last(out, &t->last);
	fputs(",\n     \"next_run\": ", out);
	encode_json_wall(out, chain_view_next_run(c, t));
	fputs(", \"down_since\": ", out);
	encode_json_wall(
	    out, t->policy.is_down ? t->policy.down_since_wall_ms : 0);
	fprintf(out,
	    ", \"mails_sent\": %" PRIu64 ", \"mails_held_back\": %" PRIu64
	    ", \"recent\": ",
	    t->mails_sent, t->mails_held_back);
	encode_json(out, t->recent);
	fputs(", \"running_since\": ", out);
	encode_json_wall(out, chain_view_phase(c, t) == PHASE_RUNNING
				  ? t->running_since_wall_ms
				  : 0);
	putc('}', out);
}

/* A declared task that never ran, in the same shape. */
static void
put_task_name(FILE *out, const char *name)
{
	static const struct chain_view stopped;
	struct task_record t = {0};

	snprintf(t.name, sizeof(t.name), "%s", name);
	put_task(out, &stopped, &t);
}

static void
put_tasks(FILE *out, const struct chain_view *c)
{
	const char *between = "\n    ";

	for (size_t i = 0; c->snapshot && i < c->snapshot->task_count; i++) {
		fputs(between, out);
		put_task(out, c, &c->snapshot->tasks[i]);
		between = ",\n    ";
	}
	for (size_t i = 0; !c->snapshot && c->task_names && c->task_names[i];
	     i++) {
		fputs(between, out);
		put_task_name(out, c->task_names[i]);
		between = ",\n    ";
	}
}

static void
put_outbox(FILE *out, const struct chain_record *c)
{
	fprintf(
	    out, "{\"waiting\": %" PRIu32 ", \"oldest\": ", c->outbox_waiting);
	encode_json_wall(out, c->outbox_waiting ? c->outbox_oldest_wall_ms : 0);
	fputs(", \"answer\": ", out);
	encode_json(out, *c->outbox_answer ? c->outbox_answer : NULL);
	putc('}', out);
}

static void
put_more(FILE *out, const struct chain_view *c)
{
	const struct snapshot *s = c->snapshot;

	fputs(",\n   \"declared\": ", out);
	put_bool(out, c->is_declared);
	fputs(", \"ended\": ", out);
	if (s && !c->is_running)
		put_bool(out, s->chain.is_ended);
	else
		fputs("null", out);
	fputs(", \"error\": ", out);
	encode_json(out, c->fault);
	fputs(", \"runner\": ", out);
	encode_json(out, s ? s->chain.version : NULL);
	fputs(",\n   \"outbox\": ", out);
	put_outbox(out, s ? &s->chain : &(const struct chain_record){0});
}

static void
put_chain(FILE *out, const struct chain_view *c)
{
	const struct snapshot *s = c->snapshot;
	int current = s && c->is_running ? s->chain.current_task : -1;

	fputs("\n  {\"name\": ", out);
	encode_json(out, c->name);
	if (c->pid)
		fprintf(out, ", \"pid\": %d", (int)c->pid);
	else
		fputs(", \"pid\": null", out);
	fputs(", \"running\": ", out);
	put_bool(out, c->is_running);
	fputs(", \"since\": ", out);
	encode_json_wall(out, s && c->is_running ? s->chain.since_wall_ms : 0);
	fputs(", \"current_task\": ", out);
	encode_json(out, current >= 0 ? s->tasks[current].name : NULL);
	fputs(",\n   \"tasks\": [", out);
	put_tasks(out, c);
	fputs("]", out);
	put_more(out, c);
	putc('}', out);
}

void
view_json(FILE *out, const struct view *v)
{
	fputs("{\"version\": \"" RUNNER_VERSION "\", \"chains\": [", out);
	for (size_t i = 0; i < v->count; i++) {
		if (i)
			putc(',', out);
		put_chain(out, &v->chains[i]);
	}
	fputs("]}\n", out);
}

static void
put_run(FILE *out, const struct run_view *v)
{
	const struct run_record *r = v->run;
	struct outcome o = run_record_outcome(r);

	fputs("\n  {\"chain\": ", out);
	encode_json(out, v->chain);
	fputs(", \"task\": ", out);
	encode_json(out, v->task);
	fprintf(out, ", \"number\": %" PRIu64 ", \"started\": ", r->run);
	encode_json_wall(out, r->started_wall_ms);
	fputs(", \"seconds\": ", out);
	encode_seconds(out, r->duration_ms);
	fputs(", \"success\": ", out);
	put_bool(out, o.is_success);
	fputs(", ", out);
	put_exit(out, &o);
	fputs(", \"signature\": ", out);
	encode_json_signature(out, r->signature);
	fputs(", \"message\": ", out);
	encode_json(out, *v->run->message ? v->run->message : NULL);
	putc('}', out);
}

void
view_runs_json(FILE *out, const struct run_view *runs, size_t count)
{
	fputs("{\"version\": \"" RUNNER_VERSION "\", \"runs\": [", out);
	for (size_t i = 0; i < count; i++) {
		if (i)
			putc(',', out);
		put_run(out, &runs[i]);
	}
	fputs("]}\n", out);
}

static void
put_failure(FILE *out, const struct failure *f)
{
	fputs("\n  {\"task\": ", out);
	encode_json(out, f->task);
	fputs(", \"chain\": ", out);
	encode_json(out, f->chain);
	fputs(", \"signature\": ", out);
	encode_json_signature(out, f->signature);
	fprintf(out, ", \"count\": %" PRIu64 ", \"first\": ", f->count);
	encode_json_wall(out, f->first_wall_ms);
	fputs(", \"last\": ", out);
	encode_json_wall(out, f->last_wall_ms);
	fputs(", \"message\": ", out);
	encode_json(out, f->subject);
	fputs(", ", out);
	put_exit(out, &f->outcome);
	fprintf(out,
	    ", \"stderr_bytes\": %" PRIu64 ", \"kept_bytes\": %" PRIu32 "}",
	    f->sample_total, f->sample_size);
}

void
view_failures_json(FILE *out, const struct failure *list, size_t count)
{
	fputs("{\"version\": \"" RUNNER_VERSION "\", \"failures\": [", out);
	for (size_t i = 0; i < count; i++) {
		if (i)
			putc(',', out);
		put_failure(out, &list[i]);
	}
	fputs("]}\n", out);
}
