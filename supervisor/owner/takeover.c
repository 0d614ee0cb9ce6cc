#include "takeover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "os/clock.h"
#include "leave.h"
#include "os/process.h"
#include "remains.h"
#include "os/signals.h"
#include "state/statefile.h"

enum {
	STATE_WAIT_MS = 2000,  /* for an owner's first records */
	YOUNG_NS = 1000000000, /* replaced so early: a storm of starts */
};

static void
pause_ms(int64_t ms)
{
	struct timespec t = {
	    .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
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
	} while (
	    clock_now_ms() < until_ms && pidfile_holder(t->pidfile) == owner);
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

static pid_t
owner_by_lock(const void *pidfile)
{
	return pidfile_holder(pidfile);
}

static enum takeover_result
refuse(struct takeover *t, pid_t owner)
{
	snprintf(t->why, sizeof(t->why),
	    "chain %s is already running (pid %ld)", t->chain, (long)owner);
	return TAKEOVER_REFUSED;
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
	if (t->if_running == IF_RUNNING_REFUSE)
		return refuse(t, owner);
	s = t->is_name_given ? statefile_read(t->run_root, t->chain)
			     : read_owner_state(t, owner);
	is_bad = is_collision(t, s);
	if (s && s->chain.pid == owner &&
	    t->pidfile->start_ns - s->chain.start_ns < YOUNG_NS)
		t->is_contended = true;
	if (!is_bad && t->if_running == IF_RUNNING_REPLACE) {
		if (!leave_ask(l, owner, s, owner_by_lock, t->pidfile))
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

static void
show_progress(const struct takeover *t, const struct leaving *l)
{
	struct snapshot *s;

	if (!t->progress || l->pidfd < 0)
		return;
	s = statefile_read(t->run_root, t->chain);
	t->progress(s, clock_now_ms() - l->asked_ms,
	    l->limit_ms - LEAVE_MARGIN_MS, (void *)t->chain);
	snapshot_free(s);
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
			if (signals_wait_stop(t->signal_fd, -1, 1))
				return TAKEOVER_STOPPED;
			continue;
		}
		if (l->pidfd < 0 || l->pid != owner) {
			leave_close(l);
			result = face_owner(t, l, owner);
			if (result != TAKEOVER_OWNED)
				return result;
			t->is_replaced = true;
			if (t->if_running == IF_RUNNING_ALLOW) {
				if (!pidfile_supplant(t->pidfile))
					return TAKEOVER_OWNED;
				snprintf(t->why, sizeof(t->why),
				    "cannot make %.300s anew: %s",
				    t->pidfile->path, strerror(errno));
				return TAKEOVER_FAILED;
			}
		}
		if (signals_wait_stop(t->signal_fd, l->pidfd, LEAVE_SLICE_MS))
			return TAKEOVER_STOPPED;
		if (!leave_kill_when_late(l, t->log)) {
			snprintf(t->why, sizeof(t->why),
			    "the runner of chain %s (pid %ld) does not die",
			    t->chain, (long)owner);
			return TAKEOVER_FAILED;
		}
		log_flush(t->log);
		show_progress(t, l);
	}
}

static void
read_predecessor(struct takeover *t)
{
	t->predecessor = statefile_read(t->run_root, t->chain);
	if (!t->predecessor && errno == EPROTO)
		log_say(t->log, LOG_LEVEL_WARNING, NULL,
		    "The state of %s is of another version of runner, "
		    "beginning anew",
		    t->chain);
	if (!t->predecessor && errno == EBADMSG)
		log_say(t->log, LOG_LEVEL_WARNING, NULL,
		    "The state of %s is damaged, beginning anew", t->chain);
}

/* Somebody removed the pidfile of a runner that lives: it is met as ever. */
static enum takeover_result
face_nameless(struct takeover *t)
{
	pid_t owner = remains_live_runner(t->predecessor, t->run_root);

	if (!owner)
		return TAKEOVER_OWNED;
	t->is_replaced = true;
	if (t->if_running == IF_RUNNING_REFUSE)
		return refuse(t, owner);
	return is_collision(t, t->predecessor) ? TAKEOVER_FAILED
					       : TAKEOVER_OWNED;
}

/* The chain is ours: make it true on the disk and in the process table. */
static enum takeover_result
settle(struct takeover *t)
{
	char who[64] = "";
	enum takeover_result result;

	read_predecessor(t);
	result = t->is_replaced ? TAKEOVER_OWNED : face_nameless(t);
	if (result != TAKEOVER_OWNED)
		return result;
	if (pidfile_write(t->pidfile))
		log_say(t->log, LOG_LEVEL_WARNING, NULL,
		    "Could not write pidfile %s: %s", t->chain,
		    strerror(errno));
	else
		log_say(t->log, LOG_LEVEL_DEBUG, NULL, "Wrote pidfile %s",
		    t->chain);
	log_flush(t->log);
	if (t->if_running == IF_RUNNING_ALLOW && t->is_replaced)
		return TAKEOVER_OWNED;
	if (remains_end(t->predecessor, t->run_root, t->log, who, sizeof(who)))
		log_say(t->log, LOG_LEVEL_ERROR, NULL,
		    "Cannot end %s, left by the previous runner", who);
	if (pidfile_has_rival(t->pidfile))
		t->is_contended = true;
	return TAKEOVER_OWNED;
}

enum takeover_result
takeover_run(struct takeover *t)
{
	struct leaving leaving = {.pidfd = -1};
	enum takeover_result result;

	log_found(t, pidfile_holder(t->pidfile));
	log_flush(t->log);
	/* Only those who would replace an owner stand in the queue: who makes
	 * way for another may trust that it will take the chain. */
	if (t->if_running == IF_RUNNING_REPLACE && pidfile_join(t->pidfile)) {
		snprintf(t->why, sizeof(t->why), "cannot lock %.300s: %s",
		    t->pidfile->path, strerror(errno));
		return TAKEOVER_FAILED;
	}
	result = contend(t, &leaving);
	if (t->progress)
		t->progress(NULL, -1, 0, NULL);
	/* Its lock is free a little before it and its task are gone. */
	if (result == TAKEOVER_OWNED && leaving.pidfd >= 0 &&
	    t->if_running == IF_RUNNING_REPLACE)
		process_wait(leaving.pidfd, LEAVE_MARGIN_MS);
	leave_close(&leaving);
	return result == TAKEOVER_OWNED ? settle(t) : result;
}
