#include "diagnostics.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

void
diagnostics_vadd_at(struct diagnostics *d, const char *where, int line,
    const char *key, const char *fmt, va_list ap)
{
	char raw[DIAGNOSTIC_SIZE], whole[DIAGNOSTIC_SIZE];
	struct text t;
	size_t where_length;

	if (!d)
		return;
	text_init(&t, whole, sizeof(whole));
	text_add_printable(&t, where, strlen(where));
	where_length = t.length;
	if (line)
		text_addf(&t, ":%d", line);
	text_add_string(&t, *where ? ": " : "");
	if (key)
		text_addf(&t, "%s: ", key);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	text_add_printable(&t, raw, strlen(raw));
	for (size_t i = 0; i < d->count; i++)
		if (!strcmp(d->text[i], whole))
			return;
	if (d->count == DIAGNOSTICS_MAX) {
		d->left_out++;
		return;
	}
	memcpy(d->text[d->count], whole, t.length + 1);
	d->at[d->count].where_length = where_length;
	d->at[d->count++].line = line;
}

void
diagnostics_add(struct diagnostics *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diagnostics_vadd_at(d, "", 0, NULL, fmt, ap);
	va_end(ap);
}

void
diagnostics_add_at(
    struct diagnostics *d, const char *where, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	diagnostics_vadd_at(d, where, line, NULL, fmt, ap);
	va_end(ap);
}

static bool
is_same_file(const struct diagnostics *d, size_t a, size_t b)
{
	return d->at[a].where_length == d->at[b].where_length &&
	       !memcmp(d->text[a], d->text[b], d->at[a].where_length);
}

/* Where among those before it the one at `i` belongs. */
static size_t
position_of(const struct diagnostics *d, size_t i)
{
	for (size_t j = i; j > 0; j--)
		if (is_same_file(d, i, j - 1) &&
		    d->at[j - 1].line <= d->at[i].line)
			return j;
	for (size_t j = 0; j < i; j++)
		if (is_same_file(d, i, j))
			return j;
	return i;
}

/* Moves row `from` of a table forward to `to`; those between make room. */
static void
rotate(void *table, size_t size, size_t from, size_t to)
{
	char row[DIAGNOSTIC_SIZE], *base = table;

	memcpy(row, base + from * size, size);
	memmove(base + (to + 1) * size, base + to * size, (from - to) * size);
	memcpy(base + to * size, row, size);
}

void
diagnostics_sort(struct diagnostics *d)
{
	for (size_t i = 1; d && i < d->count; i++) {
		size_t to = position_of(d, i);

		rotate(d->text, sizeof(*d->text), i, to);
		rotate(d->at, sizeof(*d->at), i, to);
	}
}
