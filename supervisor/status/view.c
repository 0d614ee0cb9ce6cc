#include "view.h"

#include <string.h>

#include "base/text.h"

enum { ALL_WELL = 0, SOMETHING_FAILS = 1, SOMETHING_DOES_NOT_RUN = 3 };

bool
task_is_failing(const struct task_record *t)
{
	return t->policy.is_down ||
	       (t->last.started_wall_ms && !t->last.outcome.is_success &&
		   !t->is_healthy);
}

bool
chain_view_is_once_over(const struct chain_view *c)
{
	return c->snapshot && c->snapshot->chain.is_once &&
	       c->snapshot->chain.is_ended;
}

bool
chain_view_is_missed(const struct chain_view *c)
{
	if (c->is_running)
		return false;
	/* What cron runs now and then does not run in between. */
	if (chain_view_is_once_over(c))
		return false;
	return c->is_declared || c->is_named ||
	       (c->snapshot && c->snapshot->chain.since_wall_ms &&
		   !c->snapshot->chain.is_ended);
}

bool
chain_view_fails(const struct chain_view *c)
{
	/* One that ended in order and was not asked for is history. */
	if (!c->is_running && !c->fault && !chain_view_is_once_over(c))
		return false;
	if (c->fault)
		return true;
	if (c->is_running && c->snapshot &&
	    c->snapshot->chain.lease_policy.is_told)
		return true;
	for (size_t i = 0; c->snapshot && i < c->snapshot->task_count; i++)
		if (task_is_failing(&c->snapshot->tasks[i]))
			return true;
	return false;
}

int
view_status(const struct view *v)
{
	int status = v->count ? ALL_WELL : SOMETHING_DOES_NOT_RUN;

	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];

		if (chain_view_is_missed(c))
			return SOMETHING_DOES_NOT_RUN;
		if (chain_view_fails(c) || c->refused_count)
			status = SOMETHING_FAILS;
	}
	return status;
}

const char *
chain_view_task_name(const struct chain_view *c, size_t i)
{
	if (c->snapshot)
		return i < c->snapshot->task_count ? c->snapshot->tasks[i].name
						   : NULL;
	return c->task_names ? c->task_names[i] : NULL;
}

const struct task_record *
chain_view_task(const struct chain_view *c, size_t i, struct task_record *idle)
{
	const char *name = chain_view_task_name(c, i);

	if (!name || c->snapshot)
		return name ? &c->snapshot->tasks[i] : NULL;
	*idle = (struct task_record){0};
	text_copy(idle->name, sizeof(idle->name), name);
	return idle;
}

const struct pause *
chain_view_pause(const struct chain_view *c, const char *task)
{
	return c->pauses ? pauses_of(c->pauses, task, 0) : NULL;
}

enum task_phase
chain_view_phase(const struct chain_view *c, const struct task_record *t)
{
	if (c->fault)
		return PHASE_UNKNOWN;
	if (!c->is_running || t->phase > PHASE_LEASE)
		return PHASE_STOPPED;
	if (t->phase != PHASE_RUNNING && chain_view_pause(c, t->name))
		return PHASE_PAUSED;
	return (enum task_phase)t->phase;
}

int64_t
chain_view_next_run(const struct chain_view *c, const struct task_record *t)
{
	if (!c->is_running || chain_view_pause(c, t->name))
		return 0;
	return t->next_run_wall_ms;
}

void
view_format_result(const struct outcome *o, char text[VIEW_RESULT_SIZE])
{
	if (o->is_success)
		snprintf(text, VIEW_RESULT_SIZE, "ok");
	else if (o->timed_out)
		snprintf(text, VIEW_RESULT_SIZE, "timed out");
	else if (o->not_executed)
		snprintf(text, VIEW_RESULT_SIZE, "not executed");
	else if (o->signal)
		outcome_signal_name(o->signal, text);
	else
		snprintf(text, VIEW_RESULT_SIZE, "exit %d", o->exit);
}

struct outcome
run_record_outcome(const struct run_record *r)
{
	return (struct outcome){
	    .exit = r->exit,
	    .signal = r->signal,
	    .timed_out = r->flags & RUN_TIMED_OUT,
	    .not_executed = r->flags & RUN_NOT_EXECUTED,
	    .is_success = r->flags & RUN_SUCCESS,
	};
}

void
view_format_duration(int64_t ms, char text[UNITS_TEXT_SIZE])
{
	if (ms < 1000 || ms >= 60000)
		units_format_span(ms, text);
	else
		snprintf(text, UNITS_TEXT_SIZE, "%d.%d s", (int)(ms / 1000),
		    (int)(ms % 1000 / 100));
}
