/* Whose turn it is: the way through an order, row by row. */
#include "chain/turn.h"

#include <stdint.h>

#include "tap.h"

static struct task_record tasks[3] = {
    {.name = "a"}, {.name = "b"}, {.name = "c"}};
/* Nothing of it reaches a disk. */
static struct records records = {
    .tasks = tasks, .task_count = 3, .retry_ms = INT64_MAX};

enum step { PASS, RESTART, SKIP };

static void
test_order(struct log *log)
{
	/* b twice: the same task, another turn. */
	static const size_t order[] = {0, 1, 2, 1};
	static const struct {
		bool is_once;
		enum step steps[6];
		int count;
		int want; /* the position; -1: it is over */
		const char *what;
	} rows[] = {
	    {false, {PASS}, 1, 1, "after a run it is the next one's turn"},
	    {false, {PASS, PASS, PASS, PASS}, 4, 0, "after the last the first"},
	    {false, {PASS, PASS, RESTART}, 3, 0, "a failure may go back to it"},
	    {false, {SKIP, SKIP, SKIP, SKIP}, 4, 0, "all can be left out"},
	    {false, {PASS, SKIP, PASS}, 3, 3, "one is left out on the way"},
	    {true, {PASS, PASS, PASS}, 3, 3, "once has a last one"},
	    {true, {PASS, PASS, PASS, PASS}, 4, -1, "and is over after it"},
	    {true, {PASS, RESTART}, 2, -1, "or when it would go back"},
	    {true, {SKIP, SKIP, SKIP, SKIP}, 4, -1, "or all are left out"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct turn t;

		turn_init(&t, &records, log, rows[i].is_once, 100);
		t.order = order;
		t.order_count = 4;
		for (int s = 0; s < rows[i].count; s++)
			if (rows[i].steps[s] == SKIP)
				turn_skip(&t);
			else
				turn_pass(&t, turn_task(&t), 0,
				    rows[i].steps[s] == RESTART, 200);
		tap_is_int(turn_is_over(&t) ? -1 : (int)t.position,
		    rows[i].want, "%s", rows[i].what);
	}
}

static void
test_times(struct log *log)
{
	static const size_t order[] = {0, 1};
	struct turn t;
	int64_t first, second;

	turn_init(&t, &records, log, false, 100);
	t.order = order;
	t.order_count = 2;
	tap_is_int(t.next_run_ms, 100, "the first run is due when it is said");
	tap_is_int(turn_say_deadline_ms(&t), -1, "no cooldown is to be logged");
	turn_pass(&t, 0, 60000, false, 1000);
	tap_is_int(t.next_run_ms, 61000, "the next one after the cooldown");
	tap_is_int(turn_say_deadline_ms(&t), 6000,
	    "which is logged in time, though a mail is on its way");
	tap_ok(tasks[0].resume_wall_ms && !tasks[0].resume_position == 0,
	    "a successor finds when and who");
	tap_is_int(tasks[1].next_run_wall_ms, tasks[0].resume_wall_ms,
	    "as does who looks");
	turn_say(&t);
	tap_is_int(turn_say_deadline_ms(&t), -1, "it is logged once");
	turn_pass(&t, 1, 300, false, 1000);
	tap_is_int(
	    turn_say_deadline_ms(&t), 1300, "a short one before it ends");
	turn_wake(&t, 1100);
	tap_is_int(t.next_run_ms, 1100, "a cooldown can be ended");
	turn_retry(&t, 1000);
	first = t.next_run_ms - 1000;
	turn_retry(&t, 2000);
	second = t.next_run_ms - 2000;
	tap_ok(
	    first > 0 && second > first, "tries are farther and farther apart");
	turn_resume(&t, 1, 1, 500, 3000);
	tap_ok(t.position == 1 && t.next_run_ms == 3500 &&
		   tasks[1].phase == PHASE_COOLDOWN,
	    "the rest of a predecessor's cooldown is waited");
	turn_resume(&t, 1, 7, 500, 3000);
	tap_is_int((long long)t.position, 1,
	    "a position that the chain has no more changes nothing");
}

int
main(void)
{
	struct log_settings settings = {.level = LOG_LEVEL_ERROR};
	struct log *log = log_open(&settings, "/dev/null", NULL);

	test_order(log);
	test_times(log);
	log_close(log);
	return tap_done();
}
