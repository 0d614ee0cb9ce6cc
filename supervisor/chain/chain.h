/*
 * chain: the one loop.  Runs the tasks in order, for ever.
 *
 * One poll(2) on signals, a timer, the log and the pipes of four kinds of
 * children (the run, a delivery, a ping, the lease); deadlines are instants on
 * CLOCK_BOOTTIME in milliseconds, -1 is none.  After chain_open() nothing here
 * ends the process and nothing grows.
 */
#ifndef RUNNER_CHAIN_H
#define RUNNER_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chain_settings;
struct config;
struct config_source;
struct log;
struct pidfile;
struct snapshot;

/* What a chain is made of; all borrowed for its life, if not said otherwise. */
struct chain_source {
	const struct config_source *config_source; /* to read it again */
	struct config *config;                     /* handed over */
	const struct chain_settings *settings;     /* copied; its name stays */
	bool is_declared;                          /* by chain NAME { } */
	const char *fallback_log; /* of a detached runner; or NULL */
	int64_t start_ns;
	const char *mark; /* RUNNER_MARK, see process.h */
	int signal_fd;
	struct pidfile *pidfile; /* ours */
	struct log *log;
	bool is_once;
	bool is_contended; /* let newer starts come before the first run */
	bool is_replacing; /* the predecessor was alive */
	struct snapshot *predecessor; /* handed over, or NULL */
};

struct chain;

/*
 * Makes a chain ready: records, outbox, buffers.  Returns NULL with one line in
 * `why` when it cannot be; then too, what was handed over is gone.
 */
struct chain *chain_open(
    const struct chain_source *source, char *why, size_t why_size);

/*
 * Runs until told to stop, or once.  Returns whether all runs of `once`
 * succeeded (true when it was stopped).
 */
bool chain_run(struct chain *c);

/*
 * The next failed task that nobody was told of, from index `*at` on, which is
 * moved after it; `*message` says how.  Returns its name, or NULL: no more.
 */
const char *chain_next_untold(
    const struct chain *c, size_t *at, const char **message);
void chain_close(struct chain *c);

/* The chain's log: its own, the configured one, the fallback; NULL: none. */
const char *chain_log_file(const struct config *config,
    const struct chain_settings *settings, const char *fallback);

#endif
