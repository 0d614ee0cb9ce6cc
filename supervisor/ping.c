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
	p->is_waiting = false;
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
start_waiting(struct ping *p, int64_t now_ms)
{
	char buffer[4096], timeout[24];
	struct text job;
	int fd;

	p->is_waiting = false;
	snprintf(p->task, sizeof(p->task), "%s", p->next_task);
	snprintf(timeout, sizeof(timeout), "%d", (int)p->timeout_ms);
	text_init(&job, buffer, sizeof(buffer));
	delivery_add(&job, RUNNER_NOTIFY_KIND, "ping");
	delivery_add(&job, RUNNER_NOTIFY_URL, p->next_url);
	delivery_add(&job, RUNNER_NOTIFY_TIMEOUT, timeout);
	fd = open_body(p->next_body, p->next_size);
	if (helper_start(
		&p->helper, p->path, &job, fd, p->timeout_ms, now_ms))
		complain(p, strerror(errno));
	if (fd >= 0)
		close(fd);
}

void
ping_send(struct ping *p, const char *task, const char *url,
    const char *suffix, const char *body, size_t body_size, int64_t now_ms)
{
	if (body_size > sizeof(p->next_body)) {
		body += body_size - sizeof(p->next_body);
		body_size = sizeof(p->next_body);
	}
	snprintf(p->next_task, sizeof(p->next_task), "%s", task);
	snprintf(p->next_url, sizeof(p->next_url), "%s%s", url, suffix);
	memcpy(p->next_body, body, body_size);
	p->next_size = body_size;
	p->is_waiting = true;
	if (!p->helper.child.pid)
		start_waiting(p, now_ms);
}

void
ping_finish(struct ping *p, int wait_status, int64_t now_ms)
{
	const char *last, *before;

	if (helper_finish(&p->helper, wait_status, &last, &before) !=
	    HELPER_DONE)
		complain(p, last);
	else
		p->is_failing = false;
	if (p->is_waiting)
		start_waiting(p, now_ms);
}
