#include "ping.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/text.h"
#include "base/units.h"
#include "delivery.h"
#include "os/bytes.h"
#include "os/clock.h"
#include "runner_notify.h"

void
ping_init(struct ping *p, const char *path, struct records *records)
{
	p->path = path;
	p->records = records;
}

void
ping_make_rid(char rid[PING_RID_SIZE])
{
	unsigned char b[16];

	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		memset(b, 0, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(rid, PING_RID_SIZE,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x",
	    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
	    b[11], b[12], b[13], b[14], b[15]);
}

static void
complain(struct ping *p, const char *why)
{
	if (!p->is_failing)
		log_say(p->records->log, LOG_LEVEL_WARNING, p->task,
		    "Could not ping: %s", why);
	p->is_failing = true;
}

/* Refused is not a server that is away: it stays so until somebody acts. */
static void
note_refusal(struct ping *p, const char *answer)
{
	size_t index;
	struct task_record *t = records_find(p->records, p->task, &index);

	if (!t)
		return;
	if (!t->ping_refused_wall_ms) {
		t->ping_refused_wall_ms = clock_wall_ms();
		log_say(p->records->log, LOG_LEVEL_WARNING, p->task,
		    "Ping refused: %s", answer);
	}
	text_copy(t->ping_answer, sizeof(t->ping_answer), answer);
	records_save_task(p->records, index);
}

static void
note_success(struct ping *p)
{
	size_t index;
	struct task_record *t = records_find(p->records, p->task, &index);

	p->is_failing = false;
	if (!t || !t->ping_refused_wall_ms)
		return;
	t->ping_refused_wall_ms = 0;
	memset(t->ping_answer, 0, sizeof(t->ping_answer));
	records_save_task(p->records, index);
	log_say(p->records->log, LOG_LEVEL_INFO, p->task,
	    "Pings are accepted again");
}

static void
start(struct ping *p, const struct ping_waiting *w, int64_t now_ms)
{
	char buffer[8192];
	struct text job;
	int fd;

	strcpy(p->task, w->task);
	text_init(&job, buffer, sizeof(buffer));
	delivery_make_ping_job(&job, &w->event, p->records->chain.name);
	/* -1: the body is lost, the ping is not. */
	fd = bytes_open(w->body, w->event.body_size);
	if (helper_start(
		&p->helper, p->path, &job, fd, PING_TIMEOUT_MS, now_ms))
		complain(p, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static bool
is_start(const struct ping_waiting *w)
{
	return w->event.state == PING_START;
}

/* The task's own entry, an empty one, or that of who can best be missed. */
static struct ping_waiting *
find_entry(struct ping *p, const char *task)
{
	struct ping_waiting *best = p->waiting;

	for (size_t i = 0; i < PING_WAITING_MAX; i++) {
		struct ping_waiting *w = &p->waiting[i];

		if (!strcmp(w->task, task))
			return w;
		if (!*best->task)
			continue;
		if (!*w->task || is_start(w) > is_start(best) ||
		    (is_start(w) == is_start(best) && w->turn < best->turn))
			best = w;
	}
	return best;
}

/* The last `max` bytes of a text, from a character on. */
static const char *
cut_front(const char *text, size_t *size, size_t max)
{
	if (*size <= max)
		return text;
	text += *size - max;
	*size = max;
	/* Of a character that began before: three bytes at most. */
	for (int i = 0; i < 3 && *size && (*text & 0xc0) == 0x80; i++) {
		text++;
		--*size;
	}
	return text;
}

static const char *
copy(char *to, size_t size, const char *from)
{
	text_copy(to, size, from ? from : "");
	return to;
}

void
ping_send(struct ping *p, const struct ping_event *e, int64_t now_ms)
{
	size_t size = ping_has_body(e->dialect) ? e->body_size : 0;
	const char *body = cut_front(e->body, &size, PING_BODY_SIZE);
	struct ping_waiting *w;

	if (!ping_is_sent(e->dialect, e->state))
		return;
	w = find_entry(p, e->task);
	/* How the last run ended is worth more than that one began. */
	if (e->state == PING_START && *w->task && !is_start(w))
		return;
	w->turn = ++p->turns;
	w->event = *e;
	w->event.task = copy(w->task, sizeof(w->task), e->task);
	w->event.url = copy(w->url, sizeof(w->url), e->url);
	w->event.url_file = copy(w->url_file, sizeof(w->url_file), e->url_file);
	w->event.rid = copy(w->rid, sizeof(w->rid), e->rid);
	w->event.message = copy(w->message, sizeof(w->message), e->message);
	w->event.body = w->body;
	w->event.body_size = size;
	text_blank_controls(w->message);
	memcpy(w->body, body, size);
	ping_next(p, now_ms);
}

enum helper_result
ping_finish(struct ping *p, int wait_status)
{
	const char *last, *before;
	enum helper_result result =
	    helper_finish(&p->helper, wait_status, &last, &before);

	if (result == HELPER_DONE)
		note_success(p);
	else if (result == HELPER_REFUSED)
		note_refusal(p, last);
	else
		complain(p, last);
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
