#include "base/nearest.h"

#include "tap.h"

static const struct {
	const char *a, *b;
	size_t distance;
} distances[] = {
    {"", "", 0},
    {"status", "status", 0},
    {"", "abc", 3},
    {"staus", "status", 1},
    {"statuss", "status", 1},
    {"stetus", "status", 1},
    {"sattus", "status", 1},
    {"tsatsu", "status", 2},
    {"ca", "abc", 3}, /* no part is edited twice */
    {"kitten", "sitting", 3},
    {"fail_cooldwon", "fail_cooldown", 1},
};

static void
test_distances(void)
{
	char a[70] = "", b[70] = "";

	for (size_t i = 0; i < sizeof(distances) / sizeof(*distances); i++) {
		tap_is_int(
		    (long long)nearest_distance(distances[i].a, distances[i].b),
		    (long long)distances[i].distance, "distance: '%s', '%s'",
		    distances[i].a, distances[i].b);
		tap_is_int(
		    (long long)nearest_distance(distances[i].b, distances[i].a),
		    (long long)distances[i].distance, "distance: '%s', '%s'",
		    distances[i].b, distances[i].a);
	}
	memset(a, 'x', 63);
	memset(b, 'y', 63);
	tap_is_int((long long)nearest_distance(a, b), 63,
	    "distance: the longest words");
	a[63] = 'x';
	tap_is_int((long long)nearest_distance(a, b), 64,
	    "distance: a word that is too long");
}

static const struct {
	const char *word, *candidates[4], *hint;
} hints[] = {
    {"staus", {"start", "status", "stop"}, "; did you mean 'status'?"},
    {"status", {"report"}, ""},
    {"ab", {"cd", "xyz"}, ""}, /* all of it would be another word */
    {"rnu", {"run", "rnx"}, "; did you mean 'run'?"}, /* the first of equals */
    {"cat", {"dot"}, ""},                             /* two of three letters */
    {"fail_cooldwns", {"fail_cooldown"}, "; did you mean 'fail_cooldown'?"},
    {"", {"a"}, ""},
    {"a", {NULL}, ""},
};

static void
test_hints(void)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++) {
		struct nearest n = nearest_to(hints[i].word);
		char hint[NEAREST_HINT_SIZE];

		for (size_t k = 0; hints[i].candidates[k]; k++)
			nearest_try(&n, hints[i].candidates[k]);
		nearest_hint(&n, hint);
		tap_is(hint, hints[i].hint, "hint: '%s'", hints[i].word);
	}
}

int
main(void)
{
	test_distances();
	test_hints();
	return tap_done();
}
