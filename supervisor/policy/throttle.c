#include "throttle.h"

#include <string.h>

#include "base/text.h"

/* A token is a thousand milli-tokens; they drip in at max_per_hour an hour. */
enum { TOKEN = 1000 };
static const int64_t hour_ms = 3600000;
/* Beyond this a cap means nothing, and the products below stay in range. */
static const int64_t cap_max = 1000000;
/* A failure that comes while a token is free tells more than a digest does. */
static const int64_t digest_grace_ms = 10000;

/*
 * What is in the bucket at `now_ms`.  Only a token that is given away is
 * written down: asking often must not round the drops away.
 */
static int64_t
level_at(const struct throttle *t, int64_t max_per_hour, int64_t now_ms)
{
	int64_t full = max_per_hour * TOKEN;
	int64_t passed_ms = now_ms - t->seen_ms;
	int64_t level = t->level;

	if (!t->seen_ms || passed_ms >= hour_ms)
		return full;
	/* A clock that was stopped or went back fills nothing. */
	if (passed_ms > 0)
		level += passed_ms * max_per_hour / (hour_ms / TOKEN);
	return level < full ? level : full;
}

/* What must be in the bucket for a message of this reason to leave. */
static int64_t
level_needed(int64_t max_per_hour, enum reason reason)
{
	bool is_urgent = reason == REASON_FIRST || reason == REASON_DOWNTIME ||
			 reason == REASON_HEALED;
	int64_t credit = is_urgent ? max_per_hour / 4 : 0;

	return (1 - credit) * TOKEN;
}

bool
throttle_take(struct throttle *t, int64_t max_per_hour, enum reason reason,
    int64_t now_ms)
{
	int64_t level;

	if (max_per_hour <= 0 || max_per_hour > cap_max)
		return true;
	level = level_at(t, max_per_hour, now_ms);
	if (level < level_needed(max_per_hour, reason))
		return false;
	t->level = level - TOKEN;
	/* A clock that went back does not give the same hour twice. */
	if (!t->seen_ms || now_ms > t->seen_ms)
		t->seen_ms = now_ms ? now_ms : 1;
	return true;
}

static size_t
count_rows(const struct throttle *t, const char *task)
{
	size_t n = 0;

	for (uint32_t i = 0; i < t->held_count; i++)
		n += !strcmp(t->held[i].task, task);
	return n;
}

/* One row less: of the task with the most, the oldest. */
static void
give_up_row(struct throttle *t)
{
	size_t most = 0, victim = 0;

	for (size_t i = 0; i < t->held_count; i++) {
		size_t n = count_rows(t, t->held[i].task);
		int64_t age_ms =
		    t->held[victim].last_wall_ms - t->held[i].last_wall_ms;

		if (n > most || (n == most && age_ms > 0)) {
			most = n;
			victim = i;
		}
	}
	t->held_count--;
	memmove(&t->held[victim], &t->held[victim + 1],
	    (t->held_count - victim) * sizeof(*t->held));
}

/* The row of this failure, perhaps a new one. */
static struct held *
find_row(struct throttle *t, const char *task, enum reason reason,
    uint64_t signature)
{
	struct held *h;
	char name[HELD_TASK_SIZE];

	text_copy(name, sizeof(name), task);
	for (uint32_t i = 0; i < t->held_count; i++) {
		h = &t->held[i];
		if (h->reason == (uint32_t)reason &&
		    h->signature == signature && !strcmp(h->task, name))
			return h;
	}
	if (t->held_count == HELD_MAX)
		give_up_row(t);
	h = &t->held[t->held_count++];
	*h = (struct held){.signature = signature, .reason = (uint32_t)reason};
	memcpy(h->task, name, sizeof(name));
	return h;
}

void
throttle_hold(struct throttle *t, const char *task, enum reason reason,
    uint64_t signature, const char *subject, int64_t wall_ms)
{
	struct held *h = find_row(t, task, reason, signature);

	if (t->held_total < UINT32_MAX)
		t->held_total++;
	text_copy(h->subject, sizeof(h->subject), subject);
	if (!h->count)
		h->first_wall_ms = wall_ms;
	if (h->count < UINT32_MAX)
		h->count++;
	h->last_wall_ms = wall_ms;
}

/* Keeps the rows that the filter picks, or the others. */
static void
keep_rows(struct throttle *t, throttle_filter *is_picked, const void *data,
    bool picks)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->held_count; i++) {
		const struct held *h = &t->held[i];

		if ((!is_picked || is_picked(h->task, data)) == picks)
			t->held[kept++] = *h;
		else
			t->held_total -=
			    h->count < t->held_total ? h->count : t->held_total;
	}
	memset(&t->held[kept], 0, (HELD_MAX - kept) * sizeof(*t->held));
	t->held_count = (uint32_t)kept;
}

void
throttle_pick(const struct throttle *t, throttle_filter *is_picked,
    const void *data, struct throttle *out)
{
	*out = *t;
	keep_rows(out, is_picked, data, true);
}

void
throttle_drop(struct throttle *t, throttle_filter *is_picked, const void *data)
{
	uint32_t total = 0;

	keep_rows(t, is_picked, data, false);
	for (size_t i = 0; i < t->held_count; i++)
		total += t->held[i].count;
	/* What has no row is told. */
	t->held_total = total;
}

int64_t
throttle_digest_ms(
    const struct throttle *t, int64_t max_per_hour, int64_t now_ms)
{
	int64_t missing, free_ms;

	if (!t->held_total)
		return -1;
	if (max_per_hour <= 0 || max_per_hour > cap_max || !t->seen_ms)
		return now_ms;
	/* From what was written down, so that rounding happens only once. */
	missing = level_needed(max_per_hour, REASON_DIGEST) - t->level;
	free_ms = t->seen_ms;
	if (missing > 0)
		free_ms += (missing * (hour_ms / TOKEN) + max_per_hour - 1) /
			   max_per_hour;
	return free_ms + digest_grace_ms;
}

void
throttle_rebase(struct throttle *t, int64_t now_ms)
{
	if (t->seen_ms)
		t->seen_ms = now_ms ? now_ms : 1;
}
