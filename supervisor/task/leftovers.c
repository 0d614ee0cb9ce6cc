#include "leftovers.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/process.h"
#include "spawn.h"

enum {
	DEPTH_MAX = 4096,
	FAMILY_STEP = 1024,
	KILL_MARGIN_MS = 5000,
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

/*
 * What comes to us need not be ours: a shell that became a runner by exec(1)
 * had children, and to process 1 come everybody's.  Where the times do not tell
 * them apart, the mark must.
 */
static bool
is_ours(const struct leftovers_search *search, const struct process *child)
{
	if (child->start_ticks < search->since_ticks)
		return false;
	if (getpid() != 1 && child->start_ticks > search->since_ticks)
		return true;
	return process_has_environment(child->pid, search->entry);
}

static bool
is_leftover(const struct leftovers_search *search, const struct process *child)
{
	for (size_t i = 0; i < LEFTOVERS_SPARED_MAX && search->spared[i]; i++)
		if (child->pid == search->spared[i])
			return false;
	return is_ours(search, child) &&
	       !may_stay(search->is_spared, search->data, child->pid);
}

static void
name_process(const struct process *p, char *who, size_t who_size)
{
	if (who)
		snprintf(who, who_size, "%s (pid %ld)", p->name, (long)p->pid);
}

size_t
leftovers_signal(const struct leftovers_search *search, int signal, char *who,
    size_t who_size)
{
	struct family f = {0};
	size_t found = 0;
	/* What was not seen is not known to be gone: look again later. */
	bool is_blind = process_each(add_member, &f) && errno != ESRCH;
	bool has_seen = false;

	for (size_t i = 0; i < f.count; i++) {
		const struct process *child = our_child_above(&f, &f.member[i]);

		has_seen |= child != NULL;
		if (!child || !is_leftover(search, child))
			continue;
		if (!found++)
			name_process(&f.member[i], who, who_size);
		if (signal)
			process_kill(&f.member[i], signal);
	}
	free(f.member);
	/* A look is not one instant, and what forks all the time may slip
	 * through; the kernel knows whether we have children at all. */
	is_blind |= f.is_short || (!has_seen && spawn_has_children());
	return found ? found : is_blind;
}

/* One look for marked processes. */
struct marked_search {
	char entry[64];
	int64_t since_ticks;
	uid_t user;
	leftovers_spared *is_spared;
	void *data;
	int signal;
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
		name_process(p, s->who, s->who_size);
	if (s->signal)
		process_kill(p, s->signal);
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
	    .who = who,
	    .who_size = who_size,
	};
	int64_t kill_ms = clock_now_ms() + m->stop_timeout_ms;
	struct timespec pause = {.tv_nsec = 1000000};
	int polite = SIGTERM, clear = 0;
	uint64_t zombies = 0;

	snprintf(s.entry, sizeof(s.entry), PROCESS_MARK "=%s", m->mark);
	for (;;) {
		int64_t now_ms = clock_now_ms();
		int error = 0;

		s.found = s.unknown = 0;
		zombies = s.zombies;
		s.zombies = 0;
		s.signal = now_ms < kill_ms ? polite : SIGKILL;
		polite = 0; /* TERM once: a second one means "now" to some */
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
		if (clear >= LOOKS_MAX || now_ms > kill_ms + KILL_MARGIN_MS)
			return s.found;
		nanosleep(&pause, NULL);
		if (s.found && s.signal == SIGKILL)
			pause.tv_nsec = 1000000;
		else if (pause.tv_nsec < LONGEST_PAUSE_NS)
			pause.tv_nsec *= 2;
	}
}
