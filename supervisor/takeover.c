#include "takeover.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "process.h"
#include "signals.h"
#include "statefile.h"
#include "strays.h"
#include "units.h"

enum {
	STOP_MARGIN_MS = 5000,          /* beyond the owner's own stop_timeout */
	STOP_TIMEOUT_UNKNOWN_MS = 10000,
	STATE_WAIT_MS = 2000,           /* for an owner's first records */
	SLICE_MS = 50,                  /* between looks at the queue */
	YOUNG_NS = 1000000000,          /* replaced so early: a storm of starts */
};

static void
pause_ms(int64_t ms)
{
	struct timespec t = {
	    .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

/* An owner on its way out, seen from outside. */
struct leaving {
	pid_t pid;
	int pidfd;
	int64_t asked_ms;
	int64_t limit_ms; /* how long it may take */
	bool is_killed;
};

static void
stop_watching(struct leaving *l)
{
	int error = errno;

	if (l->pidfd >= 0)
		close(l->pidfd);
	l->pidfd = -1;
	errno = error;
}

/*
 * The fixed lines of 2011, and the truth where they do not apply: nothing is
 * decided by what the file holds.
 */
static void
log_found(const struct takeover *t, pid_t holder)
{
	const struct pidfile *p = t->pidfile;
	struct process stranger;

	if (!p->was_there) {
		log_say(t->log, LOG_LEVEL_DEBUG, NULL,
		    "Did not find pidfile %s, continuing normally", t->chain);
		return;
	}
	log_say(t->log, LOG_LEVEL_DEBUG, NULL,
	    "Found pidfile %s containing: %s", t->chain, p->content);
	if (holder)
		return;
	if (p->content_pid && !process_read(p->content_pid, &stranger))
		log_say(t->log, LOG_LEVEL_DEBUG, NULL,
		    "Process %ld does not own it, wiping pidfile %s",
		    (long)p->content_pid, t->chain);
	else
		log_say(t->log, LOG_LEVEL_DEBUG, NULL,
		    "Could not find /proc/%s, wiping pidfile %s", p->content,
		    t->chain);
}

/* The records of that very owner; waits for its first ones.  NULL: none. */
static struct snapshot *
read_owner_state(const struct takeover *t, pid_t owner)
{
	int64_t until_ms = clock_now_ms() + STATE_WAIT_MS;

	do {
		struct snapshot *s = statefile_read(t->run_root, t->chain);

		if (s && s->chain.pid == owner && !s->chain.is_ended)
			return s;
		snapshot_free(s);
		pause_ms(2);
	} while (clock_now_ms() < until_ms &&
	    pidfile_holder(t->pidfile) == owner);
	return NULL;
}

static bool
has_same_tasks(const struct takeover *t, const struct snapshot *s)
{
	if (s->task_count != t->task_count)
		return false;
	for (size_t i = 0; i < s->task_count; i++)
		if (strcmp(s->tasks[i].name, t->tasks[i]->name))
			return false;
	return true;
}

/* A name that was only derived must not hit other tasks' chain. */
static bool
is_collision(struct takeover *t, const struct snapshot *s)
{
	size_t n;

	if (t->is_name_given || !s || has_same_tasks(t, s))
		return false;
	t->is_collision = true;
	n = (size_t)snprintf(t->why, sizeof(t->why),
	    "the chain %s that runs (pid %ld) has other tasks (", t->chain,
	    (long)s->chain.pid);
	for (size_t i = 0; i < s->task_count && n < sizeof(t->why); i++)
		n += (size_t)snprintf(t->why + n, sizeof(t->why) - n, "%s%s",
		    i ? " " : "", s->tasks[i].name);
	if (n < sizeof(t->why))
		snprintf(t->why + n, sizeof(t->why) - n,
		    "); name this one with --name");
	return true;
}

static int64_t
leave_limit_ms(const struct snapshot *s)
{
	return (s ? s->chain.stop_timeout_ms : STOP_TIMEOUT_UNKNOWN_MS) +
	    STOP_MARGIN_MS;
}

/* Who holds the chain now, for those in the queue and for those who are not. */
typedef pid_t owner_now(const void *where);

static pid_t
owner_by_lock(const void *pidfile)
{
	return pidfile_holder(pidfile);
}

/*
 * Opens the owner and asks it to leave.  The pidfd is opened first; that the
 * lock is still held by this pid then proves whom it refers to.
 * Returns 0, or -1 with errno (ESRCH: it has left).
 */
static int
ask_to_leave(struct leaving *l, pid_t owner, const struct snapshot *s,
    owner_now *look, const void *where)
{
	struct process p;

	*l = (struct leaving){.pid = owner,
	    .pidfd = -1,
	    .asked_ms = clock_now_ms(),
	    .limit_ms = leave_limit_ms(s)};
	if (process_read(owner, &p))
		return errno = ESRCH, -1;
	l->pidfd = process_open(owner, p.start_ticks);
	if (l->pidfd < 0)
		return -1;
	if (look(where) != owner)
		errno = ESRCH;
	else if (!process_signal(l->pidfd, SIGTERM))
		return process_signal(l->pidfd, SIGCONT), 0;
	stop_watching(l);
	return -1;
}

/* KILL once its time is up.  Returns false when even that did not end it. */
static bool
kill_when_late(struct leaving *l, struct log *log)
{
	int64_t late_ms = clock_now_ms() - l->asked_ms - l->limit_ms;

	if (late_ms < 0)
		return true;
	if (l->is_killed)
		return late_ms < STOP_MARGIN_MS;
	l->is_killed = true;
	process_signal(l->pidfd, SIGKILL);
	if (log)
		log_say(log, LOG_LEVEL_WARNING, NULL,
		    "Process %ld did not end, sent SIGKILL", (long)l->pid);
	return true;
}

/* Somebody owns the chain: what is to be done about it, once? */
static enum takeover_result
face_owner(struct takeover *t, struct leaving *l, pid_t owner)
{
	struct snapshot *s;
	bool is_bad;

	if (owner < 0) {
		snprintf(t->why, sizeof(t->why),
		    "chain %s runs in another pid namespace: stop it there",
		    t->chain);
		return TAKEOVER_FAILED;
	}
	if (t->if_running == IF_RUNNING_REFUSE) {
		snprintf(t->why, sizeof(t->why),
		    "chain %s is already running (pid %ld)", t->chain,
		    (long)owner);
		return TAKEOVER_REFUSED;
	}
	s = t->is_name_given ? statefile_read(t->run_root, t->chain)
			     : read_owner_state(t, owner);
	is_bad = is_collision(t, s);
	if (s && s->chain.pid == owner &&
	    t->pidfile->stamp - s->chain.start_ns < YOUNG_NS)
		t->is_contended = true;
	if (!is_bad && t->if_running == IF_RUNNING_REPLACE) {
		if (!ask_to_leave(l, owner, s, owner_by_lock, t->pidfile))
			log_say(t->log, LOG_LEVEL_DEBUG, NULL,
			    "Sent SIGTERM to: %ld", (long)owner);
		else if (errno != ESRCH) {
			snprintf(t->why, sizeof(t->why),
			    "cannot end the runner of chain %s (pid %ld): %s",
			    t->chain, (long)owner, strerror(errno));
			is_bad = true;
		}
	}
	snapshot_free(s);
	return is_bad ? TAKEOVER_FAILED : TAKEOVER_OWNED;
}

static bool
must_yield(const struct takeover *t)
{
	return t->if_running == IF_RUNNING_REPLACE &&
	    pidfile_has_newer(t->pidfile);
}

static enum takeover_result
yield_to_newer(const struct takeover *t)
{
	log_say(t->log, LOG_LEVEL_INFO, NULL,
	    "A newer runner of chain %s is there, leaving it the chain",
	    t->chain);
	return TAKEOVER_YIELDED;
}

/* Until the lock is ours, or it is clear that it will not be. */
static enum takeover_result
contend(struct takeover *t, struct leaving *l)
{
	for (;;) {
		enum takeover_result result;
		pid_t owner;

		if (must_yield(t))
			return yield_to_newer(t);
		if (pidfile_acquire(t->pidfile))
			return must_yield(t) ? yield_to_newer(t)
					     : TAKEOVER_OWNED;
		owner = pidfile_holder(t->pidfile);
		if (!owner) {
			pause_ms(1);
			continue;
		}
		if (l->pidfd < 0 || l->pid != owner) {
			stop_watching(l);
			result = face_owner(t, l, owner);
			if (result != TAKEOVER_OWNED)
				return result;
			if (t->if_running == IF_RUNNING_ALLOW) {
				if (!pidfile_supplant(t->pidfile))
					return TAKEOVER_OWNED;
				snprintf(t->why, sizeof(t->why),
				    "cannot make %.300s anew: %s",
				    t->pidfile->path, strerror(errno));
				return TAKEOVER_FAILED;
			}
			t->is_replaced = true;
		}
		if (signals_wait_stop(t->signal_fd, l->pidfd, SLICE_MS))
			return TAKEOVER_STOPPED;
		if (!kill_when_late(l, t->log)) {
			snprintf(t->why, sizeof(t->why),
			    "the runner of chain %s (pid %ld) does not die",
			    t->chain, (long)owner);
			return TAKEOVER_FAILED;
		}
		log_flush(t->log);
	}
}

/* leftovers = keep of completed runs: those were left on purpose. */
static bool
is_left_on_purpose(const char *task, uint64_t run, void *snapshot)
{
	const struct snapshot *s = snapshot;

	for (size_t i = 0; i < s->task_count; i++) {
		bool is_in_progress = s->chain.current_task == (int32_t)i &&
		    run == s->chain.run_number;

		if (!strcmp(s->tasks[i].name, task) && !is_in_progress)
			return s->tasks[i].keeps_leftovers;
	}
	return false;
}

bool
takeover_is_same_boot(const struct snapshot *s)
{
	char boot_id[sizeof(s->chain.boot_id)];

	process_boot_id(boot_id, sizeof(boot_id));
	return !strcmp(boot_id, s->chain.boot_id);
}

/*
 * The predecessor was killed outright.  Its process may still be on its way
 * out of the kernel, and its task dies only as it goes; so first it must be
 * gone, then what carries its mark is ended.
 */
static size_t
end_remains(struct snapshot *s, char *who, size_t who_size)
{
	int pidfd;

	if (!s || s->chain.is_ended || !takeover_is_same_boot(s))
		return 0;
	pidfd = process_open(s->chain.pid, s->chain.start_ticks);
	if (pidfd >= 0) {
		process_wait(pidfd, STOP_MARGIN_MS);
		close(pidfd);
	}
	return strays_end_marked(s->chain.mark, s->chain.start_ticks,
	    s->chain.stop_timeout_ms, is_left_on_purpose, s, who, who_size);
}

/* The chain is ours: make it true on the disk and in the process table. */
static void
settle(struct takeover *t)
{
	char who[64] = "";
	size_t left;

	t->predecessor = statefile_read(t->run_root, t->chain);
	if (!t->predecessor && errno == EPROTO)
		log_say(t->log, LOG_LEVEL_WARNING, NULL,
		    "The state of %s is of another version of runner, "
		    "beginning anew", t->chain);
	if (!t->predecessor && errno == EBADMSG)
		log_say(t->log, LOG_LEVEL_WARNING, NULL,
		    "The state of %s is damaged, beginning anew", t->chain);
	if (pidfile_write(t->pidfile))
		log_say(t->log, LOG_LEVEL_WARNING, NULL,
		    "Could not write pidfile %s: %s", t->chain,
		    strerror(errno));
	else
		log_say(t->log, LOG_LEVEL_DEBUG, NULL, "Wrote pidfile %s",
		    t->chain);
	log_flush(t->log);
	if (t->if_running == IF_RUNNING_ALLOW && t->is_replaced)
		return;
	left = end_remains(t->predecessor, who, sizeof(who));
	if (left)
		log_say(t->log, LOG_LEVEL_ERROR, NULL,
		    "Cannot end %s, left by the previous runner", who);
	if (pidfile_has_rival(t->pidfile))
		t->is_contended = true;
}

enum takeover_result
takeover_run(struct takeover *t)
{
	struct leaving leaving = {.pidfd = -1};
	enum takeover_result result;

	log_found(t, pidfile_holder(t->pidfile));
	log_flush(t->log);
	result = contend(t, &leaving);
	stop_watching(&leaving);
	if (result == TAKEOVER_OWNED)
		settle(t);
	return result;
}

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
	while (!process_wait(l->pidfd, SLICE_MS)) {
		if (!kill_when_late(l, NULL))
			return false;
		if (progress)
			progress(s, clock_now_ms() - l->asked_ms,
			    l->limit_ms - STOP_MARGIN_MS, data);
	}
	return true;
}

int
takeover_stop(const char *run_root, const char *chain,
    takeover_progress *progress, void *data, char *why, size_t why_size)
{
	struct stopping stopping = {run_root, chain};
	struct leaving l = {.pidfd = -1};
	pid_t owner = pidfile_owner(run_root, chain);
	struct snapshot *s = statefile_read(run_root, chain);
	char who[64] = "";
	int result = owner ? 0 : 1;

	if (owner < 0) {
		snprintf(why, why_size, "cannot see who runs %s", chain);
		result = -1;
	} else if (owner &&
	    ask_to_leave(&l, owner, s, owner_by_name, &stopping)) {
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
	s = result < 0 ? NULL : statefile_read(run_root, chain);
	if (end_remains(s, who, sizeof(who))) {
		snprintf(why, why_size, "cannot end %s of chain %s", who,
		    chain);
		result = -1;
	}
	stop_watching(&l);
	snapshot_free(s);
	return result;
}
