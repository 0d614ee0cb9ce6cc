/* Python, the kin of Java, Node and .NET, and Go. */
#include <string.h>

#include "recognise.h"

/* Python: tracebacks, their chains and groups, and bare syntax errors. */

enum python_phase { PYTHON_FRAMES, AFTER_FRAMES, AFTER_END = AFTER_FRAMES + 4 };

/* After the margin of an exception group: "  | ", "  +-+---". */
static const char *
skip_margin(const char *p)
{
	return p + strspn(p, " |+-");
}

bool
python_starts(struct recogniser *r, const char *p, struct split *line)
{
	bool has_margin = *p == '|' || *p == '+', is_group;
	enum opening opening =
	    has_margin ? trace_opening(skip_margin(p)) : r->opening;

	if (opening == PYTHON_FATAL) {
		recognise_open(r, FAMILY_PYTHON);
		candidate_set(&r->subject, p, strlen(p));
		r->is_settled = true;
		return true;
	}
	is_group = opening == PYTHON_GROUP;
	if (!is_group && opening != PYTHON_HEADER) {
		/* a syntax error needs no header */
		if (has_margin || line->indent < 2 || opening != PYTHON_FILE)
			return false;
		recognise_open(r, FAMILY_PYTHON);
		return true;
	}
	/* what is in the margin belongs to the group around it */
	if (has_margin && r->is_group && r->family == FAMILY_PYTHON)
		r->is_joined = true;
	recognise_open(r, FAMILY_PYTHON);
	r->is_group = is_group || (has_margin && r->is_group);
	return true;
}

/* Could a frame of another runtime belong to the exception just above? */
bool
python_takes_frame(struct recogniser *r)
{
	if (r->family != FAMILY_PYTHON || !r->is_open ||
	    r->phase < AFTER_FRAMES || r->phase == AFTER_END)
		return false;
	r->phase = AFTER_FRAMES + 1;
	return true;
}

enum verdict
python_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	const char *q = r->is_group ? skip_margin(p) : p;
	bool in_margin = q != p;
	enum opening opening = in_margin ? trace_opening(q) : r->opening;

	if (opening == PYTHON_THREAD && r->is_settled)
		return VERDICT_LINE;
	if (opening == PYTHON_MODULES)
		return VERDICT_DROP;
	if (in_margin && (opening == PYTHON_HEADER || !*q))
		return *q ? VERDICT_NONE : VERDICT_DROP;
	if (in_margin && *p == '+')
		return VERDICT_DROP;
	if (r->phase >= AFTER_FRAMES && !in_margin) {
		r->phase += r->phase < AFTER_END;
		if (opening != PYTHON_LINK && opening != PYTHON_IGNORED)
			return VERDICT_NONE;
		r->is_joined = true;
		r->is_settled = opening == PYTHON_IGNORED;
		return VERDICT_LINE;
	}
	if (in_margin && opening == PYTHON_LINK) {
		r->is_joined = true;
		return VERDICT_LINE;
	}
	if (opening == PYTHON_HEADER)
		return VERDICT_NONE;
	if (line->has_time && line->level)
		return VERDICT_AFTER;
	if (opening == PYTHON_REPEATED)
		return VERDICT_DROP;
	if (in_margin ? q[-1] == ' ' && q[-2] == ' ' : line->indent > 1)
		return VERDICT_LINE;
	r->phase = AFTER_FRAMES;
	if (r->is_settled)
		return VERDICT_LINE;
	candidate_set_python(&r->subject, q);
	/* the members of a group do not speak for it */
	r->is_settled = r->is_group;
	return VERDICT_LINE;
}

/* Java and its kin, Node and .NET: a header, then lines of "at ...". */

enum { EXCERPT, MARKED, FRAMES, CAUSE };

bool
frames_is_frame(const struct recogniser *r, const struct split *line)
{
	return line->indent &&
	       (r->opening == FRAMES_FRAME || r->opening == FRAMES_REFLECTION);
}

void
frames_take_pending(struct recogniser *r)
{
	const struct pending_line *header = r->pending;

	recognise_open(r, FAMILY_FRAMES);
	r->phase = FRAMES;
	/* a class alone: the message is below */
	if (r->pending_count > 1 && line_is_heading(header->text))
		header++;
	candidate_set_exception(&r->subject, header->text);
	r->is_settled = true;
}

bool
frames_start(struct recogniser *r, const char *p, struct split *line)
{
	if (line->indent)
		return false;
	switch (r->opening) {
	case FRAMES_HEADER:
		recognise_open(r, FAMILY_FRAMES);
		r->phase = FRAMES;
		candidate_set_exception(&r->subject, p);
		r->is_settled = true;
		return true;
	case FRAMES_NEXT:
		recognise_open(r, FAMILY_FRAMES);
		r->phase = MARKED;
		return true;
	case FRAMES_EXCERPT:
		if (line->level)
			return false;
		recognise_open(r, FAMILY_FRAMES);
		return true;
	default:
		return false;
	}
}

/* The source excerpt above the header that Node prints. */
static enum verdict
excerpt_goes_on(struct recogniser *r, const char *p, const struct split *line)
{
	if (r->phase == EXCERPT) {
		bool is_marker = r->opening == FRAMES_MARKER;

		if (!is_marker && (line->indent || !line_exception_length(p)))
			return VERDICT_LINE;
		r->phase = MARKED;
		if (is_marker)
			return VERDICT_DROP;
	}
	if (line->indent)
		return VERDICT_LINE;
	candidate_set_exception(&r->subject, p);
	r->phase = FRAMES;
	return VERDICT_LINE;
}

enum verdict
frames_go_on(struct recogniser *r, const char *p, struct split *line)
{
	if (r->phase < FRAMES)
		return excerpt_goes_on(r, p, line);
	if (line->has_time && line->level)
		return VERDICT_NONE;
	switch (r->opening) {
	case FRAMES_REFLECTION:
		return VERDICT_DROP;
	case FRAMES_MORE:
		if (line->indent)
			return VERDICT_DROP;
		break;
	case FRAMES_CAUSE:
		if (!line->indent)
			r->phase = CAUSE;
		return VERDICT_LINE;
	case FRAMES_END:
		return VERDICT_LINE;
	case FRAMES_FRAME:
		if (strchr(p, '('))
			return VERDICT_LINE;
		break;
	default:
		break;
	}
	/* a message of several lines before its first frame */
	return line->indent || (r->phase > FRAMES && !line_exception_length(p))
		   ? VERDICT_LINE
		   : VERDICT_NONE;
}

/* Go: panics and fatal errors, of which the first goroutine matters. */

enum { HEAD, FIRST, OTHERS };

bool
go_starts(struct recogniser *r, const char *p, struct split *line)
{
	const char *end;

	if (line->indent || (r->opening != GO_PANIC && r->opening != GO_FATAL))
		return false;
	recognise_open(r, FAMILY_GO);
	if (r->opening == GO_PANIC)
		p += strlen("panic: ");
	end = strstr(p, " [recovered");
	candidate_set(&r->subject, p, end ? (size_t)(end - p) : strlen(p));
	return true;
}

/* Where the arguments of a call begin, that is the whole line; or 0. */
static size_t
arguments_start(const struct split *line)
{
	const char *text = line->text;
	size_t n = line->size, depth = 0;

	if (!n || text[n - 1] != ')' || line->indent)
		return 0;
	while (n) {
		n--;
		depth += text[n] == ')';
		depth -= text[n] == '(';
		if (!depth)
			break;
	}
	return memchr(text, ' ', n) || !memchr(text, '.', n) ? 0 : n;
}

/* Arguments are addresses and lengths of data: main.f(0xc000, 0x5) */
static void
cut_arguments(struct split *line)
{
	char *text = (char *)line->text;
	size_t n = arguments_start(line);
	char *offset = strstr(text, " +0x");

	if (offset) {
		*offset = '\0';
		line->size = (size_t)(offset - text);
		return;
	}
	if (n) {
		text[n] = '\0';
		line->size = n;
	}
}

/* "goroutine 1 [chan receive, 5 minutes]:" has not always waited so long. */
static void
cut_waiting(struct split *line)
{
	char *text = (char *)line->text;
	char *comma = strchr(text, ',');
	char *end = strchr(text, ']');

	if (!comma || !end || comma > end || !strstr(comma, " minutes"))
		return;
	memmove(comma, end, strlen(end) + 1);
	line->size -= (size_t)(end - comma);
}

/* A function's call, or what is below it. */
static enum verdict
call_goes_on(struct recogniser *r, struct split *line)
{
	bool is_call = arguments_start(line) > 0;

	if (line->indent || r->opening == GO_CREATED || is_call) {
		if (r->phase == OTHERS)
			return VERDICT_DROP;
		if (r->phase == FIRST)
			cut_arguments(line);
		return VERDICT_LINE;
	}
	return VERDICT_NONE;
}

enum verdict
go_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	(void)p;
	switch (r->opening) {
	case GO_ROUTINE:
		r->phase = r->phase == HEAD ? FIRST : OTHERS;
		if (r->phase == OTHERS)
			return VERDICT_DROP;
		cut_waiting(line);
		return VERDICT_LINE;
	case GO_LEFT_OUT:
		return VERDICT_DROP;
	case GO_HEAD:
		if (r->phase == HEAD)
			return VERDICT_LINE;
		break;
	default:
		break;
	}
	return call_goes_on(r, line);
}
