/*
 * The chain made ready and taken apart: everything that can fail for want of
 * memory or a command, before the line after which nothing ends the process.
 */
#include "chain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/process.h"
#include "owner/remains.h"
#include "os/sdnotify.h"
#include "runner_version.h"

enum { SETTLE_MS = 100 }; /* longer than starts of one moment are apart */

static int
fail(char *why, size_t why_size, const char *what)
{
	snprintf(why, why_size, "%s: %s", what, strerror(errno));
	return -1;
}

/* The distinct tasks of the words, and the order to run them in. */
static int
collect_tasks(struct chain *c, struct diagnostics *diagnostics)
{
	char **words = c->settings.words;
	size_t count = 0;

	while (words[count])
		count++;
	c->tasks = calloc(count, sizeof(*c->tasks));
	c->order = calloc(count, sizeof(*c->order));
	c->records.tasks = calloc(count, sizeof(*c->records.tasks));
	if (!c->tasks || !c->order || !c->records.tasks)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct task_settings *s =
		    config_task(c->config, words[i], diagnostics);
		size_t at = 0;

		if (!s)
			return errno = EINVAL, -1;
		while (at < c->records.task_count && c->tasks[at].settings != s)
			at++;
		if (at == c->records.task_count)
			c->tasks[c->records.task_count++].settings = s;
		c->order[c->order_count++] = at;
	}
	return 0;
}

static int
plan_tasks(struct chain *c)
{
	for (size_t i = 0; i < c->records.task_count; i++) {
		c->tasks[i].plan = spawn_plan_new(c->tasks[i].settings);
		if (!c->tasks[i].plan)
			return -1;
	}
	return 0;
}

/* The settings that others look up in the records. */
static void
describe_tasks(struct chain *c)
{
	int64_t longest_ms = 0;
	bool has_ping = false;

	for (size_t i = 0; i < c->records.task_count; i++) {
		const struct task_settings *s = c->tasks[i].settings;
		struct task_record *t = &c->records.tasks[i];

		snprintf(t->name, sizeof(t->name), "%s", s->name);
		t->keeps_leftovers = s->leftovers == LEFTOVERS_KEEP;
		if (s->stop_timeout_ms > longest_ms)
			longest_ms = s->stop_timeout_ms;
		has_ping |= s->ping_url != NULL;
		if (c->notify.admins)
			c->notify.admins[i] =
			    s->admins ? s->admins : c->settings.admins;
	}
	if (c->notify.admins)
		c->notify.admins[c->records.task_count] = c->settings.admins;
	c->records.chain.stop_timeout_ms = longest_ms;
	if (has_ping && !c->ping) {
		c->ping = calloc(1, sizeof(*c->ping));
		if (c->ping)
			ping_init(c->ping, c->notify.helper_path, c->log);
	}
}

static void
make_mark(char mark[STATE_MARK_SIZE])
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		memset(bytes, getpid() & 0xff, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		sprintf(mark + 2 * i, "%02x", bytes[i]);
}

const char *
chain_log_file(const struct config *config,
    const struct chain_settings *settings, const char *fallback)
{
	if (settings->log_file)
		return settings->log_file;
	return config->log.file ? config->log.file : fallback;
}

static void
describe_chain(struct chain *c)
{
	struct chain_record *r = &c->records.chain;
	const struct chain_settings *s = &c->settings;
	const char *log_file =
	    chain_log_file(c->config, s, c->source.fallback_log);
	struct process self;

	snprintf(r->name, sizeof(r->name), "%s", s->name);
	snprintf(r->version, sizeof(r->version), "%s", RUNNER_VERSION);
	r->pid = getpid();
	r->current_task = -1;
	r->is_once = c->source.is_once;
	r->is_declared = c->source.is_declared;
	r->task_count = (uint32_t)c->records.task_count;
	r->since_wall_ms = clock_wall_ms();
	r->start_ns = c->source.start_ns;
	if (!process_read(getpid(), &self))
		r->start_ticks = self.start_ticks;
	process_boot_id(r->boot_id, sizeof(r->boot_id));
	make_mark(r->mark);
	snprintf(r->config_file, sizeof(r->config_file), "%s",
	    c->config->file ? c->config->file : "");
	snprintf(
	    r->log_file, sizeof(r->log_file), "%s", log_file ? log_file : "");
}

/*
 * What this process carries on (INTERFACE 6): everything, from a predecessor
 * that died, or when each `once` is a run of the same story; else only what the
 * policy keeps.
 */
static void
inherit(struct chain *c)
{
	const struct snapshot *s = c->source.predecessor;
	int64_t now_ms = clock_now_ms(), wall_ms = clock_wall_ms();
	bool is_carrying_on, is_same_boot;

	if (!s)
		return;
	is_same_boot = remains_is_same_boot(s);
	is_carrying_on = c->source.is_once ||
			 (!s->chain.is_ended && !c->source.is_replacing);
	c->records.held = s->held;
	for (int i = 0; i < STATE_CHANNELS && !is_same_boot; i++)
		throttle_rebase(&c->records.held.throttle[i], now_ms);
	for (size_t i = 0; i < s->task_count; i++) {
		struct task_record old = s->tasks[i], *t;
		size_t index;

		t = records_find(&c->records, old.name, &index);
		if (!t)
			continue;
		old.keeps_leftovers = t->keeps_leftovers;
		if (!is_same_boot)
			policy_rebase(&old.policy, now_ms, wall_ms);
		if (is_carrying_on) {
			*t = old;
		} else {
			policy_start_afresh(&old.policy);
			t->policy = old.policy;
			memcpy(t->recent, old.recent, sizeof(t->recent));
			t->last = old.last;
		}
	}
}

/* Whatever they were doing in another process, now each waits for its turn. */
static void
line_up(struct chain *c)
{
	for (size_t i = 0; i < c->records.task_count; i++) {
		c->records.tasks[i].phase = PHASE_WAITING;
		c->records.tasks[i].running_since_wall_ms = 0;
		c->records.tasks[i].next_run_wall_ms = 0;
	}
}

static int
open_buffers(struct chain *c)
{
	c->capture = capture_new(c->log);
	c->failures = failures_open(c->config->run_root);
	c->timer_fd =
	    timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	return c->capture && c->failures && c->timer_fd >= 0 ? 0 : -1;
}

int
chain_open(struct chain *c, const struct chain_source *source, char *why,
    size_t why_size)
{
	struct diagnostics *diagnostics = calloc(1, sizeof(*diagnostics));
	int64_t now_ms = clock_now_ms();
	bool is_planned;

	*c = (struct chain){.source = *source,
	    .config = source->config,
	    .log = source->log,
	    .sleep_ms = -1,
	    .helper_limit_ms = -1,
	    .timer_ms = -1,
	    .timer_fd = -1};
	c->settings = *source->settings;
	c->records.run_root = c->config->run_root;
	c->records.log = c->log;
	c->start_ticks = source->start_ns / (1000000000 / sysconf(_SC_CLK_TCK));
	run_init(&c->run);
	helper_init(&c->notify.helper);
	is_planned =
	    diagnostics && !collect_tasks(c, diagnostics) && !plan_tasks(c);
	free(diagnostics);
	if (!is_planned)
		return fail(why, why_size, "cannot prepare the tasks");
	if (lease_open(&c->lease, c->settings.lease_command, c->settings.name,
		c->config->project_root, c->records.chain.mark, c->log))
		return fail(why, why_size, "cannot prepare the lease");
	describe_chain(c);
	describe_tasks(c);
	inherit(c);
	line_up(c);
	records_open(&c->records, source->predecessor);
	if (notify_open(&c->notify, &c->records, c->config, c->log, now_ms) ||
	    open_buffers(c))
		return fail(why, why_size, "cannot start");
	describe_tasks(c);
	c->watchdog_ms = sdnotify_watchdog_ms();
	c->watchdog_due_ms = now_ms;
	now_ms = clock_now_ms();
	c->next_run_ms = source->is_contended ? now_ms + SETTLE_MS : now_ms;
	return 0;
}

static void
free_plans(struct chain_task *tasks, size_t count)
{
	for (size_t i = 0; tasks && i < count; i++)
		spawn_plan_free(tasks[i].plan);
}

void
chain_close(struct chain *c)
{
	free_plans(c->tasks, c->records.task_count);
	if (c->notify.outbox)
		notify_close(&c->notify);
	if (c->ping)
		child_close(&c->ping->helper.child);
	free(c->ping);
	lease_close(&c->lease);
	capture_free(c->capture);
	failures_close(c->failures);
	records_close(&c->records);
	if (c->timer_fd >= 0)
		close(c->timer_fd);
	free(c->tasks);
	free(c->order);
	config_free(c->config);
	*c = (struct chain){0};
}

/* What the chain is by the new configuration; its name is the old one. */
static bool
declare_again(const struct chain *c, const struct config *config,
    struct chain_settings *settings, struct diagnostics *diagnostics)
{
	const struct chain_settings *s = config_chain(config, c->settings.name);
	size_t count = 0;

	*settings = c->settings;
	if (!c->source.is_declared)
		return true;
	while (s && s->words[count])
		count++;
	if (count != c->order_count) {
		diagnostics_add(diagnostics,
		    "the chain %s has other tasks now: start it again",
		    c->settings.name);
		return false;
	}
	*settings = *s;
	settings->name = c->settings.name;
	return true;
}

/* The same words in the new configuration: the same tasks? */
static bool
resolve_again(struct chain *c, struct config *config, char **words,
    struct chain_task *fresh, struct diagnostics *diagnostics)
{
	for (size_t i = 0; i < c->order_count; i++) {
		const struct task_settings *s =
		    config_task(config, words[i], diagnostics);
		size_t at = c->order[i];

		if (!s)
			continue;
		if (strcmp(s->name, c->records.tasks[at].name)) {
			diagnostics_add(diagnostics,
			    "the task %s has another name now (%s): start the "
			    "chain again",
			    c->records.tasks[at].name, s->name);
			continue;
		}
		if (fresh[at].plan)
			continue;
		fresh[at].settings = s;
		fresh[at].plan = spawn_plan_new(s);
		fresh[at].tally = c->tasks[at].tally;
		if (!fresh[at].plan)
			diagnostics_add(diagnostics, "out of memory");
	}
	return !diagnostics->count;
}

/* The new settings are whole: nothing can go wrong any more. */
static void
adopt(struct chain *c, struct config *config,
    const struct chain_settings *settings, struct chain_task *fresh)
{
	free_plans(c->tasks, c->records.task_count);
	memcpy(c->tasks, fresh, c->records.task_count * sizeof(*fresh));
	config_free(c->config);
	c->config = config;
	c->settings = *settings;
	c->notify.config = config;
	c->lease.cwd = config->project_root;
	c->records.run_root = config->run_root;
	describe_tasks(c);
	for (size_t i = 0; i < c->records.task_count; i++)
		records_save_task(&c->records, i);
	records_save_chain(&c->records);
}

static void
complain(struct chain *c, const struct diagnostics *diagnostics)
{
	for (size_t i = 0; i < diagnostics->count; i++)
		log_say(c->log, LOG_LEVEL_WARNING, NULL, "%s",
		    diagnostics->text[i]);
	log_say(c->log, LOG_LEVEL_WARNING, NULL,
	    "The configuration cannot be used, the old settings stay");
}

void
chain_reload(struct chain *c)
{
	struct diagnostics *diagnostics = calloc(1, sizeof(*diagnostics));
	struct chain_task *fresh =
	    calloc(c->records.task_count, sizeof(*fresh));
	struct config *config = NULL;
	struct config_source source = *c->source.config_source;
	struct chain_settings settings;

	/* The file in use, not another one that a search might find now. */
	if (c->config->file)
		source.file = c->config->file;
	sdnotify_reloading();
	if (diagnostics && fresh)
		config = config_read(&source, diagnostics);
	if (config && strcmp(config->run_root, c->config->run_root))
		diagnostics_add(diagnostics,
		    "run_root is another one now: start the chain again");
	if (config && declare_again(c, config, &settings, diagnostics) &&
	    resolve_again(c, config, settings.words, fresh, diagnostics)) {
		adopt(c, config, &settings, fresh);
		log_say(c->log, LOG_LEVEL_INFO, NULL,
		    "Read the configuration again");
	} else {
		if (diagnostics)
			complain(c, diagnostics);
		free_plans(fresh, fresh ? c->records.task_count : 0);
		config_free(config);
	}
	if (log_reopen(c->log, &c->config->log,
		chain_log_file(
		    c->config, &c->settings, c->source.fallback_log)))
		log_say(c->log, LOG_LEVEL_WARNING, NULL,
		    "Could not reopen the log: %s", strerror(errno));
	free(fresh);
	free(diagnostics);
	sdnotify_send("READY=1");
}
