#include "recognise.h"

void
recognise_begin(struct recogniser *r)
{
	r->family = FAMILY_NONE;
	r->is_open = r->is_joined = r->is_group = r->is_settled = false;
	r->has_header = false;
	r->phase = 0;
	r->pending_count = 0;
	candidate_clear(&r->subject);
}

void
recognise_open(struct recogniser *r, enum family family)
{
	r->family = family;
	r->is_open = true;
	r->phase = 0;
	if (!r->is_joined) {
		r->is_settled = false;
		candidate_clear(&r->subject);
	}
}

/* The names of exceptions, and what is only printed before one. */
static bool
is_likely_header(const char *p)
{
	const char *error;

	if (char_starts(p, "Error") || char_starts(p, "Uncaught ") ||
	    char_starts(p, "error: ") || char_starts(p, "Exception in thread"))
		return true;
	error = strstr(p, "Error");
	if (error && (error[5] == ':' || error[5] == ' ' || !error[5]))
		return true;
	return strstr(p, "Exception") || strstr(p, "RejectionWarning: ");
}

/* One that is indented must be an exception's, as .NET's loggers write it. */
static bool
is_header_line(const struct split *line)
{
	const char *p = line->body + line->indent;

	if (!char_is(*p, CHAR_ALPHA | CHAR_UNDER))
		return char_starts(p, "** (");
	if (line->indent)
		return line_exception_length(p) > 0;
	return is_likely_header(p) && !line_is_closing(p);
}

/* The line may be the header of a trace, or be below one. */
static void
remember(struct recogniser *r, const struct split *line)
{
	struct pending_line *slot;
	bool is_header = is_header_line(line);
	size_t size = line->size;

	if (is_header || !r->has_header ||
	    r->pending_count == PENDING_LINES_MAX) {
		r->pending_count = 0;
		r->has_header = is_header;
	}
	slot = &r->pending[r->pending_count++];
	if (size > PENDING_LINE_MAX) {
		size = PENDING_LINE_MAX;
		while (size && (line->text[size] & 0xc0) == 0x80)
			size--;
	}
	memcpy(slot->text, line->text, size);
	memset(slot->text + size, 0, 16);
	slot->size = size;
}

static enum verdict
go_on(struct recogniser *r, const char *p, struct split *line)
{
	static const struct {
		goes_on_fn *goes_on;
		bool ends_at_log; /* a log line is not part of its block */
	} families[FAMILY_COUNT] = {
	    [FAMILY_PYTHON] = {python_goes_on, false},
	    [FAMILY_FRAMES] = {frames_go_on, false},
	    [FAMILY_RUBY] = {ruby_goes_on, true},
	    [FAMILY_PERL] = {perl_goes_on, true},
	    [FAMILY_PHP] = {php_goes_on, true},
	    [FAMILY_GO] = {go_goes_on, true},
	    [FAMILY_RUST] = {rust_goes_on, true},
	    [FAMILY_TERMINATE] = {terminate_goes_on, false},
	    [FAMILY_SANITIZER] = {sanitizer_goes_on, false},
	    [FAMILY_VALGRIND] = {valgrind_goes_on, false},
	    [FAMILY_HOTSPOT] = {hotspot_goes_on, false},
	    [FAMILY_LUA] = {script_goes_on, true},
	    [FAMILY_ERLANG] = {erlang_goes_on, true},
	};

	if (!r->is_open || !families[r->family].goes_on ||
	    (families[r->family].ends_at_log && line->has_time && line->level))
		return VERDICT_NONE;
	return families[r->family].goes_on(r, p, line);
}

static bool
starts(struct recogniser *r, const char *p, struct split *line)
{
	static starts_fn *const families[] = {python_starts, native_starts,
	    go_starts, script_starts, frames_start};

	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (families[i](r, p, line))
			return true;
	return false;
}

enum verdict
recognise(struct recogniser *r, struct split *line)
{
	const char *p = line->body + line->indent;
	enum verdict v;
	bool is_joined;

	r->opening = trace_opening(p);
	v = go_on(r, p, line);
	if (v != VERDICT_NONE)
		return v;
	if (starts(r, p, line)) {
		is_joined = r->is_joined;
		r->pending_count = 0;
		r->has_header = false;
		r->is_joined = false;
		return is_joined ? VERDICT_LINE : VERDICT_START;
	}
	if (r->pending_count && script_is_trace(r, line))
		return VERDICT_START_PENDING;
	/* right after Python's exception, frames of what it called */
	if (frames_is_frame(r, line) && python_takes_frame(r))
		return VERDICT_LINE;
	/*
	 * Frames without a header are not a trace of their own; nor are lines
	 * that say where a frame is: "#8 0x7f6b93845249 in main", "at x.c:58".
	 */
	if (r->pending_count && r->has_header && frames_is_frame(r, line) &&
	    !(*r->pending[0].text == '#' &&
		char_is(r->pending[0].text[1], CHAR_DIGIT))) {
		r->is_joined = false;
		frames_take_pending(r);
		return VERDICT_START_PENDING;
	}
	remember(r, line);
	return r->family ? VERDICT_AFTER : VERDICT_NONE;
}
