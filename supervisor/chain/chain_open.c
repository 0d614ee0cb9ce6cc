/*
 * The chain put together and taken apart: everything that can fail for want of
 * memory or a command, before the line after which nothing ends the process.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "chain_private.h"
#include "os/clock.h"
#include "os/identity.h"
#include "os/pages.h"
#include "os/process.h"
#include "os/sdnotify.h"
#include "owner/pidfile.h"
#include "owner/predecessor.h"
#include "runner_version.h"

/* Longer than starts of one moment are apart. */
enum { CONTENDED_PAUSE_MS = 100 };

const char *
chain_log_file(const struct config *config,
    const struct chain_settings *settings, const char *fallback)
{
	if (settings->log_file)
		return settings->log_file;
	return config->log.file ? config->log.file : fallback;
}

/* Where it logs, also for those who look.  NULL: to standard error. */
static const char *
find_log(struct chain *c)
{
	const char *file =
	    chain_log_file(c->config, &c->settings, c->source.fallback_log);

	text_copy(c->records.chain.log_file, sizeof(c->records.chain.log_file),
	    file ? file : "");
	return file;
}

static void
describe_chain(struct chain *c)
{
	struct chain_record *r = &c->records.chain;
	struct process self;

	snprintf(r->name, sizeof(r->name), "%s", c->settings.name);
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
	snprintf(r->mark, sizeof(r->mark), "%s", c->source.mark);
	snprintf(r->config_file, sizeof(r->config_file), "%s",
	    c->config->file ? c->config->file : "");
	find_log(c);
}

/* Whom the mails of each task are for; the last one: those of no task. */
static void
name_admins(struct chain *c)
{
	for (size_t i = 0; i < c->tasks.count; i++) {
		char **own = c->tasks.task[i].settings->admins;

		c->notify.admins[i] = own ? own : c->settings.admins;
	}
	c->notify.admins[c->tasks.count] = c->settings.admins;
}

/* Was the predecessor killed?  Known until its records are handed over. */
static bool
is_crash(const struct chain *c)
{
	const struct snapshot *old = c->source.predecessor;

	return old && !old->chain.is_ended && !c->source.is_replacing;
}

/* Tasks, their records, and what the records carry on. */
static int
open_tasks(struct chain *c)
{
	struct diagnostics wrong; /* on the stack, which is given back */
	const struct snapshot *old = c->source.predecessor;

	wrong.count = wrong.left_out = 0;
	if (tasks_open(&c->tasks, c->config, c->settings.words, &wrong)) {
		errno = wrong.count ? EINVAL : errno;
		return -1;
	}
	c->records.tasks = calloc(c->tasks.count, sizeof(*c->records.tasks));
	if (!c->records.tasks)
		return -1;
	c->records.task_count = c->tasks.count;
	describe_chain(c);
	tasks_describe(&c->tasks, &c->records);
	if (old)
		tasks_learn(&c->tasks, old);
	records_inherit(&c->records, old, c->source.is_once || is_crash(c),
	    old && predecessor_is_same_boot(old));
	return 0;
}

/* The four kinds of children, and what their parts borrow of each other. */
static int
open_parts(struct chain *c, int64_t now_ms)
{
	if (notify_open(&c->notify, &c->records, c->config, c->log, now_ms))
		return -1;
	name_admins(c);
	ping_init(&c->ping, c->notify.helper_path, &c->records);
	change_open(&c->change);
	c->run.records = &c->records;
	c->run.capture = capture_new(c->log);
	c->run.failures = failures_open(c->config->run_root);
	c->run.notify = &c->notify;
	c->run.ping = &c->ping;
	c->run.log = c->log;
	c->run.is_once = c->source.is_once;
	c->timer_fd =
	    timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	return c->run.capture && c->run.failures &&
		       !secrets_open(&c->run.secrets) && c->timer_fd >= 0
		   ? 0
		   : -1;
}

static bool
is_ours(const void *pidfile)
{
	return pidfile_is_current(pidfile);
}

/*
 * The rest of a cooldown that a predecessor began, when its task says so.  The
 * wall clock may have been set meanwhile: it is no longer than a cooldown is.
 */
static void
resume_cooldown(struct chain *c, bool is_crash, int64_t now_ms)
{
	int64_t wall_ms = clock_wall_ms(), longest_ms = 0;
	size_t longest = 0;

	for (size_t i = 0; i < c->tasks.count; i++) {
		const struct task_settings *s = c->tasks.task[i].settings;
		int64_t rest_ms = c->records.tasks[i].resume_wall_ms - wall_ms;
		int64_t most_ms =
		    s->success_cooldown_ms > s->fail_cooldown_max_ms
			? s->success_cooldown_ms
			: s->fail_cooldown_max_ms;

		/* What was pending is told again by the next run. */
		if (c->records.tasks[i].pending.reason != REASON_NONE)
			return;
		if (rest_ms > most_ms)
			rest_ms = most_ms;
		if (rest_ms > longest_ms &&
		    (s->resume_cooldown == RESUME_ALWAYS ||
			(s->resume_cooldown == RESUME_CRASH && is_crash))) {
			longest_ms = rest_ms;
			longest = i;
		}
	}
	if (longest_ms && !c->source.is_once)
		turn_resume(&c->turn, longest,
		    c->records.tasks[longest].resume_position, longest_ms,
		    now_ms);
}

static int
fill(struct chain *c, int64_t now_ms)
{
	bool was_crash = is_crash(c), failed;

	if (open_tasks(c))
		return -1;
	if (lease_open(&c->lease, c->settings.lease_command, c->settings.name,
		c->config->project_root, c->source.mark, c->log))
		return -1;
	c->lease.policy = c->records.chain.lease_policy;
	failed = records_open(&c->records, c->source.predecessor);
	c->source.predecessor = NULL;
	if (failed || open_parts(c, now_ms))
		return -1;
	if (metrics_file_open(&c->metrics, c->records.task_count))
		return -1;
	control_open(
	    &c->control, c->config->run_root, c->settings.name, c->log);
	c->watchdog_ms = sdnotify_watchdog_ms();
	c->watchdog_due_ms = now_ms;
	now_ms = clock_now_ms();
	if (c->source.is_contended)
		now_ms += CONTENDED_PAUSE_MS;
	turn_init(&c->turn, &c->records, c->log, c->source.is_once, now_ms);
	c->turn.order = c->tasks.order;
	c->turn.order_count = c->tasks.order_count;
	resume_cooldown(c, was_crash, now_ms);
	return 0;
}

struct chain *
chain_open(const struct chain_source *source, char *why, size_t why_size)
{
	/* What a child needs of it lies elsewhere: forking stays cheap. */
	struct chain *c = pages_new_private(sizeof(*c));

	if (!c) {
		snprintf(why, why_size, "cannot start: %s", strerror(errno));
		config_free(source->config);
		snapshot_free(source->predecessor);
		return NULL;
	}
	c->source = *source;
	c->config = source->config;
	c->settings = *source->settings;
	c->log = source->log;
	c->user = geteuid();
	c->records.run_root = c->config->run_root;
	c->records.log = c->log;
	c->records.is_ours = is_ours;
	/* With `allow` the other runner writes to its file on. */
	c->records.can_reuse_file = c->settings.if_running != IF_RUNNING_ALLOW;
	c->records.group = (gid_t)-1;
	c->records.held = &c->held;
	c->leftovers.told = &c->told;
	c->notify.helper.answer = c->delivery_answer;
	c->ping.helper.answer = c->ping_answer;
	c->ping.waiting = c->pings;
	c->control.clients = c->clients;
	if (c->config->status_group)
		identity_find_group(c->config->status_group, &c->records.group);
	c->records.data = c->source.pidfile;
	c->start_ticks = source->start_ns / (1000000000 / sysconf(_SC_CLK_TCK));
	c->timer_fd = c->timer_ms = c->change.fd = -1;
	c->control.listen_fd = c->control.epoll_fd = -1;
	c->children[CHILD_TASK] = &c->run.child;
	c->children[CHILD_DELIVERY] = &c->notify.helper.child;
	c->children[CHILD_PING] = &c->ping.helper.child;
	c->children[CHILD_LEASE] = &c->lease.child;
	for (int i = 0; i < CHILD_COUNT; i++)
		child_init(c->children[i]);
	if (fill(c, clock_now_ms())) {
		snprintf(why, why_size, "cannot start: %s", strerror(errno));
		chain_close(c);
		return NULL;
	}
	return c;
}

void
chain_close(struct chain *c)
{
	control_close(&c->control);
	if (c->notify.outbox)
		notify_close(&c->notify);
	child_close(&c->ping.helper.child);
	lease_close(&c->lease);
	capture_free(c->run.capture);
	failures_close(c->run.failures);
	secrets_close(&c->run.secrets);
	metrics_file_close(&c->metrics);
	records_close(&c->records);
	tasks_close(&c->tasks);
	snapshot_free(c->source.predecessor);
	change_close(&c->change);
	if (c->timer_fd >= 0)
		close(c->timer_fd);
	config_free(c->config);
	pages_free(c, sizeof(*c));
}

static bool
is_same_list(char *const *a, char *const *b)
{
	while (a && *a && b && *b && !strcmp(*a, *b))
		a++, b++;
	return !(a && *a) && !(b && *b);
}

static bool
is_same(char *a, char *b)
{
	return is_same_list((char *[]){a, NULL}, (char *[]){b, NULL});
}

/* What a runner keeps from its start to its end. */
static void
refuse_kept(const struct chain *c, const struct config *config,
    const struct chain_settings *s, struct diagnostics *diagnostics)
{
	const struct chain_settings *own = &c->settings;
	const struct {
		const char *key;
		bool is_same;
	} kept[] = {
	    {"run_root", is_same(config->run_root, c->config->run_root)},
	    {"status_group",
		is_same(config->status_group, c->config->status_group)},
	    {"user", is_same(s->user, own->user)},
	    {"group", is_same(s->group, own->group)},
	    {"nice", s->has_nice == own->has_nice && s->nice == own->nice},
	    {"lease_command",
		is_same_list(s->lease_command, own->lease_command)},
	};

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (!kept[i].is_same)
			diagnostics_add(diagnostics,
			    "%s is another one now: start the chain again",
			    kept[i].key);
}

/* What the chain is by the new configuration; its name is the old one. */
static int
resolve_again(const struct chain *c, struct config *config,
    struct chain_settings *settings, struct tasks *fresh,
    struct diagnostics *diagnostics)
{
	const struct chain_settings *declared =
	    c->source.is_declared ? config_chain(config, c->settings.name)
				  : &c->settings;

	if (!declared) {
		diagnostics_add(diagnostics,
		    "the chain %s is declared no more: stop it, or declare it",
		    c->settings.name);
		return -1;
	}
	refuse_kept(c, config, declared, diagnostics);
	*settings = *declared;
	settings->name = c->settings.name;
	if (tasks_open(fresh, config, settings->words, diagnostics))
		return -1;
	config_check_chain(config,
	    c->source.is_declared ? settings->name : NULL, settings->words,
	    settings->admins, diagnostics);
	return diagnostics->count ? -1 : 0;
}

/* The new settings are whole: nothing can go wrong any more. */
static void
adopt(struct chain *c, struct config *config,
    const struct chain_settings *settings)
{
	config_free(c->config);
	config_forget_others(config, &c->settings.name, 1);
	c->config = config;
	c->settings = *settings;
	c->notify.config = config;
	c->lease.cwd = config->project_root;
	c->records.run_root = c->control.run_root = config->run_root;
	tasks_describe(&c->tasks, &c->records);
	name_admins(c);
	for (size_t i = 0; i < c->records.task_count; i++)
		records_save_task(&c->records, i);
	log_say(c->log, LOG_LEVEL_INFO, NULL, "Read the configuration again");
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

static int
read_config_again(struct chain *c, struct diagnostics *diagnostics)
{
	struct config_source source = *c->source.config_source;
	struct chain_settings settings;
	struct tasks fresh = {0};
	struct config *config;

	/* The file in use, not another one that a search might find now. */
	if (c->config->file)
		source.file = c->config->file;
	config = config_read(&source, diagnostics);
	if (config &&
	    !resolve_again(c, config, &settings, &fresh, diagnostics) &&
	    !tasks_replace(&c->tasks, &fresh, diagnostics)) {
		adopt(c, config, &settings);
		tasks_close(&fresh);
		return 0;
	}
	complain(c, diagnostics);
	config_free(config);
	tasks_close(&fresh);
	return -1;
}

int
chain_reload(struct chain *c, char *why, size_t why_size)
{
	struct diagnostics *diagnostics = calloc(1, sizeof(*diagnostics));
	int result = -1;

	snprintf(why, why_size, "out of memory");
	sdnotify_reloading();
	if (diagnostics) {
		result = read_config_again(c, diagnostics);
		if (diagnostics->count)
			snprintf(why, why_size, "%s", diagnostics->text[0]);
	}
	free(diagnostics);
	if (log_reopen(c->log, &c->config->log, find_log(c)))
		log_say(c->log, LOG_LEVEL_WARNING, NULL,
		    "Could not reopen the log: %s", strerror(errno));
	records_save_chain(&c->records);
	sdnotify_send("READY=1");
	return result;
}
