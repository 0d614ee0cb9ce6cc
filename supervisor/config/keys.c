#include "keys.h"

#include <limits.h>
#include <string.h>

#include "faults.h"
#include "base/nearest.h"

const char *const if_running_words[] = {"replace", "refuse", "allow", NULL};
static const char *const on_failure_words[] = {"continue", "restart", NULL};
static const char *const leftovers_words[] = {"kill", "keep", NULL};
static const char *const log_level_words[] = {
    "debug", "info", "warning", "error", NULL};
static const char *const log_format_words[] = {
    "plain", "timestamp", "json", "journal", NULL};
static const char *const tls_words[] = RUNNER_NOTIFY_TLS_WORDS;

static const char *
fault_of_nothing(const char *value)
{
	return *value ? fault_of_text(value) : "is empty";
}

#define TOP(field) .offset = offsetof(struct top_settings, field)

static const struct key top_keys[] = {
    {"run_root", value_path, TOP(run_root), .fault = fault_of_path},
    {"admins", value_list, TOP(admins), .fault = fault_of_recipient},
    {"killconcurrent", value_bool, TOP(killconcurrent)},
    {"if_running", value_choice, TOP(if_running),
	.has_offset = offsetof(struct top_settings, has_if_running),
	.words = if_running_words},
    {"default_command", value_command, TOP(default_command)},
    {"lease_command", value_argv, TOP(lease_command)},
    {.name = NULL},
};

#define TASK(field) .offset = offsetof(struct task_settings, field)

static const struct key task_keys[] = {
    {"command", value_command, TASK(command)},
    {"success_cooldown", value_duration, TASK(success_cooldown_ms)},
    {"fail_cooldown", value_duration, TASK(fail_cooldown_ms)},
    {"fail_cooldown_max", value_duration, TASK(fail_cooldown_max_ms)},
    {"non_recoverable_downtime", value_duration,
	TASK(non_recoverable_downtime_ms)},
    {"timeout", value_duration, TASK(timeout_ms)},
    {"stop_timeout", value_duration, TASK(stop_timeout_ms)},
    {"success_exit", value_exits, TASK(success_exit)},
    {"fail_on_stderr", value_bool, TASK(fail_on_stderr)},
    {"on_failure", value_choice, TASK(on_failure), .words = on_failure_words},
    {"leftovers", value_choice, TASK(leftovers), .words = leftovers_words},
    {"signature_ignore", value_patterns, TASK(signature_ignore)},
    {"signature_mask", value_patterns, TASK(signature_mask)},
    {"signature_keep", value_patterns, TASK(signature_keep)},
    {"cwd", value_path, TASK(cwd), .fault = fault_of_path},
    {"environment", value_list, TASK(environment), .fault = fault_of_variable},
    {"user", value_string, TASK(user), .fault = fault_of_user},
    {"group", value_string, TASK(group), .fault = fault_of_group},
    {"nice", value_int, TASK(nice),
	.has_offset = offsetof(struct task_settings, has_nice), .min = -20,
	.max = 19},
    {"umask", value_umask, TASK(umask)},
    {"limit_memory", value_size, TASK(limit_memory_bytes), .min = 1},
    {"limit_files", value_number, TASK(limit_files), .min = 1, .max = INT_MAX},
    {"limit_cpu", value_seconds, TASK(limit_cpu_s), .min = 1000},
    {"heal_after", value_int, TASK(heal_after), .min = 1, .max = 1000000},
    {"notify_after", value_threshold, TASK(notify_after), .min = 1,
	.max = 1000000},
    {"remember", value_duration, TASK(remember_ms)},
    {"admins", value_list, TASK(admins), .min = 1, .fault = fault_of_recipient},
    {"ping_url", value_string, TASK(ping_url), .fault = fault_of_http_url},
    {.name = NULL},
};

#define LOG(field) .offset = offsetof(struct log_settings, field)

static const struct key log_keys[] = {
    {"level", value_choice, LOG(level), .words = log_level_words},
    {"format", value_choice, LOG(format),
	.has_offset = offsetof(struct log_settings, has_format),
	.words = log_format_words},
    {"file", value_path, LOG(file), .fault = fault_of_path},
    {"max_size", value_size, LOG(max_size_bytes)},
    {"keep", value_int, LOG(keep), .min = 0, .max = 1000},
    {.name = NULL},
};

#define MAIL(field) .offset = offsetof(struct mail_settings, field)

static const struct key mail_keys[] = {
    {"url", value_mail_urls, MAIL(urls), .min = 1, .fault = fault_of_mail_url},
    {"from", value_string, MAIL(from), .fault = fault_of_sender},
    {"username", value_string, MAIL(username), .fault = fault_of_nothing},
    {"password_file", value_path, MAIL(password_file), .fault = fault_of_path},
    {"tls", value_choice, MAIL(tls), .words = tls_words},
    {"ca_file", value_path, MAIL(ca_file), .fault = fault_of_path},
    {"timeout", value_duration, MAIL(timeout_ms), .min = 1},
    {"max_per_hour", value_number, MAIL(max_per_hour), .max = 1000000},
    {"subject_prefix", value_string, MAIL(subject_prefix),
	.fault = fault_of_text},
    {.name = NULL},
};

#define WEBHOOK(field) .offset = offsetof(struct webhook_settings, field)

static const struct key webhook_keys[] = {
    {"url", value_string, WEBHOOK(url), .fault = fault_of_http_url},
    {"header", value_list, WEBHOOK(headers), .fault = fault_of_header},
    {"max_per_hour", value_number, WEBHOOK(max_per_hour), .max = 1000000},
    {.name = NULL},
};

#define CHAIN(field) .offset = offsetof(struct chain_settings, field)

static const struct key chain_keys[] = {
    {"tasks", value_list, CHAIN(words), .min = 1, .fault = fault_of_nothing},
    {"user", value_string, CHAIN(user), .fault = fault_of_user},
    {"group", value_string, CHAIN(group), .fault = fault_of_group},
    {"nice", value_int, CHAIN(nice),
	.has_offset = offsetof(struct chain_settings, has_nice), .min = -20,
	.max = 19},
    {"log_file", value_path, CHAIN(log_file), .fault = fault_of_path},
    {"if_running", value_choice, CHAIN(if_running), .words = if_running_words},
    {"lease_command", value_argv, CHAIN(lease_command)},
    {"admins", value_list, CHAIN(admins), .min = 1,
	.fault = fault_of_recipient},
    {.name = NULL},
};

static const struct {
	const char *name;
	const struct key *keys;
} sections[KEYS_SECTIONS] = {
    [KEYS_TOP] = {"", top_keys},
    [KEYS_TASK] = {"task", task_keys},
    [KEYS_LOG] = {"log", log_keys},
    [KEYS_MAIL] = {"mail", mail_keys},
    [KEYS_WEBHOOK] = {"webhook", webhook_keys},
    [KEYS_CHAIN] = {"chain", chain_keys},
};

const struct key *
keys_of(enum keys_section section)
{
	return sections[section].keys;
}

const char *
keys_section_name(enum keys_section section)
{
	return sections[section].name;
}

enum keys_section
keys_find_section(const char *name)
{
	enum keys_section s = KEYS_TOP;

	while (s < KEYS_SECTIONS && strcmp(sections[s].name, name))
		s++;
	return s;
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
