#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "base/units.h"
#include "os/clock.h"
#include "policy/schedule.h"

/* What is not slow, however fast it usually is. */
enum { SLOW_LEAST_MS = 1000 };

static struct task_record *
record_of(struct run *r)
{
	return &r->records->tasks[r->index];
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

/* `event` says what is known of the run beyond what it is. */
static void
ping(struct run *r, struct ping_event event, int64_t now_ms)
{
	const struct task_settings *s = r->task->settings;

	if (!s->ping_url && !s->ping_url_file)
		return;
	event.task = s->name;
	event.url = s->ping_url;
	event.url_file = s->ping_url_file;
	event.dialect = s->ping;
	event.rid = r->rid;
	ping_send(r->ping, &event, now_ms);
}

static void
ping_start(struct run *r, int64_t now_ms)
{
	const struct ping_event event = {.state = PING_START,
	    .duration_ms = -1,
	    .exit = -1,
	    .message = "",
	    .body = ""};

	if (r->task->settings->ping_url || r->task->settings->ping_url_file)
		ping_make_rid(r->rid);
	ping(r, event, now_ms);
}

static void
publish_start(struct run *r)
{
	struct task_record *t = record_of(r);
	struct chain_record *c = &r->records->chain;

	t->phase = PHASE_RUNNING;
	t->running_since_wall_ms = r->started_wall_ms;
	t->next_run_wall_ms = 0;
	c->current_task = (int32_t)r->index;
	c->run_pid = r->child.pid;
	c->run_number = t->runs + 1;
	records_save_chain(r->records);
	records_save_task(r->records, r->index);
}

/* How long a run may take before it is slow; 0: as long as it likes. */
static int64_t
slow_limit_ms(const struct chain_task *task)
{
	const struct threshold *slow = &task->settings->slow_after;
	int64_t usual_ms = slow->count ? usual_median_ms(&task->usual) : -1;
	int64_t limit_ms = slow->count * usual_ms / 1000;

	if (usual_ms < 0)
		return slow->ms;
	return limit_ms > SLOW_LEAST_MS ? limit_ms : SLOW_LEAST_MS;
}

static void
begin_limits(struct run *r, int64_t now_ms)
{
	const struct task_settings *s = r->task->settings;
	int64_t slow_ms = slow_limit_ms(r->task);

	r->timeout_ms = s->timeout_ms ? now_ms + s->timeout_ms : -1;
	r->healthy_ms = s->healthy_after_ms && !r->is_healthy
			    ? now_ms + s->healthy_after_ms
			    : -1;
	r->slow_ms = slow_ms && !record_of(r)->is_slow ? now_ms + slow_ms : -1;
}

int
run_start(struct run *r, struct chain_task *task, size_t index,
    const char *lease, int64_t now_ms)
{
	const struct task_settings *s = task->settings;
	const struct task_record *t = &r->records->tasks[index];
	char last_exit[16];
	struct spawn_run what = {
	    .chain = r->records->chain.name,
	    .number = t->runs + 1,
	    .failures = t->policy.failures_in_row,
	    .last_exit = last_exit,
	    .lease = lease,
	    .mark = r->records->chain.mark,
	};
	int64_t ticks = clock_now_ns() / (1000000000 / sysconf(_SC_CLK_TCK));

	format_last_exit(t, last_exit, sizeof(last_exit));
	if (spawn_task(task->plan, &what, &r->child))
		return -1;
	r->patterns = (struct user_patterns){
	    .keep = s->signature_keep,
	    .mask = s->signature_mask,
	    .ignore = s->signature_ignore,
	};
	capture_begin(r->capture, s->name, &r->patterns);
	r->task = task;
	r->index = index;
	/* Its time begins when it exists, however long fork(2) took us. */
	now_ms = clock_now_ms();
	r->started_ms = now_ms;
	r->started_wall_ms = clock_wall_ms();
	r->started_ticks = ticks;
	r->is_healthy = false;
	begin_limits(r, now_ms);
	r->is_timed_out = r->is_interrupted = r->is_stop_logged = false;
	publish_start(r);
	ping_start(r, now_ms);
	return 0;
}

void
run_read(struct run *r, enum log_stream stream)
{
	int *fd =
	    stream == LOG_STREAM_STDOUT ? &r->child.out_fd : &r->child.err_fd;
	ssize_t n = capture_read(r->capture, stream, *fd);

	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	close(*fd);
	*fd = -1;
}

void
run_note_stop(struct run *r, int signal)
{
	struct task_record *t = record_of(r);
	char name[OUTCOME_TEXT_SIZE];

	t->stop_signal = (uint32_t)signal;
	records_save_task(r->records, r->index);
	if (r->is_stop_logged || !signal)
		return;
	r->is_stop_logged = true;
	outcome_signal_name(signal, name);
	log_say(r->log, LOG_LEVEL_WARNING, t->name,
	    "Stopped by %s, goes on at SIGCONT", name);
}

void
run_read_stages(struct run *r)
{
	int signal = spawn_read_stages(&r->child);

	if (signal >= 0)
		run_note_stop(r, signal);
}

void
run_grant_anew(struct run *r, int64_t now_ms)
{
	if (r->child.pid && !r->is_interrupted && !r->is_timed_out)
		begin_limits(r, now_ms);
}

static void
end_process(struct run *r, int64_t now_ms)
{
	r->timeout_ms = r->healthy_ms = r->slow_ms = -1;
	child_end(&r->child, r->task->settings->stop_timeout_ms, now_ms);
}

void
run_interrupt(struct run *r, int64_t now_ms)
{
	if (!r->child.pid || r->is_interrupted)
		return;
	r->is_interrupted = true;
	/* One that timed out is on its way already. */
	if (!r->is_timed_out)
		end_process(r, now_ms);
}

/* An alert of a task without non_recoverable_downtime lasts a day. */
enum { EXPIRY_NEVER_MS = 24 * 60 * 60 * 1000, EXPIRY_MARGIN_MS = 600000 };

/* What a run comes to, for those who are told of it. */
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

static struct mask
mask_of(struct run *r)
{
	return secrets_mask(&r->secrets, r->notify->config, r->task);
}

/*
 * What could not be executed: the last line that our child wrote says why,
 * where libpipeline's before it knows but an errno.
 */
static void
name_unexecuted(struct result *result)
{
	const char *line = result->err.head, *end, *at;
	struct text subject;

	end = line + result->err.head_size;
	end -= end > line && end[-1] == '\n';
	at = end > line ? memrchr(line, '\n', (size_t)(end - line)) : NULL;
	line = at ? at + 1 : line;
	if (end - line <= 8 || memcmp(line, "runner: ", 8))
		return;
	line += 8;
	for (at = line; at < end;) {
		size_t n = text_utf8_length(at, (size_t)(end - at));

		if (!n)
			return;
		at += n;
	}
	text_init(&subject, result->signature.subject, SIGNATURE_SUBJECT_SIZE);
	text_add_printable(&subject, line, (size_t)(end - line));
}

/* What it is called is the same wherever it is shown. */
static void
name_failure(struct run *r, struct result *result)
{
	const struct task_settings *s = r->task->settings;
	const struct mask m = mask_of(r);
	char span[UNITS_TEXT_SIZE], raw[SIGNATURE_SUBJECT_SIZE];
	struct text subject;

	signature_finish(capture_signature(r->capture), &result->outcome,
	    &result->signature);
	signature_mask_subject(
	    capture_signature(r->capture), &m, &result->signature);
	if (result->outcome.not_executed) {
		name_unexecuted(result);
		mask_string(&m, result->signature.subject);
	}
	memcpy(raw, result->signature.subject, sizeof(raw));
	text_init(&subject, result->signature.subject, SIGNATURE_SUBJECT_SIZE);
	text_add_printable(&subject, raw, strlen(raw));
	if (result->signature.has_evidence || !result->outcome.timed_out)
		return;
	/* It died of our signal: say why we sent it. */
	units_format_duration(s->timeout_ms, span);
	snprintf(result->signature.subject, sizeof(result->signature.subject),
	    "timed out after %s", span);
}

static void
keep_failure(struct run *r, const struct result *result)
{
	struct task_record *t = record_of(r);
	struct failure f = {
	    .version = SIGNATURE_VERSION,
	    .signature = result->signature.value,
	    .last_wall_ms = result->wall_ms,
	    .outcome = result->outcome,
	};

	tally_note(&r->task->tally, result->signature.value,
	    result->signature.subject, result->wall_ms);
	snprintf(f.task, sizeof(f.task), "%s", t->name);
	snprintf(f.chain, sizeof(f.chain), "%s", r->records->chain.name);
	snprintf(f.subject, sizeof(f.subject), "%s", result->signature.subject);
	if (!failures_note(r->failures, &f, &result->err))
		return;
	if (errno != EPROTO)
		records_count_error(r->records);
	else if (!r->has_met_later)
		log_say(r->log, LOG_LEVEL_WARNING, t->name,
		    "What is kept of the failure %016" PRIx64
		    " is of another version of runner and stays as it is",
		    f.signature);
	r->has_met_later |= errno == EPROTO;
}

static void
decide(struct run *r, struct result *result, int64_t now_ms)
{
	const struct task_settings *s = r->task->settings;
	struct policy *p = &record_of(r)->policy;
	struct policy_rules rules = {
	    .non_recoverable_downtime_ms = s->non_recoverable_downtime_ms,
	    .heal_after = s->heal_after,
	    .notify_after = (int)s->notify_after.count,
	    .notify_after_ms = s->notify_after.ms,
	    .remember_ms = s->remember_ms,
	};

	if (acknowledgement_take(r->records->run_root, r->records->chain.name,
		geteuid(), record_of(r)))
		log_say(r->log, LOG_LEVEL_INFO, s->name,
		    "The downtime is acknowledged by %s%s%s",
		    record_of(r)->acknowledged.who,
		    *record_of(r)->acknowledged.why ? ": " : "",
		    record_of(r)->acknowledged.why);
	result->before = *p;
	result->was_told = p->is_down && p->is_told;
	if (result->outcome.is_success && r->is_healthy &&
	    !result->outcome.goes_on) {
		result->reason = REASON_NONE; /* it was counted already */
	} else if (result->outcome.is_success) {
		result->reason = policy_success(p, &rules);
	} else {
		name_failure(r, result);
		keep_failure(r, result);
		result->reason = policy_failure(p, &rules,
		    result->signature.value, now_ms, result->wall_ms);
	}
	if (result->before.is_acknowledged && !p->is_down)
		acknowledgement_remove(
		    r->records->run_root, r->records->chain.name, s->name);
	result->cooldown_ms = schedule_cooldown_ms(
	    s, result->outcome.is_success, p->failures_in_row);
}

static void
record(struct run *r, const struct result *result)
{
	struct task_record *t = record_of(r);
	struct run_record run = {
	    .signature =
		result->outcome.is_success ? 0 : result->signature.value,
	    .started_wall_ms = r->started_wall_ms,
	    .duration_ms = result->duration_ms,
	    .task = (uint32_t)r->index,
	    .exit = (int16_t)result->outcome.exit,
	    .signal = (uint8_t)result->outcome.signal,
	    .flags = (uint8_t)((result->outcome.is_success ? RUN_SUCCESS : 0) |
			       (result->outcome.timed_out ? RUN_TIMED_OUT : 0) |
			       (result->outcome.not_executed ? RUN_NOT_EXECUTED
							     : 0)),
	};

	t->runs++;
	run.run = t->runs;
	t->failures += !result->outcome.is_success;
	t->duration_sum_ms += result->duration_ms;
	if (result->outcome.is_success)
		t->last_success_wall_ms = result->wall_ms;
	t->phase = PHASE_COOLDOWN;
	t->stop_signal = 0;
	t->is_slow = 0;
	t->is_healthy = 0;
	if (result->outcome.is_success)
		usual_note(&r->task->usual, result->duration_ms);
	t->running_since_wall_ms = 0;
	t->last = (struct last_run){
	    .started_wall_ms = r->started_wall_ms,
	    .duration_ms = result->duration_ms,
	    .outcome = result->outcome,
	    .signature = run.signature,
	};
	if (!result->outcome.is_success) {
		snprintf(t->last.message, sizeof(t->last.message), "%s",
		    result->signature.subject);
		memcpy(run.message, t->last.message,
		    text_cut(t->last.message, strlen(t->last.message),
			sizeof(run.message) - 1));
	}
	task_record_add_recent(t, result->outcome.is_success);
	records_add_run(r->records, &run);
}

/*
 * Saves what is about to be told, with the policy from before: a runner that is
 * killed meanwhile has told nothing that counts.  What was pending when a
 * predecessor was killed keeps its times, and so its ids.
 */
static void
save_pending(struct run *r, const struct result *result)
{
	struct task_record *t = record_of(r);
	struct pending_notification *k = &t->pending;
	struct policy decided = t->policy;
	struct pending_notification now = {
	    .reason = (uint32_t)result->reason,
	    .signature =
		result->outcome.is_success ? 0 : result->signature.value,
	    .wall_ms = result->wall_ms,
	    .down_since_wall_ms = decided.down_since_wall_ms,
	};

	if (k->reason == now.reason && k->signature == now.signature)
		decided.down_since_wall_ms = k->down_since_wall_ms;
	else
		*k = now;
	t->policy = result->before;
	records_save_task(r->records, r->index);
	t->policy = decided;
}

/* How long an alert lasts unless it is told again. */
static int64_t
expiry_ms(const struct task_settings *s, const struct result *r)
{
	int64_t period_ms = s->non_recoverable_downtime_ms;

	return (period_ms ? period_ms : EXPIRY_NEVER_MS) + r->cooldown_ms +
	       EXPIRY_MARGIN_MS;
}

/* From here on it is only told. */
static void
mask_result(struct run *r, struct result *result)
{
	const struct mask m = mask_of(r);

	secrets_mask_captured(&m, &result->err);
	secrets_mask_captured(&m, &result->out);
}

static void
tell(struct run *r, const struct result *result, int64_t now_ms)
{
	struct task_record *t = record_of(r);
	const struct policy *p = &t->policy;
	bool is_healed = result->reason == REASON_HEALED;
	bool is_slow = result->reason == REASON_SLOW, is_told;
	const struct mask m = mask_of(r);
	struct tally failures = r->task->tally;
	/* A slow run is of a downtime only while there is one. */
	int64_t down_since_wall_ms =
	    is_slow && !p->is_down ? 0 : p->down_since_wall_ms;
	struct notification n = {
	    .reason = result->reason,
	    .message = result->signature.subject,
	    .task = t->name,
	    .command = r->task->settings->command.written,
	    .signature =
		result->outcome.is_success ? 0 : result->signature.value,
	    .outcome = result->outcome,
	    .started_wall_ms = r->started_wall_ms,
	    .duration_ms = result->duration_ms,
	    .down_since_wall_ms = down_since_wall_ms,
	    .downtime_ms = result->wall_ms - down_since_wall_ms,
	    .consecutive_failures =
		is_healed ? p->downtime_failures : p->failures_in_row,
	    .run = t->runs + result->outcome.goes_on,
	    .next_run_wall_ms = r->is_once || result->outcome.goes_on
				    ? 0
				    : result->wall_ms + result->cooldown_ms,
	    .now_wall_ms = result->wall_ms,
	    .expires_wall_ms =
		result->wall_ms + expiry_ms(r->task->settings, result),
	    .err = result->err,
	    .out = result->out,
	    .failures = failures.rows,
	    .failure_count = failures.count,
	    .told_wall_ms = is_slow ? result->wall_ms : t->pending.wall_ms,
	    .acknowledged =
		result->before.is_acknowledged ? &t->acknowledged : NULL,
	    .secrets = m.values,
	};

	for (size_t i = 0; i < failures.count; i++)
		mask_string(&m, failures.rows[i].subject);
	/* A wall clock that was set back tells no negative downtime. */
	if (n.downtime_ms < 0 || !down_since_wall_ms)
		n.downtime_ms = 0;
	is_told = notify_tell(r->notify, &n, down_since_wall_ms,
	    !result->was_told && !is_slow, now_ms);
	if (is_slow)
		return; /* no policy depends on it */
	if (is_told)
		t->pending = (struct pending_notification){0};
	else
		records_hold_policy(r->records, r->index, &result->before);
}

static void
ping_end(struct run *r, const struct result *result, int64_t now_ms)
{
	const struct outcome *o = &result->outcome;
	const struct captured *err = &result->err;
	struct ping_event event = {
	    .state = o->is_success ? PING_SUCCESS : PING_FAIL,
	    .duration_ms = result->duration_ms,
	    .exit = o->signal ? 128 + o->signal : o->exit,
	    .message = o->is_success ? "" : result->signature.subject,
	    .body = "",
	};

	if (!o->is_success) {
		event.body = err->tail_size ? err->tail : err->head;
		event.body_size =
		    err->tail_size ? err->tail_size : err->head_size;
	}
	ping(r, event, now_ms);
}

/* A run that has not ended, for those who are told of it. */
static struct result
result_so_far(const struct run *r, enum reason reason, int64_t now_ms)
{
	return (struct result){
	    .outcome = {.exit = -1, .goes_on = true, .is_success = true},
	    .duration_ms = now_ms - r->started_ms,
	    .wall_ms = clock_wall_ms(),
	    .reason = reason,
	    .before = r->records->tasks[r->index].policy,
	};
}

/* It has lasted so long that it is a success, which goes on. */
static void
note_healthy(struct run *r, int64_t now_ms)
{
	struct task_record *t = record_of(r);
	struct result result = result_so_far(r, REASON_NONE, now_ms);
	char span[UNITS_TEXT_SIZE];

	r->healthy_ms = -1;
	r->is_healthy = true;
	t->is_healthy = true;
	units_format_duration(r->task->settings->healthy_after_ms, span);
	log_say(r->log, LOG_LEVEL_INFO, t->name, "Healthy after %s", span);
	decide(r, &result, now_ms);
	if (result.reason != REASON_NONE) {
		save_pending(r, &result);
		tell(r, &result, now_ms);
	}
	records_save_task(r->records, r->index);
	if (result.reason != REASON_NONE)
		records_sync(r->records);
	ping_end(r, &result, now_ms);
}

static void
note_slow(struct run *r, int64_t now_ms)
{
	struct task_record *t = record_of(r);
	struct result result = result_so_far(r, REASON_SLOW, now_ms);
	int64_t usual_ms = usual_median_ms(&r->task->usual);
	char span[UNITS_TEXT_SIZE], usual[UNITS_TEXT_SIZE] = "";
	char *words = result.signature.subject;

	r->slow_ms = -1;
	t->is_slow = true;
	units_format_span(result.duration_ms, span);
	if (usual_ms >= 0)
		units_format_span(usual_ms, usual);
	snprintf(words, sizeof(result.signature.subject), "%s%s%s", span,
	    *usual ? ", usually " : "", usual);
	log_say(r->log, LOG_LEVEL_WARNING, t->name, "Slow: %s", words);
	tell(r, &result, now_ms);
	records_save_task(r->records, r->index);
}

int64_t
run_check_time(struct run *r, int64_t now_ms)
{
	char span[UNITS_TEXT_SIZE];
	int64_t next_ms;

	if (!r->child.pid)
		return -1;
	if (r->healthy_ms >= 0 && now_ms >= r->healthy_ms)
		note_healthy(r, now_ms);
	if (r->slow_ms >= 0 && now_ms >= r->slow_ms)
		note_slow(r, now_ms);
	if (r->timeout_ms >= 0 && now_ms >= r->timeout_ms) {
		units_format_duration(r->task->settings->timeout_ms, span);
		log_say(r->log, LOG_LEVEL_WARNING, r->task->settings->name,
		    "Timed out after %s, sent SIGTERM", span);
		r->is_timed_out = true;
		end_process(r, now_ms);
	}
	if (r->child.kill_ms >= 0 && now_ms >= r->child.kill_ms)
		log_say(r->log, LOG_LEVEL_WARNING, r->task->settings->name,
		    "Did not end on SIGTERM, sent SIGKILL");
	next_ms = schedule_earlier(
	    r->timeout_ms, child_check_time(&r->child, now_ms));
	next_ms = schedule_earlier(next_ms, r->healthy_ms);
	return schedule_earlier(next_ms, r->slow_ms);
}

/* It was ended by us, not by itself: that says nothing of the task. */
static void
forget_run(struct run *r)
{
	struct task_record *t = record_of(r);

	log_say(r->log, LOG_LEVEL_INFO, t->name, "Execution interrupted");
	t->phase = PHASE_WAITING;
	t->stop_signal = 0;
	t->is_slow = 0;
	t->is_healthy = 0;
	t->running_since_wall_ms = 0;
	records_save_task(r->records, r->index);
}

static void
close_run(struct run *r)
{
	child_close(&r->child);
	secrets_forget(&r->secrets);
	r->records->chain.run_pid = 0;
	r->records->chain.current_task = -1;
	r->records->chain.log_error = log_fault(r->log);
	records_save_chain(r->records);
}

int64_t
run_finish(struct run *r, int wait_status, int64_t now_ms, bool *is_success)
{
	const struct task_settings *s = r->task->settings;
	struct result result = {
	    .duration_ms = now_ms - r->started_ms, .wall_ms = clock_wall_ms()};

	capture_finish(r->capture, r->child.out_fd, r->child.err_fd);
	result.err = capture_stderr(r->capture);
	result.out = capture_stdout(r->capture);
	result.outcome = spawn_outcome(
	    &r->child, wait_status, s, r->is_timed_out, result.err.total > 0);
	*is_success = result.outcome.is_success;
	if (r->is_interrupted && !r->is_timed_out) {
		forget_run(r);
		close_run(r);
		return 0;
	}
	decide(r, &result, now_ms);
	log_say(r->log, LOG_LEVEL_DEBUG, s->name, "Execution %s",
	    *is_success ? "successful" : "failed");
	/* runner logs --run finds each record's run in the log. */
	log_flush(r->log);
	record(r, &result);
	if (result.reason != REASON_NONE || !*is_success)
		mask_result(r, &result);
	r->notify->is_heard = notify_has_readers(r->notify, s->name);
	if (result.reason != REASON_NONE) {
		save_pending(r, &result);
		records_sync(r->records);
		tell(r, &result, now_ms);
	}
	r->task->is_untold = !*is_success && !r->notify->is_heard;
	if (result.reason != REASON_NONE) {
		records_save_task(r->records, r->index);
		records_sync(r->records);
	}
	ping_end(r, &result, now_ms);
	close_run(r);
	return result.cooldown_ms;
}
