#include "mail.h"

#include <sysexits.h>

#include "answer.h"
#include "deadline.h"
#include "maildir.h"
#include "sendmail.h"
#include "smtp.h"

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
	return smtp_deliver(url, job, body, deadline_share_ms(shares), words);
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
