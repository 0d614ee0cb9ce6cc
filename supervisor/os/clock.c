#include "clock.h"

#include <time.h>

static int64_t
read_clock_ns(clockid_t id)
{
	struct timespec ts = {0};

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t
clock_now_ms(void)
{
	return clock_now_ns() / 1000000;
}

int64_t
clock_now_ns(void)
{
	return read_clock_ns(CLOCK_BOOTTIME);
}

int64_t
clock_wall_ms(void)
{
	return read_clock_ns(CLOCK_REALTIME) / 1000000;
}
