/* What a line is evidence of, and which subject it gives. */
#include "signature_private.h"

/* Adds a text's normal form.  Returns whether it has letters and is new. */
static bool
normalise(
    struct signature *s, struct collector *c, const char *text, size_t size)
{
	struct scan scan;

	size = user_patterns_scan(s->patterns, text, size, s->normal, &scan);
	s->has_letters = scan.has_letters;
	return scan.has_letters && collect_add(c, s->normal, size);
}

static size_t
waiting_size(size_t size)
{
	size_t align = _Alignof(struct waiting_line);

	size += sizeof(struct waiting_line) + CLEAN_PADDING;
	return (size + align - 1) / align * align;
}

static struct waiting_line *
waiting_at(struct signature *s, size_t at)
{
	return (struct waiting_line *)(void *)(s->waiting + at);
}

/* The last line has the subject, if it is not one that closes a report. */
static void
set_any(struct signature *s, const char *text)
{
	struct candidate *c = &s->candidates[RANK_ANY];

	if (!c->size || !line_is_closing(text))
		candidate_set_line(c, text, false);
}

void
take_waiting(struct signature *s)
{
	struct collector *c = s->waiting_for;

	for (size_t at = 0; at < s->waiting_size;) {
		struct waiting_line *line = waiting_at(s, at);
		bool is_new;

		at += waiting_size(line->size);
		is_new = !(line->is_after && line_is_chatter(line->text)) &&
			 normalise(s, c, line->text, line->size);
		if (is_new && c == &s->any)
			set_any(s, line->text + line->subject);
	}
	s->waiting_size = 0;
}

/* The first half of what waits is forgotten. */
static void
forget_half(struct signature *s)
{
	size_t at = 0;

	while (at < WAITING_SIZE / 2)
		at += waiting_size(waiting_at(s, at)->size);
	s->waiting_size -= at;
	memmove(s->waiting, s->waiting + at, s->waiting_size);
}

static struct waiting_line *
put_off(struct signature *s, struct collector *c, const char *text, size_t size)
{
	struct waiting_line *line;

	if (s->waiting_for != c)
		take_waiting(s);
	s->waiting_for = c;
	if (s->waiting_size + waiting_size(size) > WAITING_SIZE) {
		if (collect_is_full(c))
			forget_half(s);
		else
			take_waiting(s);
	}
	line = waiting_at(s, s->waiting_size);
	s->waiting_size += waiting_size(size);
	*line = (struct waiting_line){.size = size};
	memcpy(line->text, text, size);
	memset(line->text + size, 0, CLEAN_PADDING);
	return line;
}

/* Takes a text as evidence, now or when it is known that it counts. */
static void
collect(struct signature *s, struct collector *c, const char *text, size_t size)
{
	if (c == &s->block || (c == &s->errors && collect_is_full(c))) {
		put_off(s, c, text, size);
		s->has_letters = true;
	} else {
		normalise(s, c, text, size);
	}
}

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
	p += strspn(p, " >");
	p += char_starts(p, "Line ") ? 4 : char_run(p, CHAR_DIGIT);
	p += char_blanks(p);
	return *p == '|' && (p[1] == ' ' || !p[1]);
}

/* "x.py:12: message": a position that is only where a message came from. */
static bool
is_message_at_place(const char *p)
{
	size_t n = line_place_length(p);

	/* what is at an address is a frame */
	return n && p[n] && p[n - 1] == ' ' && !char_starts(p + n, "0x") &&
	       !char_starts(p + n, "in ");
}

/* Does it say of an error that may come where it is or what it is about? */
static bool
leads_to_error(const struct split *line)
{
	const char *p = line->body + line->indent;
	size_t end;

	/* the file alone, as linters write it above what is wrong in it */
	if (strstr(p, "from TOC entry ") || line_has_cause(p) ||
	    (!strchr(p, ' ') && name_is_code(p, strlen(p))))
		return true;
	end = keep_place_end(line->body);
	if (!end || is_message_at_place(line->body))
		return false;
	p = line->body + end;
	return char_starts(line->body, "At line ") || !*p ||
	       char_starts(p, ": in ") || ((*p == ':' || *p == ',') && !p[1]);
}

static void
context_note(struct signature *s, const struct split *line)
{
	const char *reason = line->level == LEVEL_WARNING
				 ? text_find_last(line->body, ": ")
				 : NULL;

	if (line->has_time)
		return;
	if (s->before >= CONTEXT_PLACE &&
	    (is_excerpt(line->body) || line->indent > 3))
		s->context = CONTEXT_HELD;
	else if (reason && line_has_cause(reason + 2))
		s->context = CONTEXT_PLACE;
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

/* Errors and what goes on with them. */

static void
set_if_first(struct signature *s, enum candidate_rank rank, const char *text,
    bool is_usage)
{
	if (s->candidates[rank].size)
		return;
	candidate_set_line(&s->candidates[rank], text, is_usage);
}

/* DETAIL:, what():, Caused by: and their like, or indentation. */
static bool
is_continuation(const struct signature *s, const struct split *line)
{
	bool is_bare = !line->level && !line->has_time;
	char last = line->text[line->size - 1];

	if ((line->indent && !line->has_time) || line->is_boxed ||
	    (is_bare && last == '?') || line_continues(line->body) ||
	    /* a frame of backtrace(3): ./prog(main+0x9a)[0x5515b0c53067] */
	    (last == ']' && strstr(line->body, "+0x")))
		return true;
	if (!is_bare)
		return false;
	/* "Lock Info:", "Is there a repository at this place?": and then that
	 */
	if ((s->has_asked || (last == ':' && line->size > 1 &&
				 !line_is_heading(line->body))) &&
	    !line_opens_failure(line->body))
		return true;
	return keep_place_end(line->body) > 0 &&
	       !is_message_at_place(line->body);
}

/* A line that is an error claims a subject, the best of its kind. */
static void
claim_subject(struct signature *s, const struct split *line, bool is_strong)
{
	const char *text = line->subject;
	bool is_number = char_is(line->body[line->indent], CHAR_DIGIT);
	enum candidate_rank rank = is_strong ? RANK_STRONG : RANK_WEAK;

	if (line_is_closing(text) || (is_number && !is_strong)) {
		set_if_first(s, RANK_CLOSING, text, false);
		return;
	}
	set_if_first(s, rank, text, s->has_usage);
}

/* The line before this error says where it is, or is what it details. */
static void
take_before(struct signature *s, const struct split *line)
{
	if (s->before <= CONTEXT_OTHER ||
	    (s->before == CONTEXT_PROGRAM && !line->indent))
		return;
	collect(s, &s->errors, s->before_text, s->before_size);
	if (s->before == CONTEXT_PROGRAM)
		set_if_first(s, RANK_STRONG, s->before_text, false);
}

static void
note_question(struct signature *s, const struct split *line)
{
	char last = line->text[line->size - 1];

	s->has_asked = last == '?' || last == ':';
}

static bool
take_error(struct signature *s, const struct split *line)
{
	bool is_strong = line->level >= LEVEL_ERROR ||
			 (!line->level && line_opens_failure(line->body));

	if (!is_strong && (line->level || !line_tells_failure(line->body)))
		return false;
	if (line_is_chatter(line->body))
		return false;
	take_before(s, line);
	if (line_is_heading(line->body) || line_is_heading(line->subject))
		s->is_announced = true;
	else
		claim_subject(s, line, is_strong);
	s->continuation = CONTINUATION_MAX;
	note_question(s, line);
	collect(s, &s->errors, line->text, line->size);
	/* a message that is one id: better than none */
	if (!collect_count(&s->errors) && strchr(s->normal, '<'))
		collect_add(&s->any, s->normal, strlen(s->normal));
	return true;
}

/* "scp: Connection closed": what tools add to an error, word or no word. */
static bool
is_comment(const struct signature *s, const struct split *line)
{
	return collect_count(&s->errors) && !line->level && !line->has_time &&
	       char_is(*line->body, CHAR_LOWER) &&
	       line_program_length(line->body) && !line_is_chatter(line->body);
}

/* While no line is an error, the last one has the subject. */
static void
take_any(struct signature *s, const struct split *line)
{
	struct waiting_line *waiting;
	bool is_within = line->subject >= line->text &&
			 line->subject <= line->text + line->size;

	if (line->level == LEVEL_WARNING && line_tells_failure(line->body))
		set_if_first(s, RANK_WARNING, line->subject, false);
	if (collect_is_full(&s->any) && is_within) {
		waiting = put_off(s, &s->any, line->text, line->size);
		waiting->subject = (size_t)(line->subject - line->text);
	} else if (normalise(s, &s->any, line->text, line->size)) {
		set_any(s, line->subject);
	}
}

static void
take_continuation(struct signature *s, const struct split *line)
{
	if (!is_excerpt(line->body))
		s->continuation--;
	note_question(s, line);
	collect(s, &s->errors, line->text, line->size);
	if (line_is_heading(line->body))
		s->is_announced = true;
	else if (line_tells_failure(line->body))
		claim_subject(s, line, false);
}

/* A line that no block has claimed. */
static void
take_line(struct signature *s, const struct split *line)
{
	bool is_message;

	s->has_usage |= line_is_usage(line->body);
	if (s->is_announced) {
		s->is_announced =
		    line_is_heading(line->body) ||
		    (line_json_value(line->body, &is_message) && !is_message);
		collect(s, &s->errors, line->text, line->size);
		/* a ruler has no letters, and says nothing yet */
		s->is_announced |= !s->has_letters;
		if (!s->is_announced)
			claim_subject(s, line, true);
		return;
	}
	/* a ruler ends nothing */
	if (s->continuation && strspn(line->body, " -=*_~#+") == line->size)
		return;
	/* DETAIL may be of several lines, and CONTEXT follows it */
	if ((s->continuation && is_continuation(s, line)) ||
	    (s->before != CONTEXT_OTHER && collect_count(&s->errors) &&
		line_is_labelled(line->body))) {
		s->continuation += !s->continuation;
		take_continuation(s, line);
		return;
	}
	if (take_error(s, line))
		return;
	s->continuation = 0;
	if (line->is_request || is_comment(s, line)) {
		collect(s, &s->errors, line->text, line->size);
		return;
	}
	context_note(s, line);
	if (!collect_count(&s->errors))
		take_any(s, line);
}

/* A line after a block that says why the program ended after all. */
static void
take_final(struct signature *s, const struct split *line)
{
	const char *p = line->subject;

	if (line->level == LEVEL_FATAL || char_starts(p, "fatal: ") ||
	    char_starts(p, "error: ") || char_starts(p, "panic: "))
		if (!line_is_closing(p) && !line_is_chatter(line->body))
			set_if_first(s, RANK_FINAL, p, false);
}

/* The lines that were waiting for a first frame become the block. */
static void
take_pending(struct signature *s)
{
	struct recogniser *r = &s->recogniser;

	for (size_t i = 0; i < r->pending_count; i++)
		collect(s, &s->block, r->pending[i].text, r->pending[i].size);
	r->pending_count = 0;
	r->has_header = false;
}

void
take_split(struct signature *s, struct split *line)
{
	enum verdict v = recognise(&s->recogniser, line);

	if (v == VERDICT_NONE) {
		take_line(s, line);
		return;
	}
	s->continuation = 0;
	if (v == VERDICT_AFTER) {
		if (line->level && line->level < LEVEL_ERROR)
			return;
		take_final(s, line);
		put_off(s, &s->block, line->text, line->size)->is_after = true;
		return;
	}
	if (v == VERDICT_START || v == VERDICT_START_PENDING) {
		collect_clear(&s->block);
		if (s->waiting_for == &s->block)
			s->waiting_size = 0;
		candidate_clear(&s->candidates[RANK_FINAL]);
		if (v == VERDICT_START_PENDING)
			take_pending(s);
	}
	if (v != VERDICT_DROP)
		collect(s, &s->block, line->text, line->size);
}

/* The lines of a trace that a log line carries in one of its values. */
static void
take_stack(struct signature *s, const char *p)
{
	for (size_t size; *p; p += size + (p[size] == '\n')) {
		struct split line = {.text = s->scratch, .body = s->scratch};
		size_t n = size = strcspn(p, "\n");

		n = n > CLEAN_LINE_MAX ? CLEAN_LINE_MAX : n;
		for (size_t i = 0; i < n; i++)
			s->scratch[i] = p[i] == '\t' ? ' ' : p[i];
		while (n && s->scratch[n - 1] == ' ')
			n--;
		memset(s->scratch + n, 0, CLEAN_PADDING);
		line.size = n;
		split_find_subject(&line);
		if (n)
			take_split(s, &line);
	}
}

/* Does a line consist of fields?  Then these are taken for the line. */
bool
read_fields(struct fields *f, struct split *line)
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

/* A log line of fields: the trace in it, its message and error. */
void
take_fields(struct signature *s, struct split *line)
{
	struct fields *f = &s->fields;
	bool is_error = line->level >= LEVEL_ERROR;

	s->before = CONTEXT_NONE;
	if (is_error)
		candidate_set(&s->candidates[RANK_STRUCTURED], f->subject.data,
		    f->subject.size);
	/* first the trace, for what came before it does not count */
	if (f->stack.size)
		take_stack(s, f->stack.data);
	take_split(s, line);
	if (f->stack.size && f->message.size && is_error)
		candidate_set(&s->candidates[RANK_FINAL], f->message.data,
		    f->message.size);
	s->context = CONTEXT_NONE;
}
