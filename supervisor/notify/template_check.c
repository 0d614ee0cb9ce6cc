/*
 * template_check: is a webhook's template one that will work?  See delivery.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/template.h"
#include "channel.h"
#include "config/keys.h"
#include "delivery.h"
#include "message/message.h"
#include "os/file.h"
#include "runner_version.h"

enum { FILLED_SIZE = 1 << 20 };

/* Room for one template at work. */
struct sample {
	char file[TEMPLATE_FILE_SIZE + 1];
	char document[MESSAGE_JSON_SIZE];
	char filled[FILLED_SIZE];
	struct template_faults faults;
};

/* A notification that has everything that one may have. */
static struct template_values
make_values(struct sample *s, enum reason reason)
{
	static const char output[] = "\"quoted\" <b> & \\ \xe2\x82\xac\n";
	struct notification n = {.reason = reason,
	    .message = "a \"message\" <of> a & task",
	    .host = "host.example.org",
	    .chain = "chain",
	    .task = "task",
	    .command = "command",
	    .version = RUNNER_VERSION,
	    .signature = 1,
	    .outcome = {.exit = 3},
	    .started_wall_ms = 1,
	    .down_since_wall_ms = 1,
	    .consecutive_failures = 1,
	    .run = 1,
	    .next_run_wall_ms = 1,
	    .now_wall_ms = 1,
	    .err = {.total = sizeof(output) - 1,
		.head = output,
		.head_size = sizeof(output) - 1},
	    .refused = "a subject",
	    .id = "<id@host>",
	    .thread = "<thread@host>"};
	struct text t;

	text_init(&t, s->document, sizeof(s->document));
	message_compose_json(&t, &n);
	return (struct template_values){t.data, t.length, {"secret", "second"}};
}

/* What follows the path of the URL. */
static const char *
fault_of_path(const char *path)
{
	return *path == '/' || *path == '?' ? NULL : "does not begin with '/'";
}

static void
check_line(struct sample *s, const struct template_span *line,
    enum template_line kind, const struct template_values *values,
    const char *(*fault_of)(const char *value))
{
	const char *fault;
	struct text out;

	text_init(&out, s->filled, sizeof(s->filled));
	if (template_fill_line(line, kind, values, &out, &s->faults))
		return;
	fault = fault_of(out.data);
	if (fault)
		template_fault(&s->faults, line->line, "%s %s",
		    kind == TEMPLATE_URL ? "path" : "header", fault);
}

static void
check_body(struct sample *s, const struct template *t, enum reason reason,
    const struct channel *c)
{
	const struct template_body *body =
	    template_find(t, reason_name(reason));
	struct template_values values = make_values(s, reason);
	struct text out;

	if (!channel_wants(c, reason))
		return;
	if (!body) {
		template_fault(&s->faults, t->bodies[0].json.line,
		    "has no body for the reason '%s'", reason_name(reason));
		return;
	}
	if (!c->webhook->secret_file)
		values.secrets[0] = values.secrets[1] = NULL;
	text_init(&out, s->filled, sizeof(s->filled));
	if (template_fill(t, body, &values, &out, &s->faults))
		return;
	if (body->path.bytes)
		check_line(
		    s, &body->path, TEMPLATE_URL, &values, fault_of_path);
	for (size_t i = 0; i < t->header_count; i++)
		check_line(s, &t->headers[i], TEMPLATE_HEADER, &values,
		    keys_find(KEYS_WEBHOOK, "header")->fault);
}

/* It is instead of the key `url`, and what that may be. */
static void
check_url(struct sample *s, const struct template_span *url)
{
	const char *fault;

	if (!url->bytes)
		return;
	snprintf(
	    s->filled, sizeof(s->filled), "%.*s", (int)url->size, url->bytes);
	fault = keys_find(KEYS_WEBHOOK, "url")->fault(s->filled);
	if (fault)
		template_fault(&s->faults, url->line, "url %s", fault);
}

/* Is every word of `on` a reason? */
static void
check_reasons(struct sample *s, const struct template *t)
{
	for (size_t i = 0; i < t->body_count; i++) {
		const struct template_span *on = &t->bodies[i].on;

		for (size_t at = 0; on->bytes && at < on->size;) {
			char word[32];
			size_t length = 0;

			while (at + length < on->size &&
			       on->bytes[at + length] != ',')
				length++;
			snprintf(word, sizeof(word), "%.*s", (int)length,
			    on->bytes + at);
			at += length + 1;
			while (at < on->size && on->bytes[at] == ' ')
				at++;
			if (reason_find(word) <= REASON_NONE)
				template_fault(&s->faults, on->line,
				    "'%s' is no reason", word);
		}
	}
}

static void
check_webhook(struct sample *s, const struct config *config,
    const struct channel *c, struct diagnostics *errors)
{
	const struct webhook_settings *w = c->webhook;
	const char *key = w->has_preset ? "preset" : "body";
	char path[4096];
	struct template t;
	size_t size;
	FILE *file;

	if (!w->has_preset && !w->body)
		return;
	if (w->has_preset)
		delivery_find_preset(
		    webhook_presets[w->preset], path, sizeof(path));
	else
		snprintf(path, sizeof(path), "%s", w->body);
	file = file_open_stream(path, FILE_NAMED);
	size = file ? fread(s->file, 1, sizeof(s->file), file) : 0;
	if (!file || ferror(file) || size > TEMPLATE_FILE_SIZE) {
		config_complain(config, w, key, errors, "%s: %s", path,
		    file && !ferror(file) ? "the file is too large"
					  : strerror(errno));
		if (file)
			fclose(file);
		return;
	}
	fclose(file);
	s->faults.count = 0;
	if (!template_parse(&t, s->file, size, &s->faults)) {
		check_reasons(s, &t);
		check_url(s, &t.url);
		for (int r = REASON_FIRST; r < REASON_COUNT; r++)
			if (!s->faults.count)
				check_body(s, &t, (enum reason)r, c);
		if (!s->faults.count && !w->url && !w->url_file && !t.url.bytes)
			config_complain(config, w, key, errors,
			    "the webhook has no url, and %s has none", path);
	}
	/* Whose file is it that has to be changed? */
	for (size_t i = 0; i < s->faults.count; i++) {
		const struct template_fault *f = &s->faults.list[i];

		if (w->has_preset)
			config_complain(config, w, key, errors, "%s:%u: %s",
			    path, f->line, f->words);
		else
			diagnostics_add_at(
			    errors, path, (int)f->line, "%s", f->words);
	}
}

static void
check_words(
    struct sample *s, const struct config *config, struct diagnostics *errors)
{
	struct template_values values = make_values(s, REASON_FIRST);
	struct text out;

	s->faults.count = 0;
	for (char *const *w = config->notify_command; *w; w++) {
		struct template_span word = {*w, strlen(*w), 1};

		text_init(&out, s->filled, sizeof(s->filled));
		template_fill_line(
		    &word, TEMPLATE_WORD, &values, &out, &s->faults);
	}
	for (size_t i = 0; i < s->faults.count; i++)
		config_complain(config, NULL, "notify_command", errors, "%s",
		    s->faults.list[i].words);
}

void
template_check(const struct config *config, struct diagnostics *errors)
{
	struct sample *s = calloc(1, sizeof(*s));
	struct channel c;

	if (!s) {
		diagnostics_add(errors, "out of memory");
		return;
	}
	for (size_t i = 0; channel_at(config, i, &c); i++)
		if (c.webhook)
			check_webhook(s, config, &c, errors);
	if (config->notify_command)
		check_words(s, config, errors);
	diagnostics_sort(errors);
	free(s);
}
