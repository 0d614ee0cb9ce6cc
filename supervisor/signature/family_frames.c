/* Java and its kin, Node and .NET: a header, then lines of "at ...". */
#include "recognise.h"

enum { EXCERPT, MARKED, HEADER, FRAMES };

/* "at x.y.Z(...)", "at f (file:1:2)": not every line that begins with at. */
bool
frames_is_frame(const char *p, const struct split *line)
{
	size_t n = char_starts(p, "at ");

	if (!n || line->indent == 0)
		return false;
	return strchr(p, '(') || strchr(p, ':') || strchr(p, '/') ||
	       strchr(p, '<');
}

void
frames_take_pending(struct recogniser *r)
{
	const struct pending_line *header = r->pending;

	recognise_open(r, FAMILY_FRAMES);
	r->phase = FRAMES;
	/* a class alone: the message stands below */
	if (r->pending_count > 1 && line_is_heading(header->text))
		header++;
	candidate_set_exception(&r->subject, header->text);
	r->is_settled = true;
}

/* "/app/x.js:12" alone on its line, before an excerpt of the source. */
static bool
is_excerpt_header(const char *p)
{
	const char *colon;
	size_t digits;

	if (*p != '/' && !char_starts(p, "file://") &&
	    !char_starts(p, "node:") && !char_starts(p, "evalmachine") &&
	    !char_starts(p, "[eval]"))
		return false;
	colon = strrchr(p, ':');
	if (!colon || strchr(p, ' '))
		return false;
	digits = char_run(colon + 1, CHAR_DIGIT);
	return digits && colon[1 + digits] == '\0' &&
	       (char_starts(p, "node:") || char_starts(p, "[eval]") ||
		   strstr(p, ".js:") || strstr(p, ".mjs:") ||
		   strstr(p, ".cjs:") || strstr(p, ".ts:") ||
		   strstr(p, ".jsx:") || strstr(p, ".tsx:") ||
		   strstr(p, ".mts:") || strstr(p, ".cts:") ||
		   !strrchr(p, '.'));
}

bool
frames_start(struct recogniser *r, const char *p, const struct split *line)
{
	if (line->indent)
		return false;
	if (char_starts(p, "Exception in thread \"") ||
	    char_starts(p, "Unhandled exception. ") ||
	    char_starts(p, "Unhandled Exception: ")) {
		recognise_open(r, FAMILY_FRAMES);
		r->phase = FRAMES;
		candidate_set_exception(&r->subject, p);
		r->is_settled = true;
		return true;
	}
	/* Pascal: the type and message stand on the next line */
	if (char_starts(p, "An unhandled exception occurred at $")) {
		recognise_open(r, FAMILY_FRAMES);
		r->phase = MARKED;
		return true;
	}
	if (!line->level && is_excerpt_header(p)) {
		recognise_open(r, FAMILY_FRAMES);
		r->phase = EXCERPT;
		return true;
	}
	return false;
}

static bool
is_marker(const char *p)
{
	size_t n = strspn(p, "^~ ");

	return n && p[n] == '\0' && strchr(p, '^');
}

/* The source excerpt above the header that Node prints. */
static enum verdict
excerpt_goes_on(struct recogniser *r, const char *p, const struct split *line)
{
	if (r->phase == EXCERPT) {
		if (is_marker(p))
			r->phase = MARKED;
		else if (line->indent == 0 && line_exception_length(p))
			r->phase = MARKED;
		else
			return VERDICT_LINE;
		if (r->phase == MARKED && is_marker(p))
			return VERDICT_DROP;
	}
	if (line->indent)
		return VERDICT_LINE;
	candidate_set_exception(&r->subject, p);
	r->phase = FRAMES;
	return VERDICT_LINE;
}

/* Frames that come and go with how often a method was called. */
static bool
is_reflection(const char *p)
{
	return char_starts(p, "at ") &&
	       (strstr(p, "jdk.internal.reflect.") ||
		   strstr(p, "sun.reflect.") ||
		   strstr(p, "java.lang.reflect.Method.invoke"));
}

enum verdict
frames_go_on(struct recogniser *r, const char *p, const struct split *line)
{
	if (r->phase < FRAMES)
		return excerpt_goes_on(r, p, line);
	if (line->has_time && line->level)
		return VERDICT_NONE;
	if (line->indent) {
		if (char_starts(p, "... ") || is_reflection(p))
			return VERDICT_DROP;
		return VERDICT_LINE;
	}
	if (char_starts(p, "Caused by: ") || char_starts(p, "Suppressed: ") ||
	    char_starts(p, "Wrapped by: ")) {
		r->phase = FRAMES + 1;
		return VERDICT_LINE;
	}
	if (char_starts(p, "at ") && strchr(p, '('))
		return is_reflection(p) ? VERDICT_DROP : VERDICT_LINE;
	if (*p == '}' || char_starts(p, "Node.js v") ||
	    char_starts(p, "---> ") || char_starts(p, "--- End of "))
		return VERDICT_LINE;
	/* a message of several lines before its first frame */
	if (r->phase > FRAMES && !line_exception_length(p))
		return VERDICT_LINE;
	return VERDICT_NONE;
}
