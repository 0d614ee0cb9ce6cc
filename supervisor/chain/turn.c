#include "turn.h"

#include "base/units.h"
#include "os/clock.h"
#include "os/sdnotify.h"
#include "policy/schedule.h"

enum { SLEEP_SAID_MS = 5000 };

void
turn_init(struct turn *t, struct records *records, struct log *log,
    bool is_once, int64_t first_ms)
{
	*t = (struct turn){.records = records,
	    .log = log,
	    .is_once = is_once,
	    .next_run_ms = first_ms,
	    .sleep_ms = -1};
}

bool
turn_is_over(const struct turn *t)
{
	return t->is_once && t->position >= t->order_count;
}

size_t
turn_task(const struct turn *t)
{
	return t->order[t->position];
}

/* For `systemctl status`: what the last run was, and when the next is. */
static void
tell_manager(const struct turn *t, size_t last)
{
	const struct task_record *r = &t->records->tasks[last];
	const struct task_record *next = &t->records->tasks[turn_task(t)];
	uint64_t in_a_row = r->policy.failures_in_row;
	char at[UNITS_TEXT_SIZE];

	units_format_wall(next->next_run_wall_ms, at);
	if (in_a_row)
		sdnotify_status("%s failed, %llu in a row; %s runs at %s",
		    r->name, (unsigned long long)in_a_row, next->name, at);
	else
		sdnotify_status(
		    "%s succeeded; %s runs at %s", r->name, next->name, at);
}

/* In the records: for status, and for a successor. */
static void
show_cooldown(struct turn *t, size_t task, int64_t cooldown_ms)
{
	struct task_record *r = &t->records->tasks[task];
	int64_t until_wall_ms = clock_wall_ms() + cooldown_ms;

	r->resume_wall_ms = until_wall_ms;
	r->resume_position = (uint32_t)t->position;
	t->records->tasks[turn_task(t)].next_run_wall_ms = until_wall_ms;
	records_save_task(t->records, task);
	if (turn_task(t) != task)
		records_save_task(t->records, turn_task(t));
	if (cooldown_ms > 0)
		tell_manager(t, task);
}

void
turn_pass(struct turn *t, size_t task, int64_t cooldown_ms, bool is_from_start,
    int64_t now_ms)
{
	t->last_position = t->position;
	t->position = is_from_start ? 0 : t->position + 1;
	if (t->is_once) {
		records_save_task(t->records, task);
		t->next_run_ms = now_ms;
		if (is_from_start) /* that was enough */
			t->position = t->order_count;
		return;
	}
	if (t->position == t->order_count)
		t->position = 0;
	t->next_run_ms = now_ms + cooldown_ms;
	t->sleep_ms = cooldown_ms;
	t->last = task;
	t->sleep_said_ms =
	    now_ms +
	    (cooldown_ms < SLEEP_SAID_MS ? cooldown_ms : SLEEP_SAID_MS);
	show_cooldown(t, task, cooldown_ms);
}

void
turn_resume(struct turn *t, size_t task, size_t position, int64_t rest_ms,
    int64_t now_ms)
{
	struct task_record *r = &t->records->tasks[task];
	char span[UNITS_TEXT_SIZE];

	if (position < t->order_count)
		t->position = position;
	t->next_run_ms = now_ms + rest_ms;
	t->last = task;
	r->phase = PHASE_COOLDOWN;
	show_cooldown(t, task, rest_ms);
	units_format_span(rest_ms, span);
	log_say(t->log, LOG_LEVEL_INFO, r->name,
	    "Waits the rest of its cooldown, %s", span);
}

void
turn_skip(struct turn *t)
{
	t->position++;
	if (t->position == t->order_count && !t->is_once)
		t->position = 0;
}

void
turn_retry(struct turn *t, int64_t now_ms)
{
	t->next_run_ms = now_ms + schedule_retry_ms(t->tries++);
}

void
turn_wake(struct turn *t, int64_t now_ms)
{
	t->next_run_ms = now_ms;
}

void
turn_repeat(struct turn *t, int64_t now_ms)
{
	struct task_record *next = &t->records->tasks[turn_task(t)];

	next->next_run_wall_ms = 0;
	records_save_task(t->records, turn_task(t));
	t->position = t->last_position;
	turn_wake(t, now_ms);
}

void
turn_say(struct turn *t)
{
	char seconds[UNITS_TEXT_SIZE];

	if (t->sleep_ms < 0)
		return;
	units_format_seconds(t->sleep_ms, seconds);
	log_say(t->log, LOG_LEVEL_DEBUG, t->records->tasks[t->last].name,
	    "Sleeping %s seconds", seconds);
	t->sleep_ms = -1;
}

int64_t
turn_say_deadline_ms(const struct turn *t)
{
	return t->sleep_ms >= 0 ? t->sleep_said_ms : -1;
}
