/* How long a task's runs usually take: rows, and a law over a long life. */
#include "chain/usual.h"

#include "tap.h"

enum { RUNS_MAX = 8 };

int
main(void)
{
	static const struct {
		int64_t runs[RUNS_MAX]; /* ended by -1 */
		int64_t want;
		const char *what;
	} rows[] = {
	    {{-1}, -1, "nothing is known of no run"},
	    {{5, 7, -1}, -1, "nor of two"},
	    {{5, 7, 6, -1}, 6, "three have a median, in whatever order"},
	    {{1, 1, 1, 1000, -1}, 1, "which one that hung does not move"},
	    {{1, 1000, 1000, 1000, -1}, 1000, "nor one that did nothing"},
	    {{0, 0, 0, -1}, 0, "what takes no time takes no time"},
	    {{1, 2, 3, 4, 5, 6, 7, -1}, 4, "seven"},
	};
	struct usual u = {0};
	bool is_recent = true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct usual one = {0};

		for (const int64_t *run = rows[i].runs; *run >= 0; run++)
			usual_note(&one, *run);
		tap_is_int(
		    usual_median_ms(&one), rows[i].want, "%s", rows[i].what);
	}
	/* The median of 0 .. n - 1 when only the last ones count. */
	for (int64_t n = 1; n < 1000; n++) {
		usual_note(&u, n - 1);
		if (n >= USUAL_MAX)
			is_recent &=
			    usual_median_ms(&u) == n - 1 - USUAL_MAX / 2;
	}
	tap_ok(is_recent, "what was long ago does not count");
	return tap_done();
}
