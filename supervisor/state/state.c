#include "state.h"

#include <stdlib.h>
#include <string.h>

const char *
phase_name(enum task_phase phase)
{
	static const char *const names[] = {
	    [PHASE_STOPPED] = "stopped",
	    [PHASE_WAITING] = "waiting",
	    [PHASE_RUNNING] = "running",
	    [PHASE_COOLDOWN] = "cooldown",
	    [PHASE_LEASE] = "waiting for the lease",
	    [PHASE_PAUSED] = "paused",
	    [PHASE_UNKNOWN] = "unknown",
	};

	return phase <= PHASE_UNKNOWN ? names[phase] : "stopped";
}

void
task_record_add_recent(struct task_record *t, bool is_success)
{
	size_t n = strlen(t->recent);

	if (n == STATE_RECENT) {
		memmove(t->recent, t->recent + 1, STATE_RECENT - 1);
		n--;
	}
	t->recent[n] = is_success ? '.' : 'x';
	t->recent[n + 1] = '\0';
}

void
snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	free(s->held);
	free(s->tasks);
	free(s->runs);
	free(s);
}
