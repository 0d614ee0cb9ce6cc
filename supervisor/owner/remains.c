#include "remains.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leave.h"
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
remains_is_same_boot(const struct snapshot *s)
{
	char boot_id[sizeof(s->chain.boot_id)];

	process_boot_id(boot_id, sizeof(boot_id));
	return !strcmp(boot_id, s->chain.boot_id);
}

static void
format_path(char path[4096], const struct snapshot *s, const char *run_root)
{
	snprintf(path, 4096, "%s/%s.state", run_root, s->chain.name);
}

/*
 * A pid and a start time alone are believed by nobody: it must have the very
 * state file open, or, where we may not look, be a runner of our own user.
 */
static bool
is_runner_of(const struct snapshot *s, const char *run_root)
{
	char path[4096];
	struct process p, self;

	format_path(path, s, run_root);
	errno = 0;
	if (process_has_open(s->chain.pid, path))
		return true;
	return errno == EACCES && !process_read(s->chain.pid, &p) &&
	       !process_read(getpid(), &self) && !strcmp(p.name, self.name) &&
	       process_user(p.pid) == geteuid();
}

static bool
is_over(const struct snapshot *s)
{
	return !s || s->chain.is_ended || s->chain.pid == getpid() ||
	       !remains_is_same_boot(s);
}

pid_t
remains_live_runner(const struct snapshot *s, const char *run_root)
{
	int pidfd =
	    is_over(s) ? -1 : process_open(s->chain.pid, s->chain.start_ticks);
	bool is_alive =
	    pidfd >= 0 && is_runner_of(s, run_root) && !process_wait(pidfd, 0);

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
wait_for_runner(const struct snapshot *s, const char *run_root, struct log *log)
{
	int pidfd = process_open(s->chain.pid, s->chain.start_ticks);
	struct leaving l;
	bool is_gone;

	if (pidfd < 0)
		return true;
	if (is_runner_of(s, run_root)) {
		if (log)
			log_say(log, LOG_LEVEL_WARNING, NULL,
			    "Process %ld runs the chain without a pidfile, "
			    "sent SIGTERM",
			    (long)s->chain.pid);
		leave_ask_known(&l, s->chain.pid, pidfd, s);
		while (!process_wait(pidfd, LEAVE_SLICE_MS) &&
		       leave_kill_when_late(&l, log))
			continue;
	}
	is_gone = process_wait(pidfd, LEAVE_MARGIN_MS);
	close(pidfd);
	return is_gone;
}

size_t
remains_end(struct snapshot *s, const char *run_root, struct log *log,
    char *who, size_t who_size)
{
	char path[4096];
	struct stat st;
	struct leftovers_marked marked;

	if (is_over(s))
		return 0;
	if (!wait_for_runner(s, run_root, log)) {
		snprintf(who, who_size, "runner (pid %ld)", (long)s->chain.pid);
		return 1;
	}
	format_path(path, s, run_root);
	marked = (struct leftovers_marked){
	    .mark = s->chain.mark,
	    .since_ticks = s->chain.start_ticks,
	    /* What a user wrote gives no power over others' processes. */
	    .user = stat(path, &st) ? geteuid() : st.st_uid,
	    .stop_timeout_ms = s->chain.stop_timeout_ms,
	    .is_spared = is_left_on_purpose,
	    .data = s,
	};
	return leftovers_end_marked(&marked, who, who_size);
}
