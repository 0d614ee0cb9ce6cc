/* throttle: the cap holds in every window, and nothing held is forgotten. */
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "policy/throttle.h"
#include "tap.h"

enum { HOUR_MS = 3600000, WINDOW = 4096, GRACE_MS = 10000 };

static uint64_t state;

static uint64_t
random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void
test_examples(void)
{
	struct throttle t = {0};
	int given = 0, more = 0;

	for (int i = 0; i < 100; i++)
		given += throttle_take(&t, 20, REASON_NEW, 5000);
	tap_is_int(given, 20, "a full bucket of 20 gives 20 at once");
	tap_ok(!throttle_take(&t, 20, REASON_NEW, 5000 + 179999),
	    "and not the next one before three minutes are over");
	tap_ok(throttle_take(&t, 20, REASON_NEW, 5000 + 180000), "but then");
	t = (struct throttle){0};
	given = 0;
	for (int i = 0; i < 100; i++)
		given += throttle_take(&t, 20, REASON_NEW, 5000);
	for (int i = 0; i < 100; i++)
		more += throttle_take(&t, 20, REASON_HEALED, 5000);
	tap_is_int(given, 20, "`new` may have all of it");
	tap_is_int(more, 5, "`healed` borrows a quarter of the cap, no more");
	tap_ok(!throttle_take(&t, 20, REASON_NEW, 5000 + 6 * 180000 - 1) &&
		   throttle_take(&t, 20, REASON_NEW, 5000 + 6 * 180000),
	    "which is paid back first");
	t = (struct throttle){0};
	given = 0;
	for (int i = 0; i < 1000; i++)
		given += throttle_take(&t, 0, REASON_NEW, 5000);
	tap_is_int(given, 1000, "no cap, no limit");
	for (int64_t cap = 1; cap <= 8; cap++) {
		struct throttle one = {0};

		tap_ok(throttle_take(&one, cap, REASON_NEW, 1),
		    "with a cap of %d a `new` can leave", (int)cap);
	}
}

/* Asking often, at odd instants, neither loses nor makes drops. */
static void
test_polling(int64_t cap, int64_t step_ms)
{
	struct throttle t = {0};
	int64_t given = 0, hours = 200, want;

	for (int64_t now = 1; now <= hours * HOUR_MS; now += step_ms)
		given += throttle_take(&t, cap, REASON_NEW, now);
	want = cap * hours + cap;
	tap_ok(given <= want && given >= want - want / 100 - 1,
	    "cap %d asked every %d ms for %d h gives %d (at most %d)", (int)cap,
	    (int)step_ms, (int)hours, (int)given, (int)want);
}

/* Millions of random askings: the laws of the header, in every window. */
static void
test_laws(int64_t cap)
{
	static int64_t given_ms[WINDOW];
	struct throttle t = {0};
	uint64_t given = 0, faults = 0, common_faults = 0;
	uint64_t most = (uint64_t)(2 * cap + cap / 4);
	int64_t now = 1 + (int64_t)(random64() % 1000), start = now;

	for (int i = 0; i < 1000000; i++) {
		enum reason reason = REASON_FIRST + random64() % 5;
		struct throttle before = t;

		now += random64() % 8 ? (int64_t)(random64() % 2000)
				      : (int64_t)(random64() % 600000);
		if (!throttle_take(&t, cap, reason, now)) {
			common_faults += memcmp(&before, &t, sizeof(t)) != 0;
			continue;
		}
		/* The one that is `most` before must be an hour old. */
		if (given >= most &&
		    now - given_ms[(given - most) % WINDOW] < HOUR_MS)
			faults++;
		given_ms[given++ % WINDOW] = now;
		common_faults += t.level < -cap / 4 * 1000;
		if (reason == REASON_NEW || reason == REASON_DOWNTIME_AGAIN)
			common_faults += t.level < 0;
	}
	tap_is_int((long long)faults, 0,
	    "cap %d: never more than %d in an hour", (int)cap, (int)most);
	tap_is_int((long long)common_faults, 0,
	    "cap %d: `new` never borrows, a refusal changes nothing", (int)cap);
	tap_ok((int64_t)given <= cap + cap * (now - start) / HOUR_MS + 1,
	    "cap %d: in the long run %" PRIu64 " in %d h", (int)cap, given,
	    (int)((now - start) / HOUR_MS));
}

/* The digest's instant is exactly ten seconds after it can get a token. */
static void
test_digest(void)
{
	uint64_t faults = 0, waits = 0;

	for (int i = 0; i < 200000; i++) {
		int64_t cap = 1 + (int64_t)(random64() % 60);
		int64_t now = 1 + (int64_t)(random64() % 100000000), at;
		struct throttle t = {0}, copy;
		size_t takes = random64() % 70;

		for (size_t k = 0; k < takes; k++) {
			throttle_take(&t, cap, REASON_NEW, now);
			now += (int64_t)(random64() % 100000);
		}
		faults += throttle_digest_ms(&t, cap, now) != -1;
		throttle_hold(&t, "t", REASON_NEW, 1, "s", 1);
		at = throttle_digest_ms(&t, cap, now);
		copy = t;
		faults +=
		    !throttle_take(&copy, cap, REASON_DIGEST, at - GRACE_MS);
		faults += throttle_digest_ms(&t, cap, now + 1234567) < at;
		if (at - GRACE_MS <= now)
			continue;
		waits++;
		copy = t;
		faults +=
		    throttle_take(&copy, cap, REASON_DIGEST, at - GRACE_MS - 1);
	}
	tap_is_int((long long)faults, 0,
	    "a digest is due ten seconds after a token is free for it "
	    "(%" PRIu64 " had to wait)",
	    waits);
	tap_ok(waits > 1000, "and many had to wait");
}

/* Sum of what is told is the sum of what was held, rows or not. */
static void
test_ledger(void)
{
	struct throttle t = {0};
	uint64_t held = 0, told = 0, row_faults = 0;
	char task[300];

	for (int i = 0; i < 2000000; i++) {
		snprintf(task, sizeof(task), "task%d", (int)(random64() % 12));
		throttle_hold(&t, task, REASON_FIRST + random64() % 5,
		    random64() % 3, "subject", i);
		held++;
		if (random64() % 500)
			continue;
		uint64_t rows = 0;
		for (uint32_t k = 0; k < t.held_count; k++)
			rows += t.held[k].count;
		row_faults += rows > t.held_total || t.held_count > HELD_MAX;
		told += t.held_total;
		throttle_drop(&t, NULL, NULL);
	}
	told += t.held_total;
	tap_is_int(
	    (long long)told, (long long)held, "what is told is what was held");
	tap_is_int((long long)row_faults, 0, "no row counts what is not there");
}

/* "TASK:SIGNATURE xCOUNT" of each row. */
static void
show_rows(const struct throttle *t, char out[1024])
{
	struct text rows;

	text_init(&rows, out, 1024);
	for (uint32_t i = 0; i < t->held_count; i++)
		text_addf(&rows, "%s%s:%" PRIu64 " x%" PRIu32, i ? " " : "",
		    t->held[i].task, t->held[i].signature, t->held[i].count);
}

static void
test_rows(void)
{
	struct throttle t = {0};
	char task[32], subject[400], rows[1024];

	throttle_hold(&t, "a", REASON_NEW, 7, "one", 10);
	throttle_hold(&t, "a", REASON_NEW, 8, "other", 15);
	throttle_hold(&t, "a", REASON_NEW, 7, "two", 20);
	throttle_hold(&t, "a", REASON_DOWNTIME, 7, "three", 30);
	throttle_hold(&t, "b", REASON_NEW, 7, "four", 40);
	show_rows(&t, rows);
	tap_is(rows, "a:7 x2 a:8 x1 a:7 x1 b:7 x1",
	    "a row is of one task, reason and failure");
	tap_is(t.held[0].subject, "two", "it has the newest subject");
	tap_ok(t.held[0].first_wall_ms == 10 && t.held[0].last_wall_ms == 20,
	    "and knows the first and last time");
	memset(subject, 'a', sizeof(subject));
	memcpy(subject + HELD_SUBJECT_SIZE - 2, "\xe2\x82\xac", 3);
	subject[399] = '\0';
	throttle_hold(&t, "a", REASON_NEW, 7, subject, 50);
	tap_is_int((long long)strlen(t.held[0].subject), HELD_SUBJECT_SIZE - 2,
	    "a long subject is cut before a character that does not fit");
	t = (struct throttle){0};
	throttle_hold(&t, "b", REASON_FIRST, 1, "x", 1);
	for (uint64_t i = 1; i <= 1000; i++)
		throttle_hold(&t, "a", REASON_NEW, i, "x", (int64_t)i);
	throttle_hold(&t, "c", REASON_FIRST, 1, "x", 2000);
	show_rows(&t, rows);
	tap_ok(
	    t.held_count == HELD_MAX && !strncmp(rows, "b:1 x1 a:979 x1", 15),
	    "a task of many failures keeps the newest, and the others theirs: "
	    "%s",
	    rows);
	tap_is(strrchr(rows, 'c'), "c:1 x1", "also one that comes later");
	tap_is_int(t.held_total, 1002, "the total counts all");
	t = (struct throttle){0};
	for (int i = 0; i < 50; i++) {
		snprintf(task, sizeof(task), "t%d", i);
		throttle_hold(&t, task, REASON_NEW, 1, "x", 40 + i);
	}
	tap_is(t.held[0].task, "t26", "of many tasks the newest have rows");
	tap_is(t.held[HELD_MAX - 1].task, "t49", "up to the last one");
}

static void
test_rebase(void)
{
	struct throttle t = {0}, fresh = {0};
	int given = 0;

	for (int i = 0; i < 20; i++)
		throttle_take(&t, 20, REASON_NEW, 500000000);
	throttle_rebase(&t, 1000);
	tap_ok(!throttle_take(&t, 20, REASON_NEW, 1000),
	    "a reboot does not fill the bucket");
	tap_ok(throttle_take(&t, 20, REASON_NEW, 1000 + 180000),
	    "which fills on from there");
	throttle_rebase(&fresh, 1000);
	tap_ok(throttle_take(&fresh, 20, REASON_NEW, 1000),
	    "a bucket that was never used stays full");
	t = (struct throttle){0};
	for (int i = 0; i < 20; i++)
		throttle_take(&t, 20, REASON_NEW, 0);
	tap_ok(!throttle_take(&t, 20, REASON_NEW, 0),
	    "an instant of 0 is an instant");
	for (int i = 1; i < 1000; i++)
		given += throttle_take(&t, 20, REASON_NEW, -i);
	tap_is_int(given, 0, "a clock that goes back fills nothing");
}

static bool
is_of_a(const char *task, const void *data)
{
	return !strcmp(task, data);
}

static void
test_pick(void)
{
	struct throttle t = {0}, mine;

	throttle_hold(&t, "a", REASON_NEW, 0, "one", 10);
	throttle_hold(&t, "b", REASON_NEW, 0, "two", 20);
	throttle_hold(&t, "a", REASON_HEALED, 0, "three", 30);
	throttle_pick(&t, is_of_a, "a", &mine);
	tap_is_int(mine.held_total, 2, "a pick has what is of its task");
	tap_is_int(mine.held_count, 2, "in as many rows");
	tap_is(mine.held[1].subject, "three", "in their order");
	throttle_drop(&t, is_of_a, "a");
	tap_is_int(t.held_total, 1, "what was told leaves, the rest stays");
	tap_is(t.held[0].task, "b", "and it is the other's");
	t.held_total += 5; /* without a row */
	throttle_pick(&t, is_of_a, "c", &mine);
	tap_is_int(mine.held_total, 5, "what has no row is told to anybody");
	throttle_drop(&t, is_of_a, "c");
	tap_is_int(t.held_total, 1, "once");
	throttle_drop(&t, NULL, NULL);
	tap_ok(!t.held_total && !t.held_count && !*t.held[0].task,
	    "without a filter everything leaves");
}

int
main(void)
{
	static const int64_t caps[] = {1, 2, 3, 4, 7, 20, 60, 1000};

	state = 88172645463325252;
	test_examples();
	for (size_t i = 0; i < sizeof(caps) / sizeof(*caps); i++) {
		test_polling(caps[i], 977);
		test_laws(caps[i]);
	}
	test_polling(20, 61);
	test_polling(3600, 997);
	test_digest();
	test_ledger();
	test_rows();
	test_rebase();
	test_pick();
	return tap_done();
}
