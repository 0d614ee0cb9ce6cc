/*
 * weekend: policy and throttle together, from Friday evening to Monday.
 *
 * One task of a chain fails every second with another message each time, a
 * second one flaps at random, a third breaks on Saturday and is mended on
 * Sunday.  Prints the mails that leave.
 */
#include <inttypes.h>
#include <stdint.h>

#include "policy/policy.h"
#include "policy/throttle.h"
#include "tap.h"

enum {
	SECOND = 1000,
	HOUR_S = 3600,
	HOURS = 72,
	CAP = 20,
};

static uint64_t state = 88172645463325252;

static uint64_t
random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Everything that is counted. */
struct weekend {
	struct throttle throttle;
	uint64_t came[REASON_COUNT];
	uint64_t left[REASON_COUNT];
	uint64_t held[REASON_COUNT];
	uint64_t held_told;
	uint64_t left_in_hour[HOURS + 2];
	uint64_t late_ms; /* the longest that something held back was untold */
	int64_t held_since_ms;
};

static void
leave(struct weekend *w, enum reason reason, int64_t now_ms)
{
	w->left[reason]++;
	w->left_in_hour[now_ms / SECOND / HOUR_S]++;
	if (!w->throttle.held_total)
		return;
	w->held_told += w->throttle.held_total;
	if ((uint64_t)(now_ms - w->held_since_ms) > w->late_ms)
		w->late_ms = (uint64_t)(now_ms - w->held_since_ms);
	throttle_drop(&w->throttle, NULL, NULL);
}

/* As the supervisor does it: take a token, or write into the ledger. */
static void
tell(struct weekend *w, const char *task, enum reason reason, int64_t now_ms)
{
	if (reason == REASON_NONE)
		return;
	w->came[reason]++;
	if (throttle_take(&w->throttle, CAP, reason, now_ms)) {
		leave(w, reason, now_ms);
		return;
	}
	if (!w->throttle.held_total)
		w->held_since_ms = now_ms;
	w->held[reason]++;
	throttle_hold(&w->throttle, task, reason, 0, "it failed", now_ms);
}

static void
digest(struct weekend *w, int64_t now_ms)
{
	int64_t at = throttle_digest_ms(&w->throttle, CAP, now_ms);

	if (at >= 0 && at <= now_ms &&
	    throttle_take(&w->throttle, CAP, REASON_DIGEST, now_ms)) {
		w->came[REASON_DIGEST]++;
		leave(w, REASON_DIGEST, now_ms);
	}
}

static void
live(struct weekend *w, int seconds)
{
	struct policy_rules rules = {
	    .non_recoverable_downtime_ms = 12 * HOUR_S * SECOND,
	    .heal_after = 1};
	struct policy storm = {0}, flap = {0}, broken = {0};

	for (int s = 1; s <= seconds; s++) {
		int64_t now = (int64_t)s * SECOND;
		bool is_broken = s > 20 * HOUR_S && s < 60 * HOUR_S;

		digest(w, now);
		tell(w, "storm",
		    policy_failure(&storm, &rules,
			UINT64_C(1) << 40 | (uint64_t)s, now, now),
		    now);
		if (s % 300 == 0)
			tell(w, "flap",
			    random64() % 2 ? policy_failure(&flap, &rules,
						 random64() % 6, now, now)
					   : policy_success(&flap, &rules),
			    now);
		if (s % 1200 == 0)
			tell(w, "break",
			    is_broken
				? policy_failure(&broken, &rules, 77, now, now)
				: policy_success(&broken, &rules),
			    now);
	}
}

static void
print(const struct weekend *w)
{
	printf("# %-16s %10s %6s %10s\n", "reason", "came up", "left",
	    "held back");
	for (int r = REASON_FIRST; r <= REASON_DIGEST; r++)
		printf("# %-16s %10" PRIu64 " %6" PRIu64 " %10" PRIu64 "\n",
		    reason_name((enum reason)r), w->came[r], w->left[r],
		    w->held[r]);
}

int
main(void)
{
	static struct weekend w;
	uint64_t left = 0, held = 0, most = 0;
	int64_t end = (int64_t)HOURS * HOUR_S * SECOND;

	live(&w, HOURS * HOUR_S);
	/* Monday: the storm is over, what is held back must still be told. */
	for (int64_t now = end;
	     w.throttle.held_total && now < end + HOUR_S * SECOND;
	     now += SECOND)
		digest(&w, now);
	print(&w);
	for (int r = 0; r < REASON_COUNT; r++) {
		left += w.left[r];
		held += w.held[r];
	}
	for (int h = 0; h <= HOURS; h++)
		most = w.left_in_hour[h] > most ? w.left_in_hour[h] : most;
	printf("# %" PRIu64 " mails left in %d h, at most %" PRIu64
	       " in an hour; what was held back was told within %" PRIu64
	       " s\n",
	    left, HOURS, most, w.late_ms / SECOND);
	tap_ok(left <= CAP * HOURS + CAP, "no more than %d mails leave",
	    CAP * HOURS + CAP);
	tap_ok(left >= CAP * HOURS - CAP, "and no token is wasted");
	tap_ok(most <= 2 * CAP, "no hour has more than %d", 2 * CAP);
	tap_is_int((long long)w.held_told, (long long)held,
	    "everything that was held back was told in a later mail");
	tap_ok(w.throttle.held_total == 0, "nothing is left untold on Monday");
	tap_ok(w.late_ms <= 2 * HOUR_S / CAP * SECOND,
	    "and nothing waited longer than two tokens take");
	tap_ok(w.left[REASON_DIGEST] <= 2,
	    "while failures come, they tell of it, not digests");
	tap_is_int((long long)(w.held[REASON_FIRST] + w.held[REASON_HEALED] +
			       w.held[REASON_DOWNTIME]),
	    0, "the storm held no first, downtime or healed back");
	tap_ok(
	    w.left[REASON_DOWNTIME] == 1 &&
		w.left[REASON_DOWNTIME_AGAIN] + w.held[REASON_DOWNTIME_AGAIN] ==
		    2,
	    "the task that broke for 40 hours is told of, and twice again");
	return tap_done();
}
