/*
 * Any bytes as a job: an answer, never a crash; and what is taken for a job is
 * one that the deliveries may trust.  Links supervisor/deliver/job.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "deliver/job.h"

enum { WHY_SIZE = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void
check_value(const char *value)
{
	for (; value && *value; value++)
		check((unsigned char)*value >= 0x20 && *value != 0x7f,
		    "a value holds no control character");
}

static void
check_address(const char *value)
{
	check_value(value);
	check(!strpbrk(value, "<>"), "an address cannot end its command");
	check(strlen(value) <= JOB_ADDRESS_LENGTH_MAX, "an address is short");
	for (size_t left = strlen(value); left;) {
		size_t length = text_utf8_length(value, left);

		check(length != 0, "an address is UTF-8");
		value += length;
		left -= length;
	}
}

static void
check_mail(const struct job *job)
{
	check(job->from && job->unique, "mail has a sender and a name");
	check_address(job->from);
	for (size_t i = 0; i < job->rcpt_count; i++)
		check_address(job->rcpts[i]);
	check(*job->unique && !strpbrk(job->unique, "/: "),
	    "unique is fit for a file name");
	check(strlen(job->unique) <= JOB_UNIQUE_LENGTH_MAX, "and short");
	for (size_t i = 0; i < job->url_count; i++)
		check(job->rcpt_count || job_url_rest(job->urls[i], "maildir:"),
		    "only a Maildir goes without recipient");
}

static void
check_job(const struct job *job)
{
	check(
	    job->url_count || job->word_count || job->url_file || job->template,
	    "it is known where to");
	check(!job->word_count == (job->kind != JOB_COMMAND),
	    "a program is a command's");
	check(job->url_count <=
		  (job->kind == JOB_MAIL ? RUNNER_NOTIFY_URLS_MAX : 1),
	    "not too many");
	check(job->timeout_ms >= 1 && job->timeout_ms <= JOB_TIMEOUT_MS_MAX,
	    "a time limit");
	check(!job->header_count || job->kind == JOB_WEBHOOK,
	    "headers are a webhook's");
	for (size_t i = 0; i < job->url_count; i++)
		check_value(job->urls[i]);
	for (size_t i = 0; i < job->header_count; i++)
		check_value(job->headers[i]);
	check_value(job->username);
	check_value(job->password_file);
	check_value(job->ca_file);
	if (job->kind == JOB_MAIL)
		check_mail(job);
	else
		check(!job->from && !job->rcpt_count && !job->unique,
		    "the rest is mail's");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* As much memory as the parser may touch, and not a byte more. */
	char *text = malloc(size + 1), why[WHY_SIZE] = "";
	struct job job;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	if (!job_parse(&job, text, size, why, sizeof(why)))
		check_job(&job);
	else
		check(*why && !strchr(why, '\n'), "one line says why not");
	free(text);
	return 0;
}
