#include "signature.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "clean.h"
#include "collect.h"
#include "fields.h"
#include "familiar.h"
#include "levers.h"
#include "recognise.h"
#include "scan.h"
#include "shape.h"

enum {
	/* Lines behind an error that belong to it. */
	CONTINUATION_MAX = 6,
	LINE_SIZE = CLEAN_LINE_MAX + CLEAN_PADDING,
};

/* Subjects by how good they are; the first that is set is taken. */
enum candidate_rank {
	RANK_FINAL,      /* a fatal line behind a block */
	RANK_BLOCK,      /* the message of the block */
	RANK_STRUCTURED, /* the last error among JSON or logfmt lines */
	RANK_STRONG,     /* the first line that opens as an error */
	RANK_WEAK,       /* the first line with a word of failure */
	RANK_CLOSING,    /* the first such line that closes a report */
	RANK_ANY,        /* the last line with letters */
	RANK_COUNT,
};

struct signature {
	const struct signature_levers *levers; /* NULL when there are none */
	bool has_levers;
	struct clean clean;
	struct recogniser recogniser;
	struct words_filter filter;
	struct fields fields;
	struct collector block;
	struct collector errors;
	struct collector any;
	struct collector *chosen; /* by signature_finish(), or NULL */
	struct candidate candidates[RANK_COUNT];
	unsigned continuation;
	bool is_announced; /* the line before said that here comes the error */
	bool has_usage;
	bool is_go_log; /* the weak candidate is from Go's log package */
	bool is_particular; /* the last normal form kept some number */
	bool is_bare; /* nothing was peeled from the line in hand */
	uint64_t key; /* by which its normal form is known, or 0 */
	struct familiar familiar;
	size_t skipped_size; /* the line before was passed over */
	char skipped[LINE_SIZE];
	char scratch[LINE_SIZE];
	char normal[SCAN_BUFFER_SIZE];
};

struct signature *
signature_new(void)
{
	/* the kernel gives a page, of zeros, when it is first touched */
	struct signature *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return s == MAP_FAILED ? NULL : s;
}

void
signature_free(struct signature *s)
{
	if (s)
		munmap(s, sizeof(*s));
}

void
signature_rest(struct signature *s)
{
	/* private and anonymous: it reads as zeros, as when it was new */
	madvise(s, sizeof(*s), MADV_DONTNEED);
}

/* The normal form of the line in hand is remembered. */
static void
remember_form(struct signature *s, const struct scan *scan, size_t size,
    enum level level)
{
	struct familiar_form *form = familiar_add_form(&s->familiar, s->key, size);

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
	s->is_particular |= scan.is_particular;
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
	s->is_particular |= scan.is_particular;
	if (!scan.is_particular)
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
is_continuation(const struct peeled *line)
{
	static const struct word openings[] = {
	    WORD("DETAIL"), WORD("CONTEXT"), WORD("HINT"), WORD("LINE "),
	    WORD("QUERY"), WORD("STATEMENT"), WORD("what()"),
	    WORD("Caused by"), WORD("  "), WORD("Reason:"), WORD("reason:"),
	    WORD("Details:"), WORD("- "),
	    {0},
	};

	if (line->indent && !line->has_time)
		return true;
	return char_opening(line->body, openings) > 0;
}

/* A line that is an error claims a subject, the best of its kind. */
static void
claim_subject(struct signature *s, const struct peeled *line, bool is_strong)
{
	const char *text = line->subject;
	bool is_number = char_is(line->body[line->indent], CHAR_DIGIT);
	enum candidate_rank rank = is_strong ? RANK_STRONG : RANK_WEAK;

	if (words_are_closing(text) || (is_number && !is_strong)) {
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

static bool
take_error(struct signature *s, const struct peeled *line)
{
	bool is_strong = line->level >= LEVEL_ERROR ||
	    (!line->level && words_open_failure(line->body));

	if (!is_strong &&
	    (line->level ||
		!words_tell_failure(&s->filter, line->body,
		    line->size - (size_t)(line->body - line->text))))
		return false;
	if (words_are_hollow(line->body))
		s->is_announced = true;
	else
		claim_subject(s, line, is_strong);
	s->continuation = CONTINUATION_MAX;
	if (collect(s, &s->errors, line) || s->is_announced)
		s->is_particular = true;
	s->is_particular |= line->is_go_log;
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
	return n > 1 && line->body[n] == ':' && line->body[n + 1] == ' ';
}

/* A line that no block has claimed.  Returns whether it brought evidence. */
static bool
take_line(struct signature *s, const struct peeled *line)
{
	bool is_new;

	if (char_starts(line->body, "usage: ") ||
	    char_starts(line->body, "Usage: "))
		s->has_usage = true;
	if (s->is_announced) {
		s->is_announced = false;
		claim_subject(s, line, true);
		collect(s, &s->errors, line);
		return true; /* the next of its kind may not be announced */
	}
	if (s->continuation && is_continuation(line)) {
		s->continuation--;
		collect(s, &s->errors, line);
		return true;
	}
	if (take_error(s, line))
		return s->is_particular;
	s->continuation = 0;
	if (line->is_request || is_comment(s, line))
		return collect(s, &s->errors, line);
	is_new = !collect_count(&s->errors) &&
	    collect(s, &s->any, line);
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
		if (!words_are_closing(p))
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
static bool
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
		if (line->level && line->level < LEVEL_ERROR)
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
static bool
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
 * A log line of fields: its message and error, then the trace in it.  Returns
 * as take_peeled().
 */
static bool
take_fields(struct signature *s, struct peeled *line)
{
	bool is_inert;
	struct fields *f = &s->fields;
	struct candidate *c = &s->candidates[RANK_STRUCTURED];

	s->key = 0; /* what is collected is not the line itself */
	if (line->level >= LEVEL_ERROR)
		candidate_set(c, f->subject.data, f->subject.size);
	if (s->recogniser.family == FAMILY_NONE)
		is_inert = !take_line(s, line);
	else
		is_inert = take_peeled(s, line);
	if (f->stack.size)
		take_stack(s, f->stack);
	return is_inert && !f->stack.size && line->level < LEVEL_ERROR;
}

/* The state in which a line of a known shape does nothing new. */
static uint64_t
state_of(const struct signature *s)
{
	const struct recogniser *r = &s->recogniser;

	return (uint64_t)r->has_header << 20 | (uint64_t)r->family << 12 | r->phase << 8 | r->is_open << 7 |
	    r->is_joined << 6 | r->is_group << 5 | r->is_settled << 4 |
	    (s->continuation > 0) << 3 | s->is_announced << 2 |
	    (collect_count(&s->errors) > 0) << 1 | s->has_usage;
}

/* A line of a shape that is known to do nothing. */
static void
skip(struct signature *s, const char *line, size_t size,
    const struct familiar_idle *idle)
{
	s->continuation = idle->is_error ? CONTINUATION_MAX : 0;
	if (!idle->is_remembered)
		return;
	memcpy(s->skipped, line, size + CLEAN_PADDING);
	s->skipped_size = size;
}

/* The line that was passed over last may be the header of what now comes. */
static void
recall_skipped(struct signature *s)
{
	struct peeled peeled;

	if (!s->skipped_size)
		return;
	peel_line(s->skipped, s->skipped_size, &peeled);
	read_fields(&s->fields, &peeled);
	recognise_remember(&s->recogniser, &peeled);
	s->skipped_size = 0;
}

/* Peels the line in hand, unless it is known that nothing is peeled. */
static void
peel(struct signature *s, char *line, size_t size, struct peeled *peeled)
{
	const struct familiar_form *form =
	    s->key ? familiar_form(&s->familiar, s->key) : NULL;

	if (form && form->is_bare) {
		peel_bare(line, size, (enum level)form->level, peeled);
		return;
	}
	peel_line(line, size, peeled);
	s->is_bare = peeled_is_bare(peeled, line);
}

/* A line of which nothing is known yet, or only its normal form. */
static void
take_unknown(struct signature *s, char *line, size_t size, uint64_t key)
{
	struct peeled peeled;
	bool is_inert;

	recall_skipped(s);
	/* a level in angle brackets is a number, which a shape leaves out */
	s->is_particular = *line == '<' || s->has_levers;
	s->key = s->is_particular ? 0 : key;
	/* a user knows the line with its prefix, or without */
	if (levers_ignore(s->levers, line))
		return;
	peel(s, line, size, &peeled);
	if (levers_ignore(s->levers, peeled.text))
		return;
	s->recogniser.has_remembered = false;
	if (read_fields(&s->fields, &peeled))
		is_inert = take_fields(s, &peeled);
	else
		is_inert = take_peeled(s, &peeled);
	if (is_inert && !s->is_particular)
		familiar_add_idle(&s->familiar, key, s->continuation > 0,
		    s->recogniser.has_remembered);
}

static void
take_clean(void *context, char *line, size_t size)
{
	struct signature *s = context;
	uint64_t key = familiar_key(&s->familiar,
	    shape_hash(line, size, s->scratch), state_of(s));
	const struct familiar_idle *idle = familiar_idle(&s->familiar, key);

	if (idle)
		skip(s, line, size, idle);
	else
		take_unknown(s, line, size, key);
}

static bool
has_patterns(const struct patterns *p)
{
	return p && p->count;
}

void
signature_begin(struct signature *s, const struct signature_levers *levers)
{
	s->has_levers = levers &&
	    (has_patterns(levers->keep) || has_patterns(levers->mask) ||
		has_patterns(levers->ignore));
	s->levers = s->has_levers ? levers : NULL;
	clean_begin(&s->clean, take_clean, s);
	recognise_begin(&s->recogniser);
	collect_begin(&s->block, 40, 24);
	collect_begin(&s->errors, 12, 12);
	collect_begin(&s->any, 12, 12);
	words_filter_init(&s->filter);
	s->chosen = NULL;
	for (size_t i = 0; i < RANK_COUNT; i++)
		candidate_clear(&s->candidates[i]);
	s->continuation = 0;
	s->has_usage = s->is_go_log = s->is_announced = false;
	s->skipped_size = 0;
	s->is_particular = false;
	familiar_begin(&s->familiar);
}

void
signature_feed(struct signature *s, const char *bytes, size_t size)
{
	if (!s->clean.take)
		signature_begin(s, NULL);
	clean_feed(&s->clean, bytes, size);
}

static struct collector *
choose(struct signature *s)
{
	if (s->recogniser.family && collect_count(&s->block))
		return &s->block;
	if (collect_count(&s->errors))
		return &s->errors;
	return collect_count(&s->any) ? &s->any : NULL;
}

static uint64_t
hash_of(const struct signature *s, const struct outcome *o)
{
	char status[32];
	uint64_t h = hash_add(hash_start(), "v1\n", 3);
	int n = snprintf(status, sizeof(status), "%s %d\n",
	    o->signal ? "signal" : "exit", o->signal ? o->signal : o->exit);

	h = hash_add(h, status, (size_t)n);
	for (size_t i = 0; i < signature_evidence_count(s); i++) {
		const char *line = signature_evidence(s, i);

		h = hash_add(h, line, strlen(line));
		h = hash_add(h, "\n", 1);
	}
	return hash_end(h);
}

static void
write_subject(struct signature *s, const struct outcome *o,
    struct signature_result *result)
{
	char text[OUTCOME_TEXT_SIZE];
	bool is_block = s->chosen == &s->block;
	size_t first = is_block ? RANK_FINAL : RANK_STRUCTURED;

	if (is_block)
		s->candidates[RANK_BLOCK] = s->recogniser.subject;
	for (size_t i = first; i < RANK_COUNT && s->chosen; i++) {
		if (!s->candidates[i].size)
			continue;
		subject_write(&s->candidates[i], result->subject,
		    sizeof(result->subject));
		if (*result->subject)
			return;
	}
	outcome_describe(o, text);
	snprintf(result->subject, sizeof(result->subject), "%s", text);
}

void
signature_finish(struct signature *s, const struct outcome *o,
    struct signature_result *result)
{
	if (!s->clean.take)
		signature_begin(s, NULL);
	clean_finish(&s->clean);
	s->chosen = choose(s);
	result->has_evidence = s->chosen != NULL;
	result->value = hash_of(s, o);
	write_subject(s, o, result);
}

size_t
signature_evidence_count(const struct signature *s)
{
	return s->chosen ? collect_count(s->chosen) : 0;
}

const char *
signature_evidence(const struct signature *s, size_t index)
{
	return s->chosen ? collect_line(s->chosen, index) : NULL;
}
