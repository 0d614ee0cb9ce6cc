#include "chain.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "chain_private.h"
#include "control.h"
#include "os/clock.h"
#include "os/pages.h"
#include "os/process.h"
#include "os/sdnotify.h"
#include "os/signals.h"
#include "owner/pidfile.h"
#include "owner/runroot.h"
#include "policy/schedule.h"

enum {
	ASLEEP_MS = 2000, /* so late as no busy machine makes us */
	/* Pages that are given back for less cost more to have again. */
	TRIM_COOLDOWN_MS = 10000,
	ONCE_TRIES = 9, /* to start a task: almost a minute */
};

static bool
is_running(const struct chain *c)
{
	return c->run.child.pid != 0;
}

static size_t
next_task(const struct chain *c)
{
	return turn_is_over(&c->turn) ? 0 : turn_task(&c->turn);
}

/* Is a run in progress, or what it left behind still there? */
static bool
is_busy(const struct chain *c)
{
	return is_running(c) || c->leftovers.is_active;
}

/*
 * What a task keeps on purpose may stay, save what the run left that we ended
 * ourselves.
 */
static bool
is_kept(const char *task, uint64_t run, void *data)
{
	struct chain *c = data;
	size_t index;
	const struct task_record *t = records_find(&c->records, task, &index);
	bool is_interrupted = t && c->run.is_interrupted &&
			      c->run.index == index &&
			      run == c->records.chain.run_number;

	return t && t->keeps_leftovers && !is_interrupted;
}

/* Ends what the run left behind, or (task NULL) all that is below us. */
static void
end_leftovers(struct chain *c, const struct chain_task *task, int64_t now_ms)
{
	const struct leftovers_scope scope = {
	    .task = task ? task->settings->name : NULL,
	    .mark = c->records.chain.mark,
	    .since_ticks = task ? c->run.started_ticks : c->start_ticks,
	    .stop_timeout_ms = task ? task->settings->stop_timeout_ms
				    : c->records.chain.stop_timeout_ms,
	    .spared = c->children,
	    .spared_count = CHILD_COUNT,
	    .is_spared = is_kept,
	    .data = c,
	    .log = c->log,
	};

	leftovers_end(&c->leftovers, &scope, now_ms);
}

static void
write_metrics(struct chain *c)
{
	metrics_file_write(&c->metrics, c->config->metrics_dir, &c->records);
}

/* People remove files, and directories.  Returns whether the chain is ours. */
static bool
keep_ownership(struct chain *c)
{
	const char *name = c->records.chain.name;
	enum pidfile_standing standing = pidfile_defend(c->source.pidfile);
	char why[256];

	if (standing == PIDFILE_UNSURE && errno == ENOENT &&
	    !runroot_prepare(c->config, why, sizeof(why)))
		standing = pidfile_defend(c->source.pidfile);
	if (standing == PIDFILE_UNSURE) {
		if (!c->is_unsure)
			log_say(c->log, LOG_LEVEL_WARNING, NULL,
			    "Could not write pidfile %s: %s", name,
			    strerror(errno));
		c->is_unsure = true;
		records_count_error(&c->records);
		return true;
	}
	if (standing == PIDFILE_LOST) {
		log_say(c->log, LOG_LEVEL_WARNING, NULL,
		    "Another runner owns the chain %s by now", name);
		return false;
	}
	if (standing == PIDFILE_REMADE)
		log_say(c->log, LOG_LEVEL_WARNING, NULL,
		    "The pidfile of %s was removed, made it again", name);
	else if (c->is_unsure)
		log_say(
		    c->log, LOG_LEVEL_DEBUG, NULL, "Wrote pidfile %s", name);
	c->is_unsure = false;
	return true;
}

static void stop(struct chain *c, const struct request *r, int64_t now_ms);

/* What the task's program is now, to see whether it is corrected later. */
static void
note_program(struct chain *c, const struct task_settings *s)
{
	char path[4096] = "";

	change_unwatch(&c->change);
	if (s->rerun_on_change && !c->source.is_once)
		task_find_program(s, c->config->project_root, path);
	change_note(&c->change, path);
}

/* A program that was exchanged need not wait until a failure's wait is over. */
static void
check_program(struct chain *c, int64_t now_ms)
{
	if (c->change.look_ms < 0 || now_ms < c->change.look_ms ||
	    !change_look(&c->change))
		return;
	change_unwatch(&c->change);
	log_say(c->log, LOG_LEVEL_INFO, c->records.tasks[c->turn.last].name,
	    "Its program was changed, the cooldown ends");
	turn_wake(&c->turn, now_ms);
}

/* The run that was asked for has ended, or will not be. */
__attribute__((format(printf, 3, 4))) static void
answer_asked(struct chain *c, int status, const char *fmt, ...)
{
	char words[256];
	va_list ap;

	if (!c->asked.is_due && !c->asked.is_running)
		return;
	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	control_answer(&c->control, c->asked.client, status, "%s", words);
	c->asked = (struct asked_run){0};
}

/* What the run prints is for who asked for it too. */
static void
pass_on(void *data, enum log_stream stream, const char *bytes, size_t size)
{
	struct chain *c = data;

	if (c->asked.is_running)
		control_output(
		    &c->control, c->asked.client, stream, bytes, size);
}

static void
begin_run(struct chain *c, int64_t now_ms)
{
	size_t task = c->asked.is_due ? c->asked.task : turn_task(&c->turn);
	size_t last = c->turn.last;
	struct task_record *records = c->records.tasks;

	turn_say(&c->turn);
	if (!keep_ownership(c)) {
		stop(c, NULL, now_ms);
		return;
	}
	control_check(&c->control);
	records_check_file(&c->records);
	/* A run out of turn leaves the cooldown that is in progress alone. */
	if (task == turn_task(&c->turn)) {
		records[last].resume_wall_ms = 0;
		if (records[last].phase == PHASE_COOLDOWN && last != task) {
			records[last].phase = PHASE_WAITING;
			records_save_task(&c->records, last);
		}
		note_program(c, c->tasks.task[task].settings);
	}
	if (!run_start(&c->run, &c->tasks.task[task], task,
		c->lease.argv ? c->lease.token : NULL, now_ms)) {
		sdnotify_status("running %s", records[task].name);
		if (c->turn.tries)
			log_say(c->log, LOG_LEVEL_INFO, records[task].name,
			    "Could start again after %u tries",
			    (unsigned)c->turn.tries);
		c->turn.tries = 0;
		c->asked.is_running = c->asked.is_due;
		c->asked.is_due = false;
		return;
	}
	answer_asked(c, 1, "could not start it: %s", strerror(errno));
	if (c->source.is_once && c->turn.tries >= ONCE_TRIES) {
		log_say(c->log, LOG_LEVEL_ERROR, records[task].name,
		    "Could not start: %s; left out", strerror(errno));
		c->has_failed = true;
		c->turn.tries = 0;
		turn_skip(&c->turn);
		return;
	}
	if (!c->turn.tries)
		log_say(c->log, LOG_LEVEL_WARNING, records[task].name,
		    "Could not start: %s; trying again", strerror(errno));
	turn_retry(&c->turn, now_ms);
	records_count_error(&c->records);
}

static void
finish_run(struct chain *c, int wait_status, int64_t now_ms)
{
	bool is_success, was_asked = c->asked.is_running;
	int64_t cooldown_ms =
	    run_finish(&c->run, wait_status, now_ms, &is_success);
	const struct task_settings *s = c->run.task->settings;
	struct task_record *record = &c->records.tasks[c->run.index];

	if (c->is_stopping || c->run.is_interrupted)
		end_leftovers(c, NULL, now_ms);
	else if (s->leftovers == LEFTOVERS_KILL)
		end_leftovers(c, c->run.task, now_ms);
	if (was_asked && c->run.is_interrupted)
		answer_asked(c, 1, "the run was interrupted");
	else if (was_asked && is_success)
		answer_asked(c, 0, "%s", "");
	else if (was_asked)
		answer_asked(
		    c, 1, "%s failed: %s", record->name, record->last.message);
	if (c->run.is_interrupted)
		return; /* the lease was lost: the same task again, later */
	c->has_failed |= !is_success;
	if (was_asked && c->run.index != turn_task(&c->turn)) {
		/* It was not its turn, which stays whose it is. */
		record->phase =
		    record->resume_wall_ms ? PHASE_COOLDOWN : PHASE_WAITING;
		records_save_task(&c->records, c->run.index);
		write_metrics(c);
		return;
	}
	if (!is_success)
		change_watch(&c->change, c->config->project_root, now_ms);
	turn_pass(&c->turn, c->run.index, cooldown_ms,
	    !is_success && s->on_failure == ON_FAILURE_RESTART, now_ms);
	write_metrics(c);
	c->is_trim_due = cooldown_ms >= TRIM_COOLDOWN_MS;
}

/* Who waits for the lease says so; who has it, no longer. */
static void
show_lease(struct chain *c)
{
	struct chain_record *r = &c->records.chain;
	const char *fault = lease_fault(&c->lease);
	bool is_held = lease_is_held(&c->lease);
	uint32_t state = is_held ? LEASE_HELD : LEASE_WANTED;
	uint32_t from = is_held ? PHASE_LEASE : PHASE_WAITING;
	uint32_t to = is_held ? PHASE_WAITING : PHASE_LEASE;

	if (!c->lease.argv || is_running(c))
		return;
	if (r->lease != state || strcmp(r->lease_fault, fault)) {
		if (r->lease != state)
			r->lease_since_wall_ms = clock_wall_ms();
		r->lease = state;
		text_copy(r->lease_fault, sizeof(r->lease_fault), fault);
		records_save_chain(&c->records);
	}
	if (!is_held && c->records.tasks[turn_task(&c->turn)].phase == from)
		sdnotify_status("waiting for the lease");
	for (size_t i = 0; i < c->records.task_count; i++) {
		if (c->records.tasks[i].phase != from)
			continue;
		c->records.tasks[i].phase = to;
		records_save_task(&c->records, i);
	}
}

static void
read_pauses(struct chain *c)
{
	bool is_unread = pauses_read(
	    &c->pauses, c->records.run_root, c->records.chain.name, c->user);

	if (is_unread && !c->is_unread)
		log_say(c->log, LOG_LEVEL_WARNING, NULL,
		    "No pause is heeded: %s.pause %s", c->records.chain.name,
		    pauses_fault(errno));
	c->is_unread = is_unread;
}

static const struct pause *
pause_of(const struct chain *c, size_t task, int64_t wall_ms)
{
	return pauses_of(&c->pauses, c->records.tasks[task].name, wall_ms);
}

/*
 * Leaves tasks that are paused out.  When all are, nothing is run: returns true
 * then, with when to look again.
 */
static bool
is_paused(struct chain *c, int64_t now_ms, int64_t *again_ms)
{
	int64_t wall_ms = clock_wall_ms();
	const struct pause *p;

	*again_ms = -1;
	for (size_t i = 0; i < c->turn.order_count; i++) {
		p = pause_of(c, turn_task(&c->turn), wall_ms);
		if (!p) {
			c->is_held_up = false;
			return false;
		}
		if (p->until_wall_ms)
			*again_ms = schedule_earlier(
			    *again_ms, now_ms + p->until_wall_ms - wall_ms);
		turn_skip(&c->turn);
		if (turn_is_over(&c->turn)) {
			*again_ms = now_ms;
			return true;
		}
	}
	if (!c->is_held_up) {
		turn_say(&c->turn);
		log_say(c->log, LOG_LEVEL_INFO, NULL,
		    "Paused: nothing is run until it is resumed");
		sdnotify_status("paused");
	}
	c->is_held_up = true;
	return true;
}

/* Begins the run that is due; returns when to call again. */
static int64_t
step_turn(struct chain *c, int64_t now_ms)
{
	int64_t say_ms = turn_say_deadline_ms(&c->turn), again_ms;

	if (say_ms >= 0 &&
	    (!notify_is_trying(&c->notify) || now_ms >= say_ms)) {
		turn_say(&c->turn);
		say_ms = -1;
	}
	if (is_busy(c))
		return say_ms;
	if (turn_is_over(&c->turn)) {
		if (!c->has_tried_all)
			notify_try_all(&c->notify, now_ms);
		c->has_tried_all = true;
		return say_ms;
	}
	if (c->is_reload_due) {
		c->is_reload_due = false;
		chain_reload(c);
	}
	if (c->is_draining) {
		stop(c, NULL, now_ms);
		return now_ms; /* what is left is looked at next */
	}
	check_program(c, now_ms);
	show_lease(c);
	if (!lease_is_held(&c->lease))
		return -1;
	if (c->asked.is_due) {
		begin_run(c, now_ms);
	} else if (now_ms >= c->turn.next_run_ms) {
		read_pauses(c);
		if (is_paused(c, now_ms, &again_ms))
			return again_ms;
		begin_run(c, now_ms);
	}
	if (is_running(c) || c->is_stopping)
		return c->is_stopping ? now_ms : -1;
	return schedule_earlier(
	    c->change.look_ms, say_ms >= 0 ? say_ms : c->turn.next_run_ms);
}

static int64_t
step_watchdog(struct chain *c, int64_t now_ms)
{
	if (!c->watchdog_ms)
		return -1;
	if (now_ms >= c->watchdog_due_ms) {
		sdnotify_send("WATCHDOG=1");
		c->watchdog_due_ms = now_ms + c->watchdog_ms;
	}
	return c->watchdog_due_ms;
}

/*
 * The children, by kind: until when each may work (a child that is late is
 * ended; what is due of its part is done; returns when to call again), what is
 * read of it, and what follows when it ends or the chain is to stop.
 */
struct child_table {
	int64_t (*limit)(struct chain *c, int64_t now_ms);
	void (*on_output)(struct chain *c, enum log_stream stream);
	void (*on_exit)(struct chain *c, int wait_status, int64_t now_ms);
	void (*on_stop)(struct chain *c, int64_t now_ms); /* or NULL */
};

static int64_t
limit_run(struct chain *c, int64_t now_ms)
{
	return run_check_time(&c->run, now_ms);
}

static void
read_run(struct chain *c, enum log_stream stream)
{
	run_read(&c->run, stream);
}

static void
interrupt_run(struct chain *c, int64_t now_ms)
{
	run_interrupt(&c->run, now_ms);
}

static int64_t
step_delivery(struct chain *c, int64_t now_ms)
{
	return notify_step(&c->notify, now_ms);
}

static void
read_delivery(struct chain *c, enum log_stream stream)
{
	helper_read(&c->notify.helper);
}

static void
finish_delivery(struct chain *c, int wait_status, int64_t now_ms)
{
	notify_finish(&c->notify, wait_status, now_ms);
	write_metrics(c);
}

static void
stop_delivery(struct chain *c, int64_t now_ms)
{
	notify_stop(&c->notify);
}

static int64_t
limit_ping(struct chain *c, int64_t now_ms)
{
	return child_check_time(&c->ping.helper.child, now_ms);
}

static void
read_ping(struct chain *c, enum log_stream stream)
{
	helper_read(&c->ping.helper);
}

/* Nobody waits for pings but `once`, which has nothing else to do, and not for
 * a server that is away. */
static void
finish_ping(struct chain *c, int wait_status, int64_t now_ms)
{
	enum helper_result result = ping_finish(&c->ping, wait_status);

	if (!c->is_stopping &&
	    !(turn_is_over(&c->turn) && result == HELPER_LATER))
		ping_next(&c->ping, now_ms);
}

static void
stop_ping(struct chain *c, int64_t now_ms)
{
	child_end(&c->ping.helper.child, 0, now_ms);
}

/* Another host may run the chain as soon as nothing of ours does. */
static int64_t
step_lease(struct chain *c, int64_t now_ms)
{
	if ((c->is_stopping || turn_is_over(&c->turn)) && !is_busy(c))
		lease_stop(&c->lease, c->records.chain.stop_timeout_ms, now_ms);
	return lease_step(&c->lease, now_ms);
}

/*
 * What the admins know of the lease is saved, for a successor; not what waits
 * in memory only, which that one tells again.
 */
static void
save_lease_policy(struct chain *c)
{
	struct policy *saved = &c->records.chain.lease_policy;
	const struct policy *p = &c->lease.policy;

	if ((saved->is_down == p->is_down && saved->is_told == p->is_told &&
		saved->failures_in_row == p->failures_in_row) ||
	    outbox_has_in_memory(
		c->notify.outbox, c->records.tasks[next_task(c)].name))
		return;
	*saved = *p;
	records_save_chain(&c->records);
	records_sync(&c->records);
}

/*
 * The admins hear of an engine that cannot be reached as of a task: under the
 * name of the task that is next.
 */
static void
tell_lease(struct chain *c, int64_t now_ms)
{
	const struct chain_task *task = &c->tasks.task[next_task(c)];
	const struct task_settings *s = task->settings;
	const struct policy *p = &c->lease.policy;
	bool was_told = p->is_told;
	int64_t wall_ms = clock_wall_ms();
	char message[sizeof(c->lease.fault) + 32];
	enum reason reason = lease_judge(
	    &c->lease, s->non_recoverable_downtime_ms, now_ms, wall_ms);
	struct notification n = {
	    .reason = reason,
	    .message = message,
	    .task = s->name,
	    .command = s->command.written,
	    .down_since_wall_ms = p->down_since_wall_ms,
	    .downtime_ms = wall_ms - p->down_since_wall_ms,
	    .consecutive_failures = p->failures_in_row,
	    .now_wall_ms = wall_ms,
	    .told_wall_ms = wall_ms,
	};

	if (reason != REASON_NONE) {
		snprintf(message, sizeof(message),
		    "the lease cannot be had: %s", c->lease.fault);
		n.secrets =
		    secrets_mask(&c->run.secrets, c->config, task).values;
		notify_tell(
		    &c->notify, &n, p->down_since_wall_ms, !was_told, now_ms);
	}
	save_lease_policy(c);
}

static void
read_lease(struct chain *c, enum log_stream stream)
{
	lease_read(&c->lease);
	tell_lease(c, clock_now_ms());
}

/* The run ends with the lease; what the command left may hold it on. */
static void
finish_lease(struct chain *c, int wait_status, int64_t now_ms)
{
	lease_finish(&c->lease, wait_status, now_ms);
	tell_lease(c, now_ms);
	run_interrupt(&c->run, now_ms);
	if (!is_running(c))
		end_leftovers(c, NULL, now_ms);
}

static const struct child_table children[CHILD_COUNT] = {
    [CHILD_TASK] = {limit_run, read_run, finish_run, interrupt_run},
    [CHILD_DELIVERY] = {step_delivery, read_delivery, finish_delivery,
	stop_delivery},
    [CHILD_PING] = {limit_ping, read_ping, finish_ping, stop_ping},
    [CHILD_LEASE] = {step_lease, read_lease, finish_lease, NULL},
};

/* Does what is due; returns the next deadline. */
static int64_t
step(struct chain *c, int64_t now_ms)
{
	int64_t next_ms = leftovers_step(&c->leftovers, now_ms);

	if (!c->is_stopping)
		next_ms = schedule_earlier(next_ms, step_turn(c, now_ms));
	for (int i = 0; i < CHILD_COUNT; i++)
		next_ms =
		    schedule_earlier(next_ms, children[i].limit(c, now_ms));
	next_ms = schedule_earlier(next_ms, step_watchdog(c, now_ms));
	return schedule_earlier(next_ms, log_deadline_ms(c->log));
}

/* Is there nothing left to wait for? */
static bool
is_over(const struct chain *c)
{
	for (int i = 0; i < CHILD_COUNT; i++)
		if (c->children[i]->pid)
			return false;
	if (c->leftovers.is_active)
		return false;
	return c->is_stopping || (turn_is_over(&c->turn) && c->has_tried_all &&
				     !notify_is_trying(&c->notify));
}

/* One of our children, or a stranger's that came to us, has ended. */
static void
take_exits(struct chain *c, int64_t now_ms)
{
	int status, i;
	pid_t pid;

	while ((pid = spawn_reap(&status))) {
		bool has_ended = !WIFSTOPPED(status) && !WIFCONTINUED(status);

		for (i = 0; i < CHILD_COUNT; i++)
			if (c->children[i]->pid == pid)
				break;
		if (i < CHILD_COUNT && has_ended)
			children[i].on_exit(c, status, now_ms);
		else if (has_ended)
			leftovers_look_again(&c->leftovers);
		else if (i == CHILD_TASK)
			run_note_stop(
			    &c->run, WIFSTOPPED(status) ? WSTOPSIG(status) : 0);
	}
}

/* What a request does, whoever brought it. */
typedef void request_handler(
    struct chain *c, const struct request *r, int64_t now_ms);

static void
stop(struct chain *c, const struct request *r, int64_t now_ms)
{
	if (c->is_stopping)
		return;
	c->is_stopping = true;
	c->records.chain.is_stopping = true;
	records_save_chain(&c->records);
	sdnotify_send("STOPPING=1");
	control_answer(&c->control, r ? r->client : 0, 0, "it stops");
	if (c->asked.is_due)
		answer_asked(c, 1, "the chain was stopped");
	if (is_running(c))
		sdnotify_status("stopping %s", c->run.task->settings->name);
	log_say(c->log, LOG_LEVEL_INFO, NULL, "Stopping");
	for (int i = 0; i < CHILD_COUNT; i++)
		if (children[i].on_stop)
			children[i].on_stop(c, now_ms);
	if (!is_running(c))
		end_leftovers(c, NULL, now_ms);
}

static void
reload_soon(struct chain *c, const struct request *r, int64_t now_ms)
{
	c->is_reload_due = true;
	control_answer(&c->control, r->client, 0, "%s",
	    is_running(c) ? "it is read again when the run has ended" : "");
}

static void
wake(struct chain *c, const struct request *r, int64_t now_ms)
{
	if (!is_running(c))
		turn_wake(&c->turn, now_ms);
	control_answer(&c->control, r->client, 0, "%s", "");
}

/* Why the task cannot be run now: 0, or a status after saying so. */
static int
refuse_now(struct chain *c, const struct request *r, size_t task)
{
	const struct pause *p = pause_of(c, task, clock_wall_ms());
	const char *chain = c->records.chain.name;

	if (c->is_stopping || c->is_draining)
		control_answer(
		    &c->control, r->client, 3, "%s is stopping", chain);
	else if (p)
		control_answer(&c->control, r->client, 75,
		    "it is paused; runner resume %s%s%s", chain,
		    *p->task ? "/" : "", p->task);
	else if (!lease_is_held(&c->lease))
		control_answer(&c->control, r->client, 75,
		    "%s waits for the lease", chain);
	else if (c->asked.is_due || c->asked.is_running)
		control_answer(&c->control, r->client, 75,
		    "another run was asked for and has not ended");
	else
		return 0;
	return -1;
}

static void
run_now(struct chain *c, const struct request *r, int64_t now_ms)
{
	size_t task = next_task(c);

	if (*r->task && !records_find(&c->records, r->task, &task)) {
		control_answer(&c->control, r->client, 2,
		    "the chain %s that runs has no task '%s'",
		    c->records.chain.name, r->task);
		return;
	}
	read_pauses(c);
	if (c->source.is_once)
		control_answer(
		    &c->control, r->client, 75, "it runs once, not for ever");
	else if (!refuse_now(c, r, task))
		c->asked = (struct asked_run){
		    .is_due = true, .task = task, .client = r->client};
}

static void
look_at_pauses(struct chain *c, const struct request *r, int64_t now_ms)
{
	read_pauses(c);
	c->is_held_up = false;
	control_answer(&c->control, r->client, 0, "%s", "");
}

static void
drain(struct chain *c, const struct request *r, int64_t now_ms)
{
	/* `once` ends by itself. */
	if (!c->source.is_once) {
		c->is_draining = true;
		c->records.chain.is_stopping = true;
		records_save_chain(&c->records);
		log_say(c->log, LOG_LEVEL_INFO, NULL,
		    "Stopping when no run is in progress");
	}
	control_answer(&c->control, r->client, 0, "%s", "");
}

static request_handler *const on_request[REQUEST_COUNT] = {
    [REQUEST_STOP] = stop,
    [REQUEST_RELOAD] = reload_soon,
    [REQUEST_WAKE] = wake,
    [REQUEST_NOW] = run_now,
    [REQUEST_PAUSES] = look_at_pauses,
    [REQUEST_DRAIN] = drain,
};

static void
take_request(struct chain *c, const struct request *r, int64_t now_ms)
{
	on_request[r->kind](c, r, now_ms);
}

static void
take_signals(struct chain *c, int64_t now_ms)
{
	struct signals seen = signals_read(c->source.signal_fd);
	const bool is_asked[REQUEST_COUNT] = {
	    [REQUEST_RELOAD] = seen.reload,
	    [REQUEST_WAKE] = seen.wake,
	    [REQUEST_STOP] = seen.stop,
	};

	if (seen.child)
		take_exits(c, now_ms);
	for (int i = 0; i < REQUEST_COUNT; i++) {
		const struct request r = {.kind = (enum request_kind)i};

		if (is_asked[i])
			take_request(c, &r, now_ms);
	}
}

static void
set_timer(struct chain *c, int64_t deadline_ms)
{
	struct itimerspec t = {0};

	if (deadline_ms == c->timer_ms)
		return;
	c->timer_ms = deadline_ms;
	if (deadline_ms >= 0) {
		/* 0 would disarm it. */
		int64_t at_ms = deadline_ms > 0 ? deadline_ms : 1;

		t.it_value.tv_sec = at_ms / 1000;
		t.it_value.tv_nsec = at_ms % 1000 * 1000000;
	}
	timerfd_settime(c->timer_fd, TFD_TIMER_ABSTIME, &t, NULL);
}

/* What is waited for: five of the loop, a pipeline's word of its stages, and
 * two of each child. */
enum watched {
	WATCH_SIGNALS,
	WATCH_TIMER,
	WATCH_LOG,
	WATCH_CHANGE,
	WATCH_CONTROL,
	WATCH_STAGES,
	WATCH_CHILDREN
};

enum { WATCH_COUNT = WATCH_CHILDREN + 2 * CHILD_COUNT };

static void
list_descriptors(const struct chain *c, struct pollfd p[WATCH_COUNT])
{
	p[WATCH_SIGNALS] =
	    (struct pollfd){.fd = c->source.signal_fd, .events = POLLIN};
	p[WATCH_TIMER] = (struct pollfd){.fd = c->timer_fd, .events = POLLIN};
	p[WATCH_LOG] =
	    (struct pollfd){.fd = log_wait_fd(c->log), .events = POLLOUT};
	p[WATCH_CHANGE] = (struct pollfd){.fd = c->change.fd, .events = POLLIN};
	p[WATCH_CONTROL] =
	    (struct pollfd){.fd = control_fd(&c->control), .events = POLLIN};
	p[WATCH_STAGES] = (struct pollfd){
	    .fd = c->run.child.has_stages ? c->run.child.exec_fd : -1,
	    .events = POLLIN};
	for (int i = 0; i < CHILD_COUNT; i++) {
		struct pollfd *of = &p[WATCH_CHILDREN + 2 * i];
		/* A log that takes nothing lets the task wait, not us lose. */
		bool is_held_up = i == CHILD_TASK && log_is_congested(c->log);
		const struct child *child = c->children[i];

		of[0] = (struct pollfd){
		    .fd = is_held_up ? -1 : child->out_fd, .events = POLLIN};
		of[1] = (struct pollfd){
		    .fd = is_held_up ? -1 : child->err_fd, .events = POLLIN};
	}
}

/* Waits for something, and passes it on. */
static void
wait_and_dispatch(struct chain *c, int64_t deadline_ms)
{
	struct pollfd p[WATCH_COUNT];
	bool is_due = deadline_ms >= 0 && deadline_ms <= clock_now_ms();
	uint64_t expirations;
	struct request r;

	list_descriptors(c, p);
	if (c->is_trim_due && !is_busy(c) && !is_due) {
		c->is_trim_due = false;
		capture_trim(c->run.capture);
		pages_trim();
	}
	if (!is_due)
		set_timer(c, deadline_ms);
	if (poll(p, WATCH_COUNT, is_due ? 0 : -1) <= 0)
		return;
	if (p[WATCH_TIMER].revents &&
	    read(c->timer_fd, &expirations, sizeof(expirations)) > 0)
		c->timer_ms = -1;
	for (int i = 0; i < CHILD_COUNT; i++) {
		const struct pollfd *of = &p[WATCH_CHILDREN + 2 * i];

		if (of[0].revents)
			children[i].on_output(c, LOG_STREAM_STDOUT);
		if (of[1].revents)
			children[i].on_output(c, LOG_STREAM_STDERR);
	}
	if (p[WATCH_STAGES].revents)
		run_read_stages(&c->run);
	if (p[WATCH_CHANGE].revents)
		change_read(&c->change, clock_now_ms());
	if (p[WATCH_SIGNALS].revents)
		take_signals(c, clock_now_ms());
	if (p[WATCH_CONTROL].revents)
		while (control_next(&c->control, &r))
			take_request(c, &r, clock_now_ms());
}

/*
 * Were we asleep (stopped, or the machine was) when something was due?  Then
 * the children had no time either, or nobody to use it: limits begin again.
 */
static void
check_sleep(struct chain *c, int64_t awake_ms, int64_t deadline_ms)
{
	int64_t now_ms = clock_now_ms();

	if (deadline_ms > awake_ms)
		awake_ms = deadline_ms;
	if (deadline_ms < 0 || now_ms < awake_ms + ASLEEP_MS)
		return;
	log_say(c->log, LOG_LEVEL_INFO, NULL,
	    "Was stopped or asleep, time limits begin again");
	for (int i = 0; i < CHILD_COUNT; i++)
		child_grant_anew(c->children[i], now_ms);
	run_grant_anew(&c->run, now_ms);
	leftovers_grant_anew(&c->leftovers, now_ms);
}

/* The last words: everything is gone that was ours. */
static void
end(struct chain *c)
{
	for (size_t i = 0; i < c->records.task_count; i++) {
		c->records.tasks[i].phase = PHASE_STOPPED;
		c->records.tasks[i].next_run_wall_ms = 0;
		records_save_task(&c->records, i);
	}
	c->records.chain.is_ended = true;
	save_lease_policy(c);
	records_save_chain(&c->records);
	write_metrics(c);
	log_flush(c->log);
}

bool
chain_run(struct chain *c)
{
	c->is_trim_due = true;
	capture_set_tap(c->run.capture, pass_on, c);
	/* A child that ended before we were here; a stop that came since. */
	take_exits(c, clock_now_ms());
	take_signals(c, clock_now_ms());
	write_metrics(c);
	while (!is_over(c)) {
		int64_t now_ms = clock_now_ms();
		int64_t deadline_ms = step(c, now_ms);

		if (is_over(c))
			break;
		log_flush(c->log);
		wait_and_dispatch(c, deadline_ms);
		check_sleep(c, now_ms, deadline_ms);
	}
	end(c);
	return c->is_stopping || !c->has_failed;
}

const char *
chain_next_untold(const struct chain *c, size_t *at, const char **message)
{
	while (*at < c->tasks.count) {
		const struct task_record *t = &c->records.tasks[*at];

		if (!c->tasks.task[(*at)++].is_untold)
			continue;
		*message = t->last.message;
		return t->name;
	}
	return NULL;
}
