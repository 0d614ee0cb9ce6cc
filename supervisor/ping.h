/*
 * ping: a GET or POST to ping_url at the start and end of each run, in the
 * healthchecks convention.
 *
 * Lossy on purpose: at most one helper at a time; what comes while it works
 * replaces what waits; what cannot be delivered is dropped.
 */
#ifndef RUNNER_PING_H
#define RUNNER_PING_H

#include "helper.h"
#include "log.h"

struct ping {
	struct helper helper;
	const char *path;  /* of runner-notify; borrowed */
	struct log *log;   /* borrowed */
	int64_t timeout_ms;
	char task[256];    /* whose ping is on its way */
	bool is_waiting;
	char next_task[256];
	char next_url[2048];
	size_t next_size;
	char next_body[8192];
	bool is_failing; /* it was said that pings do not arrive */
};

void ping_init(struct ping *p, const char *path, struct log *log);

/*
 * Pings `url` with `suffix` ("/start", "" or "/fail") and the body, of which
 * the last bytes are taken.
 */
void ping_send(struct ping *p, const char *task, const char *url,
    const char *suffix, const char *body, size_t body_size, int64_t now_ms);

/* The helper ended: starts the waiting one. */
void ping_finish(struct ping *p, int wait_status, int64_t now_ms);

#endif
