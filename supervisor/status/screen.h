/*
 * screen: text laid out in columns for people's eyes.  Pure: it writes to the
 * stream that it is given; what kind of screen that is, is an argument.
 *
 * What a task wrote is never trusted: whatever could move the cursor, colour or
 * reorder the text is shown as \xNN, so that nothing here can inject an escape
 * sequence, in any encoding.  Widths are those of wcwidth(3) in the locale that
 * the program has set.
 */
#ifndef RUNNER_SCREEN_H
#define RUNNER_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { SCREEN_COLUMNS = 80, SCREEN_COLUMNS_MIN = 60, SCREEN_GAP = 2 };

struct screen {
	bool is_terminal;
	bool has_colour;
	bool is_utf8;
	size_t columns;
	size_t rows;     /* 0: without end */
	int64_t wall_ms; /* now */
};

enum tint {
	TINT_NONE,
	TINT_BOLD,
	TINT_FAINT,
	TINT_GOOD,
	TINT_BAD,
	TINT_WARN,
};

/* Begins and ends a tint; nothing without colour. */
void screen_tint(FILE *out, const struct screen *s, enum tint tint);
void screen_plain(FILE *out, const struct screen *s);

/*
 * Writes at most `columns` columns of the bytes, made harmless; what is cut
 * ends with an ellipsis.  Line ends and tabs are shown as a space.  Returns how
 * many columns it took.
 */
size_t screen_put(
    FILE *out, const struct screen *s, const char *text, size_t columns);

/* The same, filled with spaces to exactly `columns`; right: at its right. */
void screen_cell(
    FILE *out, const struct screen *s, const char *text, size_t columns);
void screen_cell_right(
    FILE *out, const struct screen *s, const char *text, size_t columns);

/* A cell with a tint, and the gap to the next one. */
void screen_column(FILE *out, const struct screen *s, enum tint tint,
    const char *text, size_t columns);

/* At most `columns` columns with a tint, and the end of the line. */
void screen_line(FILE *out, const struct screen *s, enum tint tint,
    const char *text, size_t columns);

/* How many columns the text takes when it is not cut. */
size_t screen_width(const struct screen *s, const char *text);

/*
 * Foreign bytes for a terminal: whole, in lines, with everything made harmless
 * but line ends and tabs.
 */
void screen_put_bytes(
    FILE *out, const struct screen *s, const char *bytes, size_t size);

/* "12 s", "3 m", "23 h", "4 d": one unit, for narrow columns. */
void screen_format_age(int64_t ms, char *text, size_t size);

#endif
