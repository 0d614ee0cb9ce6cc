#include "policy.h"

#include <stdio.h>
#include <string.h>

#include "base/words.h"
#include "config/settings.h"

/* Where the signature is among those that were told, or told_count. */
static uint32_t
find_told(const struct policy *p, uint64_t signature)
{
	uint32_t i = 0;

	while (i < p->told_count && p->told[i] != signature)
		i++;
	return i;
}

/* Were the admins told of it, and not too long ago? */
static bool
is_signature_known(const struct policy *p, const struct policy_rules *rules,
    uint64_t signature, int64_t now_ms)
{
	uint32_t i = find_told(p, signature);

	if (i == p->told_count)
		return false;
	return !rules->remember_ms || p->is_acknowledged ||
	       now_ms - p->told_ms[i] <= rules->remember_ms;
}

/* When there is no room, the one that was told longest ago is forgotten. */
static void
remember_signature(struct policy *p, uint64_t signature, int64_t now_ms)
{
	uint32_t at = find_told(p, signature);

	if (at == POLICY_TOLD_MAX) {
		at = 0;
		for (uint32_t i = 1; i < POLICY_TOLD_MAX; i++)
			if (p->told_ms[i] < p->told_ms[at])
				at = i;
	} else if (at == p->told_count) {
		p->told_count++;
	}
	p->told[at] = signature;
	p->told_ms[at] = now_ms;
}

/* Is the downtime old enough, or long enough, to be told of? */
static bool
is_worth_telling(
    const struct policy *p, const struct policy_rules *rules, int64_t now_ms)
{
	if (p->is_told)
		return true;
	if (rules->notify_after_ms)
		return now_ms - p->down_since_ms >= rules->notify_after_ms;
	return (int64_t)p->downtime_failures >= rules->notify_after;
}

/* Has a whole period passed since the downtime began or was last told? */
static bool
is_downtime_due(
    const struct policy *p, const struct policy_rules *rules, int64_t now_ms)
{
	int64_t since_ms =
	    p->downtime_told_ms ? p->downtime_told_ms : p->down_since_ms;

	return rules->non_recoverable_downtime_ms > 0 && !p->is_acknowledged &&
	       now_ms - since_ms >= rules->non_recoverable_downtime_ms;
}

/* One failure is counted before anything is decided. */
static void
enter_downtime(struct policy *p, int64_t now_ms, int64_t wall_ms)
{
	if (!p->is_down) {
		p->is_down = true;
		p->is_told = false;
		p->is_acknowledged = false;
		p->down_since_ms = 0;
		p->down_since_wall_ms = wall_ms;
		p->downtime_failures = 0;
	}
	/* A downtime that came from another process is open, uncounted. */
	if (!p->down_since_ms) {
		p->down_since_ms = now_ms;
		p->downtime_told_ms = 0;
	}
	p->failures_in_row++;
	p->downtime_failures++;
	p->successes_in_row = 0;
	p->failed_ms = now_ms;
	p->failed_wall_ms = wall_ms;
}

enum reason
policy_failure(struct policy *p, const struct policy_rules *rules,
    uint64_t signature, int64_t now_ms, int64_t wall_ms)
{
	enum reason reason = REASON_NONE;

	enter_downtime(p, now_ms, wall_ms);
	if (!is_worth_telling(p, rules, now_ms))
		return reason;
	if (!p->has_failed)
		reason = REASON_FIRST;
	else if (!is_signature_known(p, rules, signature, now_ms))
		reason = REASON_NEW;
	else if (is_downtime_due(p, rules, now_ms))
		reason = p->downtime_told_ms ? REASON_DOWNTIME_AGAIN
					     : REASON_DOWNTIME;
	if (reason == REASON_NONE)
		return reason;
	p->has_failed = true;
	p->is_told = true;
	remember_signature(p, signature, now_ms);
	if (reason == REASON_DOWNTIME || reason == REASON_DOWNTIME_AGAIN)
		p->downtime_told_ms = now_ms;
	return reason;
}

enum reason
policy_success(struct policy *p, const struct policy_rules *rules)
{
	bool was_told = p->is_told;

	p->failures_in_row = 0;
	p->successes_in_row++;
	if (!p->is_down || p->successes_in_row < (uint32_t)rules->heal_after)
		return REASON_NONE;
	p->is_down = false;
	p->is_told = false;
	p->is_acknowledged = false;
	p->down_since_ms = 0;
	p->downtime_told_ms = 0;
	return was_told ? REASON_HEALED : REASON_NONE;
}

bool
policy_acknowledge(struct policy *p)
{
	p->is_acknowledged = p->is_down;
	return p->is_down;
}

void
policy_start_afresh(struct policy *p)
{
	struct policy fresh = {0};

	if (p->is_down && (p->is_told || p->is_acknowledged)) {
		fresh.is_down = true;
		fresh.is_told = p->is_told;
		fresh.is_acknowledged = p->is_acknowledged;
		fresh.down_since_wall_ms = p->down_since_wall_ms;
		fresh.downtime_failures = p->downtime_failures;
	}
	*p = fresh;
}

/* The instant on the new clock; 0 stays "none". */
static void
shift(int64_t *instant_ms, int64_t by_ms)
{
	if (*instant_ms && !(*instant_ms += by_ms))
		*instant_ms = -1;
}

void
policy_rebase(struct policy *p, int64_t now_ms, int64_t wall_ms)
{
	int64_t passed_ms = wall_ms - p->failed_wall_ms;
	int64_t by_ms;

	/* A wall clock that stepped back says nothing: no time passed. */
	if (passed_ms < 0)
		passed_ms = 0;
	by_ms = now_ms - passed_ms - p->failed_ms;
	shift(&p->down_since_ms, by_ms);
	shift(&p->downtime_told_ms, by_ms);
	for (uint32_t i = 0; i < p->told_count; i++)
		shift(&p->told_ms[i], by_ms);
	p->failed_ms = now_ms;
	p->failed_wall_ms = wall_ms;
}

static const char *const reason_words[] = SETTINGS_REASONS;
_Static_assert(sizeof(reason_words) / sizeof(*reason_words) == REASON_COUNT + 1,
    "a word for each reason");

const char *
reason_name(enum reason reason)
{
	return reason_words[reason];
}

int
reason_find(const char *name)
{
	return words_find(reason_words, name);
}

void
reason_describe(
    enum reason reason, const char *message, char *out, size_t out_size)
{
	static const char *const texts[REASON_COUNT] = {
	    [REASON_NONE] = "Nothing to tell",
	    [REASON_FIRST] = "First exception caught: ",
	    [REASON_NEW] = "New exception caught: ",
	    [REASON_DOWNTIME] = "Non recoverable downtime reached",
	    [REASON_DOWNTIME_AGAIN] = "Non recoverable downtime reached again",
	    [REASON_HEALED] = "Process healed",
	    [REASON_DIGEST] = "Notifications were held back",
	    [REASON_TEST] = "Test message",
	    [REASON_SLOW] = "Slow: ",
	    [REASON_REFUSED] = "Notification refused by ",
	};
	bool is_with_message = reason == REASON_FIRST || reason == REASON_NEW ||
			       reason == REASON_SLOW ||
			       reason == REASON_REFUSED;

	snprintf(out, out_size, "%s%s", texts[reason],
	    is_with_message ? message : "");
}
