#include "schedule.h"

int64_t
schedule_cooldown_ms(
    const struct task_settings *t, bool is_success, uint64_t failures_in_row)
{
	int64_t wait_ms = t->fail_cooldown_ms;

	if (is_success)
		return t->success_cooldown_ms;
	for (uint64_t i = 1; i < failures_in_row && wait_ms &&
			     wait_ms < t->fail_cooldown_max_ms;
	     i++)
		wait_ms = wait_ms > t->fail_cooldown_max_ms / 2
			      ? t->fail_cooldown_max_ms
			      : wait_ms * 2;
	return wait_ms;
}

int64_t
schedule_retry_ms(uint32_t tries)
{
	return tries < 9 ? INT64_C(100) << tries : 30000;
}

int64_t
schedule_earlier(int64_t a_ms, int64_t b_ms)
{
	if (a_ms < 0)
		return b_ms;
	return b_ms >= 0 && b_ms < a_ms ? b_ms : a_ms;
}
