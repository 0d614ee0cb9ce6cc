#include "takeover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "evict.h"
#include "os/clock.h"
#include "os/process.h"
#include "os/signals.h"
#include "predecessor.h"
#include "runner_version.h"
#include "state/statefile.h"

enum {
	ASK_PATIENCE_MS = 5000,
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
	/* One that ended and that its parent has not looked at yet is gone. */
	if (p->content_pid && !process_read(p->content_pid, &stranger) &&
	    stranger.state != 'Z')
		log_say(t->log, LOG_LEVEL_DEBUG, NULL,
		    "Process %ld does not own it, wiping pidfile %s",
		    (long)p->content_pid, t->chain);
	else
		log_say(t->log, LOG_LEVEL_DEBUG, NULL,
		    "Could not find /proc/%s, wiping pidfile %s", p->content,
		    t->chain);
}

/* The chain's records, when they are to be believed; else NULL. */
static struct snapshot *
read_state(const struct takeover *t)
{
	struct snapshot *s = statefile_read(t->run_root, t->chain);

	if (s && !predecessor_is_believed(s)) {
		log_say(t->log, LOG_LEVEL_WARNING, NULL,
		    "The state of %s belongs to user %lu, starting without it",
		    t->chain, (unsigned long)s->owner);
		snapshot_free(s);
		s = NULL;
		errno = EPERM;
	}
	return s;
}

/* The records of that very owner; waits for its first ones.  NULL: none. */
static struct snapshot *
read_owner_state(const struct takeover *t, pid_t owner)
{
	int64_t until_ms = clock_now_ms() + STATE_WAIT_MS;

	do {
		struct snapshot *s = statefile_read(t->run_root, t->chain);

		if (s && predecessor_is_believed(s) && s->chain.pid == owner &&
		    !s->chain.is_ended)
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

/* A name that was only derived must not hit other tasks' chain, which the
 * process `owner` runs, or which ran (0). */
static bool
is_collision(struct takeover *t, const struct snapshot *s, pid_t owner)
{
	size_t n;

	if (t->is_name_given || !s || has_same_tasks(t, s))
		return false;
	t->is_collision = true;
	n = (size_t)snprintf(
	    t->why, sizeof(t->why), "the chain %s that ", t->chain);
	if (owner)
		n += (size_t)snprintf(t->why + n, sizeof(t->why) - n,
		    "runs (pid %ld)", (long)owner);
	else
		n += (size_t)snprintf(t->why + n, sizeof(t->why) - n, "ran");
	n += (size_t)snprintf(
	    t->why + n, sizeof(t->why) - n, " has other tasks (");
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

static pid_t
owner_without_name(const void *pidfile)
{
	return pidfile_find_nameless(pidfile);
}

static enum takeover_result
refuse(struct takeover *t, pid_t owner)
{
	snprintf(t->why, sizeof(t->why),
	    "chain %s is already running (pid %ld)", t->chain, (long)owner);
	return TAKEOVER_REFUSED;
}

/* Is it in the queue, where the newest wins?  Then others make way. */
static bool
is_queuing(const struct takeover *t)
{
	return t->if_running == IF_RUNNING_REPLACE ||
	       (t->if_running == IF_RUNNING_WAIT && t->drain);
}

/*
 * Asks the owner to leave after its run, and has it waited for without end.
 * One that has just come up may not be ready to be asked.
 */
static enum takeover_result
wait_for_owner(struct takeover *t, struct eviction *e, pid_t owner)
{
	int64_t now_ms = clock_now_ms();
	struct process p;

	if (!t->since_ms)
		t->since_ms = now_ms;
	if (t->drain && t->drain(t->run_root, t->chain, owner)) {
		if (now_ms - t->since_ms < ASK_PATIENCE_MS)
			return TAKEOVER_OWNED;
		snprintf(t->why, sizeof(t->why),
		    "cannot ask the runner of chain %s (pid %ld) to leave: %s",
		    t->chain, (long)owner, strerror(errno));
		return TAKEOVER_FAILED;
	}
	if (process_read(owner, &p))
		return TAKEOVER_OWNED;
	e->pidfd = process_open(owner, p.start_ticks);
	e->pid = owner;
	if (e->pidfd >= 0)
		log_say(t->log, LOG_LEVEL_INFO, NULL,
		    "Waiting for the runner of %s (pid %ld) to end", t->chain,
		    (long)owner);
	return TAKEOVER_OWNED;
}

/* Somebody owns the chain: what is to be done about it, once? */
static enum takeover_result
face_owner(
    struct takeover *t, struct eviction *e, pid_t owner, evict_owner_now *look)
{
	struct snapshot *s;
	bool is_bad;

	if (owner < 0) {
		snprintf(t->why, sizeof(t->why),
		    "cannot tell who runs chain %s (in another container?): "
		    "stop it there",
		    t->chain);
		return TAKEOVER_FAILED;
	}
	s = t->is_name_given ? read_state(t) : read_owner_state(t, owner);
	is_bad = is_collision(t, s, owner);
	if (!is_bad && t->if_running == IF_RUNNING_REFUSE) {
		snapshot_free(s);
		return refuse(t, owner);
	}
	if (s && s->chain.pid == owner &&
	    t->pidfile->start_ns - s->chain.start_ns < YOUNG_NS)
		t->is_contended = true;
	if (!is_bad && t->if_running == IF_RUNNING_REPLACE) {
		if (!evict_ask(e, owner, s, look, t->pidfile))
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
	if (!is_bad && t->if_running == IF_RUNNING_WAIT)
		return wait_for_owner(t, e, owner);
	return is_bad ? TAKEOVER_FAILED : TAKEOVER_OWNED;
}

static bool
must_yield(const struct takeover *t)
{
	return is_queuing(t) && pidfile_has_newer(t->pidfile);
}

static enum takeover_result
yield_to_newer(const struct takeover *t)
{
	log_say(t->log, LOG_LEVEL_INFO, NULL,
	    "A newer runner of chain %s is there and takes it over", t->chain);
	return TAKEOVER_YIELDED;
}

static void
show_progress(const struct takeover *t, const struct eviction *e)
{
	struct snapshot *s;

	if (!t->progress || e->pidfd < 0 || t->if_running == IF_RUNNING_WAIT)
		return;
	s = statefile_look(t->run_root, t->chain);
	t->progress(s, clock_now_ms() - e->asked_ms,
	    e->limit_ms - EVICT_MARGIN_MS, (void *)t->chain);
	snapshot_free(s);
}

static enum takeover_result
wait_a_little(struct takeover *t, struct eviction *e)
{
	if (signals_wait_stop(t->signal_fd, e->pidfd, EVICT_SLICE_MS))
		return TAKEOVER_STOPPED;
	if (t->if_running != IF_RUNNING_WAIT &&
	    !evict_kill_when_late(e, t->log)) {
		snprintf(t->why, sizeof(t->why),
		    "the runner of chain %s (pid %ld) does not die", t->chain,
		    (long)e->pid);
		return TAKEOVER_FAILED;
	}
	log_flush(t->log);
	show_progress(t, e);
	return TAKEOVER_OWNED;
}

static enum takeover_result
cannot_lock(struct takeover *t)
{
	snprintf(t->why, sizeof(t->why), "cannot lock %.300s: %s",
	    t->pidfile->lock_path, strerror(errno));
	return TAKEOVER_FAILED;
}

/* Until the lock is ours, or it is clear that it will not be. */
static enum takeover_result
contend(struct takeover *t, struct eviction *e)
{
	for (;;) {
		enum takeover_result result;
		pid_t owner;
		int got;

		if (must_yield(t))
			return yield_to_newer(t);
		got = pidfile_acquire(t->pidfile);
		if (got < 0)
			return cannot_lock(t);
		/* Perhaps it was the queue of another file that we entered. */
		if (must_yield(t))
			return yield_to_newer(t);
		if (got)
			return TAKEOVER_OWNED;
		owner = pidfile_holder(t->pidfile);
		if (!owner) {
			if (signals_wait_stop(t->signal_fd, -1, 1))
				return TAKEOVER_STOPPED;
			continue;
		}
		if (e->pidfd < 0 || e->pid != owner) {
			evict_close(e);
			result = face_owner(t, e, owner, owner_by_lock);
			if (result != TAKEOVER_OWNED)
				return result;
			t->is_replaced = true;
			if (t->if_running == IF_RUNNING_ALLOW) {
				if (!pidfile_supplant(t->pidfile))
					return TAKEOVER_OWNED;
				snprintf(t->why, sizeof(t->why),
				    "cannot make %.300s again: %s",
				    t->pidfile->path, strerror(errno));
				return TAKEOVER_FAILED;
			}
		}
		result = wait_a_little(t, e);
		if (result != TAKEOVER_OWNED)
			return result;
	}
}

/* What this program cannot read it would overwrite. */
static enum takeover_result
refuse_version(struct takeover *t)
{
	snprintf(t->why, sizeof(t->why),
	    "%.200s/%.208s.state is of another version of runner than this, "
	    "%s: use that one",
	    t->run_root, t->chain, RUNNER_VERSION);
	return TAKEOVER_FAILED;
}

static enum takeover_result
read_predecessor(struct takeover *t)
{
	snapshot_free(t->predecessor);
	t->predecessor = read_state(t);
	if (!t->predecessor && errno == EPROTO)
		return refuse_version(t);
	if (!t->predecessor && errno == EBADMSG)
		log_say(t->log, LOG_LEVEL_WARNING, NULL,
		    "The state of %s is damaged, starting without it",
		    t->chain);
	return TAKEOVER_OWNED;
}

/*
 * Somebody removed the files of a runner that lives and holds them still: it is
 * met as ever.  Who owned this very NAME.lock before us has looked already.
 */
static enum takeover_result
face_nameless(struct takeover *t)
{
	struct eviction e = {.pidfd = -1};
	enum takeover_result result = TAKEOVER_OWNED;
	pid_t owner;

	while (result == TAKEOVER_OWNED &&
	       pidfile_is_new(t->pidfile, t->seen) &&
	       (owner = pidfile_find_nameless(t->pidfile))) {
		t->is_replaced = true;
		result = face_owner(t, &e, owner, owner_without_name);
		if (t->if_running == IF_RUNNING_ALLOW)
			break;
		while (result == TAKEOVER_OWNED && e.pidfd >= 0 &&
		       !process_wait(e.pidfd, 0))
			result = wait_a_little(t, &e);
		evict_close(&e);
	}
	return result;
}

/*
 * The same, when only its open state file tells of it.  Records of other tasks
 * are not carried on either: their failures would be told again.
 */
static enum takeover_result
face_recorded(struct takeover *t)
{
	pid_t owner = predecessor_live_runner(t->predecessor);

	if (is_collision(t, t->predecessor, owner))
		return TAKEOVER_FAILED;
	if (!owner)
		return TAKEOVER_OWNED;
	t->is_replaced = true;
	return t->if_running == IF_RUNNING_REFUSE ? refuse(t, owner)
						  : TAKEOVER_OWNED;
}

/* The chain is ours: make it true on the disk and in the process table. */
static enum takeover_result
finish_takeover(struct takeover *t)
{
	char who[64] = "";
	enum takeover_result result;

	result = face_nameless(t);
	if (result == TAKEOVER_OWNED)
		result = read_predecessor(t);
	if (result == TAKEOVER_OWNED && !t->is_replaced)
		result = face_recorded(t);
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
	if (predecessor_end(t->predecessor, t->log, who, sizeof(who)))
		log_say(t->log, LOG_LEVEL_ERROR, NULL,
		    "Cannot end %s, left by the previous runner", who);
	if (pidfile_has_rival(t->pidfile))
		t->is_contended = true;
	return TAKEOVER_OWNED;
}

static enum takeover_result
take_over(struct takeover *t)
{
	struct eviction leaving = {.pidfd = -1};
	enum takeover_result result = contend(t, &leaving);

	/* Its lock is free a little before it and its task are gone. */
	if (result == TAKEOVER_OWNED && leaving.pidfd >= 0 &&
	    t->if_running != IF_RUNNING_ALLOW)
		process_wait(leaving.pidfd, EVICT_MARGIN_MS);
	evict_close(&leaving);
	return result == TAKEOVER_OWNED ? finish_takeover(t) : result;
}

enum takeover_result
takeover_run(struct takeover *t)
{
	enum takeover_result result;
	struct snapshot *s;

	/* Before a runner is asked to leave for one that cannot carry on. */
	s = statefile_look(t->run_root, t->chain);
	if (!s && errno == EPROTO)
		return refuse_version(t);
	snapshot_free(s);
	log_found(t, pidfile_holder(t->pidfile));
	log_flush(t->log);
	/* Only those who would replace an owner are in the queue: who makes way
	 * for another may trust that it will take the chain. */
	if (is_queuing(t) && pidfile_join(t->pidfile))
		return cannot_lock(t);
	/* Nothing is written before it is clear that the chain is ours: people
	 * remove files, also while we wait for an owner to leave. */
	do
		result = take_over(t);
	while (result == TAKEOVER_OWNED && !pidfile_is_current(t->pidfile));
	if (t->progress)
		t->progress(NULL, -1, 0, NULL);
	return result;
}
