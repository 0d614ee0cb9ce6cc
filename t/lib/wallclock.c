/*
 * wallclock: a library to preload that moves the wall clock, and only that, by
 * as many seconds as the file $WALLCLOCK holds, or to just after the instant
 * that it names as @SECONDS.  (libfaketime also bends absolute timers of other
 * clocks, which no step of a real clock does.)
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long long
wanted_offset(long long now)
{
	static long long anchor;
	const char *path = getenv("WALLCLOCK");
	FILE *f = path ? fopen(path, "re") : NULL;
	long long value = 0;
	char text[64] = "";

	if (!f)
		return 0;
	if (fgets(text, sizeof(text), f))
		value = atoll(text + (text[0] == '@'));
	fclose(f);
	if (text[0] != '@')
		return value;
	if (!anchor)
		anchor = now;
	return value - anchor;
}

int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	int result = (int)syscall(SYS_clock_gettime, clock, ts);

	if (!result &&
	    (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		ts->tv_sec += (time_t)wanted_offset(ts->tv_sec);
	return result;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

time_t
time(time_t *t)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (t)
		*t = ts.tv_sec;
	return ts.tv_sec;
}
