#include "mail.h"

#include <sysexits.h>

#include "answer.h"
#include "border.h"
#include "deadline.h"
#include "maildir.h"
#include "program.h"
#include "smtp.h"

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

	if (body_end_lines(body, maildir || program ? "\n" : "\r\n")) {
		text_add_string(words, "out of memory");
		return EX_TEMPFAIL;
	}
	if (maildir)
		return maildir_deliver(maildir, job->unique, body, words);
	if (program)
		return sendmail_deliver(
		    program, job, body, deadline_share_ms(shares), words);
	return border_deliver(server_send,
	    &(struct server){url, job, body, deadline_share_ms(shares)}, words);
}

int
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
