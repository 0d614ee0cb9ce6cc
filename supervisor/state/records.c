#include "records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failures.h"
#include "os/clock.h"
#include "os/pages.h"

enum { RETRY_MS = 10000 };

static void
complain(struct records *l)
{
	if (!l->is_complaining)
		log_say(l->log, LOG_LEVEL_WARNING, NULL,
		    "Could not write the state of %s: %s", l->chain.name,
		    strerror(errno));
	l->is_complaining = true;
	l->chain.errors++;
}

static void
note_result(struct records *l, int result)
{
	if (result) {
		complain(l);
	} else if (l->is_complaining) {
		l->is_complaining = false;
		log_say(l->log, LOG_LEVEL_INFO, NULL,
		    "The state of %s is written again", l->chain.name);
	}
}

static int
put_task(struct records *l, size_t index)
{
	struct task_record t;

	if (!records_holds_policy(l, index))
		return statefile_put_task(l->file, index, &l->tasks[index]);
	t = l->tasks[index];
	t.policy = l->before[index];
	return statefile_put_task(l->file, index, &t);
}

/* The file has zeros for rows that are free; so have they, without pages. */
static int
put_held(struct records *l)
{
	const struct channel_record *row = l->held->channels;
	int result = *row->name ? statefile_put_held(l->file, l->held) : 0;
	uintptr_t from, to = (uintptr_t)(l->held + 1) & -PAGES_UNIT;

	while (row < l->held->channels + STATE_CHANNELS && *row->name)
		row++;
	from = ((uintptr_t)row + PAGES_UNIT - 1) & -PAGES_UNIT;
	if (from < to)
		pages_rest((void *)from, to - from, 0);
	return result;
}

/* Is there a file?  Makes it when that failed before and is due again. */
static bool
has_file(struct records *l)
{
	int64_t now_ms;

	if (l->file)
		return true;
	now_ms = clock_now_ms();
	if (now_ms < l->retry_ms)
		return false;
	l->retry_ms = now_ms + RETRY_MS;
	if (!l->is_ours(l->data))
		return false;
	if (l->previous && l->may_go_on)
		l->file = statefile_go_on(l->run_root, l->chain.name, l->tasks,
		    l->task_count, l->previous, l->group);
	if (!l->file)
		l->file = statefile_create(l->run_root, l->chain.name, l->tasks,
		    l->task_count, l->previous, l->group);
	if (!l->file) {
		complain(l);
		return false;
	}
	snapshot_free(l->previous);
	l->previous = NULL;
	/* The chain last: until then the records are the predecessor's. */
	for (size_t i = 0; i < l->task_count; i++)
		note_result(l, put_task(l, i));
	note_result(l, put_held(l));
	note_result(l, statefile_put_chain(l->file, &l->chain));
	return true;
}

static void
inherit_task(const struct records *l, struct task_record *t,
    const struct task_record *from, bool is_carrying_on, bool is_same_boot)
{
	struct task_record old = *from;

	acknowledgement_take(l->run_root, l->chain.name, geteuid(), &old);
	old.keeps_leftovers = t->keeps_leftovers;
	if (!is_same_boot)
		policy_rebase(&old.policy, clock_now_ms(), clock_wall_ms());
	if (is_carrying_on) {
		for (uint32_t i = 0; i < old.policy.told_count; i++)
			old.policy.told[i] = failures_renamed(
			    l->run_root, t->name, old.policy.told[i]);
		*t = old;
		return;
	}
	policy_start_afresh(&old.policy);
	t->policy = old.policy;
	memcpy(t->recent, old.recent, sizeof(t->recent));
	t->last = old.last;
	t->last_success_wall_ms = old.last_success_wall_ms;
	t->resume_wall_ms = old.resume_wall_ms;
	t->resume_position = old.resume_position;
	if (t->policy.is_acknowledged)
		t->acknowledged = old.acknowledged;
}

void
records_inherit(struct records *l, const struct snapshot *predecessor,
    bool is_carrying_on, bool is_same_boot)
{
	const struct snapshot *s = predecessor;
	struct channel_record *row = l->held->channels;
	struct task_record *t;
	size_t index;

	for (int i = 0; s && s->held && i < STATE_CHANNELS; i++) {
		if (!*s->held->channels[i].name)
			continue;
		*row = s->held->channels[i];
		if (!is_same_boot)
			throttle_rebase(&row->throttle, clock_now_ms());
		row++;
	}
	if (s) {
		l->chain.lease_policy = s->chain.lease_policy;
		if (!is_same_boot)
			policy_rebase(&l->chain.lease_policy, clock_now_ms(),
			    clock_wall_ms());
		if (!is_carrying_on)
			policy_start_afresh(&l->chain.lease_policy);
	}
	for (size_t i = 0; s && i < s->task_count; i++)
		if ((t = records_find(l, s->tasks[i].name, &index)))
			inherit_task(
			    l, t, &s->tasks[i], is_carrying_on, is_same_boot);
	for (size_t i = 0; i < l->task_count; i++) {
		l->tasks[i].phase = PHASE_WAITING;
		l->tasks[i].stop_signal = 0;
		l->tasks[i].is_slow = 0;
		l->tasks[i].is_healthy = 0;
		l->tasks[i].running_since_wall_ms = 0;
		l->tasks[i].next_run_wall_ms = 0;
	}
}

int
records_open(struct records *l, struct snapshot *previous)
{
	l->previous = previous;
	l->before = calloc(l->task_count, sizeof(*l->before));
	l->is_before = calloc(l->task_count, sizeof(*l->is_before));
	if (!l->before || !l->is_before)
		return -1;
	has_file(l);
	return 0;
}

void
records_close(struct records *l)
{
	if (l->file)
		statefile_close(l->file);
	snapshot_free(l->previous);
	free(l->tasks);
	free(l->before);
	free(l->is_before);
	*l = (struct records){0};
}

void
records_check_file(struct records *l)
{
	if (l->file &&
	    !statefile_is_named(l->file, l->run_root, l->chain.name) &&
	    l->is_ours(l->data)) {
		complain(l);
		statefile_close(l->file);
		l->file = NULL;
		l->retry_ms = 0;
	}
	has_file(l);
}

void
records_save_chain(struct records *l)
{
	if (has_file(l))
		note_result(l, statefile_put_chain(l->file, &l->chain));
}

void
records_sync(struct records *l)
{
	if (l->file)
		note_result(l, statefile_sync(l->file, l->run_root));
}

void
records_save_held(struct records *l)
{
	if (has_file(l))
		note_result(l, put_held(l));
}

void
records_save_task(struct records *l, size_t index)
{
	if (has_file(l))
		note_result(l, put_task(l, index));
}

void
records_hold_policy(
    struct records *l, size_t index, const struct policy *before)
{
	if (!l->before || !l->is_before || l->is_before[index])
		return;
	l->before[index] = *before;
	l->is_before[index] = true;
}

bool
records_holds_policy(const struct records *l, size_t index)
{
	return l->is_before && l->is_before[index];
}

void
records_release_policy(struct records *l, size_t index)
{
	l->is_before[index] = false;
	l->tasks[index].pending = (struct pending_notification){0};
	records_save_task(l, index);
	records_sync(l);
}

void
records_add_run(struct records *l, struct run_record *r)
{
	if (has_file(l))
		note_result(l, statefile_add_run(l->file, r));
}

struct task_record *
records_find(struct records *l, const char *task, size_t *index)
{
	for (size_t i = 0; i < l->task_count; i++) {
		if (!strcmp(l->tasks[i].name, task)) {
			*index = i;
			return &l->tasks[i];
		}
	}
	return NULL;
}

void
records_count_error(struct records *l)
{
	l->chain.errors++;
	records_save_chain(l);
}
