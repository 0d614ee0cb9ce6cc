/*
 * runner test-notify: one real message through every configured channel.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "message/message.h"
#include "notify/delivery.h"
#include "notify/helper.h"
#include "os/bytes.h"
#include "os/clock.h"
#include "outbox/outbox_look.h"
#include "owner/runroot.h"
#include "runner_version.h"

enum { TEST_TIMEOUT_MS = 60000 };

/* The message as a descriptor, as the outbox would give it. */
static int
compose(const struct config *config, bool is_mail)
{
	size_t size = is_mail ? MESSAGE_SIZE : MESSAGE_JSON_SIZE;
	char *buffer = malloc(size), host[256] = "localhost";
	char id[MESSAGE_ID_SIZE];
	struct notification n = {.reason = REASON_TEST,
	    .message = "",
	    .host = host,
	    .chain = "runner",
	    .task = "test-notify",
	    .command = "runner test-notify",
	    .version = RUNNER_VERSION,
	    .outcome = {.is_success = true},
	    .now_wall_ms = clock_wall_ms(),
	    .id = id};
	struct text t;
	int fd = -1;

	if (!buffer)
		return -1;
	gethostname(host, sizeof(host) - 1);
	message_make_id(
	    id, host, n.chain, n.task, n.now_wall_ms, (uint64_t)getpid());
	text_init(&t, buffer, size);
	if (is_mail)
		message_compose_mail(
		    &t, &n, &config->mail, config->mail.admins);
	else
		message_compose_json(&t, &n);
	fd = bytes_open(t.data, t.length);
	free(buffer);
	return fd;
}

/* Runs one helper to its end.  Prints what was answered. */
static int
deliver(const char *label, const struct text *job, int message_fd)
{
	char answer[HELPER_ANSWER_SIZE], *path = helper_find();
	struct helper h = {.answer = answer};
	const char *last, *before;
	enum helper_result result;
	int status = STATUS_DONE;

	helper_init(&h);
	/* The one before read it to its end. */
	lseek(message_fd, 0, SEEK_SET);
	if (!path || helper_start(&h, path, job, message_fd, TEST_TIMEOUT_MS,
			 clock_now_ms()))
		status = command_fails(STATUS_FAILED, "cannot start %s: %m",
		    path ? path : "runner-notify");
	free(path);
	if (status)
		return status;
	while (waitpid(h.child.pid, &status, 0) < 0 && errno == EINTR)
		continue;
	result = helper_finish(&h, status, &last, &before);
	if (*before)
		printf("%s: %s\n", label, before);
	printf("%s: %s: %s\n", label, result == HELPER_DONE ? "ok" : "failed",
	    last);
	command_flush();
	return result == HELPER_DONE ? STATUS_DONE : STATUS_FAILED;
}

/*
 * One channel as one user; by mail each url, so that its answer is seen, though
 * the channel works when one of them does.
 */
static int
test_channel(const struct config *config, const struct channel *c,
    const char *user, int message_fd, bool *works)
{
	char *const *urls = config->mail.urls;
	int status = STATUS_DONE, now;
	bool has_worked = false;

	do {
		bool is_mail = c->kind == CHANNEL_MAIL;
		char *const one[] = {*urls, NULL};
		char unique[64], label[1024], buffer[DELIVERY_JOB_SIZE];
		struct delivery d = {.channel = c,
		    .config = config,
		    .admins = config->mail.admins,
		    .urls = one,
		    .user = user,
		    .unique = unique};
		struct text job;

		/* A webhook's url may be a secret: it has a name. */
		snprintf(label, sizeof(label), "%s%s%s",
		    is_mail ? *urls : c->name, user ? " as " : "",
		    user ? user : "");
		snprintf(unique, sizeof(unique), "%lld.%ld.test-notify",
		    (long long)clock_wall_ms(), (long)getpid());
		text_init(&job, buffer, sizeof(buffer));
		delivery_make_job(&d, &job);
		now = deliver(label, &job, message_fd);
		has_worked |= now == STATUS_DONE;
		status = command_worse(status, now);
	} while (c->kind == CHANNEL_MAIL && *++urls);
	*works &= has_worked;
	return status;
}

/* Is a chain before this one of the same user? */
static bool
is_known_user(const struct config *config, size_t chain)
{
	const char *user = config->chains[chain].user;

	for (size_t i = 0; i < chain; i++) {
		const char *other = config->chains[i].user;

		if (user == other || (user && other && !strcmp(user, other)))
			return true;
	}
	return false;
}

/* As everybody who will send: the user of each chain, which root can become. */
static int
test_as_users(
    const struct config *config, const struct channel *c, int fd, bool *works)
{
	int status = STATUS_DONE;

	if (geteuid() != 0 || !config->chain_count)
		return test_channel(config, c, NULL, fd, works);
	for (size_t i = 0; i < config->chain_count; i++)
		if (!is_known_user(config, i))
			status = command_worse(
			    status, test_channel(config, c,
					config->chains[i].user, fd, works));
	return status;
}

/* The ping of a task, as the user of a chain that runs it. */
static int
test_ping(const struct task_settings *t, const char *chain, const char *user)
{
	const struct ping_event event = {.task = t->name,
	    .url = t->ping_url,
	    .url_file = t->ping_url_file,
	    .dialect = t->ping,
	    .state = PING_TEST,
	    .rid = "00000000-0000-4000-8000-000000000000",
	    .duration_ms = -1,
	    .exit = -1,
	    .message = "runner test-notify"};
	char buffer[DELIVERY_JOB_SIZE], label[512];
	int fd = bytes_open("", 0), status;
	struct text job;

	if (fd < 0)
		return command_fails(STATUS_FAILED, "cannot compose: %m");
	text_init(&job, buffer, sizeof(buffer));
	delivery_make_ping_job(&job, &event, chain);
	delivery_add(&job, RUNNER_NOTIFY_USER, user);
	snprintf(label, sizeof(label), "ping of %s%s%s", t->name,
	    user ? " as " : "", user ? user : "");
	status = deliver(label, &job, fd);
	close(fd);
	return status;
}

/* Whose ping was tested, and as whom. */
struct pinged {
	size_t count;
	struct {
		const struct task_settings *task;
		const char *user;
	} rows[2 * STATE_TASKS_MAX];
};

/*
 * Tests the pings of tasks by their words, each once for a user; a task that a
 * chain runs is not tested again (`user` NULL) as one of no chain.
 */
static int
test_words(struct config *config, const char *const *words, const char *chain,
    const char *user, struct pinged *p)
{
	const size_t max = sizeof(p->rows) / sizeof(*p->rows);
	int status = STATUS_DONE;

	for (; *words; words++) {
		const struct task_settings *t =
		    config_task(config, *words, NULL);
		size_t i = 0;

		if (!t || (!t->ping_url && !t->ping_url_file))
			continue;
		while (i < p->count &&
		       (p->rows[i].task != t ||
			   (user && (!p->rows[i].user ||
					strcmp(p->rows[i].user, user)))))
			i++;
		if (i < p->count || i == max)
			continue;
		p->rows[p->count].task = t;
		p->rows[p->count++].user = user;
		status = command_worse(status, test_ping(t, chain, user));
	}
	return status;
}

static int
test_pings(struct config *config)
{
	struct pinged *p = calloc(1, sizeof(*p));
	int status = STATUS_DONE;

	for (size_t i = 0; p && i < config->chain_count; i++) {
		const struct chain_settings *chain = &config->chains[i];

		status = command_worse(status,
		    test_words(config, (const char *const *)chain->words,
			chain->name, geteuid() ? NULL : chain->user, p));
	}
	if (p)
		status = command_worse(status,
		    test_words(config, config_task_names(config), "", NULL, p));
	free(p);
	return status;
}

int
cmd_test_notify(const struct invocation *command)
{
	struct config *config = command->config;
	int status = STATUS_DONE;
	struct channel c;
	char why[512], failed[STATE_CHANNELS][STATE_CHANNEL_SIZE];
	size_t failed_count = 0;

	if (runroot_prepare(config, why, sizeof(why)))
		return command_fails(STATUS_FAILED, "%s", why);
	for (size_t i = 0; channel_at(config, i, &c); i++) {
		int fd = compose(config, c.kind == CHANNEL_MAIL);
		bool works = fd >= 0;

		status = command_worse(status,
		    works ? test_as_users(config, &c, fd, &works)
			  : command_fails(STATUS_FAILED, "cannot compose: %m"));
		if (!works)
			strcpy(failed[failed_count++], c.name);
		if (fd >= 0)
			close(fd);
	}
	outbox_look_mark_seen(config->run_root, failed, failed_count);
	return command_worse(status, test_pings(config));
}
