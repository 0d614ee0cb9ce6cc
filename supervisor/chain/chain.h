/*
 * chain: the one loop.  Runs the tasks in order, for ever.
 *
 * One poll(2) on signals, a timer, the pipes of the run and the answer of a
 * helper; deadlines are instants on CLOCK_BOOTTIME in milliseconds, -1 is none.
 * After chain_open() nothing here ends the process and nothing grows.
 */
#ifndef RUNNER_CHAIN_H
#define RUNNER_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "task/capture.h"
#include "config/config.h"
#include "state/failures.h"
#include "lease.h"
#include "state/records.h"
#include "log/log.h"
#include "notify/notify.h"
#include "owner/pidfile.h"
#include "notify/ping.h"
#include "run.h"
#include "sweep.h"
#include "policy/tally.h"

/* What the chain knows of a task besides its record. */
struct chain_task {
	const struct task_settings *settings; /* of the configuration in use */
	struct spawn_plan *plan;              /* owned */
	struct tally tally;
};

/* What a chain is made of; all borrowed for its life. */
struct chain_source {
	const struct config_source *config_source; /* to read it again */
	struct config *config;                     /* handed over */
	const struct chain_settings *settings;     /* copied; its name stays */
	bool is_declared;                          /* by chain NAME { } */
	const char *fallback_log; /* of a detached runner; or NULL */
	int64_t start_ns;
	int signal_fd;
	struct pidfile *pidfile; /* ours; borrowed */
	struct log *log;
	bool is_once;
	bool is_contended; /* let newer starts come before the first run */
	bool is_replacing; /* the predecessor was alive */
	struct snapshot *predecessor; /* handed over, or NULL */
};

struct chain {
	struct chain_source source;
	struct config *config;          /* owned; changes on SIGHUP */
	struct chain_settings settings; /* points into it, or to argv */
	struct log *log;
	struct records records;
	struct notify notify;
	struct ping *ping; /* NULL: no task has a ping_url */
	struct lease lease;
	struct capture *capture;
	struct failures_store *failures;
	struct chain_task *tasks; /* the distinct ones, as in records.tasks */
	size_t *order;            /* indices, in the order of the chain */
	size_t order_count;
	size_t position; /* in order: the next to run */
	struct run run;
	struct sweep sweep;
	int64_t next_run_ms;  /* the cooldown ends */
	uint32_t start_tries; /* of a run that could not be started */
	int64_t sleep_ms;     /* a cooldown that is not logged yet, or -1 */
	size_t sleep_task;
	int64_t sleep_said_ms; /* when it is logged at the latest */
	int64_t
	    start_ticks; /* when it became a runner, as leftovers.h counts */
	bool is_new;
	bool is_stopping;
	bool is_reload_due;
	bool is_unsure;          /* of its pidfile: complained of */
	bool has_failed;         /* once: some run failed */
	int64_t helper_limit_ms; /* when stopping: a delivery ends */
	int64_t watchdog_ms;     /* period, 0: none */
	int64_t watchdog_due_ms;
	int timer_fd;
	int64_t timer_ms; /* what it is set to, or -1 */
};

/*
 * Makes the chain ready: records, outbox, buffers.  Returns 0, or -1 with one
 * line in `why`.
 */
int chain_open(struct chain *c, const struct chain_source *source, char *why,
    size_t why_size);

/*
 * Runs until told to stop, or once.  Returns whether all runs of `once`
 * succeeded (true when it was stopped).
 */
bool chain_run(struct chain *c);
void chain_close(struct chain *c);

/* The chain's log: its own, the configured one, the fallback; NULL: none. */
const char *chain_log_file(const struct config *config,
    const struct chain_settings *settings, const char *fallback);

/* Reads the configuration again; a bad one is logged and the old one stays. */
void chain_reload(struct chain *c);

/* May a process of that task's run stay when the chain ends?  (leftovers.h) */
bool chain_spares(const char *task, uint64_t run, void *chain);

#endif
