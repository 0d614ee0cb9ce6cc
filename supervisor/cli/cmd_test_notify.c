/*
 * runner test-notify: one real message through every configured channel.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/clock.h"
#include "commands.h"
#include "notify/delivery.h"
#include "notify/helper.h"
#include "message/message.h"
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
	fd = memfd_create("test", MFD_CLOEXEC);
	if (fd >= 0 && pwrite(fd, t.data, t.length, 0) != (ssize_t)t.length) {
		close(fd);
		fd = -1;
	}
	free(buffer);
	return fd;
}

/* Runs one helper to its end.  Prints what was answered. */
static int
deliver(const char *label, const struct text *job, int message_fd)
{
	struct helper h;
	char path[4096];
	const char *last, *before;
	enum helper_result result;
	int status;

	helper_init(&h);
	helper_find(path, sizeof(path));
	/* The one before read it to its end. */
	lseek(message_fd, 0, SEEK_SET);
	if (helper_start(
		&h, path, job, message_fd, TEST_TIMEOUT_MS, clock_now_ms()))
		return command_fails(
		    STATUS_FAILED, "cannot start %s: %m", path);
	while (waitpid(h.child.pid, &status, 0) < 0 && errno == EINTR)
		continue;
	result = helper_finish(&h, status, &last, &before);
	if (*before)
		printf("%s: %s\n", label, before);
	printf("%s: %s: %s\n", label, result == HELPER_DONE ? "ok" : "failed",
	    last);
	fflush(stdout);
	return result == HELPER_DONE ? STATUS_DONE : STATUS_FAILED;
}

/* Each mail url on its own, so that each one's answer is seen. */
static int
test_mail(const struct config *config, int message_fd)
{
	int status = STATUS_DONE;

	for (char **url = config->mail.urls; *url; url++) {
		char *only[] = {*url, NULL}, unique[64];
		struct mail_settings one = config->mail;
		struct delivery d = {.channel = CHANNEL_MAIL,
		    .mail = &one,
		    .admins = one.admins,
		    .webhook = &config->webhook,
		    .unique = unique};
		char buffer[DELIVERY_JOB_SIZE];
		struct text job;

		one.urls = only;
		snprintf(unique, sizeof(unique), "%lld.%ld.test-notify",
		    (long long)clock_wall_ms(), (long)getpid());
		text_init(&job, buffer, sizeof(buffer));
		delivery_make_job(&d, &job);
		status |= deliver(*url, &job, message_fd);
	}
	return status;
}

static int
test_webhook(const struct config *config, int message_fd)
{
	struct delivery d = {.channel = CHANNEL_WEBHOOK,
	    .mail = &config->mail,
	    .webhook = &config->webhook};
	char buffer[DELIVERY_JOB_SIZE];
	struct text job;

	text_init(&job, buffer, sizeof(buffer));
	delivery_make_job(&d, &job);
	/* Its path may be the secret itself (Slack, Mattermost, ...). */
	return deliver("webhook", &job, message_fd);
}

static int
test_channel(const struct config *config, bool is_mail)
{
	int fd = compose(config, is_mail), status;

	if (fd < 0)
		return command_fails(STATUS_FAILED, "cannot compose: %m");
	status = is_mail ? test_mail(config, fd) : test_webhook(config, fd);
	close(fd);
	return status;
}

int
cmd_test_notify(const struct options *o)
{
	struct config *config = command_config(o);
	char why[512];
	int status;

	if (!config)
		return STATUS_USAGE;
	if (runroot_prepare(config, why, sizeof(why))) {
		status = command_fails(STATUS_FAILED, "%s", why);
	} else {
		status = test_channel(config, true);
		if (config->webhook.url)
			status |= test_channel(config, false);
	}
	config_free(config);
	return status;
}
