#include "ping.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "delivery.h"
#include "runner_notify.h"

enum { PING_TIMEOUT_MS = 10000 };

void
ping_init(struct ping *p, const char *path, struct log *log)
{
	helper_init(&p->helper);
	p->path = path;
	p->log = log;
	p->timeout_ms = PING_TIMEOUT_MS;
	p->is_failing = false;
}

static void
complain(struct ping *p, const char *why)
{
	if (!p->is_failing)
		log_say(p->log, LOG_LEVEL_WARNING, p->task,
		    "Could not ping: %s", why);
	p->is_failing = true;
}

/* The body as a descriptor; -1: it is lost, the ping is not. */
static int
open_body(const char *body, size_t size)
{
	int fd = memfd_create("ping", MFD_CLOEXEC);

	if (fd >= 0 && size && pwrite(fd, body, size, 0) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void
start(struct ping *p, const struct ping_waiting *w, int64_t now_ms)
{
	char buffer[4096], timeout[24];
	struct text job;
	int fd;

	strcpy(p->task, w->task);
	snprintf(timeout, sizeof(timeout), "%d", (int)p->timeout_ms);
	text_init(&job, buffer, sizeof(buffer));
	delivery_add(&job, RUNNER_NOTIFY_KIND, "ping");
	delivery_add(&job, RUNNER_NOTIFY_URL, w->url);
	delivery_add(&job, RUNNER_NOTIFY_TIMEOUT, timeout);
	fd = open_body(w->body, w->size);
	if (helper_start(&p->helper, p->path, &job, fd, p->timeout_ms, now_ms))
		complain(p, strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* The task's own place, an empty one, or that of who can best be missed. */
static struct ping_waiting *
find_place(struct ping *p, const char *task)
{
	struct ping_waiting *best = p->waiting;

	for (size_t i = 0; i < PING_WAITING_MAX; i++) {
		struct ping_waiting *w = &p->waiting[i];

		if (!strcmp(w->task, task))
			return w;
		if (!*best->task)
			continue;
		if (!*w->task || w->is_start > best->is_start ||
		    (w->is_start == best->is_start && w->turn < best->turn))
			best = w;
	}
	return best;
}

void
ping_send(struct ping *p, const char *task, const char *url, const char *suffix,
    const char *body, size_t body_size, int64_t now_ms)
{
	struct ping_waiting *w = find_place(p, task);
	bool is_start = !strcmp(suffix, "/start");

	/* How the last run ended is worth more than that one began. */
	if (is_start && *w->task && !w->is_start)
		return;
	if (body_size > PING_BODY_SIZE) {
		body += body_size - PING_BODY_SIZE;
		body_size = PING_BODY_SIZE;
	}
	snprintf(w->task, sizeof(w->task), "%s", task);
	snprintf(w->url, sizeof(w->url), "%s%s", url, suffix);
	w->is_start = is_start;
	w->turn = ++p->turns;
	w->size = body_size;
	memcpy(w->body, body, body_size);
	ping_next(p, now_ms);
}

enum helper_result
ping_finish(struct ping *p, int wait_status)
{
	const char *last, *before;
	enum helper_result result =
	    helper_finish(&p->helper, wait_status, &last, &before);

	if (result != HELPER_DONE)
		complain(p, last);
	else
		p->is_failing = false;
	return result;
}

void
ping_next(struct ping *p, int64_t now_ms)
{
	while (!p->helper.child.pid) {
		struct ping_waiting *next = NULL;

		for (size_t i = 0; i < PING_WAITING_MAX; i++) {
			struct ping_waiting *w = &p->waiting[i];

			if (*w->task && (!next || w->turn < next->turn))
				next = w;
		}
		if (!next)
			return;
		start(p, next, now_ms);
		next->task[0] = '\0';
	}
}
