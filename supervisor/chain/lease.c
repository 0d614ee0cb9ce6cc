#include "lease.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/text.h"
#include "config/command.h"
#include "os/clock.h"
#include "policy/schedule.h"

enum { READS_AT_ONCE = 16, STEADY_MS = 10000 };

int
lease_open(struct lease *l, char *const *command, const char *chain,
    const char *cwd, const char *mark, struct log *log)
{
	size_t count = 0;

	l->judge_ms = -1;
	l->cwd = cwd;
	l->mark = mark;
	l->log = log;
	while (command[count])
		count++;
	if (!count)
		return 0;
	l->argv = calloc(count + 1, sizeof(*l->argv));
	if (!l->argv)
		return -1;
	for (size_t i = 0; i < count; i++) {
		l->argv[i] = command_expand(command[i], 'c', chain);
		if (!l->argv[i])
			return -1;
	}
	return 0;
}

void
lease_close(struct lease *l)
{
	for (char **a = l->argv; a && *a; a++)
		free(*a);
	free(l->argv);
	l->argv = NULL;
	child_close(&l->child);
}

bool
lease_is_held(const struct lease *l)
{
	return !l->argv || l->is_held;
}

const char *
lease_fault(const struct lease *l)
{
	return l->is_held || l->child.pid ? "" : l->fault;
}

int64_t
lease_step(struct lease *l, int64_t now_ms)
{
	if (!l->argv)
		return -1;
	if (l->child.pid)
		return child_check_time(&l->child, now_ms);
	if (l->is_closing)
		return -1;
	if (now_ms < l->retry_ms)
		return l->retry_ms;
	l->token_size = 0;
	l->has_spoken = l->is_proven = false;
	if (!spawn_companion(l->argv, l->cwd, l->mark, &l->child)) {
		log_say(l->log, LOG_LEVEL_INFO, NULL, "Waiting for the lease");
		return -1;
	}
	log_say(l->log, LOG_LEVEL_WARNING, NULL,
	    "Could not start the lease command: %s", strerror(errno));
	l->retry_ms = now_ms + schedule_retry_ms(l->tries++);
	return l->retry_ms;
}

/* One read of what is there; at the end of file the descriptor is closed. */
static ssize_t
read_some(int *fd, char *bytes, size_t size)
{
	ssize_t n = *fd >= 0 ? read(*fd, bytes, size) : -1;

	if (n == 0) {
		close(*fd);
		*fd = -1;
	}
	return n;
}

static void
take_first_line(struct lease *l, const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);
	size_t n = end ? (size_t)(end - bytes) : size;

	for (size_t i = 0; i < n && l->token_size < LEASE_TOKEN_SIZE - 1; i++)
		if (!text_is_control(bytes[i]))
			l->token[l->token_size++] = bytes[i];
	l->token[l->token_size] = '\0';
	if (!end)
		return;
	l->is_held = true;
	l->held_ms = clock_now_ms();
	l->fault[0] = '\0';
	log_say(
	    l->log, LOG_LEVEL_INFO, NULL, "The lease is held: %s", l->token);
}

/* The first line that this command says when something is wrong. */
static void
take_fault(struct lease *l, const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);
	size_t length = end ? (size_t)(end - bytes) : size;
	size_t n = text_cut(bytes, length, sizeof(l->fault) - 1);

	/* The half of a secret would be told as it is. */
	while (n < length && n && bytes[n - 1] != ' ')
		n--;
	if (l->has_spoken || !n)
		return;
	l->has_spoken = true;
	memcpy(l->fault, bytes, n);
	l->fault[n] = '\0';
}

void
lease_read(struct lease *l)
{
	char bytes[4096];
	ssize_t n;

	/* So much at once, that one which talks for ever holds nobody up. */
	for (int i = 0; i < READS_AT_ONCE; i++) {
		n = read_some(&l->child.out_fd, bytes, sizeof(bytes));
		if (n <= 0)
			break;
		if (!l->is_held)
			take_first_line(l, bytes, (size_t)n);
	}
	for (int i = 0; i < READS_AT_ONCE; i++) {
		n = read_some(&l->child.err_fd, bytes, sizeof(bytes));
		if (n <= 0)
			break;
		while (n && bytes[n - 1] == '\n')
			n--;
		/* At the end it is our TERM that it speaks of. */
		log_say(l->log,
		    l->is_closing ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARNING, NULL,
		    "The lease command says: %.*s", (int)n, bytes);
		take_fault(l, bytes, (size_t)n);
	}
}

void
lease_finish(struct lease *l, int wait_status, int64_t now_ms)
{
	struct outcome o = outcome_of_wait(wait_status);
	char how[OUTCOME_TEXT_SIZE];

	lease_read(l);
	child_close(&l->child);
	outcome_describe(&o, how);
	if (!l->is_closing)
		log_say(l->log, LOG_LEVEL_WARNING, NULL,
		    "The lease %s: its command ended (%s)",
		    l->is_held ? "is lost" : "was not had", how);
	take_fault(l, how, strlen(how));
	/* One that is lost as soon as it is had waits ever longer too. */
	if (l->is_held && now_ms - l->held_ms >= STEADY_MS)
		l->tries = 0;
	l->is_held = false;
	l->retry_ms = now_ms + schedule_retry_ms(l->tries++);
}

void
lease_stop(struct lease *l, int64_t stop_timeout_ms, int64_t now_ms)
{
	if (l->is_closing)
		return;
	l->is_closing = true;
	if (l->child.pid)
		child_end(&l->child, stop_timeout_ms, now_ms);
}

enum reason
lease_judge(
    struct lease *l, int64_t downtime_ms, int64_t now_ms, int64_t wall_ms)
{
	struct policy_rules rules = {
	    .non_recoverable_downtime_ms = downtime_ms,
	    .heal_after = 1,
	    .notify_after_ms = downtime_ms,
	};
	int64_t steady_ms = downtime_ms < STEADY_MS ? downtime_ms : STEADY_MS;
	enum reason reason;

	l->judge_ms = -1;
	if (l->is_held && (l->is_proven || now_ms - l->held_ms >= steady_ms))
		return policy_success(&l->policy, &rules);
	if (l->is_held) {
		l->judge_ms = l->held_ms + steady_ms;
		return REASON_NONE;
	}
	if (!downtime_ms || l->child.pid || l->is_closing)
		return REASON_NONE;
	reason = policy_failure(&l->policy, &rules, 1, now_ms, wall_ms);
	/* The first word is that of the downtime: the next is a period away. */
	if (reason == REASON_FIRST || reason == REASON_NEW)
		l->policy.downtime_told_ms = now_ms;
	return reason;
}

void
lease_prove(struct lease *l, int64_t now_ms)
{
	l->is_proven = l->is_held;
	if (l->judge_ms >= 0)
		l->judge_ms = now_ms;
}
