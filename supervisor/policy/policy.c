#include "policy.h"

#include <stdio.h>
#include <string.h>

static bool
is_signature_told(const struct policy *p, uint64_t signature)
{
	for (uint32_t i = 0; i < p->told_count; i++)
		if (p->told[i] == signature)
			return true;
	return false;
}

static void
remember_signature(struct policy *p, uint64_t signature)
{
	p->told[p->told_next] = signature;
	p->told_next = (p->told_next + 1) % POLICY_TOLD_MAX;
	if (p->told_count < POLICY_TOLD_MAX)
		p->told_count++;
}

/* Has a whole period passed since the downtime began or was last told? */
static bool
is_downtime_due(
    const struct policy *p, const struct policy_rules *rules, int64_t now_ms)
{
	int64_t since_ms =
	    p->downtime_told_ms ? p->downtime_told_ms : p->down_since_ms;

	return rules->non_recoverable_downtime_ms > 0 &&
	       now_ms - since_ms >= rules->non_recoverable_downtime_ms;
}

/* One failure is counted before anything is decided. */
static void
enter_downtime(struct policy *p, int64_t now_ms, int64_t wall_ms)
{
	if (!p->is_down) {
		p->is_down = true;
		p->is_told = false;
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
}

enum reason
policy_failure(struct policy *p, const struct policy_rules *rules,
    uint64_t signature, int64_t now_ms, int64_t wall_ms)
{
	enum reason reason = REASON_NONE;
	bool is_known = is_signature_told(p, signature);

	enter_downtime(p, now_ms, wall_ms);
	if (!p->has_failed)
		reason = REASON_FIRST;
	else if (!is_known)
		reason = REASON_NEW;
	else if (is_downtime_due(p, rules, now_ms))
		reason = p->downtime_told_ms ? REASON_DOWNTIME_AGAIN
					     : REASON_DOWNTIME;
	p->has_failed = true;
	if (reason == REASON_NONE)
		return reason;
	p->is_told = true;
	if (!is_known)
		remember_signature(p, signature);
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
	p->down_since_ms = 0;
	p->downtime_told_ms = 0;
	return was_told ? REASON_HEALED : REASON_NONE;
}

void
policy_start_afresh(struct policy *p)
{
	struct policy fresh = {0};

	if (p->is_down && p->is_told) {
		fresh.is_down = true;
		fresh.is_told = true;
		fresh.down_since_wall_ms = p->down_since_wall_ms;
		fresh.downtime_failures = p->downtime_failures;
	}
	*p = fresh;
}

void
policy_rebase(struct policy *p, int64_t now_ms, int64_t wall_ms)
{
	int64_t down_ms = wall_ms - p->down_since_wall_ms;
	int64_t told_ms = p->downtime_told_ms - p->down_since_ms;

	if (!p->down_since_ms)
		return;
	/* A wall clock that stepped back says nothing: begin at zero. */
	if (down_ms < 0)
		down_ms = 0;
	/* The clocks of two boots are not comparable; instants before this
	 * boot are negative, and 0 means "none". */
	p->down_since_ms = now_ms - down_ms;
	if (!p->down_since_ms)
		p->down_since_ms = -1;
	if (p->downtime_told_ms) {
		p->downtime_told_ms = p->down_since_ms + told_ms;
		if (!p->downtime_told_ms)
			p->downtime_told_ms = -1;
	}
}

const char *
reason_name(enum reason reason)
{
	static const char *const names[REASON_COUNT] = {
	    [REASON_NONE] = "none",
	    [REASON_FIRST] = "first",
	    [REASON_NEW] = "new",
	    [REASON_DOWNTIME] = "downtime",
	    [REASON_DOWNTIME_AGAIN] = "downtime again",
	    [REASON_HEALED] = "healed",
	    [REASON_DIGEST] = "digest",
	    [REASON_TEST] = "test",
	};

	return names[reason];
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
	};
	bool is_with_message = reason == REASON_FIRST || reason == REASON_NEW;

	snprintf(out, out_size, "%s%s", texts[reason],
	    is_with_message ? message : "");
}
