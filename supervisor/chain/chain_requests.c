/*
 * What people ask of a chain that runs, by a signal or its control socket.
 */
#include "chain_private.h"

#include "os/clock.h"
#include "os/sdnotify.h"

void
chain_stop(struct chain *c, const struct request *r, int64_t now_ms)
{
	if (c->is_stopping)
		return;
	c->is_stopping = true;
	c->records.chain.is_stopping = true;
	records_save_chain(&c->records);
	sdnotify_send("STOPPING=1");
	control_answer(&c->control, r ? r->client : 0, 0, "it stops");
	if (c->asked.is_due)
		chain_answer_asked(c, 1, "the chain was stopped");
	if (chain_is_running(c))
		sdnotify_status("stopping %s", c->run.task->settings->name);
	log_say(c->log, LOG_LEVEL_INFO, NULL, "Stopping");
	for (int i = 0; i < CHILD_COUNT; i++)
		if (chain_children[i].on_stop)
			chain_children[i].on_stop(c, now_ms);
	if (!chain_is_running(c))
		chain_end_leftovers(c, NULL, now_ms);
}

static void
reload(struct chain *c, const struct request *r, int64_t now_ms)
{
	char why[CONTROL_ANSWER_SIZE];

	if (chain_is_busy(c)) {
		c->is_reload_due = true;
		control_answer(&c->control, r->client, 0,
		    "it is read again when the run has ended");
	} else if (chain_reload(c, why, sizeof(why))) {
		control_answer(&c->control, r->client, 2,
		    "%s; the old settings stay", why);
	} else {
		control_answer(&c->control, r->client, 0, "%s", "");
	}
}

static void
wake(struct chain *c, const struct request *r, int64_t now_ms)
{
	if (!chain_is_running(c))
		turn_wake(&c->turn, now_ms);
	control_answer(&c->control, r->client, 0, "%s", "");
}

/* Returns 0, or -1: it cannot run now; the client was told why. */
static int
check_now(struct chain *c, const struct request *r, size_t task)
{
	const struct pause *p = chain_pause_of(c, task, clock_wall_ms());
	const char *chain = c->records.chain.name;

	if (c->is_stopping || c->is_draining)
		control_answer(
		    &c->control, r->client, 3, "%s is stopping", chain);
	else if (p)
		control_answer(&c->control, r->client, 75,
		    "it is paused; runner resume %s%s%s", chain,
		    *p->task ? "/" : "", p->task);
	else if (!lease_is_held(&c->lease))
		control_answer(&c->control, r->client, 75,
		    "%s waits for the lease", chain);
	else if (c->asked.is_due || c->asked.is_running)
		control_answer(&c->control, r->client, 75,
		    "another run was asked for and has not ended");
	else
		return 0;
	return -1;
}

/* The task that is next; one that is paused only when all are. */
static size_t
next_to_run(const struct chain *c)
{
	size_t task;

	for (size_t i = 0; i < c->turn.order_count; i++) {
		task =
		    c->turn.order[(c->turn.position + i) % c->turn.order_count];
		if (!chain_pause_of(c, task, clock_wall_ms()))
			return task;
	}
	return chain_next_task(c);
}

static void
run_now(struct chain *c, const struct request *r, int64_t now_ms)
{
	size_t task;

	if (*r->task && !records_find(&c->records, r->task, &task)) {
		control_answer(&c->control, r->client, 2,
		    "the chain %s that runs has no task '%s'",
		    c->records.chain.name, r->task);
		return;
	}
	chain_read_pauses(c);
	if (!*r->task)
		task = next_to_run(c);
	if (c->source.is_once)
		control_answer(
		    &c->control, r->client, 75, "it runs once, not for ever");
	else if (!check_now(c, r, task))
		c->asked = (struct asked_run){
		    .is_due = true, .task = task, .client = r->client};
}

static void
look_at_pauses(struct chain *c, const struct request *r, int64_t now_ms)
{
	chain_read_pauses(c);
	c->is_held_up = false;
	control_answer(&c->control, r->client, 0, "%s", "");
}

static void
drain(struct chain *c, const struct request *r, int64_t now_ms)
{
	/* `once` ends by itself. */
	if (!c->source.is_once) {
		c->is_draining = true;
		c->records.chain.is_stopping = true;
		records_save_chain(&c->records);
		log_say(c->log, LOG_LEVEL_INFO, NULL,
		    "Stopping when no run is in progress");
	}
	control_answer(&c->control, r->client, 0, "%s", "");
}

static void (*const on_request[REQUEST_COUNT])(
    struct chain *c, const struct request *r, int64_t now_ms) = {
    [REQUEST_STOP] = chain_stop,
    [REQUEST_RELOAD] = reload,
    [REQUEST_WAKE] = wake,
    [REQUEST_NOW] = run_now,
    [REQUEST_PAUSES] = look_at_pauses,
    [REQUEST_DRAIN] = drain,
};

void
chain_take_request(struct chain *c, const struct request *r, int64_t now_ms)
{
	on_request[r->kind](c, r, now_ms);
}
