/*
 * runner-notify: delivers one message and ends.  include/runner_notify.h is
 * its contract.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "answer.h"
#include "body.h"
#include "border.h"
#include "deadline.h"
#include "job.h"
#include "mail.h"
#include "ping.h"
#include "program.h"
#include "runner_notify.h"
#include "webhook.h"

/* For reading the job itself, before its own limit is known. */
enum { JOB_READ_MS = 30000 };

/*
 * A descriptor that the caller left closed would be given to the next file or
 * socket, and an answer would be written there.
 */
static void
descriptors_fill(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* All of descriptor 0, at most `size` bytes.  Returns how many, or -1. */
static ssize_t
job_read(char *text, size_t size)
{
	size_t length = 0;
	ssize_t n;

	do {
		n = read(STDIN_FILENO, text + length, size - length);
		if (n > 0)
			length += (size_t)n;
	} while (length < size && (n > 0 || (n < 0 && errno == EINTR)));
	return n < 0 ? -1 : (ssize_t)length;
}

static int
job_deliver(const struct job *job, struct body *body, struct text *words)
{
	switch (job->kind) {
	case JOB_MAIL:
		return mail_deliver(job, body, words);
	case JOB_WEBHOOK:
		return webhook_deliver(job, body, words);
	case JOB_COMMAND:
		return command_deliver(job, body, words);
	default:
		return ping_deliver(job, body, words);
	}
}

static int
job_run(struct job *job, char *text, struct body *body, struct text *words)
{
	char why[256];
	ssize_t size = job_read(text, RUNNER_NOTIFY_JOB_SIZE + 1);

	if (size < 0) {
		text_addf(words, "job: %s", strerror(errno));
		return EX_USAGE;
	}
	if (job_parse(job, text, (size_t)size, why, sizeof(why))) {
		text_add_string(words, why);
		return EX_USAGE;
	}
	deadline_start(job->timeout_ms);
	if (body_read(body, RUNNER_NOTIFY_MESSAGE_FD)) {
		text_addf(words, "message: %s", strerror(errno));
		return EX_USAGE;
	}
	if (job->kind != JOB_PING && !body->size) {
		text_add_string(words, "message: is empty");
		return EX_USAGE;
	}
	size = border_become(job->user, words);
	return size == EX_OK ? job_deliver(job, body, words) : (int)size;
}

int
main(int argc, char *argv[])
{
	char text[RUNNER_NOTIFY_JOB_SIZE + 2], buffer[ANSWER_WORDS_SIZE];
	struct body body = {0};
	struct text words;
	struct job job;
	int status;

	descriptors_fill();
	signal(SIGPIPE, SIG_IGN);
	deadline_start(JOB_READ_MS);
	text_init(&words, buffer, sizeof(buffer));
	if (argc > 1) {
		text_add_string(&words, "takes no arguments: the job is read "
					"from descriptor 0");
		status = EX_USAGE;
	} else {
		status = job_run(&job, text, &body, &words);
	}
	if (words.length)
		answer_say("%s", words.data);
	body_release(&body);
	return status;
}
