/*
 * takeover: a runner becomes the owner of its chain.
 *
 * The newest start wins; at no instant do two runners of one chain run a task.
 * Used by a runner that starts, and by `runner stop`, which ends an owner the
 * same way without becoming one.
 */
#ifndef RUNNER_TAKEOVER_H
#define RUNNER_TAKEOVER_H

#include "config/settings.h"
#include "log/log.h"
#include "pidfile.h"
#include "state/state.h"

enum takeover_result {
	TAKEOVER_OWNED,   /* the chain is ours */
	TAKEOVER_YIELDED, /* a newer runner wants it: end with status 0 */
	TAKEOVER_REFUSED, /* if_running = refuse, and it runs */
	TAKEOVER_STOPPED, /* we were told to stop (TERM, INT) meanwhile */
	TAKEOVER_FAILED,  /* `why` says it */
};

/*
 * Shows a person what is waited for: an owner that leaves, with its records (or
 * NULL).  `waited_ms` < 0: it is over.
 */
typedef void takeover_progress(
    const struct snapshot *s, int64_t waited_ms, int64_t limit_ms, void *data);

/* Who asks, for which chain.  Borrowed. */
struct takeover {
	struct pidfile *pidfile; /* open */
	struct log *log;
	const char *run_root;
	const char *chain;
	enum if_running if_running;
	/*
	 * Is the chain that runs another one of the same derived name?  Then it
	 * is not touched: FAILED.  `words` are our tasks' names.
	 */
	bool is_name_given;
	const struct pidfile_unused *seen; /* or NULL */
	const struct task_settings *const *tasks;
	size_t task_count;
	/*
	 * Of `wait`: asks the owner to leave when its run in progress has
	 * ended; returns 0, or -1 with errno.  NULL: it leaves by itself.
	 */
	int (*drain)(const char *run_root, const char *chain, pid_t owner);
	takeover_progress *progress; /* or NULL; is told the chain's name */
	int signal_fd; /* becomes readable when we are told to stop */
	char why[512];
	bool is_collision; /* FAILED: a usage error, not a fault */
	/* Out: the predecessor's records, owned by the caller; or NULL. */
	struct snapshot *predecessor; /* also when it failed */
	bool is_contended; /* others start at the same time: wait for quiet
			      first */
	bool is_replaced;  /* a live runner was replaced */
	int64_t since_ms;  /* of `wait`: when it was asked first */
};

/*
 * Takes the chain over: waits for a live owner to leave, ends one that does
 * not, ends what a killed one left, writes the pidfile.
 */
enum takeover_result takeover_run(struct takeover *t);

/*
 * Ends the owner of a chain and everything of it: TERM, KILL when it outlives
 * its stop_timeout and a margin, then what it left.  `log` may be NULL.
 * Returns 0 when nothing is left, 1 when it was not running; -1 with `why`.
 * `has_hidden`: also runners that were supplanted or whose files were removed;
 * else pidfile_find_hidden() is the caller's to ask.
 */
int takeover_stop(const char *run_root, const char *chain, bool has_hidden,
    takeover_progress *progress, void *data, char *why, size_t why_size);

#endif
