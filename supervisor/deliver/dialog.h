/*
 * dialog: an SMTP session overheard, and what it means for the message.
 *
 * Pure.  It is told every command and every line of reply, and knows at each
 * moment which step the session is at and what the server said last.  Rules:
 * RFC 5321, 4.2.1 (the first digit of a reply), 4.2.5 (the server has the
 * message once it answers 2yz to the end of data, and not before).
 *
 * Who is to blame for a 5yz depends on the step.  At RCPT, DATA and the end of
 * data it is this message, for good.  Before, it is this client or its sender:
 * the next message would be refused just so, and an operator can correct it. So
 * it is at any step for 503 and 504 (servers that judge EHLO's name do so at
 * RCPT), for "authentication required" (530, 534, 535, 538: RFC 4954, RFC 3207)
 * and for a sender's address or a protocol that is refused (5.1.7, 5.1.8,
 * 5.5.z: RFC 3463).  A message that is too large (552) is to blame itself.
 */
#ifndef RUNNER_NOTIFY_DIALOG_H
#define RUNNER_NOTIFY_DIALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "answer.h"
#include "job.h"

enum dialog_step {
	DIALOG_GREETING,
	DIALOG_EHLO,
	DIALOG_STARTTLS,
	DIALOG_AUTH,
	DIALOG_MAIL,
	DIALOG_RCPT,
	DIALOG_DATA,
	DIALOG_END_OF_DATA, /* 354 was answered: the message is on its way */
};

struct dialog {
	enum dialog_step step;
	bool is_open;      /* a reply of several lines is not complete yet */
	int code;          /* of the last complete reply to this step, or 0 */
	struct text words; /* that reply: "250 2.0.0 Ok: queued as 4F3" */
	char buffer[ANSWER_WORDS_SIZE / 2];
	char rcpt[JOB_ADDRESS_LENGTH_MAX + 1]; /* of the last RCPT */
	size_t accepted, refused, deferred;    /* recipients */
	bool is_taken;                         /* the server has the message */
	bool is_over; /* QUIT was said: whatever follows changes nothing */
};

void dialog_init(struct dialog *d);

/* A command left for the server.  Secrets pass here and are not kept. */
void dialog_command(struct dialog *d, const char *bytes, size_t size);

/*
 * A line of reply came.  Returns true when it completes a reply, which is then
 * in `code` and `words`.  What is no reply is kept in `words` with code 0.
 */
bool dialog_reply(struct dialog *d, const char *bytes, size_t size);

/* Did the server refuse, now (4yz) or for good, in its last reply? */
bool dialog_is_refusal(const struct dialog *d);

/*
 * What the session comes to, as an exit status: EX_OK when the message is
 * taken; by the last refusal (of the recipients: EX_TEMPFAIL when any of them
 * may be accepted later); else EX_TEMPFAIL.
 */
int dialog_status(const struct dialog *d);

/* What an operator may change after this refusal, or NULL. */
const char *dialog_advice(const struct dialog *d);

/* "greeting", "EHLO", ..., "end of data": for people. */
const char *dialog_step_name(const struct dialog *d);

#endif
