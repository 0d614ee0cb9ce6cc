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
complain(struct records *r)
{
	if (!r->is_complaining)
		log_say(r->log, LOG_LEVEL_WARNING, NULL,
		    "Could not write the state of %s: %s", r->chain.name,
		    strerror(errno));
	r->is_complaining = true;
	r->chain.errors++;
}

static void
note_result(struct records *r, int result)
{
	if (result) {
		complain(r);
	} else if (r->is_complaining) {
		r->is_complaining = false;
		log_say(r->log, LOG_LEVEL_INFO, NULL,
		    "The state of %s is written again", r->chain.name);
	}
}

static int
put_task(struct records *r, size_t index)
{
	struct task_record t;

	if (!records_holds_policy(r, index))
		return statefile_put_task(r->file, index, &r->tasks[index]);
	t = r->tasks[index];
	t.policy = r->held_policies[index];
	return statefile_put_task(r->file, index, &t);
}

/* The file has zeros for rows that are free; so have they, without pages. */
static int
put_held(struct records *r)
{
	const struct channel_record *row = r->held->channels;
	int result = *row->name ? statefile_put_held(r->file, r->held) : 0;
	uintptr_t from, to = (uintptr_t)(r->held + 1) & -PAGES_UNIT;

	while (row < r->held->channels + STATE_CHANNELS && *row->name)
		row++;
	from = ((uintptr_t)row + PAGES_UNIT - 1) & -PAGES_UNIT;
	if (from < to)
		pages_give_back((void *)from, to - from, 0);
	return result;
}

/* Is there a file?  Makes it when that failed before and is due again. */
static bool
has_file(struct records *r)
{
	int64_t now_ms;

	if (r->file)
		return true;
	now_ms = clock_now_ms();
	if (now_ms < r->retry_ms)
		return false;
	r->retry_ms = now_ms + RETRY_MS;
	if (!r->is_ours(r->data))
		return false;
	if (r->previous && r->can_reuse_file)
		r->file = statefile_go_on(r->run_root, r->chain.name, r->tasks,
		    r->task_count, r->previous, r->group);
	if (!r->file)
		r->file = statefile_create(r->run_root, r->chain.name, r->tasks,
		    r->task_count, r->previous, r->group);
	if (!r->file) {
		complain(r);
		return false;
	}
	snapshot_free(r->previous);
	r->previous = NULL;
	/* The chain last: until then the records are the predecessor's. */
	for (size_t i = 0; i < r->task_count; i++)
		note_result(r, put_task(r, i));
	note_result(r, put_held(r));
	note_result(r, statefile_put_chain(r->file, &r->chain));
	return true;
}

static void
inherit_task(const struct records *r, struct task_record *t,
    const struct task_record *from, bool is_carrying_on, bool is_same_boot)
{
	struct task_record old = *from;

	acknowledgement_take(r->run_root, r->chain.name, geteuid(), &old);
	old.keeps_leftovers = t->keeps_leftovers;
	if (!is_same_boot)
		policy_rebase(&old.policy, clock_now_ms(), clock_wall_ms());
	if (is_carrying_on) {
		for (uint32_t i = 0; i < old.policy.told_count; i++)
			old.policy.told[i] = failures_renamed(
			    r->run_root, t->name, old.policy.told[i]);
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
records_inherit(struct records *r, const struct snapshot *predecessor,
    bool is_carrying_on, bool is_same_boot)
{
	const struct snapshot *s = predecessor;
	struct channel_record *row = r->held->channels;
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
		r->chain.lease_policy = s->chain.lease_policy;
		if (!is_same_boot)
			policy_rebase(&r->chain.lease_policy, clock_now_ms(),
			    clock_wall_ms());
		if (!is_carrying_on)
			policy_start_afresh(&r->chain.lease_policy);
	}
	for (size_t i = 0; s && i < s->task_count; i++)
		if ((t = records_find(r, s->tasks[i].name, &index)))
			inherit_task(
			    r, t, &s->tasks[i], is_carrying_on, is_same_boot);
	for (size_t i = 0; i < r->task_count; i++) {
		r->tasks[i].phase = PHASE_WAITING;
		r->tasks[i].stop_signal = 0;
		r->tasks[i].is_slow = 0;
		r->tasks[i].is_healthy = 0;
		r->tasks[i].running_since_wall_ms = 0;
		r->tasks[i].next_run_wall_ms = 0;
	}
}

int
records_open(struct records *r, struct snapshot *previous)
{
	r->previous = previous;
	r->held_policies = calloc(r->task_count, sizeof(*r->held_policies));
	r->is_policy_held = calloc(r->task_count, sizeof(*r->is_policy_held));
	if (!r->held_policies || !r->is_policy_held)
		return -1;
	has_file(r);
	return 0;
}

void
records_close(struct records *r)
{
	if (r->file)
		statefile_close(r->file);
	snapshot_free(r->previous);
	free(r->tasks);
	free(r->held_policies);
	free(r->is_policy_held);
	*r = (struct records){0};
}

void
records_check_file(struct records *r)
{
	if (r->file &&
	    !statefile_is_named(r->file, r->run_root, r->chain.name) &&
	    r->is_ours(r->data)) {
		complain(r);
		statefile_close(r->file);
		r->file = NULL;
		r->retry_ms = 0;
	}
	has_file(r);
}

void
records_save_chain(struct records *r)
{
	if (has_file(r))
		note_result(r, statefile_put_chain(r->file, &r->chain));
}

void
records_sync(struct records *r)
{
	if (r->file)
		note_result(r, statefile_sync(r->file, r->run_root));
}

void
records_save_held(struct records *r)
{
	if (has_file(r))
		note_result(r, put_held(r));
}

void
records_save_task(struct records *r, size_t index)
{
	if (has_file(r))
		note_result(r, put_task(r, index));
}

void
records_hold_policy(
    struct records *r, size_t index, const struct policy *before)
{
	if (!r->held_policies || !r->is_policy_held || r->is_policy_held[index])
		return;
	r->held_policies[index] = *before;
	r->is_policy_held[index] = true;
}

bool
records_holds_policy(const struct records *r, size_t index)
{
	return r->is_policy_held && r->is_policy_held[index];
}

void
records_release_policy(struct records *r, size_t index)
{
	r->is_policy_held[index] = false;
	r->tasks[index].pending = (struct pending_notification){0};
	records_save_task(r, index);
	records_sync(r);
}

void
records_add_run(struct records *r, struct run_record *run)
{
	if (has_file(r))
		note_result(r, statefile_add_run(r->file, run));
}

struct task_record *
records_find(struct records *r, const char *task, size_t *index)
{
	for (size_t i = 0; i < r->task_count; i++) {
		if (!strcmp(r->tasks[i].name, task)) {
			*index = i;
			return &r->tasks[i];
		}
	}
	return NULL;
}

void
records_count_error(struct records *r)
{
	r->chain.errors++;
	records_save_chain(r);
}
