/*
 * state: what is known of a chain while it lives and after it died.
 *
 * Plain data, pure.  The records are at once the live state of the chain, which
 * the loop changes in place, and what the state file holds; nothing is kept
 * twice.  Strings are NUL-ended, unused bytes are zero.
 */
#ifndef RUNNER_STATE_H
#define RUNNER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/outcome.h"
#include "config/settings.h"
#include "policy/policy.h"
#include "policy/throttle.h"

enum {
	/* Another version is refused politely: see statefile. */
	STATE_VERSION = 2,
	STATE_NAME_SIZE = 208,
	STATE_PATH_SIZE = 1024,
	STATE_MESSAGE_SIZE = 648,
	STATE_RUN_MESSAGE_SIZE = 104,
	STATE_RECENT = 32,
	STATE_TASKS_MAX = CHAIN_TASKS_MAX,
	STATE_RUNS_MAX = 1024, /* the last runs of a chain, all tasks */
	STATE_MARK_SIZE = 33,  /* as PROCESS_MARK_SIZE */
	STATE_CHANNELS = 16,   /* of a chain: mail, webhooks, a program */
	STATE_CHANNEL_SIZE = 72,
	STATE_LEASE_FAULT_SIZE = 160,
};

enum task_phase {
	PHASE_STOPPED,
	PHASE_WAITING, /* for its turn */
	PHASE_RUNNING,
	PHASE_COOLDOWN,
	PHASE_LEASE, /* waiting for the lease */
	/* Of those who look, never in a record. */
	PHASE_PAUSED,
	PHASE_UNKNOWN, /* the record cannot be read */
};

/* Of a chain that one of many hosts runs. */
enum lease_state { LEASE_NONE, LEASE_WANTED, LEASE_HELD };

struct last_run {
	int64_t started_wall_ms; /* 0: it never ran */
	int64_t duration_ms;     /* of the run in progress: 0 */
	struct outcome outcome;
	uint64_t signature; /* 0: it did not fail */
	char message[STATE_MESSAGE_SIZE];
};

/*
 * A message that is being told.  When its runner dies before the message is on
 * the disk and the policy saved, the next one tells it again, as the same one.
 */
struct pending_notification {
	uint32_t reason; /* REASON_NONE: nothing is */
	uint64_t signature;
	int64_t wall_ms;
	int64_t down_since_wall_ms;
};

/* One task of a chain.  Counters are of this runner. */
struct task_record {
	char name[STATE_NAME_SIZE];
	uint32_t phase;           /* enum task_phase */
	uint32_t keeps_leftovers; /* leftovers = keep */
	uint32_t stop_signal;     /* the run is stopped by it; 0: it is not */
	uint32_t is_slow;         /* the run lasts longer than slow_after */
	uint32_t is_healthy;      /* the run is a success that goes on */
	/* When its cooldown is over, and who is next then: the position in the
	 * chain.  0: it has none, or that is past. */
	uint32_t resume_position;
	int64_t resume_wall_ms;
	uint64_t runs; /* ended ones */
	uint64_t failures;
	struct last_run last;          /* the last run that ended */
	int64_t running_since_wall_ms; /* 0: it does not run */
	int64_t next_run_wall_ms;      /* 0: not known */
	uint64_t mails_sent;           /* delivered, this runner */
	uint64_t mails_held_back;
	char recent[STATE_RECENT + 1]; /* '.' success, 'x' failure, old first */
	struct policy policy; /* failures_in_row, down_since_wall_ms, ... */
	struct pending_notification pending;
	int64_t last_success_wall_ms; /* its end; 0: it never succeeded */
	int64_t duration_sum_ms;      /* of all runs */
	struct acknowledgement acknowledged;
	/* What the server said to a ping that it refused, while it does. */
	int64_t ping_refused_wall_ms; /* since when; 0: it does not */
	char ping_answer[128];
};

/* The chain as a whole. */
struct chain_record {
	char name[STATE_NAME_SIZE];
	char version[32];     /* of runner */
	int32_t pid;          /* the owner, while it lives */
	int32_t current_task; /* index, or -1 */
	uint32_t task_count;
	uint32_t is_ended; /* it ended in order (not killed) */
	uint32_t lease;    /* enum lease_state */
	char lease_fault[STATE_LEASE_FAULT_SIZE]; /* why it cannot be had */
	int64_t lease_since_wall_ms; /* it is held or not held since then */
	struct policy lease_policy;  /* its downtime, as the admins know it */
	uint32_t is_once;            /* the runner was `once` */
	uint32_t is_declared;  /* it was started by its name in runner.conf */
	int32_t log_error;     /* errno: its log takes nothing; 0: it does */
	int64_t since_wall_ms; /* when this runner started */
	int64_t start_ns;      /* the same on CLOCK_BOOTTIME; who is newer */
	int64_t start_ticks;   /* the same as in /proc/PID/stat, field 22 */
	char boot_id[40];      /* /proc/sys/kernel/random/boot_id */
	char mark[STATE_MARK_SIZE]; /* RUNNER_MARK of what it started */
	int32_t run_pid;            /* the run in progress, or 0 */
	uint32_t is_stopping;       /* a stop was asked for */
	uint64_t run_number;        /* RUNNER_RUN of the run in progress */
	int64_t stop_timeout_ms;    /* the longest of its tasks */
	/* Messages that wait in the outbox, and what the server said last. */
	uint32_t outbox_waiting;
	uint32_t errors; /* faults it lived through: no fork, no disk */
	int64_t outbox_oldest_wall_ms;
	char outbox_answer[STATE_MESSAGE_SIZE];
	char config_file[STATE_PATH_SIZE]; /* or empty */
	char log_file[STATE_PATH_SIZE];    /* or empty: standard error */
};

/* What was held back, per channel; the rows in use are first. */
struct channel_record {
	char name[STATE_CHANNEL_SIZE]; /* or empty: free, as all that follow */
	struct throttle throttle;
};

struct held_record {
	struct channel_record channels[STATE_CHANNELS];
};

/* One run that ended. */
struct run_record {
	uint64_t number;    /* 1, 2, ... over the life of the state file */
	uint64_t run;       /* its RUNNER_RUN */
	uint64_t signature; /* 0: success */
	int64_t started_wall_ms;
	int64_t duration_ms;
	uint32_t task; /* index */
	int16_t exit;  /* or -1 */
	uint8_t signal;
	uint8_t flags;                        /* RUN_... */
	char message[STATE_RUN_MESSAGE_SIZE]; /* its own, cut; or empty */
};

enum { RUN_SUCCESS = 1, RUN_TIMED_OUT = 2, RUN_NOT_EXECUTED = 4 };

/* Everything that a state file says, for those who look. */
struct snapshot {
	/* The file that was read: whose it is, and which. */
	uid_t owner;
	dev_t device;
	ino_t inode;
	struct chain_record chain;
	struct held_record *held; /* owned; NULL: nothing was ever held back */
	size_t task_count;
	struct task_record *tasks; /* owned */
	size_t run_count;
	struct run_record *runs; /* owned; oldest first */
};

/* "running", "cooldown", "waiting", "waiting for the lease", "stopped". */
const char *phase_name(enum task_phase phase);

/* Appends one run to the strip, dropping the oldest. */
void task_record_add_recent(struct task_record *t, bool is_success);

void snapshot_free(struct snapshot *s);

#endif
