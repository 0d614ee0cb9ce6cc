#include "predecessor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evict.h"
#include "os/process.h"
#include "task/leftovers.h"

/* leftovers = keep of completed runs: those were left on purpose. */
static bool
is_left_on_purpose(const char *task, uint64_t run, void *snapshot)
{
	const struct snapshot *s = snapshot;

	/* A run is completed when it was counted. */
	for (size_t i = 0; i < s->task_count; i++)
		if (!strcmp(s->tasks[i].name, task))
			return s->tasks[i].keeps_leftovers &&
			       run <= s->tasks[i].runs;
	return false;
}

bool
predecessor_is_same_boot(const struct snapshot *s)
{
	char boot_id[sizeof(s->chain.boot_id)];

	process_boot_id(boot_id, sizeof(boot_id));
	return !strcmp(boot_id, s->chain.boot_id);
}

bool
predecessor_is_believed(const struct snapshot *s)
{
	return !s->owner || s->owner == geteuid();
}

/*
 * A pid and a start time alone are believed by nobody: it must be a process of
 * the file's owner and have the very file open that was read, or, where we may
 * not look, be a runner of our own user.
 */
static bool
is_runner_of(const struct snapshot *s)
{
	const struct stat file = {.st_dev = s->device, .st_ino = s->inode};
	struct process p, self;

	if (process_real_user(s->chain.pid) != s->owner)
		return false;
	if (process_has_open(s->chain.pid, &file))
		return true;
	return errno == EACCES && s->owner == geteuid() &&
	       !process_read(s->chain.pid, &p) &&
	       !process_read(getpid(), &self) && !strcmp(p.name, self.name);
}

static bool
is_over(const struct snapshot *s)
{
	return !s || s->chain.is_ended || s->chain.pid == getpid() ||
	       !predecessor_is_same_boot(s);
}

pid_t
predecessor_live_runner(const struct snapshot *s)
{
	int pidfd =
	    is_over(s) ? -1 : process_open(s->chain.pid, s->chain.start_ticks);
	bool is_alive =
	    pidfd >= 0 && is_runner_of(s) && !process_wait(pidfd, 0);

	if (pidfd >= 0)
		close(pidfd);
	return is_alive ? s->chain.pid : 0;
}

/*
 * A live one has to leave like any other.  One that was killed may still be on
 * its way out of the kernel, and its task dies only as it goes.  Returns
 * whether it is gone.
 */
static bool
wait_for_runner(const struct snapshot *s, struct log *log)
{
	int pidfd = process_open(s->chain.pid, s->chain.start_ticks);
	struct eviction e;
	bool is_gone;

	if (pidfd < 0)
		return true;
	if (is_runner_of(s)) {
		if (log)
			log_say(log, LOG_LEVEL_WARNING, NULL,
			    "Process %ld runs the chain without a pidfile, "
			    "sent SIGTERM",
			    (long)s->chain.pid);
		evict_ask_known(&e, s->chain.pid, pidfd, s);
		while (!process_wait(pidfd, EVICT_SLICE_MS) &&
		       evict_kill_when_late(&e, log))
			continue;
	}
	is_gone = process_wait(pidfd, EVICT_MARGIN_MS);
	close(pidfd);
	return is_gone;
}

size_t
predecessor_end(struct snapshot *s, struct log *log, char *who, size_t who_size)
{
	struct leftovers_marked marked;

	if (is_over(s))
		return 0;
	if (!wait_for_runner(s, log)) {
		snprintf(who, who_size, "runner (pid %ld)", (long)s->chain.pid);
		return 1;
	}
	marked = (struct leftovers_marked){
	    .mark = s->chain.mark,
	    .since_ticks = s->chain.start_ticks,
	    /* What a user wrote gives no power over others' processes. */
	    .user = s->owner,
	    .stop_timeout_ms = s->chain.stop_timeout_ms,
	    .is_spared = is_left_on_purpose,
	    .data = s,
	    .log = log,
	};
	return leftovers_end_marked(&marked, who, who_size);
}
