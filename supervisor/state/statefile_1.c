/*
 * What runner 1.0.0 wrote into a state file: its records, which never change,
 * and what they say in records of today.  What it did not write is zero:
 * unknown, or never.
 */
#include <stdio.h>
#include <string.h>

#include "statefile_layout.h"

struct outcome_1 {
	int32_t exit, signal;
	bool timed_out, not_executed, is_success;
};

struct policy_1 {
	bool is_down, is_told, has_failed;
	uint32_t failures_in_row, downtime_failures, successes_in_row;
	int64_t down_since_ms, down_since_wall_ms, downtime_told_ms;
	uint32_t told_count, told_next;
	uint64_t told[128];
};

struct task_1 {
	char name[208];
	uint32_t phase, keeps_leftovers;
	uint64_t runs, failures;
	int64_t started_wall_ms, duration_ms;
	struct outcome_1 outcome;
	uint64_t signature;
	char message[648];
	int64_t running_since_wall_ms, next_run_wall_ms;
	uint64_t mails_sent, mails_held_back;
	char recent[33];
	struct policy_1 policy;
	uint32_t telling_reason;
	uint64_t telling_signature;
	int64_t telling_wall_ms, telling_down_since_wall_ms;
};

struct chain_1 {
	char name[208], version[32];
	int32_t pid, current_task;
	uint32_t task_count, is_ended, is_lease_held;
	int64_t since_wall_ms, start_ns, start_ticks;
	char boot_id[40], mark[33];
	int32_t run_pid;
	uint32_t is_stopping;
	uint64_t run_number;
	int64_t stop_timeout_ms;
	uint32_t outbox_waiting, errors;
	int64_t outbox_oldest_wall_ms;
	char outbox_answer[648], config_file[1024], log_file[1024];
};

struct held_row_1 {
	char task[64], subject[128];
	uint32_t reason, count;
	int64_t first_wall_ms, last_wall_ms;
};

struct held_1 {
	struct {
		int64_t level, seen_ms;
		uint32_t held_count, held_total;
		struct held_row_1 held[24];
	} throttle[2]; /* of mail and of the webhook */
};

struct run_1 {
	uint64_t number, signature;
	int64_t started_wall_ms, duration_ms;
	uint32_t task;
	int16_t exit;
	uint8_t signal, flags;
};

#define COPY(field) out->field = in->field
#define COPY_STRING(to, from)                                                  \
	snprintf(to, sizeof(to), "%.*s", (int)sizeof(from), from)

static void
upgrade_chain(const struct chain_1 *in, struct chain_record *out)
{
	COPY_STRING(out->name, in->name);
	COPY_STRING(out->version, in->version);
	COPY(pid);
	COPY(current_task);
	COPY(task_count);
	COPY(is_ended);
	out->lease = in->is_lease_held ? LEASE_HELD : LEASE_NONE;
	COPY(since_wall_ms);
	COPY(start_ns);
	COPY(start_ticks);
	COPY_STRING(out->boot_id, in->boot_id);
	COPY_STRING(out->mark, in->mark);
	COPY(run_pid);
	COPY(is_stopping);
	COPY(run_number);
	COPY(stop_timeout_ms);
	COPY(outbox_waiting);
	COPY(errors);
	COPY(outbox_oldest_wall_ms);
	COPY_STRING(out->outbox_answer, in->outbox_answer);
	COPY_STRING(out->config_file, in->config_file);
	COPY_STRING(out->log_file, in->log_file);
}

static void
upgrade_held(const struct held_1 *in, struct held_record *out)
{
	static const char *const names[] = {"mail", "webhook"};

	_Static_assert(sizeof(in->throttle[0]) == sizeof(struct throttle),
	    "as it was: give the throttle of 1.0.0 a conversion");
	for (int i = 0; i < 2; i++) {
		struct channel_record *c = &out->channels[i];

		COPY_STRING(c->name, names[i]);
		memcpy(&c->throttle, &in->throttle[i], sizeof(c->throttle));
		/* Where the signature is now, a subject went on. */
		for (size_t row = 0; row < HELD_MAX; row++)
			c->throttle.held[row].signature = 0;
	}
}

/*
 * When each signature was told was not written: no earlier than the downtime
 * began.
 */
static void
upgrade_policy(const struct policy_1 *in, struct policy *out)
{
	COPY(is_down);
	COPY(is_told);
	COPY(has_failed);
	COPY(failures_in_row);
	COPY(downtime_failures);
	COPY(successes_in_row);
	COPY(down_since_ms);
	COPY(down_since_wall_ms);
	COPY(downtime_told_ms);
	COPY(told_count);
	memcpy(out->told, in->told, sizeof(out->told));
	for (size_t i = 0; i < POLICY_TOLD_MAX; i++)
		out->told_ms[i] = in->down_since_ms;
	out->failed_ms = in->down_since_ms;
	out->failed_wall_ms = in->down_since_wall_ms;
}

static void
upgrade_task(const struct task_1 *in, struct task_record *out)
{
	COPY_STRING(out->name, in->name);
	COPY(phase);
	COPY(keeps_leftovers);
	COPY(runs);
	COPY(failures);
	out->last.started_wall_ms = in->started_wall_ms;
	out->last.duration_ms = in->duration_ms;
	out->last.outcome = (struct outcome){
	    .exit = in->outcome.exit,
	    .signal = in->outcome.signal,
	    .timed_out = in->outcome.timed_out,
	    .not_executed = in->outcome.not_executed,
	    .is_success = in->outcome.is_success,
	};
	out->last.signature = in->signature;
	COPY_STRING(out->last.message, in->message);
	COPY(running_since_wall_ms);
	COPY(next_run_wall_ms);
	COPY(mails_sent);
	COPY(mails_held_back);
	COPY_STRING(out->recent, in->recent);
	upgrade_policy(&in->policy, &out->policy);
	out->pending = (struct pending_notification){
	    .reason = in->telling_reason,
	    .signature = in->telling_signature,
	    .wall_ms = in->telling_wall_ms,
	    .down_since_wall_ms = in->telling_down_since_wall_ms,
	};
}

static void
upgrade_run(const struct run_1 *in, struct run_record *out)
{
	COPY(number);
	COPY(signature);
	COPY(started_wall_ms);
	COPY(duration_ms);
	COPY(task);
	COPY(exit);
	COPY(signal);
	COPY(flags);
}

static void
upgrade(int record, const void *old, void *out)
{
	if (record < 0)
		upgrade_run(old, out);
	else if (record == RECORD_CHAIN)
		upgrade_chain(old, out);
	else if (record == RECORD_HELD)
		upgrade_held(old, out);
	else
		upgrade_task(old, out);
}

const struct layout layout_1 = {
    .version = 1,
    .chain_size = sizeof(struct chain_1),
    .held_size = sizeof(struct held_1),
    .task_size = sizeof(struct task_1),
    .run_size = sizeof(struct run_1),
    .upgrade = upgrade,
};
