/*
 * The end of a chain, brought about from outside: `runner stop`.
 */
#include "takeover.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "leave.h"
#include "process.h"
#include "remains.h"
#include "statefile.h"

/* The chain that `runner stop` looks at from outside. */
struct stopping {
	const char *run_root;
	const char *chain;
};

static pid_t
owner_by_name(const void *where)
{
	const struct stopping *s = where;

	return pidfile_owner(s->run_root, s->chain);
}

/* Waits for one that was asked to leave.  Returns false: it does not die. */
static bool
wait_until_gone(struct leaving *l, const struct snapshot *s,
    takeover_progress *progress, void *data)
{
	while (!process_wait(l->pidfd, LEAVE_SLICE_MS)) {
		if (!leave_kill_when_late(l, NULL))
			return false;
		if (progress)
			progress(s, clock_now_ms() - l->asked_ms,
			    l->limit_ms - LEAVE_MARGIN_MS, data);
	}
	return true;
}

/*
 * Ends what is left of a chain that nobody runs.  Nobody starts it meanwhile:
 * who would, takes us for its owner and asks us to leave, which waits.
 */
static int
clean_up(const struct stopping *at, char *why, size_t why_size)
{
	int fd = pidfile_borrow(at->run_root, at->chain), result = 0;
	char who[64] = "";
	struct snapshot *s;
	struct timespec at_once = {0};
	sigset_t term, old;

	/* Another runner owns it by now: what is there is its own. */
	if (fd < 0 && errno != ENOENT)
		return 0;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &old);
	s = statefile_read(at->run_root, at->chain);
	if (remains_end(s, at->run_root, NULL, who, sizeof(who))) {
		snprintf(why, why_size, "cannot end %s of chain %s", who,
		    at->chain);
		result = -1;
	}
	snapshot_free(s);
	if (fd >= 0)
		close(fd);
	sigtimedwait(&term, NULL, &at_once);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return result;
}

int
takeover_stop(const char *run_root, const char *chain,
    takeover_progress *progress, void *data, char *why, size_t why_size)
{
	struct stopping stopping = {run_root, chain};
	struct leaving l = {.pidfd = -1};
	pid_t owner = pidfile_owner(run_root, chain);
	struct snapshot *s = statefile_read(run_root, chain);
	int result = owner ? 0 : 1;

	if (owner < 0) {
		snprintf(why, why_size, "cannot see who runs %s", chain);
		result = -1;
	} else if (owner &&
	    leave_ask(&l, owner, s, owner_by_name, &stopping)) {
		if (errno != ESRCH) {
			snprintf(why, why_size, "cannot stop %s (pid %ld): %s",
			    chain, (long)owner, strerror(errno));
			result = -1;
		}
	} else if (owner && !wait_until_gone(&l, s, progress, data)) {
		snprintf(why, why_size, "the runner of %s (pid %ld) does not "
		    "die", chain, (long)owner);
		result = -1;
	}
	snapshot_free(s);
	leave_close(&l);
	if (result >= 0 && clean_up(&stopping, why, why_size))
		result = -1;
	return result;
}
