#include "keys.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "config.h"
#include "runner_notify.h"
#include "value_checks.h"
#include "values.h"

const char *const if_running_words[] = {
    "replace", "refuse", "wait", "allow", NULL};
static const char *const on_failure_words[] = {"continue", "restart", NULL};
static const char *const resume_words[] = {"crash", "always", "never", NULL};
static const char *const leftovers_words[] = {"kill", "keep", NULL};
static const char *const log_level_words[] = {
    "debug", "info", "warning", "error", NULL};
static const char *const log_format_words[] = {
    "plain", "timestamp", "json", "journal", NULL};
static const char *const log_time_words[] = {"utc", "local", NULL};
static const char *const tls_words[] = RUNNER_NOTIFY_TLS_WORDS;

/* The user and password of scheme://user:password@host are nobody's to see. */
static const char *
hide_in_url(const char *s, char *out, size_t size)
{
	const char *authority = strstr(s, "://");
	const char *at;

	if (!authority)
		return s;
	authority += 3;
	at = memchr(authority, '@', strcspn(authority, "/?#"));
	if (!at)
		return s;
	snprintf(out, size, "%.*s***%s", (int)(authority - s), s, at);
	return out;
}

/* What a webhook's URL has after its host is often the key to it. */
static const char *
hide_in_webhook(const char *s, char *out, size_t size)
{
	const char *authority = strstr(s, "://");
	size_t length = authority ? strcspn(authority + 3, "/?#") : 0;
	const char *at = authority ? memchr(authority + 3, '@', length) : NULL;

	if (!authority || (!at && !authority[3 + length]))
		return s;
	at = at ? at : authority + 3;
	snprintf(out, size, "%.*s%s%.*s%s", (int)(authority + 3 - s), s,
	    at > authority + 3 ? "***" : "", (int)(authority + 3 + length - at),
	    at, authority[3 + length] ? "/***" : "");
	return out;
}

/* A header's value is shown only when it is a file. */
static const char *
hide_in_header(const char *s, char *out, size_t size)
{
	size_t name = strcspn(s, ":");
	const char *value = s + name + (s[name] == ':');

	if (value[strspn(value, " \t")] == '@')
		return s;
	snprintf(out, size, "%.*s: ***", (int)name, s);
	return out;
}

/* A variable whose name says that its value is secret. */
static const char *
hide_in_variable(const char *s, char *out, size_t size)
{
	static const char *const marks[] = {
	    "PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "AUTH", NULL};
	size_t name = strcspn(s, "=");

	for (size_t i = 0; marks[i]; i++) {
		const char *found = strcasestr(s, marks[i]);

		if (!found || found >= s + name)
			continue;
		snprintf(out, size, "%.*s=***", (int)name, s);
		return out;
	}
	return hide_in_url(s, out, size);
}

#define TOP(field) .offset = offsetof(struct config, field)

static const struct key top_keys[] = {
    {"run_root", &value_path, TOP(run_root)},
    {"status_group", &value_group, TOP(status_group), .fault = fault_of_group},
    {"admins", &value_list, TOP(mail.admins), .max = RUNNER_NOTIFY_RCPTS_MAX,
	.fault = fault_of_recipient},
    {"killconcurrent", &value_bool, TOP(killconcurrent), "true",
	.has_offset = offsetof(struct config, has_killconcurrent)},
    {"if_running", &value_choice, TOP(if_running), "replace",
	.has_offset = offsetof(struct config, has_if_running),
	.words = if_running_words},
    {"default_command", &value_command, TOP(default_command)},
    {"lease_command", &value_argv, TOP(lease_command)},
    {"mask", &value_patterns, TOP(mask)},
    {"mask_secrets", &value_bool, TOP(mask_secrets), "true"},
    {"metrics_dir", &value_path, TOP(metrics_dir)},
    {"notify_command", &value_argv, TOP(notify_command),
	.max = RUNNER_NOTIFY_WORDS_MAX},
    {.name = NULL},
};

#define TASK(field) .offset = offsetof(struct task_settings, field)

static const struct key task_keys[] = {
    {"command", &value_command, TASK(command)},
    {"success_cooldown", &value_duration, TASK(success_cooldown_ms), "5m"},
    {"fail_cooldown", &value_duration, TASK(fail_cooldown_ms), "20m"},
    {"fail_cooldown_max", &value_duration, TASK(fail_cooldown_max_ms), "20m"},
    {"non_recoverable_downtime", &value_duration,
	TASK(non_recoverable_downtime_ms), "12h"},
    {"timeout", &value_duration, TASK(timeout_ms), "0"},
    {"stop_timeout", &value_duration, TASK(stop_timeout_ms), "10s"},
    {"success_exit", &value_exits, TASK(success_exit), "0"},
    {"fail_on_stderr", &value_bool, TASK(fail_on_stderr), "false"},
    {"on_failure", &value_choice, TASK(on_failure), "continue",
	.words = on_failure_words},
    {"leftovers", &value_choice, TASK(leftovers), "kill",
	.words = leftovers_words},
    {"signature_ignore", &value_patterns, TASK(signature_ignore)},
    {"signature_mask", &value_patterns, TASK(signature_mask)},
    {"signature_keep", &value_patterns, TASK(signature_keep)},
    {"cwd", &value_path, TASK(cwd), "."},
    {"environment", &value_list, TASK(environment), .fault = fault_of_variable,
	.hide = hide_in_variable},
    {"environment_file", &value_path, TASK(environment_file)},
    {"environment_keep", &value_own_list, TASK(environment_keep),
	.fault = fault_of_pattern_name},
    {"user", &value_user, TASK(user), .fault = fault_of_user},
    {"group", &value_group, TASK(group), .fault = fault_of_group},
    {"nice", &value_int, TASK(nice),
	.has_offset = offsetof(struct task_settings, has_nice), .min = -20,
	.max = 19},
    {"umask", &value_umask, TASK(umask)},
    {"limit_memory", &value_size, TASK(limit_memory_bytes), .min = 1},
    {"limit_files", &value_number, TASK(limit_files), .min = 1, .max = INT_MAX},
    {"limit_cpu", &value_seconds, TASK(limit_cpu_s), .min = 1000},
    {"heal_after", &value_int, TASK(heal_after), "1", .min = 1, .max = 1000000},
    {"healthy_after", &value_duration, TASK(healthy_after_ms), "0"},
    {"slow_after", &value_slow, TASK(slow_after), "0"},
    {"resume_cooldown", &value_choice, TASK(resume_cooldown), "crash",
	.words = resume_words},
    {"rerun_on_change", &value_bool, TASK(rerun_on_change), "true"},
    {"notify_after", &value_threshold, TASK(notify_after), "1", .min = 1,
	.max = 1000000},
    {"remember", &value_duration, TASK(remember_ms), "0"},
    {"admins", &value_own_list, TASK(admins), .min = 1,
	.max = RUNNER_NOTIFY_RCPTS_MAX, .fault = fault_of_recipient},
    {"ping_url", &value_string, TASK(ping_url), .fault = fault_of_ping_url,
	.hide = hide_in_url},
    {"ping_url_file", &value_path, TASK(ping_url_file)},
    {"ping", &value_choice, TASK(ping), "healthchecks",
	.words = ping_dialect_words},
    {.name = NULL},
};

#define LOG(field) .offset = offsetof(struct log_settings, field)

static const struct key log_keys[] = {
    {"level", &value_choice, LOG(level), "debug", .words = log_level_words},
    {"format", &value_choice, LOG(format), "timestamp",
	.has_offset = offsetof(struct log_settings, has_format),
	.words = log_format_words},
    {"time", &value_choice, LOG(time), "utc", .words = log_time_words},
    {"file", &value_path, LOG(file)},
    {"max_size", &value_size, LOG(max_size_bytes), "10M"},
    {"keep", &value_int, LOG(keep), "5", .min = 0, .max = 1000},
    {.name = NULL},
};

#define MAIL(field) .offset = offsetof(struct mail_settings, field)

static const struct key mail_keys[] = {
    {"url", &value_mail_urls, MAIL(urls), .min = 1,
	.max = RUNNER_NOTIFY_URLS_MAX, .fault = fault_of_mail_url},
    {"from", &value_string, MAIL(from), .fault = fault_of_sender},
    {"username", &value_string, MAIL(username), .fault = fault_of_nonempty},
    {"password_file", &value_path, MAIL(password_file)},
    {"tls", &value_choice, MAIL(tls), "opportunistic", .words = tls_words},
    {"ca_file", &value_path, MAIL(ca_file)},
    {"timeout", &value_duration, MAIL(timeout_ms), "30s", .min = 1},
    {"max_per_hour", &value_number, MAIL(max_per_hour), "20", .max = 1000000},
    {"helo", &value_string, MAIL(helo), .fault = fault_of_helo},
    {"subject_prefix", &value_string, MAIL(subject_prefix), "",
	.fault = fault_of_text},
    {.name = NULL},
};

#define WEBHOOK(field) .offset = offsetof(struct webhook_settings, field)

const char *const webhook_presets[] = {"slack", "discord", "teams",
    "google_chat", "telegram", "ntfy", "gotify", "pushover", "matrix",
    "pagerduty", "opsgenie", "alertmanager", NULL};

static const struct key webhook_keys[] = {
    {"url", &value_string, WEBHOOK(url), .fault = fault_of_http_url,
	.hide = hide_in_webhook},
    {"url_file", &value_path, WEBHOOK(url_file)},
    {"secret_file", &value_path, WEBHOOK(secret_file)},
    {"preset", &value_choice, WEBHOOK(preset),
	.has_offset = offsetof(struct webhook_settings, has_preset),
	.words = webhook_presets},
    {"body", &value_path, WEBHOOK(body)},
    {"only", &value_list, WEBHOOK(only), .min = 1, .fault = fault_of_reason},
    {"header", &value_list, WEBHOOK(headers), .fault = fault_of_header,
	.hide = hide_in_header},
    {"max_per_hour", &value_number, WEBHOOK(max_per_hour), "20",
	.max = 1000000},
    {.name = NULL},
};

#define CHAIN(field) .offset = offsetof(struct chain_settings, field)

static const struct key chain_keys[] = {
    {"tasks", &value_list, CHAIN(words), .min = 1, .fault = fault_of_nonempty},
    {"user", &value_user, CHAIN(user), .fault = fault_of_user},
    {"group", &value_group, CHAIN(group), .fault = fault_of_group},
    {"nice", &value_int, CHAIN(nice),
	.has_offset = offsetof(struct chain_settings, has_nice), .min = -20,
	.max = 19},
    {"log_file", &value_path, CHAIN(log_file)},
    {"if_running", &value_choice, CHAIN(if_running), "replace",
	.words = if_running_words},
    {"lease_command", &value_argv, CHAIN(lease_command)},
    {"admins", &value_own_list, CHAIN(admins), .min = 1,
	.max = RUNNER_NOTIFY_RCPTS_MAX, .fault = fault_of_recipient},
    {.name = NULL},
};

static const struct section_spec sections[KEYS_SECTIONS] = {
    [KEYS_TOP] = {"", TITLE_NONE, top_keys},
    [KEYS_TASK] = {"task", TITLE_WANTED, task_keys},
    [KEYS_LOG] = {"log", TITLE_NONE, log_keys},
    [KEYS_MAIL] = {"mail", TITLE_NONE, mail_keys},
    [KEYS_WEBHOOK] = {"webhook", TITLE_OPTIONAL, webhook_keys},
    [KEYS_CHAIN] = {"chain", TITLE_WANTED, chain_keys},
};

const struct section_spec *
keys_of(enum keys_section section)
{
	return &sections[section];
}

enum keys_section
keys_find_section(const char *name)
{
	int s = KEYS_TASK;

	while (s < KEYS_SECTIONS && strcmp(sections[s].name, name))
		s++;
	return (enum keys_section)s;
}

const struct key *
keys_find(enum keys_section section, const char *name)
{
	for (const struct key *k = sections[section].keys; k->name; k++)
		if (!strcmp(k->name, name))
			return k;
	return section == KEYS_TOP ? keys_find(KEYS_TASK, name) : NULL;
}

const char *
keys_wants(const struct key *k)
{
	return k->type->wants ? k->type->wants : "";
}

const char *
keys_home(const char *name)
{
	/* A mail has a timeout too, but one looks for that of a task. */
	for (int s = KEYS_TASK; s < KEYS_SECTIONS; s++)
		if (keys_find((enum keys_section)s, name))
			return sections[s].name;
	return NULL;
}

static void
try_keys(struct nearest *n, const struct key *keys)
{
	for (; keys->name; keys++)
		nearest_try(n, keys->name);
}

const char *
keys_nearest(enum keys_section section, const char *word)
{
	struct nearest n = nearest_to(word);

	try_keys(&n, sections[section].keys);
	if (section == KEYS_TOP) {
		try_keys(&n, task_keys);
		for (int s = KEYS_TASK; s < KEYS_SECTIONS; s++)
			nearest_try(&n, sections[s].name);
		nearest_try(&n, "include");
	}
	return n.found;
}
