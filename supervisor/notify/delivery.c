#include "delivery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"

enum { OTHER_TIMEOUT_MS = 30000 };

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

/* Addresses alone: "Anna <a@example.org>" is a@example.org. */
static void
add_addresses(struct text *job, const char *key, char *const *mailboxes)
{
	for (; *mailboxes; mailboxes++) {
		const char *open = strrchr(*mailboxes, '<');

		if (open)
			text_addf(job, "%s %.*s\n", key,
			    (int)strcspn(open + 1, ">\r\n"), open + 1);
		else
			delivery_add(job, key, *mailboxes);
	}
}

static void
add_mail(struct text *job, const struct delivery *d)
{
	const struct mail_settings *mail = &d->config->mail;
	char *const from[] = {mail->from, NULL};

	add_list(job, RUNNER_NOTIFY_URL, d->urls ? d->urls : mail->urls);
	add_addresses(job, RUNNER_NOTIFY_FROM, from);
	if (d->only && *d->only)
		add_words(job, RUNNER_NOTIFY_RCPT, d->only);
	else
		add_addresses(job, RUNNER_NOTIFY_RCPT, d->admins);
	delivery_add(job, RUNNER_NOTIFY_USERNAME, mail->username);
	delivery_add(job, RUNNER_NOTIFY_PASSWORD_FILE, mail->password_file);
	delivery_add(job, RUNNER_NOTIFY_TLS, tls_words[mail->tls]);
	delivery_add(job, RUNNER_NOTIFY_HELO, mail->helo);
	delivery_add(job, RUNNER_NOTIFY_UNIQUE, d->unique);
}

void
delivery_find_preset(const char *preset, char *path, size_t path_size)
{
	static const char *const directories[] = {
	    "share/webhook", "../share/runner/webhook"};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[n > 0 ? n : 0] = '\0';
	for (size_t i = 0; n > 0 && i < 2; i++) {
		snprintf(path, path_size, "%.*s/%s/%s",
		    (int)(strrchr(self, '/') - self), self, directories[i],
		    preset);
		if (!access(path, R_OK))
			return;
	}
	snprintf(path, path_size, RUNNER_DATADIR "/webhook/%s", preset);
}

static void
add_webhook(struct text *job, const struct delivery *d)
{
	const struct webhook_settings *w = d->channel->webhook;
	char preset[4096];

	delivery_add(job, RUNNER_NOTIFY_URL, w->url);
	delivery_add(job, RUNNER_NOTIFY_URL_FILE, w->url_file);
	delivery_add(job, RUNNER_NOTIFY_SECRET_FILE, w->secret_file);
	if (w->has_preset) {
		delivery_find_preset(
		    webhook_presets[w->preset], preset, sizeof(preset));
		delivery_add(job, RUNNER_NOTIFY_TEMPLATE, preset);
	}
	delivery_add(job, RUNNER_NOTIFY_TEMPLATE, w->body);
	add_list(job, RUNNER_NOTIFY_HEADER, w->headers);
}

static void
add_command(struct text *job, const struct delivery *d)
{
	delivery_add(job, RUNNER_NOTIFY_CWD, d->config->project_root);
	for (char *const *word = d->config->notify_command; *word; word++) {
		text_addf(job, "%s \"", RUNNER_NOTIFY_WORD);
		text_add_json(job, *word, strlen(*word));
		text_add_string(job, "\"\n");
	}
}

int64_t
delivery_make_job(const struct delivery *d, struct text *job)
{
	static const struct {
		const char *kind;
		void (*add)(struct text *job, const struct delivery *d);
	} kinds[] = {
	    [CHANNEL_MAIL] = {"mail", add_mail},
	    [CHANNEL_WEBHOOK] = {"webhook", add_webhook},
	    [CHANNEL_COMMAND] = {"command", add_command},
	};
	enum channel_kind kind = d->channel->kind;
	int64_t timeout_ms = kind == CHANNEL_MAIL ? d->config->mail.timeout_ms
						  : OTHER_TIMEOUT_MS;

	delivery_add(job, RUNNER_NOTIFY_KIND, kinds[kind].kind);
	delivery_add(job, RUNNER_NOTIFY_USER, d->user);
	kinds[kind].add(job, d);
	if (kind != CHANNEL_COMMAND)
		delivery_add(
		    job, RUNNER_NOTIFY_CA_FILE, d->config->mail.ca_file);
	if (d->verdict_at)
		text_addf(
		    job, "%s %zu\n", RUNNER_NOTIFY_VERDICT_AT, d->verdict_at);
	text_addf(job, "%s %" PRId64 "\n", RUNNER_NOTIFY_TIMEOUT, timeout_ms);
	return timeout_ms;
}

static void
add_field(struct text *job, enum ping_field field, const char *value)
{
	char line[PING_MESSAGE_SIZE + 64];

	if (!*value)
		return;
	snprintf(line, sizeof(line), "%s %s", ping_field_words[field], value);
	delivery_add(job, RUNNER_NOTIFY_FIELD, line);
}

void
delivery_make_ping_job(
    struct text *job, const struct ping_event *e, const char *chain)
{
	char number[24], seconds[UNITS_TEXT_SIZE];

	delivery_add(job, RUNNER_NOTIFY_KIND, "ping");
	if (e->url_file && *e->url_file)
		delivery_add(job, RUNNER_NOTIFY_URL_FILE, e->url_file);
	else
		delivery_add(job, RUNNER_NOTIFY_URL, e->url);
	delivery_add(
	    job, RUNNER_NOTIFY_DIALECT, ping_dialect_words[e->dialect]);
	delivery_add(job, RUNNER_NOTIFY_STATE, ping_state_words[e->state]);
	text_addf(job, "%s %d\n", RUNNER_NOTIFY_TIMEOUT, PING_TIMEOUT_MS);
	add_field(job, PING_RID, e->rid);
	add_field(job, PING_MESSAGE, e->message);
	add_field(job, PING_TASK, e->task);
	add_field(job, PING_CHAIN, chain);
	if (e->duration_ms >= 0) {
		units_format_seconds(e->duration_ms, seconds);
		add_field(job, PING_DURATION, seconds);
		snprintf(number, sizeof(number), "%" PRId64, e->duration_ms);
		add_field(job, PING_DURATION_MS, number);
	}
	if (e->exit >= 0) {
		snprintf(number, sizeof(number), "%d", e->exit);
		add_field(job, PING_EXIT, number);
	}
}
