/* A task's lines in the table of `runner status`, and their widths. */
#include "view_table.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/units.h"

enum {
	STATE_COLUMNS = 8,
	RESULT_COLUMNS = 18,
	NEXT_COLUMNS = 8,
	MAILS_COLUMNS = 7,
	FIXED_COLUMNS = TABLE_INDENT + STATE_COLUMNS + RESULT_COLUMNS +
			NEXT_COLUMNS + MAILS_COLUMNS + 5 * SCREEN_GAP,
	NAME_COLUMNS_MIN = 4,
	NAME_COLUMNS_MAX = 16,
	STRIP_COLUMNS_MIN = 12, /* for a longer name */
	STRIP_TITLE_COLUMNS = 6 /* "RECENT" */
};

static size_t
within(size_t n, size_t min, size_t max)
{
	return n < min ? min : n > max ? max : n;
}

static size_t
widest_name(const struct screen *s, const struct view *v)
{
	size_t widest = NAME_COLUMNS_MIN;
	const char *name;

	for (size_t i = 0; i < v->count; i++)
		for (size_t j = 0;
		     (name = chain_view_task_name(&v->chains[i], j)); j++) {
			size_t w = screen_width(s, name);

			widest = w > widest ? w : widest;
		}
	return widest;
}

struct table_layout
table_lay_out(const struct screen *s, const struct view *v)
{
	size_t room = s->columns > FIXED_COLUMNS + NAME_COLUMNS_MIN
			  ? s->columns - FIXED_COLUMNS
			  : NAME_COLUMNS_MIN;
	struct table_layout l;

	l.name = widest_name(s, v);
	if (l.name > NAME_COLUMNS_MAX && room < l.name + STATE_RECENT)
		l.name = NAME_COLUMNS_MAX;
	if (l.name + STRIP_COLUMNS_MIN > room)
		l.name = within(
		    room > STRIP_COLUMNS_MIN ? room - STRIP_COLUMNS_MIN : room,
		    NAME_COLUMNS_MIN, l.name);
	l.strip = room >= l.name + STRIP_TITLE_COLUMNS
		      ? within(room - l.name, 0, STATE_RECENT)
		      : 0;
	return l;
}

void
table_title(FILE *out, const struct screen *s, const struct table_layout *l)
{
	screen_tint(out, s, TINT_FAINT);
	fprintf(out, "%*s", TABLE_INDENT, "");
	screen_column(out, s, TINT_NONE, "TASK", l->name);
	screen_column(out, s, TINT_NONE, "STATE", STATE_COLUMNS);
	screen_column(out, s, TINT_NONE, "LAST RUN", RESULT_COLUMNS);
	screen_column(out, s, TINT_NONE, "NEXT RUN", NEXT_COLUMNS);
	screen_column(out, s, TINT_NONE, "MAILS", MAILS_COLUMNS);
	screen_put(out, s, "RECENT", l->strip);
	screen_plain(out, s);
	putc('\n', out);
}

static enum tint
state_tint(enum task_phase phase)
{
	switch (phase) {
	case PHASE_RUNNING:
		return TINT_GOOD;
	case PHASE_LEASE:
	case PHASE_PAUSED:
		return TINT_WARN;
	case PHASE_STOPPED:
		return TINT_FAINT;
	default:
		return TINT_NONE;
	}
}

/* "exit 3, 12 s ago". */
static void
format_last(const struct screen *s, const struct last_run *l,
    char text[VIEW_RESULT_SIZE + 40])
{
	char result[VIEW_RESULT_SIZE], age[32];

	if (!l->started_wall_ms) {
		strcpy(text, "-");
		return;
	}
	view_format_result(&l->outcome, result);
	screen_format_age(
	    s->wall_ms - l->started_wall_ms - l->duration_ms, age, sizeof(age));
	snprintf(text, VIEW_RESULT_SIZE + 40, "%s, %s ago", result, age);
}

static void
format_next(const struct screen *s, const struct chain_view *c,
    const struct task_record *t, char text[40])
{
	int64_t next_wall_ms = chain_view_next_run(c, t);
	char age[32];

	if (chain_view_phase(c, t) == PHASE_RUNNING) {
		strcpy(text, "now");
	} else if (!next_wall_ms) {
		strcpy(text, "-");
	} else if (next_wall_ms <= s->wall_ms) {
		strcpy(text, "due");
	} else {
		screen_format_age(next_wall_ms - s->wall_ms, age, sizeof(age));
		snprintf(text, 40, "in %s", age);
	}
}

/* The newest runs that fit; green and red where there is colour. */
static void
put_strip(FILE *out, const struct screen *s, const char *recent, size_t columns)
{
	size_t n = strlen(recent);
	char last = '\0';

	recent += n > columns ? n - columns : 0;
	for (; *recent; recent++) {
		if (*recent != last) {
			screen_plain(out, s);
			screen_tint(
			    out, s, *recent == 'x' ? TINT_BAD : TINT_GOOD);
		}
		last = *recent;
		putc(last == 'x' ? 'x' : '.', out);
	}
	if (last)
		screen_plain(out, s);
}

static void
put_task_line(FILE *out, const struct screen *s, const struct table_layout *l,
    const struct chain_view *c, const struct task_record *t)
{
	char last[VIEW_RESULT_SIZE + 40], next[40], mails[48];
	enum task_phase phase = chain_view_phase(c, t);
	enum tint result = !t->last.started_wall_ms     ? TINT_NONE
			   : t->last.outcome.is_success ? TINT_GOOD
							: TINT_BAD;

	format_last(s, &t->last, last);
	format_next(s, c, t, next);
	if (t->mails_held_back)
		snprintf(mails, sizeof(mails), "%" PRIu64 "+%" PRIu64,
		    t->mails_sent, t->mails_held_back);
	else
		snprintf(mails, sizeof(mails), "%" PRIu64, t->mails_sent);
	if (phase == PHASE_UNKNOWN)
		strcpy(last, strcpy(next, strcpy(mails, "?")));
	fprintf(out, "%*s", TABLE_INDENT, "");
	screen_column(out, s, TINT_NONE, t->name, l->name);
	screen_column(out, s, state_tint(phase),
	    phase == PHASE_LEASE ? "no lease" : phase_name(phase),
	    STATE_COLUMNS);
	screen_column(out, s, result, last, RESULT_COLUMNS);
	screen_column(out, s, TINT_NONE, next, NEXT_COLUMNS);
	screen_column(out, s, t->mails_held_back ? TINT_WARN : TINT_NONE, mails,
	    MAILS_COLUMNS);
	put_strip(out, s, t->recent, l->strip);
	putc('\n', out);
}

void
table_note(
    FILE *out, const struct screen *s, enum tint tint, const char *fmt, ...)
{
	char line[TABLE_LINE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	fprintf(out, "%*s", 2 * TABLE_INDENT, "");
	screen_line(out, s, tint, line, s->columns - 2 * TABLE_INDENT);
}

static void
put_down(FILE *out, const struct screen *s, const struct policy *p)
{
	char when[40], span[UNITS_TEXT_SIZE], how[64];

	units_format_time(p->down_since_wall_ms, when);
	units_format_span(s->wall_ms - p->down_since_wall_ms, span);
	/* After an upgrade nothing is known but that it was down. */
	if (p->failures_in_row)
		snprintf(how, sizeof(how), "%" PRIu32 " failure%s in a row",
		    p->failures_in_row, p->failures_in_row == 1 ? "" : "s");
	else if (p->successes_in_row)
		snprintf(how, sizeof(how), "%" PRIu32 " success%s since",
		    p->successes_in_row, p->successes_in_row == 1 ? "" : "es");
	else
		strcpy(how, "not run since the restart");
	table_note(
	    out, s, TINT_BAD, "down since %s UTC (%s), %s", when, span, how);
}

/* A task of the chain that failed, whose cooldown this one waits for. */
static const struct task_record *
find_waited_for(const struct screen *s, const struct chain_view *c,
    const struct task_record *t)
{
	const struct snapshot *at = c->snapshot;

	if (chain_view_phase(c, t) != PHASE_WAITING ||
	    t->next_run_wall_ms <= s->wall_ms)
		return NULL;
	for (size_t i = 0; at && i < at->task_count; i++)
		if (at->tasks[i].phase == PHASE_COOLDOWN &&
		    !at->tasks[i].last.outcome.is_success)
			return &at->tasks[i];
	return NULL;
}

void
table_task(FILE *out, const struct screen *s, const struct table_layout *l,
    const struct chain_view *c, const struct task_record *t)
{
	const struct task_record *other = find_waited_for(s, c, t);
	const struct acknowledgement *known = &t->acknowledged;
	bool is_running = chain_view_phase(c, t) == PHASE_RUNNING;
	char text[UNITS_TEXT_SIZE + OUTCOME_TEXT_SIZE];

	put_task_line(out, s, l, c, t);
	if (other)
		table_note(out, s, TINT_FAINT,
		    "waits for the fail_cooldown of %s", other->name);
	if (is_running && t->stop_signal) {
		outcome_signal_name((int)t->stop_signal, text);
		table_note(out, s, TINT_WARN,
		    "stopped by %s, goes on at SIGCONT", text);
	}
	if (is_running && t->is_slow)
		table_note(
		    out, s, TINT_WARN, "runs longer than slow_after allows");
	if (t->policy.is_down)
		put_down(out, s, &t->policy);
	if (task_is_failing(t) && *t->last.message)
		table_note(out, s, TINT_NONE, "%s", t->last.message);
	if (t->mails_held_back)
		table_note(out, s, TINT_WARN,
		    "%" PRIu64 " mail%s sent, %" PRIu64
		    " held back by mail.max_per_hour",
		    t->mails_sent, t->mails_sent == 1 ? "" : "s",
		    t->mails_held_back);
	if (t->policy.is_acknowledged)
		table_note(out, s, TINT_NONE, "acknowledged by %s%s%s",
		    known->who, *known->why ? ": " : "", known->why);
	if (t->ping_refused_wall_ms) {
		units_format_span(s->wall_ms - t->ping_refused_wall_ms, text);
		table_note(out, s, TINT_WARN, "pings are refused for %s: %s",
		    text, t->ping_answer);
	}
}
