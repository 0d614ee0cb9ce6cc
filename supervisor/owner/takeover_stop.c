/*
 * takeover_stop(): `runner stop` ends the owner of a chain as a start does,
 * without becoming one.  See takeover.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "evict.h"
#include "os/clock.h"
#include "os/process.h"
#include "predecessor.h"
#include "state/statefile.h"
#include "takeover.h"

/* The chain that `runner stop` looks at from outside. */
struct stopping {
	const char *run_root;
	const char *chain;
	int64_t begun_ns;
	takeover_progress *progress;
	void *data;
	char *why;
	size_t why_size;
};

static pid_t
owner_by_name(const void *where)
{
	const struct stopping *s = where;

	return pidfile_find_owner(s->run_root, s->chain);
}

/* A start that waited for the owner to leave, when we were asked to stop. */
static pid_t
older_by_name(const void *where)
{
	const struct stopping *s = where;

	return pidfile_find_older(s->run_root, s->chain, s->begun_ns);
}

/* A runner beside which another one was started, or whose files are gone. */
static pid_t
hidden_by_name(const void *where)
{
	const struct stopping *s = where;

	return pidfile_find_hidden(s->run_root, s->chain);
}

/* Waits for one that was asked to leave.  Returns false: it does not die. */
static bool
wait_until_gone(struct eviction *e, const struct snapshot *s,
    takeover_progress *progress, void *data)
{
	while (!process_wait(e->pidfd, EVICT_SLICE_MS)) {
		if (!evict_kill_when_late(e, NULL))
			return false;
		if (progress)
			progress(s, clock_now_ms() - e->asked_ms,
			    e->limit_ms - EVICT_MARGIN_MS, data);
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
	int fds[2], result = 0;
	char who[64] = "";
	struct snapshot *s;
	struct timespec at_once = {0};
	sigset_t term, old;

	/* Another runner owns it by now: what is there is its own. */
	if (pidfile_borrow(at->run_root, at->chain, fds) && errno != ENOENT)
		return 0;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &old);
	s = statefile_look(at->run_root, at->chain);
	if (predecessor_end(s, NULL, who, sizeof(who))) {
		snprintf(
		    why, why_size, "cannot end %s of chain %s", who, at->chain);
		result = -1;
	}
	snapshot_free(s);
	pidfile_give_back(fds);
	sigtimedwait(&term, NULL, &at_once);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return result;
}

/* Ends the one that `find` finds.  Returns 0; 1, there was none; -1. */
static int
end_runner(const struct stopping *at, evict_owner_now *find)
{
	struct eviction e = {.pidfd = -1};
	pid_t pid = find(at);
	struct snapshot *s;
	int result = 0;

	if (!pid)
		return 1;
	if (pid < 0) {
		snprintf(
		    at->why, at->why_size, "cannot see who runs %s", at->chain);
		return -1;
	}
	s = statefile_look(at->run_root, at->chain);
	if (evict_ask(&e, pid, s, find, at)) {
		if (errno != ESRCH) {
			snprintf(at->why, at->why_size,
			    "cannot stop %s (pid %ld): %s", at->chain,
			    (long)pid, strerror(errno));
			result = -1;
		}
	} else if (!wait_until_gone(&e, s, at->progress, at->data)) {
		snprintf(at->why, at->why_size,
		    "the runner of %s (pid %ld) does not die", at->chain,
		    (long)pid);
		result = -1;
	}
	snapshot_free(s);
	evict_close(&e);
	return result;
}

int
takeover_stop(const char *run_root, const char *chain, bool has_hidden,
    takeover_progress *progress, void *data, char *why, size_t why_size)
{
	const struct stopping at = {
	    run_root, chain, clock_now_ns(), progress, data, why, why_size};
	int result = end_runner(&at, owner_by_name), more;

	if (result < 0)
		return -1;
	while (!(more = end_runner(&at, older_by_name)) ||
	       (more > 0 && has_hidden &&
		   !(more = end_runner(&at, hidden_by_name))))
		result = 0;
	if (more < 0 || clean_up(&at, why, why_size))
		return -1;
	return result;
}
