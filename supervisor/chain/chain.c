#include "chain.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "control.h"
#include "os/clock.h"
#include "owner/runroot.h"
#include "policy/schedule.h"
#include "os/sdnotify.h"
#include "os/signals.h"
#include "base/units.h"

enum {
	SLEEP_SAID_MS = 5000,   /* a delivery may hold "Sleeping" so long */
	HELPER_LIMIT_MS = 3000, /* and a stop, until it has lasted so long */
};

static void
say_sleeping(struct chain *c)
{
	char seconds[UNITS_TEXT_SIZE];

	if (c->sleep_ms < 0)
		return;
	units_format_seconds(c->sleep_ms, seconds);
	log_say(c->log, LOG_LEVEL_DEBUG, c->records.tasks[c->sleep_task].name,
	    "Sleeping %s seconds", seconds);
	c->sleep_ms = -1;
}

/* Where the chain goes after a run: on, or back to the first task. */
static void
advance(struct chain *c, bool is_success)
{
	const struct task_settings *s = c->tasks[c->run.task].settings;

	c->position++;
	if (!is_success && s->on_failure == ON_FAILURE_RESTART)
		c->position = 0;
	else if (c->position == c->order_count && !c->source.is_once)
		c->position = 0;
}

/* For `systemctl status`: what the last run was, and when the next is. */
static void
tell_cooldown(const struct chain *c, size_t next)
{
	const struct task_record *t = &c->records.tasks[c->run.task];
	const struct task_record *n = &c->records.tasks[next];
	uint64_t in_a_row = t->policy.failures_in_row;
	char at[UNITS_TEXT_SIZE];

	units_format_wall(n->next_run_wall_ms, at);
	if (in_a_row)
		sdnotify_status("%s failed, %llu in a row; %s runs at %s",
		    t->name, (unsigned long long)in_a_row, n->name, at);
	else
		sdnotify_status(
		    "%s succeeded; %s runs at %s", t->name, n->name, at);
}

static void
begin_cooldown(struct chain *c, int64_t cooldown_ms, int64_t now_ms)
{
	size_t next = c->order[c->position];

	c->next_run_ms = now_ms + cooldown_ms;
	c->sleep_ms = cooldown_ms;
	c->sleep_task = c->run.task;
	c->sleep_said_ms =
	    now_ms +
	    (cooldown_ms < SLEEP_SAID_MS ? cooldown_ms : SLEEP_SAID_MS);
	c->records.tasks[next].next_run_wall_ms = clock_wall_ms() + cooldown_ms;
	records_save_task(&c->records, next);
	if (cooldown_ms > 0)
		tell_cooldown(c, next);
}

static void
finish_run(struct chain *c, int wait_status, int64_t now_ms)
{
	bool is_success;
	int64_t cooldown_ms = run_finish(c, wait_status, now_ms, &is_success);

	if (c->is_stopping || c->run.is_interrupted)
		sweep_start(c, 0, c->start_ticks, true, now_ms);
	else if (c->tasks[c->run.task].settings->leftovers == LEFTOVERS_KILL)
		sweep_start(
		    c, c->run.task, c->run.started_ticks, false, now_ms);
	if (c->run.is_interrupted)
		return; /* the lease was lost: the same task again, later */
	c->has_failed |= !is_success;
	advance(c, is_success);
	if (c->source.is_once) {
		c->next_run_ms = now_ms;
		if (c->position == 0 && c->order_count) /* restart: enough */
			c->position = c->order_count;
		return;
	}
	begin_cooldown(c, cooldown_ms, now_ms);
}

static bool
is_once_over(const struct chain *c)
{
	return c->source.is_once && c->position >= c->order_count;
}

/* People remove files, and folders.  Returns whether the chain is ours. */
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
		    "The pidfile of %s was removed, made it anew", name);
	else if (c->is_unsure)
		log_say(
		    c->log, LOG_LEVEL_DEBUG, NULL, "Wrote pidfile %s", name);
	c->is_unsure = false;
	return true;
}

static void stop(struct chain *c, const struct request *r, int64_t now_ms);

static void
begin_run(struct chain *c, int64_t now_ms)
{
	size_t task = c->order[c->position];
	size_t last = c->run.task;

	say_sleeping(c);
	if (!keep_ownership(c)) {
		stop(c, NULL, now_ms);
		return;
	}
	records_check_file(&c->records);
	if (c->records.tasks[last].phase == PHASE_COOLDOWN && last != task) {
		c->records.tasks[last].phase = PHASE_WAITING;
		records_save_task(&c->records, last);
	}
	if (!run_start(c, task, now_ms)) {
		sdnotify_status("running %s", c->records.tasks[task].name);
		if (c->start_tries)
			log_say(c->log, LOG_LEVEL_INFO,
			    c->records.tasks[task].name,
			    "Could start again after %u tries",
			    (unsigned)c->start_tries);
		c->start_tries = 0;
		return;
	}
	if (!c->start_tries)
		log_say(c->log, LOG_LEVEL_WARNING, c->records.tasks[task].name,
		    "Could not start: %s; trying again", strerror(errno));
	c->next_run_ms = now_ms + schedule_retry_ms(c->start_tries++);
	records_count_error(&c->records);
}

/* Who waits for the lease says so; who has it, no longer. */
static void
show_lease(struct chain *c)
{
	bool is_held = lease_is_held(&c->lease);
	uint32_t from = is_held ? PHASE_LEASE : PHASE_WAITING;
	uint32_t to = is_held ? PHASE_WAITING : PHASE_LEASE;

	if (!c->lease.argv || c->run.child.pid)
		return;
	c->records.chain.is_lease_held = is_held;
	if (!is_held && c->records.tasks[c->order[c->position]].phase == from)
		sdnotify_status("waiting for the lease");
	for (size_t i = 0; i < c->records.task_count; i++) {
		if (c->records.tasks[i].phase != from)
			continue;
		c->records.tasks[i].phase = to;
		records_save_task(&c->records, i);
	}
}

/* What is due of the chain itself; returns when to call again. */
static int64_t
step_tasks(struct chain *c, int64_t now_ms)
{
	if (c->sleep_ms >= 0 &&
	    (!notify_is_fresh(&c->notify) || now_ms >= c->sleep_said_ms))
		say_sleeping(c);
	if (c->run.child.pid || c->sweep.is_active || is_once_over(c))
		return c->sleep_ms >= 0 ? c->sleep_said_ms : -1;
	if (c->is_reload_due) {
		c->is_reload_due = false;
		chain_reload(c);
	}
	show_lease(c);
	if (!lease_is_held(&c->lease))
		return -1;
	if (now_ms >= c->next_run_ms) {
		begin_run(c, now_ms);
		return c->run.child.pid || c->is_stopping ? -1 : c->next_run_ms;
	}
	return c->sleep_ms >= 0 ? c->sleep_said_ms : c->next_run_ms;
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

/* A delivery under way may end; then everything of ours must. */
static int64_t
step_stopping(struct chain *c, int64_t now_ms)
{
	pid_t helper = c->notify.helper.child.pid;

	if (!helper)
		return -1;
	if (c->helper_limit_ms < 0)
		c->helper_limit_ms =
		    c->notify.helper.started_ms + HELPER_LIMIT_MS;
	if (now_ms >= c->helper_limit_ms)
		spawn_signal_group(helper, SIGKILL);
	return c->helper_limit_ms > now_ms ? c->helper_limit_ms : -1;
}

/* Another host may run the chain as soon as the lease is free. */
static int64_t
step_lease(struct chain *c, int64_t now_ms)
{
	bool is_done = (c->is_stopping || is_once_over(c)) &&
		       !c->run.child.pid && !c->sweep.is_active;

	if (is_done)
		lease_stop(&c->lease, c->records.chain.stop_timeout_ms, now_ms);
	return lease_step(&c->lease, now_ms);
}

/* Does what is due; returns the next deadline. */
static int64_t
step(struct chain *c, int64_t now_ms)
{
	int64_t next_ms = sweep_step(c, now_ms);

	if (c->is_stopping)
		next_ms = schedule_earlier(next_ms, step_stopping(c, now_ms));
	else
		next_ms = schedule_earlier(next_ms, step_tasks(c, now_ms));
	next_ms = schedule_earlier(next_ms, step_lease(c, now_ms));
	next_ms = schedule_earlier(next_ms, run_check_time(c, now_ms));
	next_ms = schedule_earlier(next_ms, notify_step(&c->notify, now_ms));
	next_ms = schedule_earlier(next_ms, step_watchdog(c, now_ms));
	if (c->ping && c->ping->helper.child.pid) {
		helper_check_time(&c->ping->helper, now_ms);
		if (c->ping->helper.kill_ms > now_ms)
			next_ms =
			    schedule_earlier(next_ms, c->ping->helper.kill_ms);
	}
	return schedule_earlier(next_ms, log_deadline_ms(c->log));
}

/* Is there nothing left to wait for? */
static bool
is_over(const struct chain *c)
{
	bool is_idle = !c->run.child.pid && !c->sweep.is_active &&
		       !c->notify.helper.child.pid && !c->lease.child.pid;

	if (c->is_stopping)
		return is_idle;
	return is_once_over(c) && is_idle && !notify_is_fresh(&c->notify) &&
	       !(c->ping && c->ping->helper.child.pid);
}

static void
stop(struct chain *c, const struct request *r, int64_t now_ms)
{
	if (c->is_stopping)
		return;
	c->is_stopping = true;
	c->sleep_ms = -1;
	c->notify.is_closing = true;
	c->records.chain.is_stopping = true;
	records_save_chain(&c->records);
	sdnotify_send("STOPPING=1");
	if (c->run.child.pid)
		sdnotify_status(
		    "stopping %s", c->records.tasks[c->run.task].name);
	log_say(c->log, LOG_LEVEL_INFO, NULL, "Stopping");
	run_interrupt(c, now_ms);
	if (c->ping && c->ping->helper.child.pid)
		spawn_signal_group(c->ping->helper.child.pid, SIGKILL);
	if (!c->run.child.pid)
		sweep_start(c, 0, c->start_ticks, true, now_ms);
}

/* Nobody waits for pings but `once`, which has nothing else to do, and not for
 * a server that is away. */
static void
finish_ping(struct chain *c, int status, int64_t now_ms)
{
	enum helper_result result = ping_finish(c->ping, status);

	if (!c->is_stopping && !(is_once_over(c) && result == HELPER_LATER))
		ping_next(c->ping, now_ms);
}

/* One of our children, or a stranger's that came to us, has ended. */
static void
reap(struct chain *c, pid_t pid, int status, int64_t now_ms)
{
	if (pid == c->run.child.pid) {
		finish_run(c, status, now_ms);
	} else if (pid == c->notify.helper.child.pid) {
		notify_finish(&c->notify, status, now_ms);
	} else if (c->ping && pid == c->ping->helper.child.pid) {
		finish_ping(c, status, now_ms);
	} else if (pid == c->lease.child.pid) {
		lease_finish(&c->lease, status, now_ms);
		run_interrupt(c, now_ms);
		/* What it left behind may hold the lease on. */
		if (!c->run.child.pid)
			sweep_start(c, 0, c->start_ticks, true, now_ms);
	} else {
		sweep_hint(c);
	}
}

static void
reload_soon(struct chain *c, const struct request *r, int64_t now_ms)
{
	c->is_reload_due = true;
}

static void
wake(struct chain *c, const struct request *r, int64_t now_ms)
{
	if (!c->run.child.pid)
		c->next_run_ms = now_ms;
}

/* What a request does, whoever brought it. */
typedef void request_handler(
    struct chain *c, const struct request *r, int64_t now_ms);

static request_handler *const on_request[REQUEST_COUNT] = {
    [REQUEST_STOP] = stop,
    [REQUEST_RELOAD] = reload_soon,
    [REQUEST_WAKE] = wake,
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
	int status;
	pid_t pid;

	if (seen.child || c->is_new)
		while ((pid = spawn_reap(&status)))
			reap(c, pid, status, now_ms);
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

static void
read_pipe(struct chain *c, enum log_stream stream, int *fd)
{
	ssize_t n = capture_read(c->capture, stream, *fd);

	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	close(*fd);
	*fd = -1;
}

enum watched {
	WATCH_SIGNALS,
	WATCH_TIMER,
	WATCH_OUT,
	WATCH_ERR,
	WATCH_NOTIFY,
	WATCH_PING,
	WATCH_LEASE_OUT,
	WATCH_LEASE_ERR,
	WATCH_LOG,
	WATCH_COUNT
};

static void
list_descriptors(const struct chain *c, struct pollfd p[WATCH_COUNT])
{
	/* A log that takes nothing lets the task wait, not us lose. */
	bool is_full = log_is_congested(c->log);
	const int fds[WATCH_COUNT] = {
	    [WATCH_SIGNALS] = c->source.signal_fd,
	    [WATCH_TIMER] = c->timer_fd,
	    [WATCH_OUT] = is_full ? -1 : c->run.child.out_fd,
	    [WATCH_ERR] = is_full ? -1 : c->run.child.err_fd,
	    [WATCH_NOTIFY] = c->notify.helper.child.out_fd,
	    [WATCH_PING] = c->ping ? c->ping->helper.child.out_fd : -1,
	    [WATCH_LEASE_OUT] = c->lease.child.out_fd,
	    [WATCH_LEASE_ERR] = c->lease.child.err_fd,
	    [WATCH_LOG] = log_wait_fd(c->log),
	};

	for (int i = 0; i < WATCH_COUNT; i++)
		p[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	p[WATCH_LOG].events = POLLOUT;
}

/* Waits for something, and passes it on. */
static void
wait_and_dispatch(struct chain *c, int64_t deadline_ms)
{
	struct pollfd p[WATCH_COUNT];
	bool is_due = deadline_ms >= 0 && deadline_ms <= clock_now_ms();
	uint64_t expirations;

	list_descriptors(c, p);
	if (!is_due)
		set_timer(c, deadline_ms);
	if (poll(p, WATCH_COUNT, is_due ? 0 : -1) <= 0)
		return;
	if (p[WATCH_TIMER].revents &&
	    read(c->timer_fd, &expirations, sizeof(expirations)) > 0)
		c->timer_ms = -1;
	if (p[WATCH_OUT].revents)
		read_pipe(c, LOG_STREAM_STDOUT, &c->run.child.out_fd);
	if (p[WATCH_ERR].revents)
		read_pipe(c, LOG_STREAM_STDERR, &c->run.child.err_fd);
	if (p[WATCH_NOTIFY].revents)
		helper_read(&c->notify.helper);
	if (p[WATCH_PING].revents)
		helper_read(&c->ping->helper);
	if (p[WATCH_LEASE_OUT].revents || p[WATCH_LEASE_ERR].revents)
		lease_read(&c->lease);
	if (p[WATCH_SIGNALS].revents)
		take_signals(c, clock_now_ms());
}

bool
chain_spares(const char *task, uint64_t run, void *data)
{
	struct chain *c = data;
	size_t index;
	const struct task_record *t = records_find(&c->records, task, &index);
	bool is_in_progress = t && c->run.task == index &&
			      run == c->records.chain.run_number &&
			      c->run.is_interrupted;

	return t && t->keeps_leftovers && !is_in_progress;
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
	records_save_chain(&c->records);
	log_flush(c->log);
}

bool
chain_run(struct chain *c)
{
	/* A stop that came meanwhile; a child that ended before we were here.
	 */
	c->is_new = true;
	take_signals(c, clock_now_ms());
	c->is_new = false;
	while (!is_over(c)) {
		int64_t deadline_ms = step(c, clock_now_ms());

		if (is_over(c))
			break;
		log_flush(c->log);
		wait_and_dispatch(c, deadline_ms);
	}
	end(c);
	return c->is_stopping || !c->has_failed;
}
