#include "strays.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "process.h"

enum { FAMILY_MAX = 4096, KILL_MARGIN_MS = 5000 };

/* All processes at one look, to walk from a child to us. */
struct family {
	size_t count;
	struct process member[FAMILY_MAX];
};

static void
add_member(const struct process *p, void *data)
{
	struct family *f = data;

	if (f->count < FAMILY_MAX && p->state != 'Z')
		f->member[f->count++] = *p;
}

static const struct process *
find_member(const struct family *f, pid_t pid)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->member[i].pid == pid)
			return &f->member[i];
	return NULL;
}

/* Which child of ours is this process, or an ancestor of it?  NULL: none. */
static const struct process *
our_child_above(const struct family *f, const struct process *p)
{
	pid_t self = getpid();

	for (int depth = 0; p && depth < FAMILY_MAX; depth++) {
		if (p->parent == self)
			return p;
		p = find_member(f, p->parent);
	}
	return NULL;
}

static bool
may_stay(strays_spared *is_spared, void *data, pid_t pid)
{
	char task[256] = "", run[24] = "";

	/* One that changed its environment is not known to be another's. */
	if (!is_spared ||
	    !process_environment(pid, "RUNNER_TASK", task, sizeof(task)) ||
	    !process_environment(pid, "RUNNER_RUN", run, sizeof(run)))
		return false;
	return is_spared(task, strtoull(run, NULL, 10), data);
}

static bool
is_stray(const struct strays_search *search, const struct process *child)
{
	for (size_t i = 0; i < STRAYS_SPARED_MAX && search->spared[i]; i++)
		if (child->pid == search->spared[i])
			return false;
	return child->start_ticks >= search->since_ticks &&
	    !may_stay(search->is_spared, search->data, child->pid);
}

static void
name_process(const struct process *p, char *who, size_t who_size)
{
	if (who)
		snprintf(who, who_size, "%s (pid %ld)", p->name, (long)p->pid);
}

size_t
strays_signal(const struct strays_search *search, int signal, char *who,
    size_t who_size)
{
	struct family *f = malloc(sizeof(*f));
	size_t found = 0;

	if (!f)
		return 1; /* not known to be gone: look again later */
	f->count = 0;
	process_each(add_member, f);
	for (size_t i = 0; i < f->count; i++) {
		const struct process *child =
		    our_child_above(f, &f->member[i]);

		if (!child || !is_stray(search, child))
			continue;
		if (!found++)
			name_process(&f->member[i], who, who_size);
		if (signal)
			process_kill(&f->member[i], signal);
	}
	free(f);
	return found;
}

/* One look for marked processes. */
struct marked_search {
	char entry[64];
	int64_t since_ticks;
	strays_spared *is_spared;
	void *data;
	int signal;
	size_t found;
	char *who;
	size_t who_size;
};

static void
visit_marked(const struct process *p, void *data)
{
	struct marked_search *s = data;

	if (p->state == 'Z' || p->pid == getpid() ||
	    p->start_ticks < s->since_ticks ||
	    !process_has_environment(p->pid, s->entry) || may_stay(s->is_spared, s->data, p->pid))
		return;
	if (!s->found++)
		name_process(p, s->who, s->who_size);
	if (s->signal)
		process_kill(p, s->signal);
}

size_t
strays_end_marked(const char *mark, int64_t since_ticks,
    int64_t stop_timeout_ms, strays_spared *is_spared, void *data, char *who,
    size_t who_size)
{
	struct marked_search s = {
	    .since_ticks = since_ticks,
	    .is_spared = is_spared,
	    .data = data,
	    .who = who,
	    .who_size = who_size,
	};
	int64_t kill_ms = clock_now_ms() + stop_timeout_ms;
	struct timespec pause = {.tv_nsec = 1000000};
	int polite = SIGTERM;

	snprintf(s.entry, sizeof(s.entry), PROCESS_MARK "=%s", mark);
	do {
		int64_t now_ms = clock_now_ms();

		s.found = 0;
		s.signal = now_ms < kill_ms ? polite : SIGKILL;
		polite = 0; /* TERM once: a second one means "now" to some */
		process_each(visit_marked, &s);
		/* What was just forked may have been missed: look again until
		 * a look finds nothing. */
		if (!s.found || now_ms > kill_ms + KILL_MARGIN_MS)
			break;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 50000000)
			pause.tv_nsec *= 2;
	} while (true);
	return s.found;
}
