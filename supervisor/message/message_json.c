/* A notification as JSON: what a webhook and notify_command get. */
#include "message.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/units.h"
#include "excerpt.h"
#include "message_body.h"
#include "mime.h"

/* Bytes of encoded JSON; their sum stays below MESSAGE_JSON_SIZE. */
enum {
	STDERR_BYTES = 8192, /* of stderr's end, before it is encoded */
	STDERR_BUDGET = 16000,
	STRING_BUDGET = 1500,
	ROW_BUDGET = 300,
	FAILURES_MAX = 16,
	SUMMARY_SIZE = 3000,
	SUMMARY_PART = 400,
	EXPIRES_MS = 5 * 60 * 1000,
};

/* Foreign text within the summary: one line, not long. */
static void
add_part(struct text *t, const char *s)
{
	if (s)
		mime_add_shown(
		    t, s, text_cut(s, strlen(s), SUMMARY_PART), false);
}

/* The few lines that a chat shows, before they are escaped for it. */
static void
summarise(struct text *t, const struct notification *n)
{
	char message[SUMMARY_PART + 1], what[SUMMARY_PART + 64];
	char result[OUTCOME_TEXT_SIZE], span[UNITS_TEXT_SIZE];

	text_copy(message, sizeof(message), n->message ? n->message : "");
	reason_describe(n->reason, message, what, sizeof(what));
	text_add_string(t, "[");
	add_part(t, n->task && *n->task ? n->task : n->chain);
	text_add_string(t, "] ");
	mime_add_shown(t, what, strlen(what), false);
	text_add_string(t, "\n");
	if (message_has_run(n)) {
		outcome_describe(&n->outcome, result);
		text_addf(t, "%s", result);
		if (n->consecutive_failures)
			text_addf(t, ", %" PRIu64 " failure%s in a row",
			    n->consecutive_failures,
			    n->consecutive_failures == 1 ? "" : "s");
		if (n->down_since_wall_ms) {
			units_format_span(n->downtime_ms, span);
			text_addf(t, ", downtime %s", span);
		}
		text_add_string(t, ", ");
	}
	text_add_string(t, "host ");
	add_part(t, n->host);
	if (n->refused) {
		text_add_string(t, "\nit said: ");
		add_part(t, n->refused);
	}
	if (n->held && n->held->held_total)
		text_addf(
		    t, "\n%" PRIu32 " held back before", n->held->held_total);
}

/*
 * Slack takes <...> for links and mentions (<!channel>), so the three letters
 * that it wants escaped are; what a task wrote calls nobody.
 */
static void
add_summaries(struct json *j, const struct notification *n)
{
	char plain[SUMMARY_SIZE * 2], escaped[SUMMARY_SIZE * 4];
	struct text p, e;

	text_init(&p, plain, sizeof(plain));
	text_init(&e, escaped, sizeof(escaped));
	summarise(&p, n);
	for (size_t i = 0; i < p.length; i++) {
		if (plain[i] == '<')
			text_add_string(&e, "&lt;");
		else if (plain[i] == '>')
			text_add_string(&e, "&gt;");
		else if (plain[i] == '&')
			text_add_string(&e, "&amp;");
		else
			text_add(&e, plain + i, 1);
	}
	json_string_within(j, "text", escaped, SUMMARY_SIZE);
	json_string_within(j, "summary", plain, SUMMARY_SIZE);
}

static void
add_subject(struct json *j, const struct notification *n)
{
	char what[SUMMARY_PART + 64], subject[SUMMARY_SIZE];
	struct text s;

	reason_describe(
	    n->reason, n->message ? n->message : "", what, sizeof(what));
	text_init(&s, subject, sizeof(subject));
	text_addf(&s, "[");
	add_part(&s, n->task && *n->task ? n->task : n->chain);
	text_addf(&s, "] ");
	add_part(&s, what);
	json_string_within(j, "subject", subject, STRING_BUDGET);
}

static const char *
severity_of(enum reason reason)
{
	switch (reason) {
	case REASON_DOWNTIME:
	case REASON_DOWNTIME_AGAIN:
		return "critical";
	case REASON_FIRST:
	case REASON_NEW:
		return "error";
	case REASON_HEALED:
	case REASON_TEST:
		return "info";
	default:
		return "warning";
	}
}

static void
add_run(struct json *j, const struct notification *n)
{
	const struct outcome *o = &n->outcome;
	bool is_known = message_has_run(n);
	char result[OUTCOME_TEXT_SIZE];

	outcome_describe(o, result);
	json_string(j, "result", is_known ? result : NULL);
	json_known(j, "exit", is_known && o->exit >= 0, o->exit);
	json_known(j, "signal", is_known && o->signal, o->signal);
	json_bool(j, "timed_out", o->timed_out);
	json_known(j, "run", n->run != 0, (int64_t)n->run);
	json_instant(j, "started", n->started_wall_ms);
	json_seconds(j, "seconds", n->duration_ms);
	json_instant(j, "down_since", n->down_since_wall_ms);
	json_seconds(j, "downtime_seconds", n->downtime_ms);
	json_uint(j, "consecutive_failures", n->consecutive_failures);
	json_instant(j, "next_run", n->next_run_wall_ms);
}

/* The end of stderr, as much as its budget holds when it is encoded. */
static void
add_stderr(struct json *j, const struct notification *n)
{
	struct excerpt x = excerpt_of(&n->err, 0, STDERR_BYTES);
	char tail[STDERR_BYTES];
	size_t size, start = 0, width = 0, step;

	size = excerpt_copy(
	    &n->err, x.left_out ? x.tail_start : 0, tail, sizeof(tail));
	for (size_t i = 0; i < size; i += step)
		width += json_width(tail + i, size - i, &step);
	for (; width > STDERR_BUDGET; start += step)
		width -= json_width(tail + start, size - start, &step);
	json_uint(j, "stderr_bytes", n->err.total);
	json_bytes(j, "stderr", tail + start, size - start);
}

static void
add_failures(struct json *j, const struct notification *n)
{
	size_t rows = n->failure_count;

	if (rows > FAILURES_MAX)
		rows = FAILURES_MAX;
	json_list(j, "failures");
	for (size_t i = 0; i < rows; i++) {
		const struct failure_count *f = &n->failures[i];

		json_object(j, NULL);
		json_signature(j, "signature", f->signature);
		json_uint(j, "count", f->count);
		json_instant(j, "first", f->first_wall_ms);
		json_instant(j, "last", f->last_wall_ms);
		json_string_within(j, "message", f->subject, ROW_BUDGET);
		json_end(j);
	}
	json_end(j);
	json_uint(j, "failures_left_out", n->failure_count - rows);
}

static void
add_held(struct json *j, const struct notification *n)
{
	const struct throttle *held = n->held;
	uint32_t rows = held ? held->held_count : 0;

	json_uint(j, "held_back", held ? held->held_total : 0);
	json_list(j, "held");
	for (uint32_t i = 0; i < rows && i < HELD_MAX; i++) {
		const struct held *h = &held->held[i];

		json_object(j, NULL);
		json_string_within(j, "task", h->task, ROW_BUDGET);
		json_string(j, "reason",
		    reason_name(
			h->reason < REASON_COUNT ? h->reason : REASON_NONE));
		json_uint(j, "count", h->count);
		json_instant(j, "first", h->first_wall_ms);
		json_instant(j, "last", h->last_wall_ms);
		json_string_within(j, "subject", h->subject, ROW_BUDGET);
		json_signature(j, "signature", h->signature);
		json_end(j);
	}
	json_end(j);
}

void
message_compose_json(struct text *t, const struct notification *n)
{
	struct json j;

	json_to_text(&j, t);
	json_object(&j, NULL);
	add_summaries(&j, n);
	add_subject(&j, n);
	json_string(&j, "reason", reason_name(n->reason));
	json_string(&j, "severity", severity_of(n->reason));
	json_string_within(&j, "host", n->host, STRING_BUDGET);
	json_string_within(&j, "chain", n->chain, STRING_BUDGET);
	json_string_within(&j, "task", n->task, STRING_BUDGET);
	json_string_within(&j, "command", n->command, STRING_BUDGET);
	json_string_within(&j, "message",
	    n->reason == REASON_HEALED || !n->message || !*n->message
		? NULL
		: n->message,
	    STRING_BUDGET);
	json_signature(&j, "signature", n->signature);
	json_string_within(&j, "id", n->id, STRING_BUDGET);
	json_string_within(
	    &j, "thread", n->thread ? n->thread : n->id, STRING_BUDGET);
	json_string_within(&j, "version", n->version, STRING_BUDGET);
	json_instant(&j, "time", n->now_wall_ms);
	json_instant(&j, "expires",
	    n->expires_wall_ms ? n->expires_wall_ms
			       : n->now_wall_ms + EXPIRES_MS);
	add_run(&j, n);
	add_stderr(&j, n);
	add_failures(&j, n);
	add_held(&j, n);
	json_string_within(&j, "acknowledged_by",
	    n->acknowledged ? n->acknowledged->who : NULL, ROW_BUDGET);
	json_string_within(&j, "acknowledged_why",
	    n->acknowledged && *n->acknowledged->why ? n->acknowledged->why
						     : NULL,
	    ROW_BUDGET);
	json_end(&j);
	text_add_string(t, "\n");
}
