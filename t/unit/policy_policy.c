/* policy: the admins are told once, in time, and never twice. */
#include <inttypes.h>
#include <stdint.h>

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
 * after a clean end, '#' one after a power cut (the clock begins at 5 s).
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

static char
letter_of(enum reason reason)
{
	static const char letters[REASON_COUNT + 1] = "-fndahxx";

	return letters[reason];
}

static void
play(const struct tape *tape)
{
	struct policy_rules rules = {tape->downtime_ms, tape->heal_after};
	struct policy p = {0};
	char got[64] = {0};
	int64_t now = 1000000, wall = 1795489564000;

	for (size_t i = 0; tape->steps[i]; i++) {
		char c = tape->steps[i];
		enum reason reason = REASON_NONE;

		if (c == '~') {
			now += HOUR - SECOND;
			wall += HOUR - SECOND;
		} else if (c == '!') {
			policy_start_afresh(&p);
		} else if (c == '#') {
			now = 5 * SECOND;
			policy_rebase(&p, now, wall);
		} else if (c == '.') {
			reason = policy_success(&p, &rules);
		} else {
			reason =
			    policy_failure(&p, &rules, (uint64_t)c, now, wall);
		}
		got[i] = letter_of(reason);
		now += SECOND;
		wall += SECOND;
	}
	tap_is(got, tape->want, "%s", tape->name);
}

/* What an observer who sees only runs and messages has to remember. */
struct observer {
	bool has_failed;
	bool is_open;     /* a downtime */
	bool is_told;     /* in it */
	int64_t began_ms; /* the first failure in it */
	int64_t told_ms;  /* the last downtime message in it, or -1 */
	int successes;
	bool seen[64]; /* signatures told */
	uint64_t counts[REASON_COUNT];
};

/* Returns what is wrong with the answer to a failure, or NULL. */
static const char *
judge_failure(struct observer *o, const struct policy_rules *rules,
    unsigned signature, int64_t now, enum reason reason)
{
	int64_t period = rules->non_recoverable_downtime_ms;
	bool is_due, was_open = o->is_open;

	if (!o->is_open) {
		o->is_open = true;
		o->is_told = false;
		o->began_ms = now;
		o->told_ms = -1;
	}
	o->successes = 0;
	is_due = period &&
		 now - (o->told_ms >= 0 ? o->told_ms : o->began_ms) >= period;
	if (reason >= REASON_HEALED)
		return "a failure heals nothing";
	if (o->has_failed == (reason == REASON_FIRST))
		return "first is the first, and only that";
	if (o->has_failed && !o->seen[signature] && reason != REASON_NEW)
		return "what is new is told";
	if (o->seen[signature] && reason == REASON_NEW)
		return "what is known is not new";
	if (o->seen[signature] &&
	    is_due !=
		(reason == REASON_DOWNTIME || reason == REASON_DOWNTIME_AGAIN))
		return "a downtime is told when it is due, and only then";
	if (reason == REASON_DOWNTIME && o->told_ms >= 0)
		return "the second is `again`";
	if (reason == REASON_DOWNTIME_AGAIN && (o->told_ms < 0 || !was_open))
		return "the first is not `again`";
	if (reason == REASON_DOWNTIME || reason == REASON_DOWNTIME_AGAIN)
		o->told_ms = now;
	o->has_failed = true;
	if (reason != REASON_NONE)
		o->seen[signature] = o->is_told = true;
	return NULL;
}

static const char *
judge_success(
    struct observer *o, const struct policy_rules *rules, enum reason reason)
{
	bool is_end = o->is_open && ++o->successes >= rules->heal_after;

	if ((reason == REASON_HEALED) != (is_end && o->is_told))
		return "healed ends a told downtime, once";
	if (reason != REASON_NONE && reason != REASON_HEALED)
		return "a success tells of nothing else";
	if (is_end)
		o->is_open = false;
	return NULL;
}

/* A million random runs, judged by the observer. */
static void
test_random(int64_t downtime_ms, int heal_after, unsigned signatures,
    unsigned failing_percent)
{
	struct policy_rules rules = {downtime_ms, heal_after};
	struct policy p = {0};
	struct observer o = {.told_ms = -1};
	const char *wrong = NULL;
	int64_t now = 1;
	int i = 0;

	for (; i < 1000000 && !wrong; i++) {
		enum reason reason;

		now += (int64_t)(random64() % 3000);
		if (random64() % 100 < failing_percent) {
			unsigned s = (unsigned)(random64() % signatures);

			reason = policy_failure(&p, &rules, s, now, now);
			wrong = judge_failure(&o, &rules, s, now, reason);
		} else {
			reason = policy_success(&p, &rules);
			wrong = judge_success(&o, &rules, reason);
		}
		o.counts[reason]++;
	}
	if (!tap_ok(!wrong,
		"a million runs: downtime %d s, heal_after %d, "
		"%u signatures, %u %% fail: %d new, %d downtime, %d again, "
		"%d healed",
		(int)(downtime_ms / 1000), heal_after, signatures,
		failing_percent, (int)o.counts[REASON_NEW],
		(int)o.counts[REASON_DOWNTIME],
		(int)o.counts[REASON_DOWNTIME_AGAIN],
		(int)o.counts[REASON_HEALED]))
		printf("# run %d: %s\n", i, wrong);
}

static void
test_ring(void)
{
	struct policy_rules rules = {0, 1};
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
	struct policy_rules rules = {10 * SECOND, 1};
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
	for (int r = 0; r < REASON_COUNT; r++)
		tap_ok(*reason_name((enum reason)r), "reason %d is called %s",
		    r, reason_name((enum reason)r));
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(tapes) / sizeof(*tapes); i++)
		play(&tapes[i]);
	test_random(3 * SECOND, 1, 3, 50);
	test_random(60 * SECOND, 1, 64, 90);
	test_random(60 * SECOND, 3, 5, 60);
	test_random(0, 2, 64, 50);
	test_random(12 * HOUR, 5, 2, 99);
	test_ring();
	test_wall();
	test_words();
	return tap_done();
}
