#include "deadline.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

/* Those who can say why they gave up need a moment to do so. */
enum { MARGIN_MS = 1500 };

static volatile sig_atomic_t known_status = -1;
static int64_t end_ms;

int64_t
deadline_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
alarm_handle(int signal)
{
	static const char words[] = "time is up\n";

	if (known_status >= 0)
		_exit(known_status);
	if (write(STDOUT_FILENO, words, sizeof(words) - 1) < 0)
		_exit(EX_TEMPFAIL); /* nobody listens; the same result */
	_exit(EX_TEMPFAIL);
}

static void
alarm_set(int64_t ms)
{
	struct itimerval timer = {0};
	sigset_t set;

	signal(SIGALRM, alarm_handle);
	/* A mask inherited from the caller must not hold it back. */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	timer.it_value.tv_sec = ms / 1000;
	timer.it_value.tv_usec = ms % 1000 * 1000;
	setitimer(ITIMER_REAL, &timer, NULL);
}

void
deadline_start(int64_t timeout_ms)
{
	end_ms = deadline_now_ms() + timeout_ms;
	alarm_set(timeout_ms + MARGIN_MS);
}

void
deadline_inherit(void)
{
	alarm_set(deadline_share_ms(1) + MARGIN_MS / 2);
}

int64_t
deadline_share_ms(unsigned shares)
{
	int64_t left_ms = (end_ms - deadline_now_ms()) / shares;

	return left_ms < 1 ? 1 : left_ms;
}

void
deadline_finish(int status, int64_t grace_ms)
{
	known_status = status;
	alarm_set(grace_ms);
}
