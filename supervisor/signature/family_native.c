/* Rust panics, C and C++ aborts, sanitizers and valgrind. */
#include "recognise.h"

enum { HEAD, MESSAGE, BODY };

/* The message of "thread 'main' panicked at 'boom', src/main.rs:2:5" */
static bool
set_old_panic(struct recogniser *r, const char *p)
{
	const char *start = strstr(p, "panicked at '"), *end;

	if (!start)
		return false;
	start += 13;
	end = text_find_last(start, "', ");
	candidate_set(
	    &r->subject, start, end ? (size_t)(end - start) : strlen(start));
	return true;
}

/* thread 'main' (12345) panicked: older versions print no number. */
static void
cut_thread(struct split *line)
{
	char *text = (char *)line->text;
	char *open = strstr(text, "' ("), *close;

	if (!open || !(close = strstr(open, ") panicked at ")))
		return;
	memmove(open + 1, close + 1, strlen(close + 1) + 1);
	line->size = strlen(text);
}

static bool
rust_starts(struct recogniser *r, const char *p, struct split *line)
{
	if (r->opening != RUST_PANIC)
		return false;
	/* a thread's panic and then that of the thread that waited for it */
	if (r->family == FAMILY_RUST && r->is_open)
		r->is_joined = true;
	recognise_open(r, FAMILY_RUST);
	cut_thread(line);
	r->phase = set_old_panic(r, p) ? BODY : MESSAGE;
	return true;
}

/* "prog: x.c:5: main: Assertion `x > 0' failed."; "A:ERROR:x.c:5:f: " of GLib
 */
static bool
is_assertion(const char *p)
{
	const char *q = strstr(p, "Assertion ");

	if (!q && strstr(p, ":ERROR:") && strstr(p, ": assertion failed"))
		return true;

	if (!q)
		return false;
	return (q[10] == '`' && strstr(q, "' failed")) ||
	       (char_starts(q, "Assertion failed: ") && strchr(q, '('));
}

/* The type in "... an instance of 'std::runtime_error'"; libc++'s message. */
static void
set_terminate(struct recogniser *r, const char *p)
{
	const char *type = strstr(p, "instance of '"), *end;

	if (type && (end = strchr(type + 13, '\''))) {
		candidate_set(
		    &r->subject, type + 13, (size_t)(end - type - 13));
		return;
	}
	type = strstr(p, " of type ");
	end = type ? strstr(type, ": ") : NULL;
	p = end ? end + 2 : p;
	candidate_set(&r->subject, p, strlen(p));
}

static bool
checker_starts(struct recogniser *r, const char *p, const struct split *line)
{
	if (r->opening == SANITIZER && (line->is_checker || *p == 'T')) {
		/* one process reports leaks after other faults */
		recognise_open(r, FAMILY_SANITIZER);
		if (strstr(p, "DEADLYSIGNAL"))
			return true;
	} else if (line->is_checker && !trace_is_valgrind_chatter(p)) {
		recognise_open(r, FAMILY_VALGRIND);
	} else {
		return false;
	}
	candidate_set(&r->subject, p, strlen(p));
	return true;
}

bool
native_starts(struct recogniser *r, const char *p, struct split *line)
{
	if (r->opening == HOTSPOT) {
		recognise_open(r, FAMILY_HOTSPOT);
		return true;
	}
	if (line->is_checker || r->opening == SANITIZER)
		return checker_starts(r, p, line);
	if (line->indent || (line->level && line->level < LEVEL_ERROR))
		return false;
	if (r->opening == TERMINATE) {
		recognise_open(r, FAMILY_TERMINATE);
		set_terminate(r, p);
		return true;
	}
	/* "prog: malloc.c:2617: sysmalloc: Assertion" is an assertion */
	if (r->opening == C_ABORT || (*p != '*' && is_assertion(p))) {
		recognise_open(r, FAMILY_ABORT);
		candidate_set(&r->subject, p, strlen(p));
		return true;
	}
	return rust_starts(r, p, line);
}

enum verdict
rust_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	if (r->opening == RUST_PANIC)
		return VERDICT_NONE;
	if (r->opening == RUST_HINT)
		return VERDICT_DROP;
	if (r->phase == MESSAGE) {
		/* what joins a panicked thread only knows that it panicked */
		if (!r->subject.size || !strstr(p, "value: Any {"))
			candidate_set(&r->subject, p, strlen(p));
		r->phase = BODY;
		return VERDICT_LINE;
	}
	return line->indent || char_starts(p, "stack backtrace:")
		   ? VERDICT_LINE
		   : VERDICT_NONE;
}

enum verdict
sanitizer_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	if (r->opening == SANITIZER_SUMMARY) {
		p += strlen("SUMMARY: ");
		if (!r->is_settled)
			candidate_set(&r->subject, p, strlen(p));
		r->is_settled = true;
		return VERDICT_LINE;
	}
	/* what is neither of this report nor of another one */
	if (r->is_settled && r->opening != SANITIZER && !line->indent &&
	    !line->is_checker && !trace_is_shadow(p))
		return VERDICT_NONE;
	if (r->opening == SANITIZER && !r->is_settled && !r->subject.size)
		candidate_set(&r->subject, p, strlen(p));
	return trace_is_shadow(p) ? VERDICT_DROP : VERDICT_LINE;
}

enum verdict
valgrind_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	(void)r;
	if (!line->is_checker)
		return VERDICT_NONE;
	return trace_is_valgrind_chatter(p) ? VERDICT_DROP : VERDICT_LINE;
}

enum verdict
terminate_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	(void)line;
	if (r->opening != TERMINATE_WHAT)
		return VERDICT_NONE;
	p += strlen("what():  ");
	if (*p)
		candidate_set(&r->subject, p, strlen(p));
	return VERDICT_LINE;
}

/* Of the Java machine's report the signal and the frame are evidence. */
enum verdict
hotspot_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	const char *text = p + 1 + char_blanks(p + 1);

	(void)line;
	if (*p != '#')
		return VERDICT_NONE;
	if (!r->subject.size && *text)
		candidate_set(&r->subject, text, strlen(text));
	return r->opening == HOTSPOT_LEFT_OUT ? VERDICT_DROP : VERDICT_LINE;
}
