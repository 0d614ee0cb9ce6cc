/*
 * ping: a GET or POST to ping_url at the start and end of each run, in the
 * healthchecks convention.
 *
 * Lossy on purpose: at most one helper at a time; what comes while it works
 * replaces what waits of the same task, save that a start gives way to a
 * result; what cannot be delivered is dropped.
 */
#ifndef RUNNER_PING_H
#define RUNNER_PING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "helper.h"
#include "log/log.h"

enum { PING_WAITING_MAX = 8, PING_BODY_SIZE = 8192 };

/* The newest ping of a task, which waits. */
struct ping_waiting {
	char task[256]; /* "": none waits here */
	char url[2048];
	bool is_start;
	uint64_t turn; /* the least is next */
	size_t size;
	char body[PING_BODY_SIZE];
};

struct ping {
	struct helper helper;
	const char *path; /* of runner-notify; borrowed */
	struct log *log;  /* borrowed */
	int64_t timeout_ms;
	char task[256];  /* whose ping is on its way */
	bool is_failing; /* it was said that pings do not arrive */
	uint64_t turns;
	struct ping_waiting waiting[PING_WAITING_MAX];
};

void ping_init(struct ping *p, const char *path, struct log *log);

/*
 * Pings `url` with `suffix` ("/start", "" or "/fail") and the body, of which
 * the last bytes are taken.
 */
void ping_send(struct ping *p, const char *task, const char *url,
    const char *suffix, const char *body, size_t body_size, int64_t now_ms);

/* The helper ended; what came of it. */
enum helper_result ping_finish(struct ping *p, int wait_status);

/* Starts what waits, the first that came, if no helper is at work. */
void ping_next(struct ping *p, int64_t now_ms);

#endif
