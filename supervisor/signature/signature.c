#include "signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "os/pages.h"
#include "signature_private.h"

struct signature *
signature_new(void)
{
	return pages_new_private(sizeof(struct signature));
}

void
signature_free(struct signature *s)
{
	pages_free(s, sizeof(*s));
}

void
signature_give_back(struct signature *s)
{
	pages_give_back(s, sizeof(*s), 0);
}

/* A line as it comes: split, and taken as evidence. */
static void
take_clean(void *context, char *line, size_t size)
{
	struct signature *s = context;
	struct split split;

	/* a user knows the line with its prefix, or without */
	if (user_patterns_ignore(s->patterns, line))
		return;
	split_prefix(line, size, &split);
	if (user_patterns_ignore(s->patterns, split.text))
		return;
	if (!split.size) /* a box has a margin where nothing is */
		return;
	context_recall(s);
	if (read_fields(&s->fields, &split))
		take_fields(s, &split);
	else
		take_split(s, &split);
}

void
signature_begin(struct signature *s, const struct user_patterns *patterns)
{
	s->patterns = patterns;
	clean_begin(&s->clean, take_clean, s);
	recognise_begin(&s->recogniser);
	collect_begin(&s->block, 40, 24);
	collect_begin(&s->errors, 12, 12);
	collect_begin(&s->any, 12, 12);
	s->chosen = NULL;
	for (size_t i = 0; i < RANK_COUNT; i++)
		candidate_clear(&s->candidates[i]);
	s->continuation = 0;
	s->has_asked = false;
	s->has_usage = s->is_announced = false;
	s->waiting_size = 0;
	s->context = s->before = CONTEXT_NONE;
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

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static uint64_t
hash_of(const struct signature *s, const struct outcome *o)
{
	const char *lines[COLLECT_LINES_MAX];
	size_t count = signature_evidence_count(s);
	char status[32], version[16];
	uint64_t h;
	int n = snprintf(status, sizeof(status), "%s %d\n",
	    o->signal ? "signal" : "exit", o->signal ? o->signal : o->exit);

	snprintf(version, sizeof(version), "v%d\n", SIGNATURE_VERSION);
	h = hash_fnv64(HASH_FNV64, version, strlen(version));
	h = hash_fnv64(h, status, (size_t)n);
	for (size_t i = 0; i < count; i++)
		lines[i] = signature_evidence(s, i);
	/* of errors that are independent the set counts, not the order */
	if (s->chosen == &s->errors)
		qsort(lines, count, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < count; i++) {
		h = hash_fnv64(h, lines[i], strlen(lines[i]));
		h = hash_fnv64(h, "\n", 1);
	}
	return hash_mix(h);
}

/* Masks; the word in whose middle a long one was cut goes before. */
static void
mask_candidate(const struct mask *mask, struct candidate *c)
{
	size_t from = SUBJECT_HEAD_SIZE, to = from;

	if (c->size >= SUBJECT_CANDIDATE_SIZE - 4) {
		while (from && c->text[from - 1] != ' ')
			from--;
		while (to < c->size && c->text[to] != ' ')
			to++;
		memmove(c->text + from, c->text + to, c->size - to);
		c->size -= to - from;
	}
	c->size = mask_bytes(mask, c->text, c->size);
	c->text[c->size] = '\0';
}

/* `mask` may be NULL.  Returns false: there is none but how it ended. */
static bool
write_subject(struct signature *s, const struct mask *mask,
    struct signature_result *result)
{
	bool is_block = s->chosen == &s->block;
	size_t first = is_block ? RANK_FINAL : RANK_STRUCTURED;

	if (is_block)
		s->candidates[RANK_BLOCK] = s->recogniser.subject;
	for (size_t i = first; i < RANK_COUNT && s->chosen; i++) {
		if (!s->candidates[i].size)
			continue;
		if (mask)
			mask_candidate(mask, &s->candidates[i]);
		subject_write(&s->candidates[i], result->subject,
		    sizeof(result->subject));
		if (*result->subject)
			return true;
	}
	return false;
}

void
signature_finish(struct signature *s, const struct outcome *o,
    struct signature_result *result)
{
	char text[OUTCOME_TEXT_SIZE];

	if (!s->clean.take)
		signature_begin(s, NULL);
	clean_finish(&s->clean);
	take_waiting(s);
	s->chosen = choose(s);
	result->has_evidence = s->chosen != NULL;
	result->value = hash_of(s, o);
	if (write_subject(s, NULL, result))
		return;
	outcome_describe(o, text);
	snprintf(result->subject, sizeof(result->subject), "%s", text);
}

void
signature_mask_subject(struct signature *s, const struct mask *mask,
    struct signature_result *result)
{
	write_subject(s, mask, result);
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
