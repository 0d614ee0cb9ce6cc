/* `status`, `history` and `failures` as JSON. */
#include <string.h>

#include "base/json.h"
#include "runner_version.h"
#include "view.h"

/* The keys and their order are what scripts rely on: new ones come last. */

static void
put_outcome(struct json *j, const struct outcome *o)
{
	json_known(j, "exit", o->exit >= 0, o->exit);
	json_known(j, "signal", o->signal, o->signal);
	json_bool(j, "timed_out", o->timed_out);
}

static void
put_last(struct json *j, const struct last_run *l)
{
	bool is_success = l->outcome.is_success;

	if (!l->started_wall_ms) {
		json_null(j, "last");
		return;
	}
	json_object(j, "last");
	json_instant(j, "started", l->started_wall_ms);
	json_seconds(j, "seconds", l->duration_ms);
	put_outcome(j, &l->outcome);
	json_signature(j, "signature", is_success ? 0 : l->signature);
	json_string(j, "message", is_success ? NULL : l->message);
	json_end(j);
}

static void
put_acknowledged(struct json *j, const struct task_record *t)
{
	if (!t->policy.is_acknowledged) {
		json_null(j, "acknowledged");
		return;
	}
	json_object(j, "acknowledged");
	json_instant(j, "since", t->acknowledged.wall_ms);
	json_string(j, "by", t->acknowledged.who);
	json_string(
	    j, "why", *t->acknowledged.why ? t->acknowledged.why : NULL);
	json_end(j);
}

static void
put_task(
    struct json *j, const struct chain_view *c, const struct task_record *t)
{
	enum task_phase phase = chain_view_phase(c, t);
	/* Where nothing can be read null, and no untrue 0. */
	bool is_known = phase != PHASE_UNKNOWN;

	json_object(j, NULL);
	json_string(j, "name", t->name);
	json_string(j, "state", is_known ? phase_name(phase) : NULL);
	json_known(j, "runs", is_known, (int64_t)t->runs);
	json_known(j, "failures", is_known, (int64_t)t->failures);
	json_known(j, "consecutive_failures", is_known,
	    (int64_t)t->policy.failures_in_row);
	put_last(j, &t->last);
	json_instant(j, "next_run", chain_view_next_run(c, t));
	json_instant(j, "down_since",
	    t->policy.is_down ? t->policy.down_since_wall_ms : 0);
	json_known(j, "mails_sent", is_known, (int64_t)t->mails_sent);
	json_known(j, "mails_held_back", is_known, (int64_t)t->mails_held_back);
	json_string(j, "recent", is_known ? t->recent : NULL);
	json_instant(j, "running_since",
	    phase == PHASE_RUNNING ? t->running_since_wall_ms : 0);
	json_bool(
	    j, "run_is_stopped", phase == PHASE_RUNNING && t->stop_signal);
	put_acknowledged(j, t);
	if (t->ping_refused_wall_ms) {
		json_object(j, "ping_refused");
		json_instant(j, "since", t->ping_refused_wall_ms);
		json_string(j, "answer", t->ping_answer);
		json_end(j);
	} else {
		json_null(j, "ping_refused");
	}
	json_end(j);
}

static void
put_outbox(struct json *j, const struct chain_record *c)
{
	json_object(j, "outbox");
	json_uint(j, "waiting", c->outbox_waiting);
	json_instant(
	    j, "oldest", c->outbox_waiting ? c->outbox_oldest_wall_ms : 0);
	json_string(j, "answer", *c->outbox_answer ? c->outbox_answer : NULL);
	json_end(j);
}

static void
put_lease(struct json *j, const struct chain_record *c)
{
	json_object(j, "lease");
	json_bool(j, "held", c->lease == LEASE_HELD);
	json_instant(j, "since", c->lease_since_wall_ms);
	json_string(j, "fault", *c->lease_fault ? c->lease_fault : NULL);
	json_end(j);
}

static void
put_pause(struct json *j, const struct pause *p)
{
	json_object(j, NULL);
	json_string(j, "task", *p->task ? p->task : NULL);
	json_instant(j, "since", p->since_wall_ms);
	json_instant(j, "until", p->until_wall_ms);
	json_end(j);
}

static void
put_chain(struct json *j, const struct chain_view *c)
{
	static const struct chain_record none;
	const struct snapshot *s = c->snapshot;
	const struct task_record *current =
	    s && c->is_running && s->chain.current_task >= 0
		? &s->tasks[s->chain.current_task]
		: NULL;
	const struct task_record *t;
	struct task_record idle;

	json_object(j, NULL);
	json_string(j, "name", c->name);
	json_known(j, "pid", c->pid, c->pid);
	json_bool(j, "running", c->is_running);
	json_instant(
	    j, "since", s && c->is_running ? s->chain.since_wall_ms : 0);
	json_string(j, "current_task", current ? current->name : NULL);
	if (s && c->is_running && s->chain.lease != LEASE_NONE)
		put_lease(j, &s->chain);
	json_list(j, "tasks");
	for (size_t i = 0; (t = chain_view_task(c, i, &idle)); i++)
		put_task(j, c, t);
	json_end(j);
	json_bool(j, "declared", c->is_declared);
	if (s && !c->is_running)
		json_bool(j, "ended", s->chain.is_ended);
	else
		json_null(j, "ended");
	json_string(j, "error", c->fault);
	json_string(j, "runner", s ? s->chain.version : NULL);
	put_outbox(j, s ? &s->chain : &none);
	json_list(j, "refused");
	for (size_t i = 0; i < c->refused_count; i++) {
		json_object(j, NULL);
		json_string(j, "channel", c->refused[i].channel);
		json_uint(j, "count", c->refused[i].count);
		json_instant(j, "newest", c->refused[i].newest_wall_ms);
		json_string(j, "answer", c->refused[i].answer);
		json_end(j);
	}
	json_end(j);
	json_bool(j, "removed", c->is_removed);
	json_list(j, "pauses");
	for (size_t i = 0; c->pauses && i < c->pauses->count; i++)
		put_pause(j, &c->pauses->list[i]);
	json_end(j);
	json_string(j, "elsewhere", c->other_run_root);
	json_string(j, "log_error",
	    s && c->is_running && s->chain.log_error
		? strerror(s->chain.log_error)
		: NULL);
	json_end(j);
}

/* {"version": ..., KIND: [ */
static void
begin(struct json *j, FILE *out, const char *kind)
{
	json_to_stream(j, out);
	json_object(j, NULL);
	json_string(j, "version", RUNNER_VERSION);
	json_list(j, kind);
}

static void
end(struct json *j, FILE *out)
{
	json_end(j);
	json_end(j);
	putc('\n', out);
}

void
view_json(FILE *out, const struct view *v)
{
	struct json j;

	begin(&j, out, "chains");
	for (size_t i = 0; i < v->count; i++)
		put_chain(&j, &v->chains[i]);
	end(&j, out);
}

static void
put_run(struct json *j, const struct run_view *v)
{
	const struct run_record *r = v->run;
	struct outcome o = run_record_outcome(r);

	json_object(j, NULL);
	json_string(j, "chain", v->chain);
	json_string(j, "task", v->task);
	json_uint(j, "number", r->run);
	json_instant(j, "started", r->started_wall_ms);
	json_seconds(j, "seconds", r->duration_ms);
	json_bool(j, "success", o.is_success);
	put_outcome(j, &o);
	json_signature(j, "signature", r->signature);
	json_string(j, "message", *r->message ? r->message : NULL);
	json_end(j);
}

void
view_runs_json(FILE *out, const struct run_view *runs, size_t count)
{
	struct json j;

	begin(&j, out, "runs");
	for (size_t i = 0; i < count; i++)
		put_run(&j, &runs[i]);
	end(&j, out);
}

static void
put_failure(struct json *j, const struct failure *f)
{
	json_object(j, NULL);
	json_string(j, "task", f->task);
	json_string(j, "chain", f->chain);
	json_signature(j, "signature", f->signature);
	json_uint(j, "count", f->count);
	json_instant(j, "first", f->first_wall_ms);
	json_instant(j, "last", f->last_wall_ms);
	json_string(j, "message", f->subject);
	put_outcome(j, &f->outcome);
	json_uint(j, "stderr_bytes", f->sample_total);
	json_uint(j, "kept_bytes", f->sample_size);
	json_end(j);
}

void
view_failures_json(FILE *out, const struct failure *list, size_t count)
{
	struct json j;

	begin(&j, out, "failures");
	for (size_t i = 0; i < count; i++)
		put_failure(&j, &list[i]);
	end(&j, out);
}
