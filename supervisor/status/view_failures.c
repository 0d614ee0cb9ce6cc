/* `runner failures` for people: two lines for each, newest last. */
#include <inttypes.h>

#include "base/text.h"
#include "view.h"

enum {
	COUNT_COLUMNS = 7,
	TIME_COLUMNS = 16,
	SIGNATURE_COLUMNS = 16,
	TASK_COLUMNS_MIN = 4,
	TASK_COLUMNS_MAX = 32,
};

/* A narrow screen does without the first time. */
static bool
has_first(const struct screen *s)
{
	return s->columns >= SCREEN_COLUMNS;
}

static size_t
task_columns(const struct screen *s)
{
	size_t others = COUNT_COLUMNS + TIME_COLUMNS + SIGNATURE_COLUMNS +
			3 * SCREEN_GAP +
			(has_first(s) ? TIME_COLUMNS + SCREEN_GAP : 0);
	size_t room = s->columns > others ? s->columns - others : 0;

	if (room > TASK_COLUMNS_MAX)
		return TASK_COLUMNS_MAX;
	return room < TASK_COLUMNS_MIN ? TASK_COLUMNS_MIN : room;
}

/* To the minute. */
static void
put_time(FILE *out, const struct screen *s, int64_t wall_ms)
{
	char text[40];

	units_format_time(wall_ms, text);
	text[TIME_COLUMNS] = '\0';
	screen_column(out, s, TINT_NONE, text, TIME_COLUMNS);
}

static void
put_failure(FILE *out, const struct screen *s, const struct failure *f)
{
	char text[40];

	snprintf(text, sizeof(text), "%" PRIu64, f->count);
	screen_cell_right(out, s, text, COUNT_COLUMNS);
	fprintf(out, "%*s", SCREEN_GAP, "");
	if (has_first(s))
		put_time(out, s, f->first_wall_ms);
	put_time(out, s, f->last_wall_ms);
	text_format_hex64(f->signature, text);
	screen_column(out, s, TINT_NONE, text, SIGNATURE_COLUMNS);
	screen_put(out, s, f->task, task_columns(s));
	fprintf(out, "\n%*s", COUNT_COLUMNS + SCREEN_GAP, "");
	screen_line(out, s, TINT_BAD, f->subject,
	    s->columns - COUNT_COLUMNS - SCREEN_GAP);
}

void
view_failures_table(
    FILE *out, const struct screen *s, const struct failure *list, size_t count)
{
	screen_tint(out, s, TINT_FAINT);
	screen_cell_right(out, s, "COUNT", COUNT_COLUMNS);
	fprintf(out, "%*s", SCREEN_GAP, "");
	if (has_first(s))
		screen_column(out, s, TINT_NONE, "FIRST (UTC)", TIME_COLUMNS);
	screen_column(out, s, TINT_NONE, "LAST (UTC)", TIME_COLUMNS);
	screen_column(out, s, TINT_NONE, "SIGNATURE", SIGNATURE_COLUMNS);
	fputs("TASK", out);
	screen_plain(out, s);
	putc('\n', out);
	for (size_t i = 0; i < count; i++)
		put_failure(out, s, &list[i]);
}
