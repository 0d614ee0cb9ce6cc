/* When the next run is: rows, and laws over many failures. */
#include "policy/schedule.h"

#include "tap.h"

int
main(void)
{
	static const struct {
		int64_t success, fail, max;
		bool is_success;
		uint64_t failures;
		int64_t want;
		const char *what;
	} rows[] = {
	    {5, 20, 20, true, 0, 5, "after a success its own cooldown"},
	    {5, 20, 20, false, 1, 20, "after a failure the other"},
	    {5, 20, 20, false, 9, 20, "which does not grow by itself"},
	    {5, 20, 100, false, 1, 20, "one that grows begins as it is"},
	    {5, 20, 100, false, 2, 40, "doubles"},
	    {5, 20, 100, false, 3, 80, "and again"},
	    {5, 20, 100, false, 4, 100, "up to its most"},
	    {5, 20, 100, false, UINT64_MAX, 100, "for ever"},
	    {5, 0, 100, false, 7, 0, "nothing doubled is nothing"},
	    {5, 1, INT64_MAX, false, 200, INT64_MAX, "without overflow"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct task_settings t = {
		    .success_cooldown_ms = rows[i].success,
		    .fail_cooldown_ms = rows[i].fail,
		    .fail_cooldown_max_ms = rows[i].max};

		tap_is_int(schedule_cooldown_ms(
			       &t, rows[i].is_success, rows[i].failures),
		    rows[i].want, "%s", rows[i].what);
	}
	tap_is_int(schedule_retry_ms(0), 100, "a fault is tried again soon");
	tap_is_int(schedule_retry_ms(1), 200, "then later");
	bool grows = true;

	for (uint32_t i = 0; i < 100000; i++)
		grows &= schedule_retry_ms(i) <= schedule_retry_ms(i + 1) &&
			 schedule_retry_ms(i) <= 30000;
	tap_ok(grows, "never sooner, never beyond half a minute");
	tap_is_int(schedule_retry_ms(UINT32_MAX), 30000, "however often");
	tap_is_int(schedule_earlier(-1, -1), -1, "no deadline of none");
	tap_is_int(schedule_earlier(-1, 7), 7, "one of one");
	tap_is_int(schedule_earlier(7, -1), 7, "either way");
	tap_is_int(schedule_earlier(9, 7), 7, "the earlier of two");
	tap_is_int(schedule_earlier(0, 7), 0, "and 0 is an instant");
	return tap_done();
}
