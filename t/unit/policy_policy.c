/* policy: the admins are told once, in time, and never twice. */
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "policy/policy.h"
#include "tap.h"

enum { SECOND = 1000, HOUR = 3600 * SECOND };

static uint64_t state = 88172645463325252;

static uint64_t
random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/*
 * A tape is a life of a task, one step a second: a letter is a failure with
 * that signature, '.' a success, '~' an hour that passes, '!' a new process
 * after a clean end, '#' one after a power cut (the clock begins at 5 s), '@'
 * somebody who acknowledges the downtime.
 * The answer has a letter per step: f n d a h, or '-' for nothing.
 */
static const struct tape {
	const char *name;
	int64_t downtime_ms;
	int heal_after;
	const char *steps;
	const char *want;
} tapes[] = {
    {"the seed: failures 1, 4, 7, 10, 13 are told", 3 * SECOND, 1,
	"AAAAAAAAAAAAA", "f--d--a--a--a"},
    {"a success is not told", 3 * SECOND, 1, "....", "----"},
    {"healed is told once", 12 * HOUR, 1, "AA..", "f-h-"},
    {"a new signature is told, and told once", 12 * HOUR, 1, "ABABCA",
	"fn--n-"},
    {"a known one after healing is not told again", 12 * HOUR, 1, "A.A.A.",
	"fh----"},
    {"an untold downtime does not heal aloud", 12 * HOUR, 1, "A.AA..",
	"fh----"},
    {"a downtime after healing counts from its own start", 3 * SECOND, 1,
	"AA.AAAAA.", "f-h---d-h"},
    {"a new signature goes before the downtime, which follows", 3 * SECOND, 1,
	"AAABAA", "f--nd-"},
    {"a downtime of 0 is never told", 0, 1, "A~A~A~A.", "f------h"},
    {"twelve hours: told after 12, again after 24", 12 * HOUR, 1,
	"A~A~~~~~~~~~~~AA~~~~~~~~~~~~A", "f-------------d-------------a"},
    {"heal_after damps a task that flaps", 12 * HOUR, 3, "A..A..A...",
	"f--------h"},
    {"a flapping downtime is still one downtime", 4 * SECOND, 3,
	"A.A.A.A.A.A...", "f---d---a----h"},
    {"a clean restart tells first again", 12 * HOUR, 1, "AA!A", "f--f"},
    {"a told downtime stays open over a clean restart", 12 * HOUR, 1, "AA!..",
	"f--h-"},
    {"and its healing is told once, whatever fails in between", 12 * HOUR, 1,
	"AA!AA.!.", "f--f-h--"},
    {"an untold one is forgotten", 12 * HOUR, 1, "A.A!.", "fh---"},
    {"a restart in a told downtime starts the periods anew", 3 * SECOND, 1,
	"AAA!AAAA", "f---f--d"},
    {"a successor of a dead one tells nothing twice", 12 * HOUR, 1, "AB#AB.",
	"fn---h"},
    {"nor a downtime too early", 3 * SECOND, 1, "AAAA#AAA", "f--d--a-"},
};

/* The same under more rules. */
static const struct {
	const char *name;
	struct policy_rules rules;
	const char *steps;
	const char *want;
} ruled_tapes[] = {
    {"notify_after: nothing before the third failure",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 1,
	    .notify_after = 3},
	"AAAA.", "--f-h"},
    {"what heals before was nothing, the count begins anew",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 1,
	    .notify_after = 3},
	"AA.AA.AAA.", "--------fh"},
    {"and is no first one either",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 1,
	    .notify_after = 3},
	"AA.BBBA.", "-----fnh"},
    {"a new one within a told downtime does not wait",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 1,
	    .notify_after = 3},
	"AAABC.", "--fnnh"},
    {"the downtime counts from its first failure",
	{.non_recoverable_downtime_ms = 3 * SECOND,
	    .heal_after = 1,
	    .notify_after = 2},
	"AAAAAA.", "-f-d--h"},
    {"an untold downtime that is overdue is first of all first",
	{.non_recoverable_downtime_ms = 3 * SECOND,
	    .heal_after = 1,
	    .notify_after = 6},
	"AAAAAAAA", "-----fd-"},
    {"notify_after as a time",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 1,
	    .notify_after_ms = 4 * SECOND},
	"AAA.AAAAA.", "--------fh"},
    {"successes that heal nothing do not end the count",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 3,
	    .notify_after = 3},
	"A.A.A...", "----f--h"},
    {"a downtime told before a restart is past it",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 1,
	    .notify_after = 3},
	"AAA!A.", "--f-fh"},
    {"an untold one is not",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 1,
	    .notify_after = 3},
	"AA!AA.A", "-------"},
    {"a killed runner's count is carried on",
	{.non_recoverable_downtime_ms = 12 * HOUR,
	    .heal_after = 1,
	    .notify_after = 3},
	"AA#A.", "---fh"},
    {"remember: what was told long ago is new again",
	{.non_recoverable_downtime_ms = 0,
	    .heal_after = 1,
	    .remember_ms = 2 * HOUR},
	"A.~~~A.", "fh---nh"},
    {"but not earlier",
	{.non_recoverable_downtime_ms = 0,
	    .heal_after = 1,
	    .remember_ms = 2 * HOUR},
	"A.~A.~~A.", "fh-----nh"},
    {"a downtime that is told again keeps it in mind",
	{.non_recoverable_downtime_ms = HOUR,
	    .heal_after = 1,
	    .remember_ms = 2 * HOUR},
	"A~A~A~A~A", "f-d-a-a-a"},
    {"over a power cut the times go on",
	{.non_recoverable_downtime_ms = 0,
	    .heal_after = 1,
	    .remember_ms = 2 * HOUR},
	"A.~#~~A", "fh----n"},
    {"acknowledged: no downtime, no again",
	{.non_recoverable_downtime_ms = 3 * SECOND, .heal_after = 1},
	"AA@AAAAA.", "f-------h"},
    {"until it heals",
	{.non_recoverable_downtime_ms = 3 * SECOND, .heal_after = 1},
	"AA@AAAA.AAAA.", "f------h---dh"},
    {"a new failure in it is told",
	{.non_recoverable_downtime_ms = 3 * SECOND, .heal_after = 1},
	"AA@AABAA.", "f----n--h"},
    {"it survives a restart, and a power cut",
	{.non_recoverable_downtime_ms = 3 * SECOND, .heal_after = 1},
	"A@!AAAA#AAAA.", "f--f--------h"},
    {"also one that was not told",
	{.non_recoverable_downtime_ms = 3 * SECOND,
	    .heal_after = 1,
	    .notify_after = 9},
	"AA@!AAAAAAAA.", "----------f-h"},
    {"nothing is down: nothing to acknowledge",
	{.non_recoverable_downtime_ms = 3 * SECOND, .heal_after = 1}, "@AAAA.",
	"-f--dh"},
    {"what was told stays in mind while it is acknowledged",
	{.non_recoverable_downtime_ms = 0,
	    .heal_after = 1,
	    .remember_ms = 2 * HOUR},
	"A@~~~A.", "f-----h"},
};

static char
letter_of(enum reason reason)
{
	static const char letters[REASON_COUNT + 1] = "-fndahxxs";

	return letters[reason];
}

static void
play(const char *name, const struct policy_rules *rules, const char *steps,
    const char *want)
{
	struct policy p = {0};
	char got[64] = {0};
	int64_t now = 1000000, wall = 1795489564000;

	for (size_t i = 0; steps[i]; i++) {
		char c = steps[i];
		enum reason reason = REASON_NONE;

		if (c == '~') {
			now += HOUR - SECOND;
			wall += HOUR - SECOND;
		} else if (c == '!') {
			policy_start_afresh(&p);
		} else if (c == '#') {
			now = 5 * SECOND;
			policy_rebase(&p, now, wall);
		} else if (c == '@') {
			policy_acknowledge(&p);
		} else if (c == '.') {
			reason = policy_success(&p, rules);
		} else {
			reason =
			    policy_failure(&p, rules, (uint64_t)c, now, wall);
		}
		got[i] = letter_of(reason);
		now += SECOND;
		wall += SECOND;
	}
	tap_is(got, want, "%s", name);
}

/* What an observer who sees only runs and messages has to remember. */
struct observer {
	bool has_failed; /* and it was told */
	bool is_open;    /* a downtime */
	bool is_told;    /* in it */
	bool is_acknowledged;
	int failures;     /* in it */
	int64_t began_ms; /* where its periods count from, or -1 */
	int64_t told_ms;  /* the last downtime message in it, or -1 */
	int successes;
	int64_t seen_ms[64]; /* when a signature was told last, or -1 */
	uint64_t counts[REASON_COUNT];
};

static void
forget_signatures(struct observer *o)
{
	for (size_t i = 0; i < sizeof(o->seen_ms) / sizeof(*o->seen_ms); i++)
		o->seen_ms[i] = -1;
}

static bool
is_heard_of(
    const struct observer *o, const struct policy_rules *rules, int64_t now)
{
	return o->is_told ||
	       (rules->notify_after_ms
		       ? now - o->began_ms >= rules->notify_after_ms
		       : o->failures >= rules->notify_after);
}

static bool
is_known(const struct observer *o, const struct policy_rules *rules,
    unsigned signature, int64_t now)
{
	int64_t seen_ms = o->seen_ms[signature];

	if (seen_ms < 0)
		return false;
	return !rules->remember_ms || o->is_acknowledged ||
	       now - seen_ms <= rules->remember_ms;
}

static void
observe_failure(struct observer *o, int64_t now)
{
	if (!o->is_open) {
		o->is_open = true;
		o->is_told = o->is_acknowledged = false;
		o->failures = 0;
		o->began_ms = -1;
	}
	if (o->began_ms < 0) {
		o->began_ms = now;
		o->told_ms = -1;
	}
	o->failures++;
	o->successes = 0;
}

/* Returns what is wrong with the answer to a failure, or NULL. */
static const char *
judge_failure(struct observer *o, const struct policy_rules *rules,
    unsigned signature, int64_t now, enum reason reason)
{
	int64_t period = rules->non_recoverable_downtime_ms;
	bool was_told_of_downtime = o->is_open && o->told_ms >= 0;
	bool is_of_downtime =
	    reason == REASON_DOWNTIME || reason == REASON_DOWNTIME_AGAIN;
	bool is_due, knows;

	observe_failure(o, now);
	knows = is_known(o, rules, signature, now);
	is_due = period && !o->is_acknowledged &&
		 now - (o->told_ms >= 0 ? o->told_ms : o->began_ms) >= period;
	if (reason >= REASON_HEALED)
		return "a failure heals nothing";
	if (!is_heard_of(o, rules, now))
		return reason == REASON_NONE ? NULL
					     : "notify_after is not reached";
	if (o->has_failed == (reason == REASON_FIRST))
		return "first is the first, and only that";
	if (is_of_downtime && o->is_acknowledged)
		return "an acknowledged downtime is not told";
	if (o->has_failed && !knows && reason != REASON_NEW)
		return "what is new is told";
	if (knows && reason == REASON_NEW)
		return "what is known is not new";
	if (o->has_failed && knows && is_due != is_of_downtime)
		return "a downtime is told when it is due, and only then";
	if (reason == REASON_DOWNTIME && o->told_ms >= 0)
		return "the second is `again`";
	if (reason == REASON_DOWNTIME_AGAIN && !was_told_of_downtime)
		return "the first is not `again`";
	if (is_of_downtime)
		o->told_ms = now;
	if (reason == REASON_NONE)
		return NULL;
	o->has_failed = o->is_told = true;
	o->seen_ms[signature] = now;
	return NULL;
}

static const char *
judge_success(
    struct observer *o, const struct policy_rules *rules, enum reason reason)
{
	bool is_end = ++o->successes >= rules->heal_after && o->is_open;

	if ((reason == REASON_HEALED) != (is_end && o->is_told))
		return "healed ends a told downtime, once";
	if (reason != REASON_NONE && reason != REASON_HEALED)
		return "a success tells of nothing else";
	if (is_end)
		o->is_open = false;
	return NULL;
}

/* A clean end and a new process: only what people know of stays. */
static void
observe_restart(struct observer *o)
{
	if (o->is_open && !o->is_told && !o->is_acknowledged)
		o->is_open = false;
	if (!o->is_open)
		o->failures = 0;
	o->has_failed = false;
	o->began_ms = o->told_ms = -1;
	o->successes = 0;
	forget_signatures(o);
}

/* One task, its policy, and who watches both. */
struct history {
	struct policy_rules rules;
	struct policy policy;
	struct observer observer;
	int64_t now;
};

static void
begin_history(struct history *h, const struct policy_rules *rules)
{
	uint64_t counts[REASON_COUNT];

	memcpy(counts, h->observer.counts, sizeof(counts));
	*h = (struct history){
	    .rules = *rules, .observer = {.told_ms = -1}, .now = 1};
	memcpy(h->observer.counts, counts, sizeof(counts));
	forget_signatures(&h->observer);
}

/* The next step of a life; returns what is wrong with it, or NULL. */
static const char *
step(struct history *h, unsigned signatures, unsigned failing_percent)
{
	struct observer *o = &h->observer;
	unsigned s = (unsigned)(random64() % signatures);
	const char *wrong;
	enum reason reason;

	h->now += (int64_t)(random64() % 3000);
	if (random64() % 100 < failing_percent) {
		reason =
		    policy_failure(&h->policy, &h->rules, s, h->now, h->now);
		wrong = judge_failure(o, &h->rules, s, h->now, reason);
	} else {
		reason = policy_success(&h->policy, &h->rules);
		wrong = judge_success(o, &h->rules, reason);
	}
	o->counts[reason]++;
	if (random64() % 64 == 0) {
		if (policy_acknowledge(&h->policy) != o->is_open)
			return "an open downtime can be acknowledged";
		o->is_acknowledged = o->is_open;
	}
	if (random64() % 256 == 0) {
		policy_start_afresh(&h->policy);
		observe_restart(o);
	}
	return wrong;
}

/* A million random runs, judged by the observer. */
static void
test_random(const struct policy_rules *rules, unsigned signatures,
    unsigned failing_percent)
{
	static struct history h;
	const uint64_t *counts = h.observer.counts;
	const char *wrong = NULL;
	int i = 0;

	memset(&h, 0, sizeof(h));
	begin_history(&h, rules);
	for (; i < 1000000 && !wrong; i++)
		wrong = step(&h, signatures, failing_percent);
	if (!tap_ok(!wrong,
		"a million runs: downtime %d s, heal_after %d, "
		"notify_after %d or %d s, remember %d s, "
		"%u signatures, %u %% fail: %d new, %d downtime, %d again, "
		"%d healed",
		(int)(rules->non_recoverable_downtime_ms / 1000),
		rules->heal_after, rules->notify_after,
		(int)(rules->notify_after_ms / 1000),
		(int)(rules->remember_ms / 1000), signatures, failing_percent,
		(int)counts[REASON_NEW], (int)counts[REASON_DOWNTIME],
		(int)counts[REASON_DOWNTIME_AGAIN], (int)counts[REASON_HEALED]))
		printf("# run %d: %s\n", i, wrong);
}

/* Short lives under every kind of rules. */
static void
test_histories(void)
{
	static const int64_t periods[] = {0, 1500, 9000, 60000};
	static struct history h;
	const char *wrong = NULL;
	int lives = 0;

	for (; lives < 200000 && !wrong; lives++) {
		struct policy_rules rules = {
		    .non_recoverable_downtime_ms = periods[random64() % 4],
		    .heal_after = 1 + (int)(random64() % 4),
		    .notify_after = (int)(random64() % 5),
		    .notify_after_ms =
			random64() % 2 ? periods[random64() % 4] : 0,
		    .remember_ms = periods[random64() % 4],
		};
		unsigned percent = 30 + (unsigned)(random64() % 65);

		begin_history(&h, &rules);
		for (int i = 0; i < 20 && !wrong; i++)
			wrong = step(&h, 3, percent);
	}
	if (!tap_ok(!wrong, "%d histories of twenty runs under random rules",
		lives))
		printf("# %s\n", wrong);
}

static void
test_ring(void)
{
	struct policy_rules rules = {.heal_after = 1};
	struct policy p = {0};
	int told = 0, again = 0;

	for (uint64_t s = 0; s < POLICY_TOLD_MAX; s++)
		told += policy_failure(&p, &rules, s, 1, 1) != REASON_NONE;
	tap_is_int(told, POLICY_TOLD_MAX, "as many signatures as fit are told");
	for (uint64_t s = 0; s < POLICY_TOLD_MAX; s++)
		again += policy_failure(&p, &rules, s, 1, 1) != REASON_NONE;
	tap_is_int(again, 0, "and all of them are known");
	policy_failure(&p, &rules, 1000, 1, 1);
	tap_ok(policy_failure(&p, &rules, 1, 1, 1) == REASON_NONE,
	    "one more forgets none but the oldest");
	tap_ok(policy_failure(&p, &rules, 0, 1, 1) == REASON_NEW,
	    "which is new again");
}

static void
test_wall(void)
{
	struct policy_rules rules = {
	    .non_recoverable_downtime_ms = 10 * SECOND, .heal_after = 1};
	struct policy p = {0};

	policy_failure(&p, &rules, 1, 1000, 777000);
	policy_success(&p, &rules);
	tap_is_int(p.down_since_wall_ms, 777000,
	    "the past downtime's start can be read after healing");
	policy_failure(&p, &rules, 1, 5000, 999000);
	policy_failure(&p, &rules, 2, 6000, 1000000);
	tap_is_int(
	    p.down_since_wall_ms, 999000, "the next failure begins another");
	policy_start_afresh(&p);
	policy_failure(&p, &rules, 2, 50, 1200000);
	tap_is_int(p.down_since_wall_ms, 999000,
	    "a told downtime keeps its start over a clean restart");
	policy_rebase(&p, 1000, 100);
	tap_ok(policy_failure(&p, &rules, 2, 1001, 101) == REASON_NONE,
	    "a wall clock that went back makes no downtime out of nothing");
}

static void
test_words(void)
{
	char out[64];

	reason_describe(REASON_FIRST, "division by zero", out, sizeof(out));
	tap_is(out, "First exception caught: division by zero", "first");
	reason_describe(REASON_NEW, "x", out, sizeof(out));
	tap_is(out, "New exception caught: x", "new");
	reason_describe(REASON_DOWNTIME, "x", out, sizeof(out));
	tap_is(out, "Non recoverable downtime reached", "downtime");
	reason_describe(REASON_DOWNTIME_AGAIN, "x", out, sizeof(out));
	tap_is(out, "Non recoverable downtime reached again", "again");
	reason_describe(REASON_HEALED, "x", out, sizeof(out));
	tap_is(out, "Process healed", "healed");
	reason_describe(REASON_SLOW, "40m, usually 12m", out, sizeof(out));
	tap_is(out, "Slow: 40m, usually 12m", "slow");
	for (int r = 0; r < REASON_COUNT; r++)
		tap_ok(*reason_name((enum reason)r), "reason %d is called %s",
		    r, reason_name((enum reason)r));
}

static const struct {
	struct policy_rules rules;
	unsigned signatures, percent; /* that fail */
} lives[] = {
    {{.non_recoverable_downtime_ms = 3 * SECOND, .heal_after = 1}, 3, 50},
    {{.non_recoverable_downtime_ms = 60 * SECOND, .heal_after = 1}, 64, 90},
    {{.non_recoverable_downtime_ms = 60 * SECOND, .heal_after = 3}, 5, 60},
    {{.non_recoverable_downtime_ms = 0, .heal_after = 2}, 64, 50},
    {{.non_recoverable_downtime_ms = 12 * HOUR, .heal_after = 5}, 2, 99},
    {{.non_recoverable_downtime_ms = 6 * SECOND,
	 .heal_after = 1,
	 .notify_after = 3},
	5, 80},
    {{.non_recoverable_downtime_ms = 20 * SECOND,
	 .heal_after = 2,
	 .notify_after_ms = 5 * SECOND},
	3, 85},
    {{.non_recoverable_downtime_ms = 60 * SECOND,
	 .heal_after = 1,
	 .remember_ms = 20 * SECOND},
	8, 60},
    {{.non_recoverable_downtime_ms = 9 * SECOND,
	 .heal_after = 3,
	 .notify_after = 4,
	 .remember_ms = 30 * SECOND},
	4, 75},
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(tapes) / sizeof(*tapes); i++) {
		struct policy_rules rules = {
		    .non_recoverable_downtime_ms = tapes[i].downtime_ms,
		    .heal_after = tapes[i].heal_after};

		play(tapes[i].name, &rules, tapes[i].steps, tapes[i].want);
	}
	for (size_t i = 0; i < sizeof(ruled_tapes) / sizeof(*ruled_tapes); i++)
		play(ruled_tapes[i].name, &ruled_tapes[i].rules,
		    ruled_tapes[i].steps, ruled_tapes[i].want);
	for (size_t i = 0; i < sizeof(lives) / sizeof(*lives); i++)
		test_random(
		    &lives[i].rules, lives[i].signatures, lives[i].percent);
	test_histories();
	test_ring();
	test_wall();
	test_words();
	return tap_done();
}
