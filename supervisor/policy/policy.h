/*
 * policy: at the end of a run, are the admins told, and why?
 *
 * The heart of "tell me, but only once": pure, one per task, plain data that is
 * kept in the state file so that a runner whose predecessor died carries on.
 * Time is an argument: `now_ms` is the clock of decisions (CLOCK_BOOTTIME),
 * `wall_ms` is for people.
 *
 * Laws: at most one reason per failure; nothing is told of a downtime before it
 * reached notify_after; two downtime reasons of one downtime are at least
 * non_recoverable_downtime apart, and none comes while it is acknowledged; a
 * signature is `new` once, as long as fewer than POLICY_TOLD_MAX others came
 * since and `remember` has not passed (acknowledged: for ever); `healed` comes
 * once per downtime, and only if there was another reason in that downtime.
 */
#ifndef RUNNER_POLICY_H
#define RUNNER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POLICY_TOLD_MAX = 128 };

enum reason {
	REASON_NONE,
	REASON_FIRST,
	REASON_NEW,
	REASON_DOWNTIME,
	REASON_DOWNTIME_AGAIN,
	REASON_HEALED,
	REASON_DIGEST,  /* what was held back, when nothing else leaves */
	REASON_TEST,    /* runner test-notify */
	REASON_SLOW,    /* a run takes longer than usual */
	REASON_REFUSED, /* another channel refused a message */
	REASON_COUNT,
};

/* Who said that the open downtime is known, and why. */
struct acknowledgement {
	int64_t wall_ms; /* 0: nobody did */
	char who[64];
	char why[256]; /* or empty */
};

struct policy_rules {
	int64_t non_recoverable_downtime_ms; /* 0: never */
	int heal_after;                      /* successes in a row, >= 1 */
	/*
	 * Before anything is told of a downtime: so many failures of it, or,
	 * when notify_after_ms is not 0, so long since it began.
	 */
	int notify_after;
	int64_t notify_after_ms;
	int64_t remember_ms; /* 0: what was told stays known */
};

struct policy {
	/*
	 * The open downtime.  down_since_ms is where the periods are counted
	 * from and starts from zero in a new process; down_since_wall_ms is
	 * when it began for people, and outlives the process.
	 */
	bool is_down;
	bool is_told;    /* a reason was given in this downtime */
	bool has_failed; /* in this process, and it was told */
	/* Somebody said that the downtime is known. */
	bool is_acknowledged;
	uint32_t failures_in_row;
	uint32_t downtime_failures; /* of the open or the last downtime */
	uint32_t successes_in_row;  /* since the last failure */
	int64_t down_since_ms;
	int64_t down_since_wall_ms;
	int64_t downtime_told_ms; /* the last downtime reason, or 0 */
	/* The signatures that were told in this process, and when last. */
	uint32_t told_count;
	uint64_t told[POLICY_TOLD_MAX];
	int64_t told_ms[POLICY_TOLD_MAX];
	/* The last failure by both clocks: what relates one to the other. */
	int64_t failed_ms;
	int64_t failed_wall_ms;
};

/*
 * A run failed.  Returns the reason to tell, which from then on counts as told,
 * or REASON_NONE.
 */
enum reason policy_failure(struct policy *p, const struct policy_rules *rules,
    uint64_t signature, int64_t now_ms, int64_t wall_ms);

/*
 * A run succeeded.  Returns REASON_HEALED or REASON_NONE.  `down_since_wall_ms`
 * still holds the past downtime's start until the next failure.
 */
enum reason policy_success(struct policy *p, const struct policy_rules *rules);

/*
 * The open downtime is known: no downtime reason comes of it until it heals.
 * Returns false when there is none.
 */
bool policy_acknowledge(struct policy *p);

/*
 * A new process takes over from one that ended in order: everything is
 * forgotten, save that a downtime which the admins know of stays open.
 */
void policy_start_afresh(struct policy *p);

/*
 * A new process carries on after one that died before a reboot: the periods are
 * counted on the new boot's clock.
 */
void policy_rebase(struct policy *p, int64_t now_ms, int64_t wall_ms);

/* "first", "new", "downtime", "downtime again", "healed", ... */
const char *reason_name(enum reason reason);

/* The reason of that name, or -1. */
int reason_find(const char *name);

/*
 * What is written after "[TASK] " in the subject and after "Sent email to
 * admins: " in the log, with `message` where it belongs.
 */
void reason_describe(
    enum reason reason, const char *message, char *out, size_t out_size);

#endif
