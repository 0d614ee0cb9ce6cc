#include "message.h"

#include <inttypes.h>
#include <string.h>

#include "excerpt.h"
#include "message_body.h"
#include "mime.h"
#include "base/units.h"

/* Bytes of encoded JSON; their sum stays below MESSAGE_JSON_SIZE. */
enum {
	STDERR_BYTES = 8192, /* of stderr's end, before it is encoded */
	STDERR_BUDGET = 16000,
	STRING_BUDGET = 1500,
	ROW_BUDGET = 300,
	FAILURES_MAX = 16,
	SUMMARY_SIZE = 3000,
	SUMMARY_PART = 400,
};

/* The encoded size of the character at `s`, whose length goes to `*n`. */
static size_t
json_width(const char *s, size_t size, size_t *n)
{
	unsigned char c = (unsigned char)*s;

	*n = text_utf8_length(s, size);
	if (!*n) {
		*n = 1;
		return 3;
	}
	if (c == '"' || c == '\\' || c == '\n' || c == '\t')
		return 2;
	return c < 0x20 || c == 0x7f ? 6 : *n;
}

/* A string of at most `budget` bytes when encoded; null for NULL. */
static void
add_string(struct text *t, const char *s, size_t budget)
{
	size_t size = s ? strlen(s) : 0, end = 0, used = 0;

	if (!s) {
		text_add_string(t, "null");
		return;
	}
	while (end < size) {
		size_t n, width = json_width(s + end, size - end, &n);

		if (used + width > budget)
			break;
		used += width;
		end += n;
	}
	text_add_string(t, "\"");
	text_add_json(t, s, end);
	text_add_string(t, "\"");
}

static void
add_field(struct text *t, const char *name, const char *value)
{
	text_addf(t, ",\"%s\":", name);
	add_string(t, value, STRING_BUDGET);
}

static void
add_instant(struct text *t, const char *name, int64_t wall_ms)
{
	char instant[UNITS_TEXT_SIZE];

	text_addf(t, ",\"%s\":", name);
	if (!wall_ms) {
		text_add_string(t, "null");
		return;
	}
	units_format_wall(wall_ms, instant);
	text_addf(t, "\"%s\"", instant);
}

static void
add_seconds(struct text *t, const char *name, int64_t ms)
{
	char seconds[UNITS_TEXT_SIZE];

	units_format_seconds(ms < 0 ? 0 : ms, seconds);
	text_addf(t, ",\"%s\":%s", name, seconds);
}

/* A number, or null when it is not known. */
static void
add_number(struct text *t, const char *name, bool is_known, int64_t value)
{
	if (is_known)
		text_addf(t, ",\"%s\":%" PRId64, name, value);
	else
		text_addf(t, ",\"%s\":null", name);
}

static void
add_signature(struct text *t, const char *separator, uint64_t signature)
{
	char hex[17];

	text_format_hex64(signature, hex);
	if (signature)
		text_addf(t, "%s\"signature\":\"%s\"", separator, hex);
	else
		text_addf(t, "%s\"signature\":null", separator);
}

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
	struct text cut;

	text_init(&cut, message, sizeof(message));
	if (n->message)
		text_add(&cut, n->message,
		    text_cut(n->message, strlen(n->message), SUMMARY_PART));
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
	if (n->held && n->held->held_total)
		text_addf(
		    t, "\n%" PRIu32 " held back before", n->held->held_total);
}

/*
 * Slack takes <...> for links and mentions (<!channel>), so the three letters
 * that it wants escaped are; what a task wrote calls nobody.
 */
static void
add_summary(struct text *t, const struct notification *n)
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
	text_add_string(t, "\"text\":");
	add_string(t, escaped, SUMMARY_SIZE);
}

static void
add_run(struct text *t, const struct notification *n)
{
	const struct outcome *o = &n->outcome;
	bool is_known = message_has_run(n);
	char result[OUTCOME_TEXT_SIZE];

	outcome_describe(o, result);
	add_field(t, "result", is_known ? result : NULL);
	add_number(t, "exit", is_known && o->exit >= 0, o->exit);
	add_number(t, "signal", is_known && o->signal, o->signal);
	text_addf(t, ",\"timed_out\":%s", o->timed_out ? "true" : "false");
	add_number(t, "run", n->run != 0, (int64_t)n->run);
	add_instant(t, "started", n->started_wall_ms);
	add_seconds(t, "seconds", n->duration_ms);
	add_instant(t, "down_since", n->down_since_wall_ms);
	add_seconds(t, "downtime_seconds", n->downtime_ms);
	add_number(
	    t, "consecutive_failures", true, (int64_t)n->consecutive_failures);
	add_instant(t, "next_run", n->next_run_wall_ms);
}

/* The end of stderr, as much as its budget holds when it is encoded. */
static void
add_stderr(struct text *t, const struct notification *n)
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
	add_number(t, "stderr_bytes", true, (int64_t)n->err.total);
	text_add_string(t, ",\"stderr\":\"");
	text_add_json(t, tail + start, size - start);
	text_add_string(t, "\"");
}

static void
add_failures(struct text *t, const struct notification *n)
{
	size_t rows = n->failure_count;

	if (rows > FAILURES_MAX)
		rows = FAILURES_MAX;
	text_add_string(t, ",\"failures\":[");
	for (size_t i = 0; i < rows; i++) {
		const struct failure_count *f = &n->failures[i];

		text_add_string(t, i ? ",{" : "{");
		add_signature(t, "", f->signature);
		text_addf(t, ",\"count\":%" PRIu64, f->count);
		add_instant(t, "first", f->first_wall_ms);
		add_instant(t, "last", f->last_wall_ms);
		text_add_string(t, ",\"message\":");
		add_string(t, f->subject, ROW_BUDGET);
		text_add_string(t, "}");
	}
	text_add_string(t, "]");
	add_number(
	    t, "failures_left_out", true, (int64_t)(n->failure_count - rows));
}

static void
add_held(struct text *t, const struct notification *n)
{
	const struct throttle *held = n->held;
	uint32_t rows = held ? held->held_count : 0;

	add_number(t, "held_back", true, held ? held->held_total : 0);
	text_add_string(t, ",\"held\":[");
	for (uint32_t i = 0; i < rows && i < HELD_MAX; i++) {
		const struct held *h = &held->held[i];

		text_add_string(t, i ? ",{\"task\":" : "{\"task\":");
		add_string(t, h->task, ROW_BUDGET);
		text_addf(t, ",\"reason\":\"%s\",\"count\":%" PRIu32,
		    reason_name(
			h->reason < REASON_COUNT ? h->reason : REASON_NONE),
		    h->count);
		add_instant(t, "first", h->first_wall_ms);
		add_instant(t, "last", h->last_wall_ms);
		text_add_string(t, ",\"subject\":");
		add_string(t, h->subject, ROW_BUDGET);
		text_add_string(t, "}");
	}
	text_add_string(t, "]");
}

void
message_compose_json(struct text *t, const struct notification *n)
{
	text_add_string(t, "{");
	add_summary(t, n);
	add_field(t, "reason", reason_name(n->reason));
	add_field(t, "host", n->host);
	add_field(t, "chain", n->chain);
	add_field(t, "task", n->task);
	add_field(t, "command", n->command);
	add_field(t, "message", n->message);
	add_signature(t, ",", n->signature);
	add_field(t, "id", n->id);
	add_field(t, "thread", n->thread);
	add_field(t, "version", n->version);
	add_instant(t, "time", n->now_wall_ms);
	add_run(t, n);
	add_stderr(t, n);
	add_failures(t, n);
	add_held(t, n);
	text_add_string(t, "}\n");
}
