/* What a line is evidence of, and which subject it gives. */
#include "signature_private.h"

/* The normal form of the line in hand is remembered. */
static void
remember_form(
    struct signature *s, const struct scan *scan, size_t size, enum level level)
{
	struct familiar_form *form =
	    familiar_add_form(&s->familiar, s->key, size);

	if (!form)
		return;
	form->has_letters = scan->has_letters;
	form->is_bare = s->is_bare;
	form->level = (uint8_t)level;
	memcpy(form->text, s->normal, size + 1);
}

/* Adds the normal form of a text.  Returns whether it was new evidence. */
static bool
collect_text(
    struct signature *s, struct collector *c, const char *text, size_t size)
{
	struct scan scan;

	size = levers_scan(s->levers, text, size, s->normal, &scan);
	s->is_uncacheable |= scan.is_uncacheable;
	return scan.has_letters && collect_add(c, s->normal, size);
}

/* The same of the line in hand, which may be known. */
static bool
collect(struct signature *s, struct collector *c, const struct peeled *line)
{
	const struct familiar_form *form;
	struct scan scan;
	size_t size;

	if (!s->key)
		return collect_text(s, c, line->text, line->size);
	form = familiar_form(&s->familiar, s->key);
	if (form)
		return form->has_letters &&
		       collect_add(c, form->text, form->size);
	size = scan_line(line->text, line->size, s->normal, &scan);
	s->is_uncacheable |= scan.is_uncacheable;
	if (!scan.is_uncacheable)
		remember_form(s, &scan, size, line->level);
	return scan.has_letters && collect_add(c, s->normal, size);
}

static void
set_if_first(struct candidate *c, const char *text, bool is_usage)
{
	if (!c->size)
		candidate_set_line(c, text, is_usage);
}

/* DETAIL:, what():, Caused by: and their like, or indentation. */
static bool
is_continuation(const struct signature *s, const struct peeled *line)
{
	static const struct word openings[] = {
	    WORD("DETAIL"),
	    WORD("CONTEXT"),
	    WORD("HINT"),
	    WORD("LINE "),
	    WORD("QUERY"),
	    WORD("STATEMENT"),
	    WORD("what()"),
	    WORD("Caused by"),
	    WORD("  "),
	    WORD("Reason:"),
	    WORD("reason:"),
	    WORD("Details:"),
	    WORD("- "),
	    WORD("Command was: "),
	    {0},
	};

	if ((line->indent && !line->has_time) || line->is_boxed)
		return true;
	/* "Is there a repository at the following location?", and the place */
	if (!line->level && !line->has_time &&
	    (s->has_asked || line->text[line->size - 1] == '?'))
		return true;
	return char_opening(line->body, openings) || context_is_place(line);
}

/* A line that is an error claims a subject, the best of its kind. */
static void
claim_subject(struct signature *s, const struct peeled *line, bool is_strong)
{
	const char *text = line->subject;
	bool is_number = char_is(line->body[line->indent], CHAR_DIGIT);
	enum candidate_rank rank = is_strong ? RANK_STRONG : RANK_WEAK;

	if (line_is_closing(text) || (is_number && !is_strong)) {
		set_if_first(&s->candidates[RANK_CLOSING], text, false);
		return;
	}
	/* Go's log.Fatal is the last thing that a program says */
	if (!is_strong && line->is_go_log &&
	    (s->is_go_log || !s->candidates[rank].size)) {
		candidate_clear(&s->candidates[rank]);
		s->is_go_log = true;
	}
	set_if_first(&s->candidates[rank], text, s->has_usage);
}

/* The line before this error says where it is, or is what it details. */
static void
take_before(struct signature *s, const struct peeled *line)
{
	if (s->before <= CONTEXT_OTHER ||
	    (s->before == CONTEXT_PROGRAM && !line->indent))
		return;
	s->is_uncacheable = true;
	collect_text(s, &s->errors, s->before_text, s->before_size);
	if (s->before == CONTEXT_PROGRAM)
		set_if_first(
		    &s->candidates[RANK_STRONG], s->before_text, false);
}

static void
note_question(struct signature *s, const struct peeled *line)
{
	char last = line->text[line->size - 1];

	s->has_asked = last == '?' || last == ':';
}

static bool
take_error(struct signature *s, const struct peeled *line)
{
	bool is_strong = line->level >= LEVEL_ERROR ||
			 (!line->level && line_opens_failure(line->body));

	if (!is_strong && (line->level || !line_tells_failure(line->body)))
		return false;
	if (line_is_chatter(line->body))
		return false;
	take_before(s, line);
	if (line_is_heading(line->body))
		s->is_announced = true;
	else
		claim_subject(s, line, is_strong);
	s->continuation = CONTINUATION_MAX;
	s->has_asked = false;
	if (collect(s, &s->errors, line) || s->is_announced)
		s->is_uncacheable = true;
	s->is_uncacheable |= line->is_go_log;
	return true;
}

/* "scp: Connection closed": what tools add to an error, word or no word. */
static bool
is_comment(const struct signature *s, const struct peeled *line)
{
	size_t n;

	if (!collect_count(&s->errors) || line->level || line->has_time ||
	    !char_is(*line->body, CHAR_LOWER))
		return false;
	n = char_run(line->body, CHAR_HOST);
	return n > 1 && line->body[n] == ':' && line->body[n + 1] == ' ' &&
	       !line_is_chatter(line->body);
}

/* A line that no block has claimed.  Returns whether it brought evidence. */
static bool
take_line(struct signature *s, const struct peeled *line)
{
	bool is_new, is_message;

	if (char_starts(line->body, "usage: ") ||
	    char_starts(line->body, "Usage: "))
		s->has_usage = true;
	if (s->is_announced) {
		s->is_announced =
		    line_is_heading(line->body) ||
		    (line_json_value(line->body, &is_message) && !is_message);
		if (!s->is_announced)
			claim_subject(s, line, true);
		collect(s, &s->errors, line);
		return true; /* the next of its kind may not be announced */
	}
	if (s->continuation && is_continuation(s, line)) {
		s->continuation--;
		note_question(s, line);
		collect(s, &s->errors, line);
		return true;
	}
	if (take_error(s, line))
		return s->is_uncacheable;
	s->continuation = 0;
	if (line->is_request || is_comment(s, line))
		return collect(s, &s->errors, line);
	context_note(s, line);
	is_new = !collect_count(&s->errors) && collect(s, &s->any, line);
	if (is_new)
		candidate_set_line(
		    &s->candidates[RANK_ANY], line->subject, false);
	return is_new;
}

/* A line behind a block that says why the program ended after all. */
static void
take_final(struct signature *s, const struct peeled *line)
{
	const char *p = line->subject;

	if (line->level == LEVEL_FATAL || char_starts(p, "fatal: ") ||
	    char_starts(p, "error: ") || char_starts(p, "panic: "))
		if (!line_is_closing(p))
			set_if_first(&s->candidates[RANK_FINAL], p, false);
}

/* The lines that were waiting for a first frame become the block. */
static void
take_pending(struct signature *s)
{
	struct recogniser *r = &s->recogniser;

	for (size_t i = 0; i < r->pending_count; i++)
		collect_text(
		    s, &s->block, r->pending[i].text, r->pending[i].size);
	r->pending_count = 0;
	r->has_header = false;
}

/* Returns whether the line did nothing that it would not do again. */
bool
take_peeled(struct signature *s, struct peeled *line)
{
	enum verdict v = recognise(&s->recogniser, line);

	if (v == VERDICT_NONE)
		return !take_line(s, line) && !s->recogniser.has_header;
	s->continuation = 0;
	switch (v) {
	case VERDICT_START:
	case VERDICT_START_PENDING:
		collect_clear(&s->block);
		familiar_forget_idle(&s->familiar);
		candidate_clear(&s->candidates[RANK_FINAL]);
		if (v == VERDICT_START_PENDING)
			take_pending(s);
		break;
	case VERDICT_AFTER:
		if ((line->level && line->level < LEVEL_ERROR) ||
		    line_is_chatter(line->body))
			return true;
		take_final(s, line);
		return !collect(s, &s->block, line) &&
		       !s->recogniser.has_header;
	case VERDICT_DROP:
		return false;
	default:
		break;
	}
	collect(s, &s->block, line);
	return false;
}

/* The lines of a trace that a log line carries in one of its values. */
static void
take_stack(struct signature *s, struct span stack)
{
	const char *p = stack.data, *end = p + stack.size;

	while (p < end) {
		struct peeled line = {0};
		const char *next = memchr(p, '\n', (size_t)(end - p));
		size_t size = (size_t)((next ? next : end) - p);

		if (size > CLEAN_LINE_MAX)
			size = CLEAN_LINE_MAX;
		memcpy(s->scratch, p, size);
		for (size_t i = 0; i < size; i++)
			if (s->scratch[i] == '\t')
				s->scratch[i] = ' ';
		while (size && s->scratch[size - 1] == ' ')
			size--;
		memset(s->scratch + size, 0, CLEAN_PADDING);
		line.text = line.body = s->scratch;
		line.size = size;
		peel_settle(&line);
		if (size)
			take_peeled(s, &line);
		p = next ? next + 1 : end;
	}
}

/* Does a line consist of fields?  Then these are taken for the line. */
bool
read_fields(struct fields *f, struct peeled *line)
{
	if ((*line->body != '{' && !memchr(line->body, '=', 12)) ||
	    !fields_parse(f, line->body))
		return false;
	f->subject = f->message.size ? f->message : f->error;
	if (f->level)
		line->level = f->level;
	line->text = line->body = f->line;
	line->size = f->size;
	line->indent = 0;
	line->subject = f->subject.data;
	return true;
}

/*
 * A log line of fields: the trace in it, its message and error.  Returns
 * as take_peeled().
 */
bool
take_fields(struct signature *s, struct peeled *line)
{
	bool is_inert;
	struct fields *f = &s->fields;
	struct candidate *c = &s->candidates[RANK_STRUCTURED];

	s->before = CONTEXT_NONE;
	s->key = 0; /* what is collected is not the line itself */
	if (line->level >= LEVEL_ERROR)
		candidate_set(c, f->subject.data, f->subject.size);
	/* first the trace, for what came before it does not count */
	if (f->stack.size)
		take_stack(s, f->stack);
	if (s->recogniser.family == FAMILY_NONE)
		is_inert = !take_line(s, line);
	else
		is_inert = take_peeled(s, line);
	if (f->stack.size && f->message.size && line->level >= LEVEL_ERROR)
		candidate_set(&s->candidates[RANK_FINAL], f->message.data,
		    f->message.size);
	s->context = CONTEXT_NONE;
	return is_inert && !f->stack.size && line->level < LEVEL_ERROR;
}
