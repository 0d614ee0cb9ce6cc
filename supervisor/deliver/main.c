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
#include "border.h"
#include "deadline.h"
#include "http.h"
#include "input.h"
#include "job.h"
#include "maildir.h"
#include "program.h"
#include "runner_notify.h"
#include "smtp.h"
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

struct server {
	const char *url;
	const struct job *job;
	const struct body *body;
	int64_t limit_ms;
};

static int
server_send(void *context, struct text *words)
{
	const struct server *s = context;

	return smtp_deliver(s->url, s->job, s->body, s->limit_ms, words);
}

static int
server_deliver(const struct job *job, const char *url, struct body *body,
    unsigned shares, struct text *words)
{
	const char *maildir = job_url_rest(url, "maildir:");
	const char *program = job_url_rest(url, "sendmail:");

	if (body_end_lines(body, maildir || program ? "\n" : "\r\n"))
		return answer_fail(words, EX_TEMPFAIL, "out of memory");
	if (maildir)
		return maildir_deliver(maildir, job->unique, body, words);
	if (program)
		return sendmail_deliver(
		    program, job, body, deadline_share_ms(shares), words);
	return border_deliver(server_send,
	    &(struct server){url, job, body, deadline_share_ms(shares)}, words);
}

/*
 * Tries the job's URLs in order until one accepts the message; "passed over:
 * WORDS" is said for each before.  EX_CONFIG only when no server might take the
 * message later without an operator.
 */
static int
mail_deliver(const struct job *job, struct body *body, struct text *words)
{
	/* For good only when no server may take it later. */
	int status, worst = EX_UNAVAILABLE;

	for (size_t i = 0; i < job->url_count; i++) {
		if (i) {
			answer_say("passed over: %s", words->data);
			text_clear(words);
		}
		status = server_deliver(job, job->urls[i], body,
		    (unsigned)(job->url_count - i), words);
		if (status == EX_OK)
			return status;
		if (worst != EX_TEMPFAIL && status != EX_UNAVAILABLE)
			worst = status;
	}
	return worst;
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
	int status;

	if (size < 0)
		return answer_fail(words, EX_USAGE, "job: %m");
	if (job_parse(job, text, (size_t)size, why, sizeof(why)))
		return answer_fail(words, EX_USAGE, "%s", why);
	deadline_start(job->timeout_ms);
	if (answer_recall(job->verdict_at, &status))
		return status;
	if (body_read(body, RUNNER_NOTIFY_MESSAGE_FD))
		return answer_fail(words, EX_USAGE, "message: %m");
	if (job->kind != JOB_PING && !body->size)
		return answer_fail(words, EX_USAGE, "message: is empty");
	status = border_become(job->user, words);
	if (status == EX_OK)
		status = job_deliver(job, body, words);
	answer_note(status, words->data);
	return status;
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
