/* The line before an error, which may say what the error is about. */
#include "keep.h"
#include "signature_private.h"

/* What the line before leaves for the one in hand. */
void
context_recall(struct signature *s)
{
	const struct recogniser *r = &s->recogniser;
	const struct pending_line *last;

	s->before = s->context;
	s->context = CONTEXT_NONE;
	if (s->before <= CONTEXT_OTHER || s->before == CONTEXT_HELD)
		return;
	if (!r->pending_count) {
		s->before = CONTEXT_NONE;
		return;
	}
	last = &r->pending[r->pending_count - 1];
	memcpy(s->before_text, last->text, last->size + CLEAN_PADDING);
	s->before_size = last->size;
}

/* "   3 | x = 1", "Line |", "     | ^^^": an excerpt of the source. */
static bool
is_excerpt(const char *p)
{
	p += char_blanks(p);
	p += char_starts(p, "Line ") ? 4 : char_run(p, CHAR_DIGIT);
	p += char_blanks(p);
	return *p == '|' && (p[1] == ' ' || !p[1]);
}

/* "x.py:12: message": a position that is only where a message came from. */
static bool
is_message_at_place(const char *p)
{
	size_t n = line_place_length(p);

	return n && p[n] && p[n - 1] == ' ';
}

bool
context_is_place(const struct peeled *line)
{
	return !line->level && !line->has_time &&
	       keep_place_end(line->body) > 0 &&
	       !is_message_at_place(line->body);
}

/* Is it told of an error that may come, where it is and what it is about? */
static bool
leads_to_error(const struct peeled *line)
{
	const char *p = line->body + line->indent;
	size_t end;

	if (strstr(p, "from TOC entry "))
		return true;
	end = keep_place_end(line->body);
	if (!end || is_message_at_place(line->body))
		return false;
	p = line->body + end;
	return char_starts(line->body, "At line ") || !*p ||
	       ((*p == ':' || *p == ',') && !p[1]);
}

void
context_note(struct signature *s, const struct peeled *line)
{
	if (line->has_time)
		return;
	if (s->before >= CONTEXT_PLACE && is_excerpt(line->body))
		s->context = CONTEXT_HELD;
	else if (line->level)
		s->context = CONTEXT_OTHER;
	else if (s->before == CONTEXT_OTHER &&
		 (line->indent || is_excerpt(line->body)))
		s->context = CONTEXT_OTHER;
	else if (leads_to_error(line))
		s->context = CONTEXT_PLACE;
	else if (!line->indent && line_program_length(line->body))
		s->context = CONTEXT_PROGRAM;
}
