#include "delivery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WEBHOOK_TIMEOUT_MS = 30000 };

static const char *const tls_words[] = RUNNER_NOTIFY_TLS_WORDS;

void
delivery_add(struct text *job, const char *key, const char *value)
{
	if (value && !strpbrk(value, "\r\n"))
		text_addf(job, "%s %s\n", key, value);
}

static void
add_list(struct text *job, const char *key, char *const *list)
{
	for (; *list; list++)
		delivery_add(job, key, *list);
}

static void
add_words(struct text *job, const char *key, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " ");

		text_addf(job, "%s %.*s\n", key, (int)length, words);
		words += length + (words[length] == ' ');
	}
}

static void
add_mail(struct text *job, const struct delivery *d)
{
	const struct mail_settings *mail = d->mail;

	add_list(job, RUNNER_NOTIFY_URL, mail->urls);
	delivery_add(job, RUNNER_NOTIFY_FROM, mail->from);
	if (d->only && *d->only)
		add_words(job, RUNNER_NOTIFY_RCPT, d->only);
	else
		add_list(job, RUNNER_NOTIFY_RCPT, d->admins);
	delivery_add(job, RUNNER_NOTIFY_USERNAME, mail->username);
	delivery_add(job, RUNNER_NOTIFY_PASSWORD_FILE, mail->password_file);
	delivery_add(job, RUNNER_NOTIFY_TLS, tls_words[mail->tls]);
	delivery_add(job, RUNNER_NOTIFY_UNIQUE, d->unique);
}

int64_t
delivery_make_job(const struct delivery *d, struct text *job)
{
	bool is_mail = d->channel == CHANNEL_MAIL;
	int64_t timeout_ms = is_mail ? d->mail->timeout_ms : WEBHOOK_TIMEOUT_MS;
	char timeout[24];

	delivery_add(job, RUNNER_NOTIFY_KIND, is_mail ? "mail" : "webhook");
	if (is_mail) {
		add_mail(job, d);
	} else {
		delivery_add(job, RUNNER_NOTIFY_URL, d->webhook->url);
		add_list(job, RUNNER_NOTIFY_HEADER, d->webhook->headers);
	}
	delivery_add(job, RUNNER_NOTIFY_CA_FILE, d->mail->ca_file);
	snprintf(timeout, sizeof(timeout), "%" PRId64, timeout_ms);
	delivery_add(job, RUNNER_NOTIFY_TIMEOUT, timeout);
	return timeout_ms;
}
