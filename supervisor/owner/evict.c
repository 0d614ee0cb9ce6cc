#include "evict.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/process.h"

enum { STOP_TIMEOUT_UNKNOWN_MS = 10000 };

void
evict_close(struct eviction *e)
{
	int error = errno;

	if (e->pidfd >= 0)
		close(e->pidfd);
	e->pidfd = -1;
	errno = error;
}

static void
begin(struct eviction *e, pid_t pid, int pidfd, const struct snapshot *s)
{
	int64_t own_ms = s ? s->chain.stop_timeout_ms : STOP_TIMEOUT_UNKNOWN_MS;

	*e = (struct eviction){.pid = pid,
	    .pidfd = pidfd,
	    .asked_ms = clock_now_ms(),
	    .limit_ms = own_ms + EVICT_MARGIN_MS};
}

int
evict_ask(struct eviction *e, pid_t owner, const struct snapshot *s,
    evict_owner_now *look, const void *where)
{
	struct process p;

	begin(e, owner, -1, s);
	if (process_read(owner, &p))
		return errno = ESRCH, -1;
	e->pidfd = process_open(owner, p.start_ticks);
	if (e->pidfd < 0)
		return -1;
	/* That the lock is still this pid's proves whom the pidfd means. */
	if (look(where) != owner)
		errno = ESRCH;
	else if (!process_signal(e->pidfd, SIGTERM))
		return 0;
	evict_close(e);
	return -1;
}

void
evict_ask_known(
    struct eviction *e, pid_t pid, int pidfd, const struct snapshot *s)
{
	begin(e, pid, pidfd, s);
	process_signal(pidfd, SIGTERM);
}

bool
evict_kill_when_late(struct eviction *e, struct log *log)
{
	int64_t late_ms = clock_now_ms() - e->asked_ms - e->limit_ms;

	if (late_ms < 0)
		return true;
	if (e->is_killed)
		return late_ms < EVICT_MARGIN_MS;
	e->is_killed = true;
	process_signal(e->pidfd, SIGKILL);
	if (log)
		log_say(log, LOG_LEVEL_WARNING, NULL,
		    "Process %ld did not end, sent SIGKILL", (long)e->pid);
	return true;
}
