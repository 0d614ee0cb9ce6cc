/* Python: tracebacks, their chains and groups, and bare syntax errors. */
#include "recognise.h"

enum { FRAMES, BEHIND, BEHIND_END = BEHIND + 4 };

#define HEADER "Traceback (most recent call last)"

/* Behind the margin of an exception group: "  | ", "  +-+---". */
static const char *
skip_margin(const char *p)
{
	while (*p == ' ' || *p == '|' || *p == '+' || *p == '-')
		p++;
	return p;
}

static bool
is_file_line(const char *p)
{
	const char *q;

	if (!char_starts(p, "File \""))
		return false;
	q = strstr(p, "\", line ");
	return q && char_is(q[8], CHAR_DIGIT);
}

bool
python_starts(struct recogniser *r, const char *p, const struct split *line)
{
	bool has_margin = *p == '|' || *p == '+';
	const char *q = has_margin ? skip_margin(p) : p;
	bool is_group = char_starts(q, "Exception Group Traceback");

	if (!is_group && !char_starts(q, HEADER)) {
		/* a syntax error needs no header */
		if (has_margin || line->indent < 2 || !is_file_line(p))
			return false;
		recognise_open(r, FAMILY_PYTHON);
		return true;
	}
	/* what stands in the margin belongs to the group around it */
	if (has_margin && r->is_group && r->family == FAMILY_PYTHON)
		r->is_joined = true;
	recognise_open(r, FAMILY_PYTHON);
	r->is_group = is_group || (has_margin && r->is_group);
	return true;
}

/* The sentences between two exceptions of a chain. */
static bool
is_link(const char *p)
{
	return char_starts(p, "During handling of the above exception") ||
	       char_starts(p, "The above exception was the direct cause") ||
	       char_starts(p, "Original exception was:");
}

/* Ruby before 3.0 could print its trace in Python's order. */
static bool
set_ruby(struct recogniser *r, const char *p)
{
	const char *in = strstr(p, ":in `"), *message, *end;

	if (!in)
		return false;
	message = strstr(in, "': ");
	end = text_find_last(p, " (");
	if (!message || !end || end < message + 3)
		return false;
	candidate_set(&r->subject, message + 3, (size_t)(end - message - 3));
	return true;
}

static enum verdict
behind_frames(struct recogniser *r, const char *p)
{
	if (is_link(p)) {
		r->is_joined = true;
		r->is_settled = false;
		return VERDICT_LINE;
	}
	if (char_starts(p, "Exception ignored in")) {
		/* it comes at shutdown and is not what failed */
		r->is_joined = true;
		r->is_settled = true;
		return VERDICT_LINE;
	}
	return VERDICT_NONE;
}

/* Could a frame of another runtime belong to the exception just above? */
bool
python_takes_frame(struct recogniser *r)
{
	if (r->family != FAMILY_PYTHON || !r->is_open || r->phase < BEHIND ||
	    r->phase == BEHIND_END)
		return false;
	r->phase = BEHIND + 1;
	return true;
}

enum verdict
python_goes_on(struct recogniser *r, const char *p, const struct split *line)
{
	const char *q = r->is_group ? skip_margin(p) : p;
	bool in_margin = r->is_group && q != p;

	if (in_margin && (char_starts(q, HEADER) || q[0] == '\0'))
		return *q ? VERDICT_NONE : VERDICT_DROP;
	if (in_margin && *p == '+')
		return VERDICT_DROP;
	if (r->phase >= BEHIND && !in_margin) {
		r->phase += r->phase < BEHIND_END;
		return behind_frames(r, q);
	}
	if (in_margin && is_link(q)) {
		r->is_joined = true;
		return VERDICT_LINE;
	}
	if (char_starts(q, HEADER))
		return VERDICT_NONE;
	if (line->has_time && line->level)
		return VERDICT_AFTER;
	if (char_starts(q, "[Previous line repeated"))
		return VERDICT_DROP;
	if (in_margin ? q[-1] == ' ' && q[-2] == ' ' : line->indent > 0)
		return VERDICT_LINE;
	r->phase = BEHIND;
	if (r->is_settled)
		return VERDICT_LINE;
	if (!set_ruby(r, q))
		candidate_set_python(&r->subject, q);
	/* the members of a group do not speak for it */
	r->is_settled = r->is_group;
	return VERDICT_LINE;
}
