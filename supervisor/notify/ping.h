/*
 * ping: tells a service that watches scheduled jobs (ping_url) of the start and
 * the end of each run.
 *
 * Lossy on purpose: at most one helper at a time; what comes while it works
 * replaces what waits of the same task, save that a start gives way to a
 * result; what cannot be delivered is dropped.  What the service refuses is
 * said once and kept in the task's record for as long as it does.
 */
#ifndef RUNNER_PING_H
#define RUNNER_PING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "delivery.h"
#include "helper.h"
#include "state/records.h"

enum {
	PING_WAITING_MAX = 8,
	PING_BODY_SIZE = 8192,
	PING_RID_SIZE = 37, /* a UUID and NUL */
};

/* The newest ping of a task, which waits. */
struct ping_waiting {
	char task[256];          /* "": none waits here */
	struct ping_event event; /* its strings are those below */
	char url[PING_SETTING_MAX + 1];
	char url_file[1024];
	char rid[PING_RID_SIZE];
	char message[PING_MESSAGE_SIZE];
	uint64_t turn; /* the least is next */
	char body[PING_BODY_SIZE];
};

struct ping {
	struct helper helper;
	const char *path;        /* of runner-notify; borrowed */
	struct records *records; /* borrowed */
	char task[256];          /* whose ping is on its way */
	bool is_failing;         /* it was said that pings do not arrive */
	uint64_t turns;
	struct ping_waiting *waiting; /* PING_WAITING_MAX, borrowed */
};

void ping_init(struct ping *p, const char *path, struct records *records);

/* A new run's id: a random UUID (RFC 4122, version 4). */
void ping_make_rid(char rid[PING_RID_SIZE]);

/* Sends it, if its dialect tells of that state at all. */
void ping_send(struct ping *p, const struct ping_event *e, int64_t now_ms);

/* The helper ended; what came of it. */
enum helper_result ping_finish(struct ping *p, int wait_status);

/* Starts what waits, the first that came, if no helper is at work. */
void ping_next(struct ping *p, int64_t now_ms);

#endif
