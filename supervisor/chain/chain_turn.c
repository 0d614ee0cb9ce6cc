/*
 * Which run is next, what lets it wait (a cooldown, the lease, a pause, a
 * reload), and what follows when it has ended.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "chain_private.h"
#include "os/clock.h"
#include "os/sdnotify.h"
#include "owner/pidfile.h"
#include "owner/runroot.h"
#include "policy/schedule.h"

enum {
	/* Pages that are given back for less cost more to have again. */
	TRIM_COOLDOWN_MS = 10000,
	ONCE_TRIES = 9, /* to start a task: almost a minute */
};

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
	if (c->tasks.task[c->turn.last].settings->on_failure ==
	    ON_FAILURE_RESTART)
		turn_wake(&c->turn, now_ms);
	else
		turn_repeat(&c->turn, now_ms);
}

void
chain_answer_asked(struct chain *c, int status, const char *fmt, ...)
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

static void
begin_run(struct chain *c, int64_t now_ms)
{
	size_t task = c->asked.is_due ? c->asked.task : turn_task(&c->turn);
	bool is_in_turn = task == turn_task(&c->turn);
	size_t last = c->turn.last;
	struct task_record *records = c->records.tasks;
	int error;

	turn_say(&c->turn);
	if (!keep_ownership(c)) {
		chain_stop(c, NULL, now_ms);
		return;
	}
	control_check(&c->control);
	records_check_file(&c->records);
	/* A run out of turn leaves the cooldown that is in progress alone. */
	if (is_in_turn) {
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
	error = errno;
	chain_answer_asked(c, 1, "could not start it: %s", strerror(error));
	records_count_error(&c->records);
	if (!is_in_turn)
		return;
	if (c->source.is_once && c->turn.tries >= ONCE_TRIES) {
		log_say(c->log, LOG_LEVEL_ERROR, records[task].name,
		    "Could not start: %s; left out", strerror(error));
		c->has_failed = true;
		c->turn.tries = 0;
		turn_skip(&c->turn);
		return;
	}
	if (!c->turn.tries)
		log_say(c->log, LOG_LEVEL_WARNING, records[task].name,
		    "Could not start: %s; trying again", strerror(error));
	turn_retry(&c->turn, now_ms);
}

void
chain_finish_run(struct chain *c, int wait_status, int64_t now_ms)
{
	bool is_success, was_asked = c->asked.is_running;
	int64_t cooldown_ms =
	    run_finish(&c->run, wait_status, now_ms, &is_success);
	const struct task_settings *s = c->run.task->settings;
	struct task_record *record = &c->records.tasks[c->run.index];

	if (c->is_stopping || c->run.is_interrupted)
		chain_end_leftovers(c, NULL, now_ms);
	else if (s->leftovers == LEFTOVERS_KILL)
		chain_end_leftovers(c, c->run.task, now_ms);
	if (was_asked && c->run.is_interrupted)
		chain_answer_asked(c, 1, "the run was interrupted");
	else if (was_asked && is_success)
		chain_answer_asked(c, 0, "%s", "");
	else if (was_asked)
		chain_answer_asked(
		    c, 1, "%s failed: %s", record->name, record->last.message);
	if (c->run.is_interrupted)
		return; /* the lease was lost: the same task again, later */
	lease_prove(&c->lease, now_ms);
	c->has_failed |= !is_success;
	if (was_asked && c->run.index != turn_task(&c->turn)) {
		/* It was not its turn, which stays whose it is. */
		record->phase =
		    record->resume_wall_ms ? PHASE_COOLDOWN : PHASE_WAITING;
		records_save_task(&c->records, c->run.index);
		chain_write_metrics(c);
		return;
	}
	if (!is_success)
		change_watch(&c->change, c->config->project_root, now_ms);
	turn_pass(&c->turn, c->run.index, cooldown_ms,
	    !is_success && s->on_failure == ON_FAILURE_RESTART, now_ms);
	chain_write_metrics(c);
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

	if (!c->lease.argv || chain_is_running(c))
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

void
chain_read_pauses(struct chain *c)
{
	bool is_unread = pauses_read(
	    &c->pauses, c->records.run_root, c->records.chain.name, c->user);

	if (is_unread && !c->is_unread)
		log_say(c->log, LOG_LEVEL_WARNING, NULL,
		    "No pause is heeded: %s.pause %s", c->records.chain.name,
		    pauses_fault(errno));
	c->is_unread = is_unread;
}

const struct pause *
chain_pause_of(const struct chain *c, size_t task, int64_t wall_ms)
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
		p = chain_pause_of(c, turn_task(&c->turn), wall_ms);
		if (!p) {
			c->is_held_up = false;
			return false;
		}
		if (p->until_wall_ms)
			*again_ms = schedule_earlier(
			    *again_ms, now_ms + p->until_wall_ms - wall_ms);
		if (c->source.is_once)
			log_say(c->log, LOG_LEVEL_INFO,
			    c->records.tasks[turn_task(&c->turn)].name,
			    "Paused: left out");
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

size_t
chain_next_task(const struct chain *c)
{
	return turn_is_over(&c->turn) ? 0 : turn_task(&c->turn);
}

int64_t
chain_step_turn(struct chain *c, int64_t now_ms)
{
	int64_t say_ms = turn_say_deadline_ms(&c->turn), again_ms;

	if (say_ms >= 0 &&
	    (!notify_is_trying(&c->notify) || now_ms >= say_ms)) {
		turn_say(&c->turn);
		say_ms = -1;
	}
	if (chain_is_busy(c))
		return say_ms;
	if (turn_is_over(&c->turn)) {
		if (!c->has_tried_all)
			notify_try_all(&c->notify, now_ms);
		c->has_tried_all = true;
		return say_ms;
	}
	if (c->is_reload_due) {
		char why[CONTROL_ANSWER_SIZE];

		c->is_reload_due = false;
		chain_reload(c, why, sizeof(why));
	}
	if (c->is_draining) {
		chain_stop(c, NULL, now_ms);
		return now_ms; /* what is left is looked at next */
	}
	check_program(c, now_ms);
	show_lease(c);
	if (!lease_is_held(&c->lease))
		return -1;
	if (c->asked.is_due) {
		begin_run(c, now_ms);
	} else if (now_ms >= c->turn.next_run_ms) {
		chain_read_pauses(c);
		if (is_paused(c, now_ms, &again_ms))
			return again_ms;
		begin_run(c, now_ms);
	}
	if (chain_is_running(c) || c->is_stopping)
		return c->is_stopping ? now_ms : -1;
	return schedule_earlier(
	    c->change.look_ms, say_ms >= 0 ? say_ms : c->turn.next_run_ms);
}
