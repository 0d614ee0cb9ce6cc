/*
 * evict: an owner is made to leave, from outside.
 *
 * It is asked with TERM, and killed when it outlives its own stop_timeout and a
 * margin.  Signals go by a pidfd, to a process that was proven to be the owner
 * after the pidfd was opened.
 */
#ifndef RUNNER_EVICT_H
#define RUNNER_EVICT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "log/log.h"
#include "os/process.h"
#include "state/state.h"

enum { EVICT_MARGIN_MS = PROCESS_KILL_MARGIN_MS, EVICT_SLICE_MS = 50 };

struct eviction {
	pid_t pid;
	int pidfd; /* owned, or -1 */
	int64_t asked_ms;
	int64_t limit_ms; /* how long it may take */
	bool is_killed;
};

/* Who holds the chain now? */
typedef pid_t evict_owner_now(const void *where);

/*
 * Opens the owner and asks it to leave.  `s`: its records, or NULL; `look` is
 * asked again, with `where`, when the pidfd is open.  Returns 0; or -1 with
 * errno (ESRCH: it has left), the pidfd closed.
 */
int evict_ask(struct eviction *e, pid_t owner, const struct snapshot *s,
    evict_owner_now *look, const void *where);

/* The same for a process that is proven already; `pidfd` is borrowed. */
void evict_ask_known(
    struct eviction *e, pid_t pid, int pidfd, const struct snapshot *s);

/*
 * KILL once its time is up; `log` may be NULL.  Returns false when even that
 * did not end it.
 */
bool evict_kill_when_late(struct eviction *e, struct log *log);

/* Closes the pidfd; errno stays. */
void evict_close(struct eviction *e);

#endif
