/* Lines as they come: known ones are passed over, others are peeled. */
#include "signature_private.h"

#include "shape.h"

/* The state in which a line of a known shape does nothing new. */
static uint64_t
state_of(const struct signature *s)
{
	const struct recogniser *r = &s->recogniser;
	bool has_pending = r->pending_count || s->skipped_size;

	return (uint64_t)s->has_asked << 40 | (uint64_t)s->context << 24 |
	       (uint64_t)has_pending << 21 | (uint64_t)r->has_header << 20 |
	       (uint64_t)r->family << 12 | r->phase << 8 | r->is_open << 7 |
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
	s->has_asked = false;
	s->context = (enum context)idle->context;
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
take_unknown(
    struct signature *s, char *line, size_t size, uint64_t key, bool may_match)
{
	struct peeled peeled;
	bool is_inert;

	recall_skipped(s);
	/* a level in angle brackets is a number, which a shape leaves out */
	s->is_uncacheable = *line == '<' || may_match;
	s->key = s->is_uncacheable ? 0 : key;
	/* a user knows the line with its prefix, or without */
	if (may_match && levers_ignore(s->levers, line))
		return;
	peel(s, line, size, &peeled);
	/* only a text that is a part of the line was judged with it */
	if (s->has_levers && peeled.is_joined) {
		s->is_uncacheable = may_match = true;
		s->key = 0;
	}
	if (may_match && levers_ignore(s->levers, peeled.text))
		return;
	s->recogniser.has_remembered = false;
	if (!peeled.size) /* a box has a margin where nothing stands */
		return;
	context_recall(s);
	/* an error that comes again may now be about something else */
	s->is_uncacheable |= s->before >= CONTEXT_PLACE;
	if (read_fields(&s->fields, &peeled)) {
		is_inert = take_fields(s, &peeled);
		s->is_uncacheable |= s->has_levers;
	} else
		is_inert = take_peeled(s, &peeled);
	if (is_inert && !s->is_uncacheable)
		familiar_add_idle(&s->familiar, key,
		    (struct familiar_idle){
			.is_error = s->continuation > 0,
			.is_remembered = s->recogniser.has_remembered,
			.context = (uint8_t)s->context,
		    });
}

void
take_clean(void *context, char *line, size_t size)
{
	struct signature *s = context;
	bool may_match =
	    s->has_levers && levers_may_match(s->levers, line, size);
	uint64_t key = familiar_key(
	    &s->familiar, shape_hash(line, size, s->scratch), state_of(s));
	const struct familiar_idle *idle =
	    may_match ? NULL : familiar_idle(&s->familiar, key);

	if (idle)
		skip(s, line, size, idle);
	else
		take_unknown(s, line, size, key, may_match);
}
