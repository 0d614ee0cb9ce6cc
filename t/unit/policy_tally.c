/* tally: the distinct failures of a task, each with its count. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "policy/tally.h"
#include "tap.h"

/* What a tally must say, kept in the simplest way: every note, in order. */
struct note {
	uint64_t signature;
	int64_t wall_ms;
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

static void
test_counts(void)
{
	struct tally t = {0};

	tally_note(&t, 7, "cannot open a", 1000);
	tally_note(&t, 9, "cannot open b", 2000);
	tally_note(&t, 7, "cannot open a again", 3000);
	tap_is_int((long long)t.count, 2, "two distinct failures");
	tap_is_int((long long)t.rows[0].count, 2, "the first came twice");
	tap_is_int(t.rows[0].first_wall_ms, 1000, "when it came first");
	tap_is_int(t.rows[0].last_wall_ms, 3000, "and when last");
	tap_is(t.rows[0].subject, "cannot open a again",
	    "its newest subject is kept");
	tap_is_int((long long)t.rows[1].count, 1, "the second came once");
	tap_is(t.rows[1].subject, "cannot open b", "under its own subject");
}

static void
test_subject(void)
{
	struct tally t = {0};
	char long_one[400], want[400];
	size_t room = sizeof(t.rows[0].subject) - 1;

	memset(long_one, 'x', sizeof(long_one));
	long_one[sizeof(long_one) - 1] = '\0';
	tally_note(&t, 1, long_one, 1);
	tap_is_int((long long)strlen(t.rows[0].subject), (long long)room,
	    "a long subject fills the room there is");
	/* The character of three bytes lies across the end. */
	memcpy(long_one + room - 1, "\xe2\x82\xac", 3);
	snprintf(want, sizeof(want), "%.*s", (int)room - 1, long_one);
	tally_note(&t, 1, long_one, 2);
	tap_is(t.rows[0].subject, want, "and no character is cut");
	tally_note(&t, 1, "", 3);
	tap_is(t.rows[0].subject, "", "an empty one is empty");
}

static void
test_full(void)
{
	struct tally t = {0};

	for (uint64_t s = 1; s <= TALLY_MAX; s++)
		tally_note(&t, s, "x", (int64_t)s);
	tally_note(&t, 1, "x", 100); /* the oldest by time is now 2 */
	tally_note(&t, 1000, "x", 101);
	tap_is_int((long long)t.count, TALLY_MAX, "it does not grow beyond");
	tap_is_int((long long)t.rows[0].signature, 1,
	    "what was seen lately stays, in its place");
	tap_is_int((long long)t.rows[1].signature, 3,
	    "what was not seen for longest gave way");
	tap_is_int((long long)t.rows[TALLY_MAX - 1].signature, 1000,
	    "the new one is last");
	tap_is_int((long long)t.rows[0].count, 2, "counts are untouched");
}

/* A row's count and times, by the notes since it came in. */
static bool
is_row_right(
    const struct failure_count *row, const struct note *notes, size_t count)
{
	uint64_t seen = 0;
	size_t i = count;

	while (i > 0 && seen < row->count)
		seen += notes[--i].signature == row->signature;
	return seen == row->count && notes[i].wall_ms == row->first_wall_ms;
}

static void
test_random(void)
{
	enum { NOTES = 3000, LIVES = 40 };
	static struct note notes[NOTES];
	bool is_right = true;

	for (int life = 0; life < LIVES; life++) {
		struct tally t = {0};
		uint64_t signatures = 2 + random64() % (2 * TALLY_MAX);

		for (size_t n = 0; n < NOTES && is_right; n++) {
			notes[n] = (struct note){
			    random64() % signatures, (int64_t)n + 1};
			tally_note(
			    &t, notes[n].signature, "x", notes[n].wall_ms);
			is_right = t.count <= TALLY_MAX;
			for (size_t i = 0; i < t.count && is_right; i++)
				is_right =
				    is_row_right(&t.rows[i], notes, n + 1);
		}
	}
	tap_ok(is_right, "counts and times are right in %d lives of %d notes",
	    LIVES, NOTES);
}

int
main(void)
{
	test_counts();
	test_subject();
	test_full();
	test_random();
	return tap_done();
}
