/*
 * chain_private: what a chain consists of.  chain_open.c puts it together;
 * chain.c is its loop, with the turns, the children and the requests each in a
 * file.  Each part has its own file and knows nothing of the others.
 */
#ifndef RUNNER_CHAIN_PRIVATE_H
#define RUNNER_CHAIN_PRIVATE_H

#include "chain.h"
#include "config/config.h"
#include "control.h"
#include "lease.h"
#include "metrics_file.h"
#include "notify/notify.h"
#include "os/change.h"
#include "pause.h"
#include "run.h"
#include "state/records.h"
#include "task/leftovers.h"
#include "tasks.h"
#include "turn.h"

/* Whom the loop waits for. */
enum child_kind {
	CHILD_TASK,
	CHILD_DELIVERY,
	CHILD_PING,
	CHILD_LEASE,
	CHILD_COUNT
};

/* A run that somebody asked for. */
struct asked_run {
	bool is_due; /* it did not begin yet */
	bool is_running;
	size_t task;
	int client; /* who follows it */
};

struct chain {
	struct chain_source source;
	struct config *config;          /* owned; changes on SIGHUP */
	struct chain_settings settings; /* points into it, or to argv */
	struct log *log;
	struct tasks tasks;
	struct turn turn;
	struct run run;
	struct lease lease;
	struct metrics_file metrics;
	struct asked_run asked;
	struct child *children[CHILD_COUNT]; /* each in its own part */
	uid_t user;                          /* whose it is */
	int64_t start_ticks; /* when it became a runner, as leftovers count */
	bool is_stopping;
	bool is_reload_due;
	bool is_draining;    /* stop, once the run in progress has ended */
	bool is_held_up;     /* all tasks are paused: said */
	bool is_unread;      /* the file of pauses: complained of */
	bool has_tried_all;  /* once: messages that wait were tried again */
	bool is_trim_due;    /* pages go back when nothing is to be done */
	bool is_unsure;      /* of its pidfile: complained of */
	bool has_failed;     /* once: some run failed */
	int64_t watchdog_ms; /* period, 0: none */
	int64_t watchdog_due_ms;
	int timer_fd;
	int64_t timer_ms; /* what it is set to, or -1 */
	struct records records;
	struct notify notify;
	struct ping ping;
	struct leftovers_ending leftovers;
	struct control control;
	struct change change; /* of the program that failed last */
	/* What the parts borrow, and an idle chain never touches. */
	struct pauses pauses;
	struct leftovers_told told;
	struct held_record held; /* begins in the page in which `told` ends */
	char delivery_answer[HELPER_ANSWER_SIZE];
	char ping_answer[HELPER_ANSWER_SIZE];
	struct ping_waiting pings[PING_WAITING_MAX];
	struct control_client clients[CONTROL_CLIENTS_MAX];
};

/* The children: what the loop does with each kind. */
struct child_table {
	/* Ends one that is late; returns when to call again, or -1. */
	int64_t (*limit)(struct chain *c, int64_t now_ms);
	void (*on_output)(struct chain *c, enum log_stream stream);
	void (*on_exit)(struct chain *c, int wait_status, int64_t now_ms);
	void (*on_stop)(struct chain *c, int64_t now_ms); /* or NULL */
};
extern const struct child_table chain_children[CHILD_COUNT];

/* Is a run in progress; or what it left behind still there? */
bool chain_is_running(const struct chain *c);
bool chain_is_busy(const struct chain *c);

/* Takes what has ended: children of ours, and strangers' that came to us. */
void chain_take_exits(struct chain *c, int64_t now_ms);

/* Ends what the run left behind, or (task NULL) all that is below us. */
void chain_end_leftovers(
    struct chain *c, const struct chain_task *task, int64_t now_ms);

/*
 * What the admins know of the lease is saved, for a successor; not what waits
 * in memory only, which that one tells again.
 */
void chain_save_lease(struct chain *c);

/* The turns.  Begins the run that is due; returns when to call again. */
int64_t chain_step_turn(struct chain *c, int64_t now_ms);
void chain_finish_run(struct chain *c, int wait_status, int64_t now_ms);

/* The task that is next; when `once` is over, the first. */
size_t chain_next_task(const struct chain *c);

/* The pauses as they are now, and the one of a task, or NULL. */
void chain_read_pauses(struct chain *c);
const struct pause *chain_pause_of(
    const struct chain *c, size_t task, int64_t wall_ms);

/* Tells who asked for a run that it has ended, or will not be. */
__attribute__((format(printf, 3, 4))) void chain_answer_asked(
    struct chain *c, int status, const char *fmt, ...);

/* Replaces the file of metrics. */
void chain_write_metrics(struct chain *c);

/* Does what is asked; chain_stop() also when nobody asked: r is NULL. */
void chain_take_request(
    struct chain *c, const struct request *r, int64_t now_ms);
void chain_stop(struct chain *c, const struct request *r, int64_t now_ms);

/*
 * Reads the configuration again; not while a run is in progress.  Returns 0; or
 * -1, what is wrong is logged, the first of it in `why`, and the old one stays.
 */
int chain_reload(struct chain *c, char *why, size_t why_size);

#endif
