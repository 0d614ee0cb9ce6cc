#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "chain.h"
#include "os/clock.h"
#include "policy/schedule.h"
#include "base/text.h"
#include "base/units.h"

void
run_init(struct run *r)
{
	*r = (struct run){.child = {.out_fd = -1, .err_fd = -1, .exec_fd = -1},
	    .timeout_ms = -1,
	    .kill_ms = -1};
}

/* "" before the first run; as a shell tells it, 128 + N for a signal. */
static void
format_last_exit(const struct task_record *t, char *text, size_t size)
{
	const struct outcome *o = &t->last.outcome;

	text[0] = '\0';
	if (t->runs)
		snprintf(
		    text, size, "%d", o->signal ? 128 + o->signal : o->exit);
}

static void
ping(struct chain *c, size_t task, const char *suffix,
    const struct captured *err, int64_t now_ms)
{
	const struct task_settings *s = c->tasks[task].settings;
	const char *body = "";
	size_t size = 0;

	if (!s->ping_url || !c->ping)
		return;
	if (err) {
		body = err->tail_size ? err->tail : err->head;
		size = err->tail_size ? err->tail_size : err->head_size;
	}
	ping_send(c->ping, s->name, s->ping_url, suffix, body, size, now_ms);
}

static void
publish_start(struct chain *c, size_t task)
{
	struct task_record *t = &c->records.tasks[task];

	t->phase = PHASE_RUNNING;
	t->running_since_wall_ms = c->run.started_wall_ms;
	t->next_run_wall_ms = 0;
	c->records.chain.current_task = (int32_t)task;
	c->records.chain.run_pid = c->run.child.pid;
	c->records.chain.run_number = t->runs + 1;
	records_save_chain(&c->records);
	records_save_task(&c->records, task);
}

int
run_start(struct chain *c, size_t task, int64_t now_ms)
{
	const struct chain_task *ct = &c->tasks[task];
	const struct task_settings *s = ct->settings;
	const struct task_record *t = &c->records.tasks[task];
	char last_exit[16];
	struct spawn_run what = {
	    .chain = c->records.chain.name,
	    .number = t->runs + 1,
	    .failures = t->policy.failures_in_row,
	    .last_exit = last_exit,
	    .lease = c->lease.argv ? c->lease.token : NULL,
	    .mark = c->records.chain.mark,
	};
	int64_t ticks = clock_now_ns() / (1000000000 / sysconf(_SC_CLK_TCK));

	format_last_exit(t, last_exit, sizeof(last_exit));
	if (spawn_task(ct->plan, &what, &c->run.child))
		return -1;
	c->run.levers = (struct signature_levers){
	    .keep = s->signature_keep,
	    .mask = s->signature_mask,
	    .ignore = s->signature_ignore,
	};
	capture_begin(c->capture, s->name, &c->run.levers);
	c->run.task = task;
	c->run.started_ms = now_ms;
	c->run.started_wall_ms = clock_wall_ms();
	c->run.started_ticks = ticks;
	c->run.timeout_ms = s->timeout_ms ? now_ms + s->timeout_ms : -1;
	c->run.kill_ms = -1;
	c->run.is_timed_out = false;
	c->run.is_interrupted = false;
	publish_start(c, task);
	ping(c, task, "/start", NULL, now_ms);
	return 0;
}

static void
terminate(struct chain *c, int64_t now_ms)
{
	struct run *r = &c->run;

	spawn_signal_group(r->child.pid, SIGTERM);
	/* A stopped process takes TERM only when it goes on. */
	spawn_signal_group(r->child.pid, SIGCONT);
	r->kill_ms = now_ms + c->tasks[r->task].settings->stop_timeout_ms;
	r->timeout_ms = -1;
}

int64_t
run_check_time(struct chain *c, int64_t now_ms)
{
	struct run *r = &c->run;
	const struct task_settings *s = c->tasks[r->task].settings;
	char span[UNITS_TEXT_SIZE];

	if (!r->child.pid)
		return -1;
	if (r->timeout_ms >= 0 && now_ms >= r->timeout_ms) {
		units_format_duration(s->timeout_ms, span);
		log_say(c->log, LOG_LEVEL_WARNING, s->name,
		    "Timed out after %s, sent SIGTERM", span);
		r->is_timed_out = true;
		terminate(c, now_ms);
	}
	if (r->kill_ms >= 0 && now_ms >= r->kill_ms) {
		log_say(c->log, LOG_LEVEL_WARNING, s->name,
		    "Did not end on SIGTERM, sent SIGKILL");
		spawn_signal_group(r->child.pid, SIGKILL);
		r->kill_ms = -1;
	}
	return schedule_earlier(r->timeout_ms, r->kill_ms);
}

void
run_interrupt(struct chain *c, int64_t now_ms)
{
	if (!c->run.child.pid || c->run.is_interrupted)
		return;
	c->run.is_interrupted = true;
	/* One that timed out is on its way already. */
	if (!c->run.is_timed_out)
		terminate(c, now_ms);
}

/* What a run comes to, gathered for those who are told of it. */
struct result {
	struct outcome outcome;
	struct signature_result signature;
	struct captured err;
	struct captured out;
	int64_t duration_ms;
	int64_t wall_ms;
	int64_t cooldown_ms;
	enum reason reason;
	struct policy before; /* it was decided */
	bool was_told;        /* the admins knew of this downtime before */
};

static void
name_failure(struct chain *c, struct result *r)
{
	const struct task_settings *s = c->tasks[c->run.task].settings;
	char span[UNITS_TEXT_SIZE];

	signature_finish(
	    capture_signature(c->capture), &r->outcome, &r->signature);
	if (r->signature.has_evidence || !r->outcome.timed_out)
		return;
	/* It died of our signal: say why we sent it. */
	units_format_duration(s->timeout_ms, span);
	snprintf(r->signature.subject, sizeof(r->signature.subject),
	    "timed out after %s", span);
}

static void
keep_failure(struct chain *c, const struct result *r)
{
	struct task_record *t = &c->records.tasks[c->run.task];
	struct failure f = {
	    .version = SIGNATURE_VERSION,
	    .signature = r->signature.value,
	    .last_wall_ms = r->wall_ms,
	    .outcome = r->outcome,
	};

	tally_note(&c->tasks[c->run.task].tally, r->signature.value,
	    r->signature.subject, r->wall_ms);
	snprintf(f.task, sizeof(f.task), "%s", t->name);
	snprintf(f.chain, sizeof(f.chain), "%s", c->records.chain.name);
	snprintf(f.subject, sizeof(f.subject), "%s", r->signature.subject);
	if (failures_note(c->failures, &f, &r->err))
		records_count_error(&c->records);
}

static void
decide(struct chain *c, struct result *r, int64_t now_ms)
{
	const struct task_settings *s = c->tasks[c->run.task].settings;
	struct policy *p = &c->records.tasks[c->run.task].policy;
	struct policy_rules rules = {
	    .non_recoverable_downtime_ms = s->non_recoverable_downtime_ms,
	    .heal_after = s->heal_after,
	    .notify_after = (int)s->notify_after.count,
	    .notify_after_ms = s->notify_after.ms,
	    .remember_ms = s->remember_ms,
	};

	r->before = *p;
	r->was_told = p->is_down && p->is_told;
	if (r->outcome.is_success) {
		r->reason = policy_success(p, &rules);
	} else {
		name_failure(c, r);
		keep_failure(c, r);
		r->reason = policy_failure(
		    p, &rules, r->signature.value, now_ms, r->wall_ms);
	}
	r->cooldown_ms =
	    schedule_cooldown_ms(s, r->outcome.is_success, p->failures_in_row);
}

static void
record(struct chain *c, const struct result *r)
{
	struct task_record *t = &c->records.tasks[c->run.task];
	struct run_record run = {
	    .signature = r->outcome.is_success ? 0 : r->signature.value,
	    .started_wall_ms = c->run.started_wall_ms,
	    .duration_ms = r->duration_ms,
	    .task = (uint32_t)c->run.task,
	    .exit = (int16_t)r->outcome.exit,
	    .signal = (uint8_t)r->outcome.signal,
	    .flags =
		(uint8_t)((r->outcome.is_success ? RUN_SUCCESS : 0) |
			  (r->outcome.timed_out ? RUN_TIMED_OUT : 0) |
			  (r->outcome.not_executed ? RUN_NOT_EXECUTED : 0)),
	};

	t->runs++;
	run.run = t->runs;
	t->failures += !r->outcome.is_success;
	t->phase = PHASE_COOLDOWN;
	t->running_since_wall_ms = 0;
	t->last = (struct last_run){
	    .started_wall_ms = c->run.started_wall_ms,
	    .duration_ms = r->duration_ms,
	    .outcome = r->outcome,
	    .signature = run.signature,
	};
	if (!r->outcome.is_success) {
		snprintf(t->last.message, sizeof(t->last.message), "%s",
		    r->signature.subject);
		memcpy(run.message, t->last.message,
		    text_cut(t->last.message, strlen(t->last.message),
			sizeof(run.message) - 1));
	}
	task_record_add_recent(t, r->outcome.is_success);
	records_add_run(&c->records, &run);
}

/*
 * Saves what is about to be told, with the policy from before: a runner that is
 * killed meanwhile has told nothing that counts.  What a predecessor that was
 * killed was telling keeps its times, and so its ids.
 */
static void
promise(struct chain *c, const struct result *r)
{
	struct task_record *t = &c->records.tasks[c->run.task];
	struct telling *k = &t->telling;
	struct policy decided = t->policy;
	struct telling now = {
	    .reason = (uint32_t)r->reason,
	    .signature = r->outcome.is_success ? 0 : r->signature.value,
	    .wall_ms = r->wall_ms,
	    .down_since_wall_ms = decided.down_since_wall_ms,
	};

	if (k->reason == now.reason && k->signature == now.signature)
		decided.down_since_wall_ms = k->down_since_wall_ms;
	else
		*k = now;
	t->policy = r->before;
	records_save_task(&c->records, c->run.task);
	t->policy = decided;
}

static void
tell(struct chain *c, const struct result *r, int64_t now_ms)
{
	const struct chain_task *ct = &c->tasks[c->run.task];
	struct task_record *t = &c->records.tasks[c->run.task];
	const struct policy *p = &t->policy;
	bool is_healed = r->reason == REASON_HEALED;
	struct notification n = {
	    .reason = r->reason,
	    .message = r->signature.subject,
	    .task = t->name,
	    .command = ct->settings->command.written,
	    .signature = r->outcome.is_success ? 0 : r->signature.value,
	    .outcome = r->outcome,
	    .started_wall_ms = c->run.started_wall_ms,
	    .duration_ms = r->duration_ms,
	    .down_since_wall_ms = p->down_since_wall_ms,
	    .downtime_ms = r->wall_ms - p->down_since_wall_ms,
	    .consecutive_failures =
		is_healed ? p->downtime_failures : p->failures_in_row,
	    .run = t->runs,
	    .next_run_wall_ms =
		c->source.is_once ? 0 : r->wall_ms + r->cooldown_ms,
	    .now_wall_ms = r->wall_ms,
	    .err = r->err,
	    .out = r->out,
	    .failures = ct->tally.rows,
	    .failure_count = ct->tally.count,
	    .told_wall_ms = t->telling.wall_ms,
	};

	/* A wall clock that was set back tells no negative downtime. */
	if (n.downtime_ms < 0)
		n.downtime_ms = 0;
	notify_tell(
	    &c->notify, &n, p->down_since_wall_ms, !r->was_told, now_ms);
	t->telling = (struct telling){0};
}

/* It was ended by us, not by itself: that says nothing of the task. */
static void
forget_run(struct chain *c)
{
	struct task_record *t = &c->records.tasks[c->run.task];

	log_say(c->log, LOG_LEVEL_INFO, t->name, "Execution interrupted");
	t->phase = PHASE_WAITING;
	t->running_since_wall_ms = 0;
	records_save_task(&c->records, c->run.task);
}

static void
close_run(struct chain *c)
{
	child_close(&c->run.child);
	signature_rest(capture_signature(c->capture));
	c->records.chain.run_pid = 0;
	c->records.chain.current_task = -1;
	records_save_chain(&c->records);
}

int64_t
run_finish(struct chain *c, int wait_status, int64_t now_ms, bool *is_success)
{
	struct run *run = &c->run;
	const struct task_settings *s = c->tasks[run->task].settings;
	struct result r = {.duration_ms = now_ms - run->started_ms,
	    .wall_ms = clock_wall_ms()};

	capture_finish(c->capture, run->child.out_fd, run->child.err_fd);
	r.err = capture_stderr(c->capture);
	r.out = capture_stdout(c->capture);
	r.outcome = spawn_outcome(
	    &run->child, wait_status, s, run->is_timed_out, r.err.total > 0);
	*is_success = r.outcome.is_success;
	if (run->is_interrupted && !run->is_timed_out) {
		forget_run(c);
		close_run(c);
		return 0;
	}
	decide(c, &r, now_ms);
	log_say(c->log, LOG_LEVEL_DEBUG, s->name, "Execution %s",
	    r.outcome.is_success ? "successful" : "failed");
	record(c, &r);
	if (r.reason != REASON_NONE) {
		promise(c, &r);
		tell(c, &r, now_ms);
	}
	records_save_task(&c->records, run->task);
	if (r.reason != REASON_NONE)
		records_sync(&c->records);
	ping(c, run->task, r.outcome.is_success ? "" : "/fail",
	    r.outcome.is_success ? NULL : &r.err, now_ms);
	close_run(c);
	return r.cooldown_ms;
}
