#include "evict.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/process.h"

enum { STOP_TIMEOUT_UNKNOWN_MS = 10000 };

void
evict_close(struct eviction *l)
{
	int error = errno;

	if (l->pidfd >= 0)
		close(l->pidfd);
	l->pidfd = -1;
	errno = error;
}

static void
begin(struct eviction *l, pid_t pid, int pidfd, const struct snapshot *s)
{
	int64_t own_ms = s ? s->chain.stop_timeout_ms : STOP_TIMEOUT_UNKNOWN_MS;

	*l = (struct eviction){.pid = pid,
	    .pidfd = pidfd,
	    .asked_ms = clock_now_ms(),
	    .limit_ms = own_ms + EVICT_MARGIN_MS};
}

int
evict_ask(struct eviction *l, pid_t owner, const struct snapshot *s,
    evict_owner_now *look, const void *where)
{
	struct process p;

	begin(l, owner, -1, s);
	if (process_read(owner, &p))
		return errno = ESRCH, -1;
	l->pidfd = process_open(owner, p.start_ticks);
	if (l->pidfd < 0)
		return -1;
	/* That the lock is still this pid's proves whom the pidfd means. */
	if (look(where) != owner)
		errno = ESRCH;
	else if (!process_signal(l->pidfd, SIGTERM))
		return 0;
	evict_close(l);
	return -1;
}

void
evict_ask_known(
    struct eviction *l, pid_t pid, int pidfd, const struct snapshot *s)
{
	begin(l, pid, pidfd, s);
	process_signal(pidfd, SIGTERM);
}

bool
evict_kill_when_late(struct eviction *l, struct log *log)
{
	int64_t late_ms = clock_now_ms() - l->asked_ms - l->limit_ms;

	if (late_ms < 0)
		return true;
	if (l->is_killed)
		return late_ms < EVICT_MARGIN_MS;
	l->is_killed = true;
	process_signal(l->pidfd, SIGKILL);
	if (log)
		log_say(log, LOG_LEVEL_WARNING, NULL,
		    "Process %ld did not end, sent SIGKILL", (long)l->pid);
	return true;
}
