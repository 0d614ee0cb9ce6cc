#include "findings.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_same(const struct finding *f, const char *place, int line, const char *text)
{
	return f->line == line && !strcmp(f->place, place) &&
	       !strcmp(f->text, text);
}

void
findings_add(
    struct findings *f, const char *place, int line, const char *fmt, ...)
{
	char text[COMPLAINT_SIZE];
	struct finding *new = &f->list[f->count];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < f->count; i++)
		if (is_same(&f->list[i], place, line, text))
			return;
	if (f->count == COMPLAINTS_MAX) {
		f->left_out++;
		return;
	}
	*new = (struct finding){strdup(place), line, strdup(text)};
	f->count++;
	if (!new->place || !new->text) {
		free(new->place);
		free(new->text);
		f->count--;
		f->left_out++;
	}
}

/* Moves the finding at `from` forward to `to`; those between make room. */
static void
rotate(struct findings *f, size_t from, size_t to)
{
	struct finding moved = f->list[from];

	memmove(&f->list[to + 1], &f->list[to], (from - to) * sizeof(moved));
	f->list[to] = moved;
}

/* Where among the first `count` the one at `count` belongs: behind its kin. */
static size_t
place_of(const struct findings *f, size_t count)
{
	const struct finding *new = &f->list[count];

	for (size_t i = count; i > 0; i--) {
		const struct finding *old = &f->list[i - 1];

		if (!strcmp(old->place, new->place) && old->line <= new->line)
			return i;
	}
	for (size_t i = 0; i < count; i++)
		if (!strcmp(f->list[i].place, new->place))
			return i;
	return count;
}

void
findings_move(struct findings *f, struct complaints *complaints)
{
	for (size_t i = 1; i < f->count; i++)
		rotate(f, i, place_of(f, i));
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->list[i];

		if (x->line)
			complaints_add(complaints, "%s:%d: %s", x->place,
			    x->line, x->text);
		else
			complaints_add(complaints, "%s: %s", x->place, x->text);
	}
	complaints->left_out += f->left_out;
	findings_release(f);
}

void
findings_release(struct findings *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->list[i].place);
		free(f->list[i].text);
	}
	f->count = f->left_out = 0;
}
