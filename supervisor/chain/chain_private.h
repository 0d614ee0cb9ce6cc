/*
 * chain_private: what a chain consists of, for chain_open.c, which puts it
 * together, and chain.c, which runs it.  Each part has its own file and knows
 * nothing of the others.
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
	struct leftovers_told told; /* its end and the next one's begin */
	struct held_record held;    /* are written to: one page */
	char delivery_answer[HELPER_ANSWER_SIZE];
	char ping_answer[HELPER_ANSWER_SIZE];
	struct ping_waiting pings[PING_WAITING_MAX];
	struct control_client clients[CONTROL_CLIENTS_MAX];
};

/*
 * Reads the configuration again; a bad one is logged and the old one stays.
 * Not while a run is in progress.
 */
void chain_reload(struct chain *c);

#endif
