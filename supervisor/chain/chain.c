#include "chain.h"

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "chain_private.h"
#include "os/clock.h"
#include "os/pages.h"
#include "os/sdnotify.h"
#include "os/signals.h"
#include "policy/schedule.h"

enum { ASLEEP_MS = 2000 }; /* so late as no busy machine makes us */

/* What the run prints is for who asked for it too. */
static void
pass_on(void *data, enum log_stream stream, const char *bytes, size_t size)
{
	struct chain *c = data;

	if (c->asked.is_running)
		control_output(
		    &c->control, c->asked.client, stream, bytes, size);
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

/* Does what is due; returns the next deadline. */
static int64_t
step(struct chain *c, int64_t now_ms)
{
	int64_t next_ms = leftovers_step(&c->leftovers, now_ms);

	if (!c->is_stopping)
		next_ms = schedule_earlier(next_ms, chain_step_turn(c, now_ms));
	for (int i = 0; i < CHILD_COUNT; i++)
		next_ms = schedule_earlier(
		    next_ms, chain_children[i].limit(c, now_ms));
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
		chain_take_exits(c, now_ms);
	for (int i = 0; i < REQUEST_COUNT; i++) {
		const struct request r = {.kind = (enum request_kind)i};

		if (is_asked[i])
			chain_take_request(c, &r, now_ms);
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
		/* While the log is full the task waits: no line is lost. */
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
	if (c->is_trim_due && !chain_is_busy(c) && !is_due) {
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
			chain_children[i].on_output(c, LOG_STREAM_STDOUT);
		if (of[1].revents)
			chain_children[i].on_output(c, LOG_STREAM_STDERR);
	}
	if (p[WATCH_STAGES].revents)
		run_read_stages(&c->run);
	if (p[WATCH_CHANGE].revents)
		change_read(&c->change, clock_now_ms());
	if (p[WATCH_SIGNALS].revents)
		take_signals(c, clock_now_ms());
	if (p[WATCH_CONTROL].revents)
		while (control_next(&c->control, &r))
			chain_take_request(c, &r, clock_now_ms());
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
	chain_save_lease(c);
	records_save_chain(&c->records);
	chain_write_metrics(c);
	log_flush(c->log);
}

bool
chain_run(struct chain *c)
{
	c->is_trim_due = true;
	capture_set_tap(c->run.capture, pass_on, c);
	/* A child that ended before we were here; a stop that came since. */
	chain_take_exits(c, clock_now_ms());
	take_signals(c, clock_now_ms());
	chain_write_metrics(c);
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
