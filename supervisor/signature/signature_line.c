/*
 * Lines as they come: known ones are passed over, others are split and taken
 * as evidence; each may say what the next one is about.
 */
#include "keep.h"
#include "signature_private.h"

/* The line before an error, which may say what the error is about. */

/* What the line before leaves for the one in hand. */
static void
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
context_is_place(const struct split *line)
{
	return !line->level && !line->has_time &&
	       keep_place_end(line->body) > 0 &&
	       !is_message_at_place(line->body);
}

/* Is it told of an error that may come, where it is and what it is about? */
static bool
leads_to_error(const struct split *line)
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
context_note(struct signature *s, const struct split *line)
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

/* Lines that were seen before. */

/*
 * All that decides what a line of a known template does.  The first part is
 * not set anew by every line.
 */
struct line_state {
	uint8_t family, phase, is_open, is_joined, is_group, is_settled,
	    is_announced, has_usage;
	uint8_t has_header, has_pending, has_errors, is_continued, has_asked,
	    context;
};
enum { LASTING_STATE = offsetof(struct line_state, has_header) };

static struct line_state
state_of(const struct signature *s)
{
	const struct recogniser *r = &s->recogniser;

	return (struct line_state){
	    .family = (uint8_t)r->family,
	    .phase = (uint8_t)r->phase,
	    .is_open = r->is_open,
	    .is_joined = r->is_joined,
	    .is_group = r->is_group,
	    .is_settled = r->is_settled,
	    .is_announced = s->is_announced,
	    .has_usage = s->has_usage,
	    .has_header = r->has_header,
	    .has_pending = r->pending_count || s->skipped_size,
	    .has_errors = collect_count(&s->errors) > 0,
	    .is_continued = s->continuation > 0,
	    .has_asked = s->has_asked,
	    .context = (uint8_t)s->context,
	};
}

/* Did the line in hand nothing but what skip() would do? */
static bool
is_idle(const struct signature *s, const struct line_state *before,
    unsigned changes)
{
	const struct line_state after = state_of(s);

	return s->changes == changes && s->is_cacheable &&
	       !s->has_used_before && !after.has_header && !after.has_asked &&
	       (!s->continuation || s->continuation == CONTINUATION_MAX) &&
	       !memcmp(before, &after, LASTING_STATE);
}

/* A line that is known to be idle does what is known of it. */
static void
skip(struct signature *s, const char *line, size_t size,
    const struct cached_line *known)
{
	s->continuation = known->is_error ? CONTINUATION_MAX : 0;
	s->has_asked = false;
	s->context = (enum context)known->context;
	if (!known->is_remembered)
		return;
	memcpy(s->skipped, line, size + CLEAN_PADDING);
	s->skipped_size = size;
}

/* The line that was passed over last may be the header of what now comes. */
static void
recall_skipped(struct signature *s)
{
	struct split split;

	if (!s->skipped_size)
		return;
	split_prefix(s->skipped, s->skipped_size, &split);
	read_fields(&s->fields, &split);
	recognise_remember(&s->recogniser, &split);
	s->skipped_size = 0;
}

/* A line of which nothing is known yet. */
static void
take_unknown(
    struct signature *s, char *line, size_t size, bool may_match, bool has_key)
{
	struct split split;

	recall_skipped(s);
	s->is_cacheable = false;
	s->put_off = NULL;
	/* a user knows the line with its prefix, or without */
	if (may_match && user_patterns_ignore(s->patterns, line))
		return;
	split_prefix(line, size, &split);
	/* only a text that is a part of the line was judged with it */
	may_match |= s->patterns && split.is_joined;
	if (may_match && user_patterns_ignore(s->patterns, split.text))
		return;
	s->recogniser.has_remembered = false;
	if (!split.size) /* a box has a margin where nothing stands */
		return;
	context_recall(s);
	/* a level in angle brackets is a number, which a template leaves out */
	s->is_cacheable = has_key && !may_match && *line != '<';
	/* an error that comes again may now be about something else */
	s->has_used_before = s->before >= CONTEXT_PLACE;
	if (read_fields(&s->fields, &split))
		take_fields(s, &split);
	else
		take_split(s, &split);
}

void
take_clean(void *context, char *line, size_t size)
{
	struct signature *s = context;
	const struct line_state state = state_of(s);
	const unsigned changes = s->changes;
	const struct cached_line *known;
	struct cached_line idle;
	bool may_match =
	    s->patterns && user_patterns_may_match(s->patterns, line, size);

	if (may_match || !line_cache_is_worth(&s->line_cache)) {
		take_unknown(s, line, size, may_match, false);
		return;
	}
	idle.key = line_cache_key(&s->line_cache, line, size,
	    hash_line((const char *)&state, sizeof(state)), s->scratch);
	known = line_cache_find(&s->line_cache, idle.key);
	if (known) {
		skip(s, line, size, known);
		return;
	}
	take_unknown(s, line, size, false, true);
	if (!is_idle(s, &state, changes))
		return;
	idle.is_error = s->continuation > 0;
	idle.is_remembered = s->recogniser.has_remembered;
	idle.context = (uint8_t)s->context;
	if (s->put_off)
		s->put_off->idle = idle;
	else
		line_cache_add(&s->line_cache, &idle);
}
