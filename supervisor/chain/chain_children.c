/*
 * The children of the loop, by kind: until when each may work, what is read of
 * it, and what follows when it has ended or the chain is to stop.
 */
#include <stdio.h>
#include <sys/wait.h>

#include "chain_private.h"
#include "os/clock.h"
#include "policy/schedule.h"

bool
chain_is_running(const struct chain *c)
{
	return c->run.child.pid != 0;
}

bool
chain_is_busy(const struct chain *c)
{
	return chain_is_running(c) || c->leftovers.is_active;
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

void
chain_end_leftovers(
    struct chain *c, const struct chain_task *task, int64_t now_ms)
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

void
chain_write_metrics(struct chain *c)
{
	metrics_file_write(&c->metrics, c->config->metrics_dir, &c->records);
}

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
	chain_write_metrics(c);
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

void
chain_save_lease(struct chain *c)
{
	struct policy *saved = &c->records.chain.lease_policy;
	const struct policy *p = &c->lease.policy;

	if ((saved->is_down == p->is_down && saved->is_told == p->is_told &&
		saved->failures_in_row == p->failures_in_row) ||
	    outbox_has_in_memory(
		c->notify.outbox, c->records.tasks[chain_next_task(c)].name))
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
	const struct chain_task *task = &c->tasks.task[chain_next_task(c)];
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
	chain_save_lease(c);
}

/* Another host may run the chain as soon as nothing of ours does. */
static int64_t
step_lease(struct chain *c, int64_t now_ms)
{
	if ((c->is_stopping || turn_is_over(&c->turn)) && !chain_is_busy(c))
		lease_stop(&c->lease, c->records.chain.stop_timeout_ms, now_ms);
	if (c->lease.judge_ms >= 0 && now_ms >= c->lease.judge_ms)
		tell_lease(c, now_ms);
	return schedule_earlier(
	    lease_step(&c->lease, now_ms), c->lease.judge_ms);
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
	if (!chain_is_running(c))
		chain_end_leftovers(c, NULL, now_ms);
}

const struct child_table chain_children[CHILD_COUNT] = {
    [CHILD_TASK] = {limit_run, read_run, chain_finish_run, interrupt_run},
    [CHILD_DELIVERY] = {step_delivery, read_delivery, finish_delivery,
	stop_delivery},
    [CHILD_PING] = {limit_ping, read_ping, finish_ping, stop_ping},
    [CHILD_LEASE] = {step_lease, read_lease, finish_lease, NULL},
};

void
chain_take_exits(struct chain *c, int64_t now_ms)
{
	int status, i;
	pid_t pid;

	while ((pid = spawn_reap(&status))) {
		bool has_ended = !WIFSTOPPED(status) && !WIFCONTINUED(status);

		for (i = 0; i < CHILD_COUNT; i++)
			if (c->children[i]->pid == pid)
				break;
		if (i < CHILD_COUNT && has_ended)
			chain_children[i].on_exit(c, status, now_ms);
		else if (has_ended)
			leftovers_look_again(&c->leftovers);
		else if (i == CHILD_TASK)
			run_note_stop(
			    &c->run, WIFSTOPPED(status) ? WSTOPSIG(status) : 0);
	}
}
