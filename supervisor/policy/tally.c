#include "tally.h"

#include <string.h>

#include "base/text.h"

/* The row to give up: the one whose last time is the oldest. */
static size_t
find_oldest(const struct tally *t)
{
	size_t oldest = 0;

	for (size_t i = 1; i < t->count; i++)
		if (t->rows[i].last_wall_ms < t->rows[oldest].last_wall_ms)
			oldest = i;
	return oldest;
}

void
tally_note(
    struct tally *t, uint64_t signature, const char *subject, int64_t wall_ms)
{
	struct failure_count *row = NULL;

	for (size_t i = 0; i < t->count && !row; i++)
		if (t->rows[i].signature == signature)
			row = &t->rows[i];
	if (!row) {
		if (t->count == TALLY_MAX) {
			size_t oldest = find_oldest(t);

			memmove(&t->rows[oldest], &t->rows[oldest + 1],
			    (t->count - oldest - 1) * sizeof(*t->rows));
			t->count--;
		}
		row = &t->rows[t->count++];
		*row = (struct failure_count){
		    .signature = signature, .first_wall_ms = wall_ms};
	}
	row->count++;
	row->last_wall_ms = wall_ms;
	text_copy(row->subject, sizeof(row->subject), subject);
}
