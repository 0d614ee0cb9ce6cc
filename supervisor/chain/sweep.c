#include "sweep.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "chain.h"
#include "os/process.h"

enum { FIRST_PAUSE_MS = 5, LONGEST_PAUSE_MS = 100, KILL_MARGIN_MS = 5000 };

static void
spare_known(const struct chain *c, struct leftovers_search *search)
{
	const pid_t known[] = {c->run.child.pid, c->notify.helper.child.pid,
	    c->ping ? c->ping->helper.child.pid : 0, c->lease.child.pid};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i])
			search->spared[n++] = known[i];
	search->spared[n] = 0;
}

/* After a run: what another task left on purpose is none of its. */
static bool
is_of_another_task(const char *task, uint64_t run, void *data)
{
	const struct chain *c = data;

	return strcmp(task, c->records.tasks[c->sweep.task].name) != 0;
}

static size_t
look(struct chain *c, int signal, char *who, size_t who_size)
{
	char entry[sizeof(PROCESS_MARK) + STATE_MARK_SIZE];
	struct leftovers_search search = {
	    .entry = entry,
	    .since_ticks = c->sweep.since_ticks,
	    .is_spared = c->sweep.is_final ? chain_spares : is_of_another_task,
	    .data = c,
	};

	snprintf(
	    entry, sizeof(entry), PROCESS_MARK "=%s", c->records.chain.mark);
	spare_known(c, &search);
	return leftovers_signal(&search, signal, who, who_size);
}

void
sweep_start(struct chain *c, size_t task, int64_t since_ticks, bool is_final,
    int64_t now_ms)
{
	c->sweep = (struct sweep){
	    .is_active = spawn_has_children(),
	    .is_final = is_final,
	    .task = task,
	    .since_ticks = since_ticks,
	    .kill_ms =
		now_ms + (is_final ? c->records.chain.stop_timeout_ms
				   : c->tasks[task].settings->stop_timeout_ms),
	    .look_ms = now_ms + FIRST_PAUSE_MS,
	    .pause_ms = FIRST_PAUSE_MS,
	};
	if (c->sweep.is_active)
		c->sweep.is_clear = !look(c, SIGTERM, NULL, 0);
}

/* KILL did not end it within the margin: that is all that can be done. */
static bool
give_up(struct chain *c, const char *who, int64_t now_ms)
{
	struct sweep *s = &c->sweep;

	if (now_ms < s->kill_ms + KILL_MARGIN_MS)
		return false;
	if (!s->is_named)
		log_say(c->log, LOG_LEVEL_ERROR,
		    s->is_final ? NULL : c->records.tasks[s->task].name,
		    "Cannot end %s, which the task left behind",
		    *who ? who : "what cannot be seen");
	s->is_named = true;
	return true;
}

int64_t
sweep_step(struct chain *c, int64_t now_ms)
{
	struct sweep *s = &c->sweep;
	char who[64] = "";
	bool was_clear;

	if (!s->is_active)
		return -1;
	if (now_ms < s->look_ms)
		return s->look_ms;
	s->is_killing = now_ms >= s->kill_ms;
	was_clear = s->is_clear;
	s->is_clear = !look(c, s->is_killing ? SIGKILL : 0, who, sizeof(who));
	/* A look is not one instant: what forks all the time may slip through
	 * one, so two in a row must find nothing. */
	if ((s->is_clear && was_clear) ||
	    (!s->is_clear && give_up(c, who, now_ms))) {
		s->is_active = false;
		return -1;
	}
	if (s->is_clear)
		s->pause_ms = FIRST_PAUSE_MS;
	else if (s->pause_ms < LONGEST_PAUSE_MS)
		s->pause_ms *= 2;
	s->look_ms = now_ms + s->pause_ms;
	if (!s->is_killing && s->look_ms > s->kill_ms)
		s->look_ms = s->kill_ms;
	return s->look_ms;
}

void
sweep_hint(struct chain *c)
{
	c->sweep.look_ms = 0;
	/* It may have had a child that no look has seen. */
	c->sweep.is_clear = false;
}
