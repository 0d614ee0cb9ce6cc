#include "message_body.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/units.h"

enum {
	SHOWN_MAX = 1024, /* of a foreign string, in bytes */
	ROWS_MAX = 50,    /* distinct failures that are listed */
	CHUNK = 1024,
};

/* Our own words; never foreign bytes, which go through show(). */
__attribute__((format(printf, 2, 3))) static void
say(struct mime_body *b, const char *fmt, ...)
{
	char buffer[512];
	struct text t;
	va_list ap;

	text_init(&t, buffer, sizeof(buffer));
	va_start(ap, fmt);
	text_vaddf(&t, fmt, ap);
	va_end(ap);
	mime_body_add(b, buffer, t.length);
}

/* Foreign bytes, made fit to show. */
static void
show_bytes(struct mime_body *b, const char *bytes, size_t size, bool has_lines)
{
	char buffer[CHUNK * 4 + 1];
	struct text t;

	text_init(&t, buffer, sizeof(buffer));
	mime_add_shown(&t, bytes, size, has_lines);
	mime_body_add(b, buffer, t.length);
}

/* A foreign string in one line, cut when long; "-" when it is not known. */
static void
show(struct mime_body *b, const char *s)
{
	size_t size = s ? strlen(s) : 0;
	size_t n = size ? text_cut(s, size, SHOWN_MAX) : 0;

	if (!size)
		say(b, "-");
	show_bytes(b, s, n, false);
	if (n < size)
		say(b, " [... %zu bytes left out ...]", size - n);
}

static void
show_line(struct mime_body *b, const char *label, const char *s)
{
	if (!s || !*s)
		return;
	say(b, "%s: ", label);
	show(b, s);
	say(b, "\n");
}

static const char *
format_instant(int64_t wall_ms, char text[UNITS_TEXT_SIZE])
{
	units_format_time(wall_ms, text);
	return strcat(text, " UTC");
}

static const char *
format_span(int64_t ms, char text[UNITS_TEXT_SIZE])
{
	units_format_span(ms, text);
	return text;
}

static const char *
plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

bool
message_has_run(const struct notification *n)
{
	return (n->reason >= REASON_FIRST && n->reason <= REASON_HEALED) ||
	       n->reason == REASON_SLOW;
}

/* What happened, in one sentence, and MESSAGE below it. */
static void
write_lead(struct mime_body *b, const struct notification *n)
{
	static const char *const leads[REASON_COUNT] = {
	    [REASON_FIRST] = "failed, for the first time in this process:\n",
	    [REASON_NEW] = "failed in a way not told before:\n",
	    [REASON_DOWNTIME] = "keeps failing: non recoverable downtime "
				"reached. Last failure:\n",
	    [REASON_DOWNTIME_AGAIN] = "still fails: non recoverable downtime "
				      "reached again. Last failure:\n",
	    [REASON_HEALED] = "has healed: it succeeds again.\n",
	    [REASON_SLOW] = "is slow. The run goes on; by now it took\n",
	};

	if (n->reason == REASON_TEST) {
		say(b, "This is a test message of runner: it arrived.\n");
		return;
	}
	if (n->reason == REASON_REFUSED) {
		say(b, "A notification was refused for good.\n");
		show_line(b, "By", n->message);
		show_line(b, "It said", n->refused);
		say(b, "It is kept in outbox/refused; `runner test-notify` "
		       "tries the channel again.\n");
		return;
	}
	if (!message_has_run(n)) {
		say(b, "Notifications were held back: more came up than "
		       "max_per_hour, or than there was room for.\n");
		return;
	}
	show(b, n->task);
	say(b, " %s", leads[n->reason]);
	if (n->reason == REASON_HEALED)
		return;
	show(b, n->message);
	say(b, "\n");
}

static void
write_downtime(struct mime_body *b, const struct notification *n)
{
	char since[UNITS_TEXT_SIZE], span[UNITS_TEXT_SIZE];

	if (n->reason == REASON_HEALED)
		say(b, "Downtime: %s, %" PRIu64 " failure%s\n",
		    format_span(n->downtime_ms, span), n->consecutive_failures,
		    plural(n->consecutive_failures));
	else if (n->consecutive_failures)
		say(b, "Consecutive failures: %" PRIu64 "\n",
		    n->consecutive_failures);
	if (n->down_since_wall_ms)
		say(b, "%s: %s (%s)\n",
		    n->reason == REASON_HEALED ? "Was down since"
					       : "Down since",
		    format_instant(n->down_since_wall_ms, since),
		    format_span(n->downtime_ms, span));
}

static void
write_acknowledged(struct mime_body *b, const struct acknowledgement *a)
{
	char when[UNITS_TEXT_SIZE];

	if (!a)
		return;
	say(b, "Acknowledged: %s by ", format_instant(a->wall_ms, when));
	show(b, a->who);
	if (*a->why) {
		say(b, ": ");
		show(b, a->why);
	}
	say(b, "\n");
}

static void
write_facts(struct mime_body *b, const struct notification *n)
{
	char result[OUTCOME_TEXT_SIZE], span[UNITS_TEXT_SIZE];
	char instant[UNITS_TEXT_SIZE];

	say(b, "\n");
	if (message_has_run(n)) {
		outcome_describe(&n->outcome, result);
		say(b, "Result: %s, after %s\n", result,
		    format_span(n->duration_ms, span));
		write_downtime(b, n);
		if (n->reason == REASON_HEALED)
			show_line(b, "Last failure", n->message);
		write_acknowledged(b, n->acknowledged);
	}
	if (n->next_run_wall_ms)
		say(b, "Next run: %s (in %s)\n",
		    format_instant(n->next_run_wall_ms, instant),
		    format_span(n->next_run_wall_ms - n->now_wall_ms, span));
	show_line(b, "Host", n->host);
}

void
message_write_gap(struct mime_body *b, uint64_t left_out)
{
	say(b, "[... %" PRIu64 " byte%s left out ...]\n", left_out,
	    plural(left_out));
}

/* Kept bytes [from, to) as text that ends with a newline. */
static void
show_kept(
    struct mime_body *b, const struct captured *kept, size_t from, size_t to)
{
	char chunk[CHUNK];
	bool is_open = false;

	while (from < to) {
		size_t size = excerpt_copy(kept, from, chunk, CHUNK), n;

		if (size > to - from)
			size = to - from;
		/* A character that goes on in the next chunk waits for it. */
		n = from + size < to ? text_cut(chunk, size, size - 4) : size;
		show_bytes(b, chunk, n, true);
		is_open = chunk[n - 1] != '\n';
		from += n;
	}
	if (is_open)
		say(b, "\n");
}

/* Returns whether more is kept than was shown. */
static bool
write_stream(struct mime_body *b, const char *title,
    const struct captured *kept, size_t head_max, size_t tail_max)
{
	struct excerpt x = excerpt_of(kept, head_max, tail_max);

	say(b, "\n---- %s, %" PRIu64 " byte%s ----\n", title, kept->total,
	    plural(kept->total));
	show_kept(b, kept, 0, x.head_end);
	if (x.left_out)
		message_write_gap(b, x.left_out);
	show_kept(b, kept, x.tail_start, excerpt_kept_size(kept));
	return x.is_cut;
}

static void
write_streams(struct mime_body *b, const struct notification *n)
{
	if (!message_has_run(n) || n->outcome.goes_on)
		return;
	if (!excerpt_kept_size(&n->err)) {
		if (n->reason != REASON_HEALED)
			say(b, "\nNothing was written to stderr.\n");
	} else if (write_stream(b, "stderr", &n->err, MESSAGE_STDERR_HEAD,
		       MESSAGE_STDERR_TAIL)) {
		say(b, "---- more of it is attached as stderr.txt ----\n");
	}
	if (excerpt_kept_size(&n->out))
		write_stream(
		    b, "stdout, its end", &n->out, 0, CAPTURE_STDOUT_TAIL);
}

static void
write_period(struct mime_body *b, int64_t first_wall_ms, int64_t last_wall_ms)
{
	char first[UNITS_TEXT_SIZE], last[UNITS_TEXT_SIZE];

	say(b, "    %s", format_instant(first_wall_ms, first));
	if (last_wall_ms != first_wall_ms)
		say(b, " to %s", format_instant(last_wall_ms, last));
}

static void
write_failures(struct mime_body *b, const struct notification *n)
{
	size_t rows = n->failure_count;

	if (!rows)
		return;
	if (rows > ROWS_MAX)
		rows = ROWS_MAX;
	say(b, "\n---- distinct failures of this process: %zu ----\n",
	    n->failure_count);
	for (size_t i = 0; i < rows; i++) {
		const struct failure_count *f = &n->failures[i];

		say(b, "%" PRIu64 " x ", f->count);
		show(b, f->subject);
		say(b, "\n");
		write_period(b, f->first_wall_ms, f->last_wall_ms);
		say(b, ", signature %016" PRIx64 "\n", f->signature);
	}
	if (rows < n->failure_count)
		say(b, "[... %zu more left out ...]\n",
		    n->failure_count - rows);
}

static void
write_held(struct mime_body *b, const struct notification *n)
{
	const struct throttle *t = n->held;
	uint64_t rest;

	if (!t || !t->held_total)
		return;
	rest = t->held_total;
	say(b, "\n---- notifications held back before: %" PRIu32 " ----\n",
	    t->held_total);
	for (uint32_t i = 0; i < t->held_count && i < HELD_MAX; i++) {
		const struct held *h = &t->held[i];

		say(b, "%" PRIu32 " x [", h->count);
		show(b, h->task);
		say(b, "] %s; the newest: ",
		    reason_name(
			h->reason < REASON_COUNT ? h->reason : REASON_NONE));
		show(b, h->subject);
		say(b, "\n");
		write_period(b, h->first_wall_ms, h->last_wall_ms);
		if (h->signature)
			say(b, ", signature %016" PRIx64, h->signature);
		say(b, "\n");
		rest -= h->count < rest ? h->count : rest;
	}
	if (rest)
		say(b, "and %" PRIu64 " more, of other failures\n", rest);
}

/* "-c FILE ", so that the command works in any directory; as a shell word. */
static void
say_config(struct mime_body *b, const char *file)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";

	const char *quote = file[strspn(file, plain)] ? "'" : "";

	if (*quote && strchr(file, '\''))
		return;
	say(b, "-c %s", quote);
	show_bytes(b, file, strlen(file), false);
	say(b, "%s ", quote);
}

static void
write_details(struct mime_body *b, const struct notification *n)
{
	char instant[UNITS_TEXT_SIZE];

	say(b, "\n---- details ----\n");
	show_line(b, "Chain", n->chain);
	show_line(b, "Task", n->task);
	show_line(b, "Command", n->command);
	if (n->run)
		say(b, "Run: %" PRIu64 "\n", n->run);
	if (n->started_wall_ms)
		say(b, "Started: %s\n",
		    format_instant(n->started_wall_ms, instant));
	if (n->signature) {
		say(b, "Signature: %016" PRIx64 "\n", n->signature);
		say(b, "To see more: runner ");
		if (n->config_file)
			say_config(b, n->config_file);
		say(b, "failures --show %016" PRIx64 "\n", n->signature);
	}
	if (n->version)
		say(b, "Sent by: runner %.64s\n", n->version);
}

void
message_write_body(struct mime_body *b, const struct notification *n)
{
	write_lead(b, n);
	write_facts(b, n);
	write_streams(b, n);
	write_failures(b, n);
	write_held(b, n);
	write_details(b, n);
}
