#include "leftovers.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "os/clock.h"
#include "os/process.h"

enum {
	DEPTH_MAX = 4096,
	FAMILY_STEP = 1024,
	NAMES_SIZE = 400,
	FIRST_PAUSE_MS = 5,
	LONGEST_PAUSE_MS = 100,
	/* What is seen for so long is no process on its way to become another
	 * one, such as a runner that a task starts. */
	GRACE_MS = 50,
	/* A runner that starts has its own mark soon. */
	RUNNER_GRACE_MS = 2000,
	/* An environment that cannot be read for so long is none. */
	UNKNOWN_MS = 200,
	/* Looks in a row that find nothing, where processes begin and end all
	 * the time: longer than any execve(2) takes, bar a machine that stands
	 * still. */
	LOOKS_MAX = 16,
	LONGEST_PAUSE_NS = 50000000,
};

/* All processes at one look, by rising pid, to walk from a child to us. */
struct family {
	size_t count, room;
	bool is_short; /* of memory: some are not here */
	struct process *member;
};

static void
add_member(const struct process *p, void *data)
{
	struct family *f = data;

	if (p->state == 'Z')
		return;
	if (f->count == f->room) {
		size_t room = f->room + FAMILY_STEP;
		void *more = reallocarray(f->member, room, sizeof(*f->member));

		if (!more) {
			f->is_short = true;
			return;
		}
		f->member = more;
		f->room = room;
	}
	f->member[f->count++] = *p;
}

static int
compare_pids(const void *a, const void *b)
{
	const struct process *pa = a, *pb = b;

	return (pa->pid > pb->pid) - (pa->pid < pb->pid);
}

static const struct process *
find_member(const struct family *f, pid_t pid)
{
	const struct process key = {.pid = pid};

	return bsearch(&key, f->member, f->count, sizeof(key), compare_pids);
}

/* Which child of ours is this process, or an ancestor of it?  NULL: none. */
static const struct process *
our_child_above(const struct family *f, const struct process *p)
{
	pid_t self = getpid();

	for (int depth = 0; p && depth < DEPTH_MAX; depth++) {
		if (p->parent == self)
			return p;
		p = find_member(f, p->parent);
	}
	return NULL;
}

/* A runner of another chain (or the next of ours) has a mark of its own. */
static bool
is_runner(pid_t pid, const char *our_mark)
{
	char mark[PROCESS_MARK_SIZE];

	return process_environment(pid, PROCESS_MARK, mark, sizeof(mark)) &&
	       strlen(mark) == PROCESS_MARK_SIZE - 1 &&
	       strcmp(mark, our_mark) != 0 &&
	       process_is_our_program(pid, "runner");
}

/* Does it say of itself that it is a run's whose leftovers may stay? */
static bool
may_stay(leftovers_spared *is_spared, void *data, pid_t pid)
{
	char task[256] = "", run[24] = "";

	/* One that changed its environment is not known to be another's. */
	if (!is_spared ||
	    !process_environment(pid, "RUNNER_TASK", task, sizeof(task)) ||
	    !process_environment(pid, "RUNNER_RUN", run, sizeof(run)))
		return false;
	return is_spared(task, strtoull(run, NULL, 10), data);
}

enum kinship { STRANGER, OURS, UNKNOWN };

/*
 * What comes to us need not be ours: a shell that became a runner by exec(1)
 * had children, and to process 1 come everybody's.  Where the times do not tell
 * them apart, the mark must.
 */
static enum kinship
kinship_of(const struct leftovers_scope *scope, const struct process *child)
{
	char entry[sizeof(PROCESS_MARK) + PROCESS_MARK_SIZE];

	if (child->start_ticks < scope->since_ticks)
		return STRANGER;
	if (getpid() != 1 && child->start_ticks > scope->since_ticks)
		return OURS;
	snprintf(entry, sizeof(entry), PROCESS_MARK "=%s", scope->mark);
	if (process_has_environment(child->pid, entry))
		return OURS;
	return errno == ESRCH ? UNKNOWN : STRANGER;
}

static bool
is_known_child(const struct leftovers_scope *scope, pid_t pid)
{
	for (size_t i = 0; i < scope->spared_count; i++)
		if (scope->spared[i] && scope->spared[i]->pid == pid)
			return true;
	return false;
}

/* Is it to be told now?  Each is once, when it was seen for `grace_ms`. */
static bool
is_due(struct leftovers_told *told, const struct process *p, int64_t grace_ms,
    int64_t now_ms)
{
	size_t i = 0;

	while (i < told->count &&
	       (told->process[i].pid != p->pid ||
		   told->process[i].start_ticks != p->start_ticks))
		i++;
	if (i == LEFTOVERS_TOLD_MAX)
		return false;
	if (i == told->count) {
		told->process[i].pid = p->pid;
		told->process[i].start_ticks = p->start_ticks;
		told->process[i].seen_ms = now_ms;
		told->process[i].is_told = false;
		told->count++;
	}
	if (told->process[i].is_told ||
	    now_ms < told->process[i].seen_ms + grace_ms)
		return false;
	told->process[i].is_told = true;
	return true;
}

static void
add_name(struct text *names, const struct process *p)
{
	text_addf(names, "%s%s (pid %ld)", names->length ? ", " : "", p->name,
	    (long)p->pid);
}

/* One look below us. */
struct look {
	size_t found;   /* leftovers, at least 1 when not all could be seen */
	size_t unnamed; /* of those that a signal was sent to */
	struct text names;
	char buffer[NAMES_SIZE];
};

static void
look(
    struct leftovers_ending *e, bool is_killing, struct look *k, int64_t now_ms)
{
	struct family f = {0};
	/* What was not seen is not known to be gone: look again later. */
	bool is_blind = process_each(add_member, &f) && errno != ESRCH;
	bool has_seen = false;

	k->found = k->unnamed = 0;
	text_init(&k->names, k->buffer, sizeof(k->buffer));
	for (size_t i = 0; i < f.count; i++) {
		const struct process *p = &f.member[i];
		const struct process *child = our_child_above(&f, p);
		enum kinship kin;
		int64_t grace_ms;

		has_seen |= child != NULL;
		if (!child || is_known_child(&e->scope, child->pid))
			continue;
		kin = kinship_of(&e->scope, child);
		if (kin == STRANGER ||
		    may_stay(e->scope.is_spared, e->scope.data, child->pid) ||
		    is_runner(child->pid, e->scope.mark))
			continue;
		if (kin == UNKNOWN) {
			is_blind |= now_ms < e->begun_ms + UNKNOWN_MS;
			continue;
		}
		k->found++;
		grace_ms = process_is_our_program(p->pid, NULL)
			       ? RUNNER_GRACE_MS
			       : GRACE_MS;
		if (!is_killing && !is_due(e->told, p, grace_ms, now_ms))
			continue;
		process_kill(p, is_killing ? SIGKILL : SIGTERM);
		if (k->names.length < NAMES_SIZE - 60)
			add_name(&k->names, p);
		else
			k->unnamed++;
	}
	free(f.member);
	/* A look is not one instant, and what forks all the time may slip
	 * through; the kernel knows whether we have children at all. */
	is_blind |= f.is_short || (!has_seen && spawn_has_children());
	if (!k->found)
		k->found = is_blind;
	if (k->unnamed)
		text_addf(&k->names, " and %zu more", k->unnamed);
}

void
leftovers_end(struct leftovers_ending *e, const struct leftovers_scope *scope,
    int64_t now_ms)
{
	e->is_active = spawn_has_children();
	e->scope = *scope;
	e->told->count = 0;
	e->is_clear = e->is_logged = e->is_kill_logged = false;
	e->begun_ms = now_ms;
	leftovers_grant_anew(e, now_ms);
	e->look_ms = now_ms;
	e->pause_ms = FIRST_PAUSE_MS;
}

void
leftovers_grant_anew(struct leftovers_ending *e, int64_t now_ms)
{
	e->kill_ms = now_ms + e->scope.stop_timeout_ms;
	if (e->scope.stop_timeout_ms)
		e->kill_ms += GRACE_MS;
}

static void
log_look(struct leftovers_ending *e, bool is_killing, const struct look *k)
{
	bool *is_logged = is_killing ? &e->is_kill_logged : &e->is_logged;

	if (!k->names.length || *is_logged)
		return;
	*is_logged = true;
	log_say(e->scope.log, is_killing ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO,
	    e->scope.task,
	    is_killing ? "Left behind, did not end on SIGTERM, sent SIGKILL: %s"
		       : "Left behind, sent SIGTERM: %s",
	    k->names.data);
}

/* KILL did not end it within the margin: that is all that can be done. */
static bool
give_up(struct leftovers_ending *e, const struct look *k, int64_t now_ms)
{
	if (now_ms < e->kill_ms + PROCESS_KILL_MARGIN_MS)
		return false;
	log_say(e->scope.log, LOG_LEVEL_ERROR, e->scope.task,
	    "Cannot end %s, which the task left behind",
	    k->names.length ? k->names.data : "what cannot be seen");
	return true;
}

int64_t
leftovers_step(struct leftovers_ending *e, int64_t now_ms)
{
	bool is_killing = now_ms >= e->kill_ms, was_clear = e->is_clear;
	struct look k;

	if (!e->is_active)
		return -1;
	if (now_ms < e->look_ms)
		return e->look_ms;
	look(e, is_killing, &k, now_ms);
	log_look(e, is_killing, &k);
	e->is_clear = !k.found;
	/* A look is not one instant: what forks all the time may slip through
	 * one, so two in a row must find nothing. */
	if ((e->is_clear && was_clear) ||
	    (!e->is_clear && give_up(e, &k, now_ms))) {
		e->is_active = false;
		return -1;
	}
	if (e->is_clear)
		e->pause_ms = FIRST_PAUSE_MS;
	else if (e->pause_ms < LONGEST_PAUSE_MS)
		e->pause_ms *= 2;
	e->look_ms = now_ms + e->pause_ms;
	if (!is_killing && e->look_ms > e->kill_ms)
		e->look_ms = e->kill_ms;
	return e->look_ms;
}

void
leftovers_look_again(struct leftovers_ending *e)
{
	e->look_ms = 0;
	/* It may have had a child that no look has seen. */
	e->is_clear = false;
}

/* One look for marked processes. */
struct marked_search {
	char entry[64];
	int64_t since_ticks;
	uid_t user;
	leftovers_spared *is_spared;
	void *data;
	struct log *log;
	bool is_killing;
	int64_t now_ms;
	struct leftovers_told told;
	size_t found;
	size_t unknown;   /* what they were, or whether they are */
	uint64_t zombies; /* which there are */
	char *who;
	size_t who_size;
};

static void
visit_marked(const struct process *p, void *data)
{
	struct marked_search *s = data;

	if (p->pid == getpid() || p->start_ticks < s->since_ticks)
		return;
	if (p->state == 'Z') {
		s->zombies += (uint64_t)p->start_ticks << 24 ^ (uint64_t)p->pid;
		return;
	}
	if (!process_has_environment(p->pid, s->entry)) {
		if (errno && errno != EACCES && errno != EPERM && !p->is_kernel)
			s->unknown++;
		return;
	}
	if ((s->user && process_user(p->pid) != s->user) ||
	    may_stay(s->is_spared, s->data, p->pid))
		return;
	if (!s->found++)
		snprintf(
		    s->who, s->who_size, "%s (pid %ld)", p->name, (long)p->pid);
	if (s->is_killing) {
		process_kill(p, SIGKILL);
	} else if (is_due(&s->told, p, 0, s->now_ms)) {
		process_kill(p, SIGTERM);
		if (s->log)
			log_say(s->log, LOG_LEVEL_INFO, NULL,
			    "Left by the previous runner, sent SIGTERM: %s "
			    "(pid %ld)",
			    p->name, (long)p->pid);
	}
}

size_t
leftovers_end_marked(
    const struct leftovers_marked *m, char *who, size_t who_size)
{
	struct marked_search s = {
	    .since_ticks = m->since_ticks,
	    .user = m->user,
	    .is_spared = m->is_spared,
	    .data = m->data,
	    .log = m->log,
	    .who = who,
	    .who_size = who_size,
	};
	int64_t kill_ms = clock_now_ms() + m->stop_timeout_ms;
	struct timespec pause = {.tv_nsec = 1000000};
	int clear = 0;
	uint64_t zombies = 0;

	snprintf(s.entry, sizeof(s.entry), PROCESS_MARK "=%s", m->mark);
	for (;;) {
		int error = 0;

		s.now_ms = clock_now_ms();
		s.is_killing = s.now_ms >= kill_ms;
		s.found = s.unknown = 0;
		zombies = s.zombies;
		s.zombies = 0;
		if (process_each(visit_marked, &s))
			error = errno;
		/* What is a zombie now may have had a child in between. */
		s.unknown += s.zombies != zombies;
		/* A look is not one instant: what forks all the time slips
		 * through one during which something ended. */
		if (s.found || (error && error != ESRCH))
			clear = 0;
		else
			clear += error || s.unknown ? 1 : LOOKS_MAX;
		if (clear >= LOOKS_MAX ||
		    s.now_ms > kill_ms + PROCESS_KILL_MARGIN_MS)
			return s.found;
		nanosleep(&pause, NULL);
		if (s.found && s.is_killing)
			pause.tv_nsec = 1000000;
		else if (pause.tv_nsec < LONGEST_PAUSE_NS)
			pause.tv_nsec *= 2;
	}
}
