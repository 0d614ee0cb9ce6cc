/*
 * job: what the supervisor asks of runner-notify, read from descriptor 0.
 *
 * Pure.  include/runner_notify.h says what a job looks like; this turns its
 * text into values and refuses whatever is not exactly that, so that what
 * comes later can trust it: no value holds a control character, an address
 * cannot end an SMTP command early, `unique` is fit for a file name.  Whether a
 * URL or a file can be used is not asked here (that is EX_CONFIG, not
 * EX_USAGE).
 */
#ifndef RUNNER_NOTIFY_JOB_H
#define RUNNER_NOTIFY_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ping_url.h"
#include "runner_notify.h"

enum {
	JOB_HEADERS_MAX = 64,
	JOB_ADDRESS_LENGTH_MAX = 320, /* RFC 5321, 4.5.3.1: 64 + 1 + 255 */
	JOB_UNIQUE_LENGTH_MAX = 120,
	JOB_TIMEOUT_MS_MAX = 24 * 60 * 60 * 1000,
};

enum job_kind { JOB_MAIL, JOB_WEBHOOK, JOB_COMMAND, JOB_PING };

/* All strings point into the text that was parsed; an absent one is NULL. */
struct job {
	enum job_kind kind;
	size_t url_count;
	const char *urls[RUNNER_NOTIFY_URLS_MAX];
	const char *from; /* may be empty: the null sender */
	size_t rcpt_count;
	const char *rcpts[RUNNER_NOTIFY_RCPTS_MAX];
	const char *username;
	const char *password_file;
	enum tls tls; /* TLS_OPPORTUNISTIC when nothing is said */
	const char *ca_file;
	int64_t timeout_ms; /* 1..JOB_TIMEOUT_MS_MAX */
	int64_t verdict_at; /* 0: nowhere */
	size_t header_count;
	const char *headers[JOB_HEADERS_MAX]; /* "NAME: VALUE", as written */
	const char *unique;
	const char *user;
	const char *url_file;
	const char *secret_file;
	const char *template;
	const char *cwd;
	const char *helo;
	size_t word_count;
	const char
	    *words[RUNNER_NOTIFY_WORDS_MAX]; /* with %{FIELD} still in them */
	enum ping_dialect dialect;
	enum ping_state state;
	const char *fields[PING_FIELDS];
};

/*
 * Reads a job.  `text` holds `size` bytes and room for one more; it is written
 * to, and lent to the job.
 * Returns 0; or -1 with one line (no newline) in `why`, and `job` is then of no
 * use.  No value is ever repeated in `why`: it could be a secret.
 */
int job_parse(
    struct job *job, char *text, size_t size, char *why, size_t why_size);

/* What follows `scheme` (such as "maildir:") in `url`, or NULL. */
const char *job_url_rest(const char *url, const char *scheme);

#endif
