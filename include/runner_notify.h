/*
 * runner_notify: the contract between the supervisor and runner-notify, the
 * delivery helper.  It is the whole of what they know of each other.
 *
 * The supervisor executes `runner-notify` with no arguments, once per
 * delivery:
 *
 *   descriptor 0  the job: lines "KEY VALUE\n", VALUE up to the newline, then
 *                 end of file; at most RUNNER_NOTIFY_JOB_SIZE bytes.  Keys may
 *                 repeat where the table says so.  An unknown key is an error.
 *   descriptor 3  the message, open for reading.  mail: RFC 5322 with CRLF line
 *                 ends; webhook, command: the JSON document of message.h; ping:
 *                 the body, perhaps empty.  It begins at the current offset,
 *                 which need not be the file's start (an outbox file has its
 *                 envelope before it).  With verdict_at also for writing.
 *   descriptor 1  the answer: lines of UTF-8 text, no control characters.  The
 *                 last line is the answer that decided ("250 2.0.0 Ok: queued
 *                 as 4F3", "delivered to /srv/x/var/run/mail/new/..."); lines
 *                 before it tell of a recipient that was not accepted
 *                 ("refused ADDRESS: 550 ...", or "deferred ADDRESS: 450 ...",
 *                 who might be accepted later), of a server that was passed
 *                 over ("passed over: ...", with all that it said of
 *                 recipients), or that this is not to be tried again for so
 *                 many seconds ("wait SECONDS").
 *   descriptor 2  as 1.
 *
 * Exit status, from sysexits(3), the whole result:
 *
 *   EX_OK          the message is accepted for at least one recipient
 *   EX_TEMPFAIL    not now; try again later (also: server away, time is up)
 *   EX_UNAVAILABLE refused for good (5xx of SMTP, 4xx of HTTP save 408, 425
 *                  and 429); trying again would be answered the same
 *   EX_CONFIG      the settings cannot work (no such file, loose mode, bad
 *                  URL), or the server refuses us and not the message; tried
 *                  again later, since an operator mends that
 *   EX_USAGE       the job cannot be read: a fault of the caller
 *
 * It may outlive its caller.  So that a message that was accepted is not sent
 * again though the caller was killed, it notes EX_OK and EX_UNAVAILABLE with
 * the answer at verdict_at, synced, the moment that it knows.  What it finds
 * there when it starts it answers at once, and delivers nothing.
 *
 * It never writes a secret to descriptor 1 or 2, and never takes one from argv
 * or the environment.
 *
 * Run by root it becomes `user` before it does anything; without one it reads
 * its secrets and writes to a Maildir as root, and becomes nobody before it
 * talks to a network.
 */
#ifndef RUNNER_NOTIFY_H
#define RUNNER_NOTIFY_H

enum {
	RUNNER_NOTIFY_JOB_SIZE = 32768,
	RUNNER_NOTIFY_URLS_MAX = 16,
	RUNNER_NOTIFY_RCPTS_MAX = 1000,
	RUNNER_NOTIFY_WORDS_MAX = 128,
	RUNNER_NOTIFY_ANSWER_SIZE = 1024, /* of one answer line, with newline */
	RUNNER_NOTIFY_MESSAGE_FD = 3,
	RUNNER_NOTIFY_VERDICT_SIZE = 1280,
};

/* What a job and runner.conf say of TLS, and the words in the same order. */
enum tls { TLS_NONE, TLS_OPPORTUNISTIC, TLS_REQUIRED };
#define RUNNER_NOTIFY_TLS_WORDS                                                \
	{                                                                      \
		"none", "opportunistic", "required", NULL                      \
	}

/*
 * The keys of a job.
 *
 *   kind           mail | webhook | command | ping           once, first
 *   user           whom to become, a name or number          at most once
 *   url            mail: smtp://HOST[:PORT], smtps://HOST[:PORT],
 *                  maildir:DIR, sendmail:PATH; several are tried in order
 *                  until one accepts or refuses for good.
 *                  webhook, ping: http://... or https://..., one; a webhook
 *                  may do without when its template has one
 *   url_file       webhook, ping: the file whose first line is the URL, mode as
 *                  password_file's                           at most once
 *   secret_file    webhook: the file whose first two lines are %{secret} and
 *                  %{secret_2}, mode likewise                at most once
 *   template       webhook: the file that makes the document into the body
 *                  (base/template.h)                         at most once
 *   word           command: a word of its argv as a JSON string, with %{FIELD}
 *                  of the document                           at least once
 *   cwd            command: where it runs                    at most once
 *   helo           mail: the name for EHLO; else the host's full name
 *                                                            at most once
 *   from           mail: the envelope sender                 once
 *   rcpt           mail: an envelope recipient               any number;
 *                  none is allowed with maildir: only
 *   username       mail: for SMTP AUTH                       at most once
 *   password_file  mail: the file whose first line is the password; it must
 *                  not be readable by group or others        at most once
 *   tls            none | opportunistic | required           at most once
 *   ca_file        trusted certificates, PEM                 at most once
 *   timeout_ms     for everything together; the helper ends at the latest 1.5 s
 *                  after it                                  once
 *   verdict_at     mail, webhook, command: where in the file of descriptor 3
 *                  are RUNNER_NOTIFY_VERDICT_SIZE bytes for the helper's note:
 *                  blanks, or what it wrote: "STATUS LINE\tLINE...", padded
 *                                                            at most once
 *   header         webhook: "NAME: VALUE", or "NAME: @FILE": the first line of
 *                  FILE, whose mode is checked as password_file's
 *                                                            any number
 *   unique         a name that makes the Maildir file name unique and stable,
 *                  so that a delivery repeated after a crash is recognised:
 *                  [A-Za-z0-9._-]+                           mail: once
 *   dialect        ping: healthchecks (when nothing is said) | cronitor |
 *                  sentry | kuma                             at most once
 *   state          ping: start | success (when nothing is said) | fail | test
 *                                                            at most once
 *   field          ping: "NAME VALUE", what %{NAME} is in the URL
 *                                                            any number
 */
#define RUNNER_NOTIFY_KIND "kind"
#define RUNNER_NOTIFY_URL "url"
#define RUNNER_NOTIFY_FROM "from"
#define RUNNER_NOTIFY_RCPT "rcpt"
#define RUNNER_NOTIFY_USERNAME "username"
#define RUNNER_NOTIFY_PASSWORD_FILE "password_file"
#define RUNNER_NOTIFY_TLS "tls"
#define RUNNER_NOTIFY_CA_FILE "ca_file"
#define RUNNER_NOTIFY_TIMEOUT "timeout_ms"
#define RUNNER_NOTIFY_HEADER "header"
#define RUNNER_NOTIFY_UNIQUE "unique"
#define RUNNER_NOTIFY_USER "user"
#define RUNNER_NOTIFY_URL_FILE "url_file"
#define RUNNER_NOTIFY_SECRET_FILE "secret_file"
#define RUNNER_NOTIFY_TEMPLATE "template"
#define RUNNER_NOTIFY_WORD "word"
#define RUNNER_NOTIFY_CWD "cwd"
#define RUNNER_NOTIFY_HELO "helo"
#define RUNNER_NOTIFY_DIALECT "dialect"
#define RUNNER_NOTIFY_STATE "state"
#define RUNNER_NOTIFY_FIELD "field"
#define RUNNER_NOTIFY_VERDICT_AT "verdict_at"

#endif
