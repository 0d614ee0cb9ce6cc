#include "screen.h"

#include <inttypes.h>
#include <string.h>
#include <wchar.h>

#include "base/text.h"

/* What one character looks like: its bytes, and the columns they take. */
struct glyph {
	char bytes[24];
	size_t columns;
	size_t taken; /* bytes of the source */
};

void
screen_tint(FILE *out, const struct screen *s, enum tint tint)
{
	static const char *const codes[] = {
	    [TINT_NONE] = "0",
	    [TINT_BOLD] = "1",
	    [TINT_FAINT] = "2",
	    [TINT_GOOD] = "32",
	    [TINT_BAD] = "31",
	    [TINT_WARN] = "33",
	};

	if (s->has_colour && tint != TINT_NONE)
		fprintf(out, "\033[%sm", codes[tint]);
}

void
screen_plain(FILE *out, const struct screen *s)
{
	if (s->has_colour)
		fputs("\033[0m", out);
}

/* The first character of what is left, as it is shown. */
static struct glyph
next_glyph(const struct screen *s, const char *bytes, size_t size)
{
	size_t n = text_utf8_length(bytes, size);
	bool is_harmful = !n || text_harmful(bytes, n);
	struct glyph g = {.columns = 1, .taken = n ? n : 1};
	struct text t;
	int width;

	text_init(&t, g.bytes, sizeof(g.bytes));
	if (n > 1 && !s->is_utf8) {
		text_add(&t, "?", 1);
		return g;
	}
	width = n > 1 ? wcwidth((wchar_t)text_decode(bytes, n)) : 1;
	if (is_harmful || width < 0) {
		text_add_hex(&t, bytes, g.taken);
		g.columns = t.length;
	} else {
		text_add(&t, bytes, n);
		g.columns = (size_t)width;
	}
	return g;
}

static struct glyph
next_in_line(const struct screen *s, const char *bytes, size_t size)
{
	if (*bytes == '\n' || *bytes == '\t' || *bytes == '\r')
		return (struct glyph){.bytes = " ", .columns = 1, .taken = 1};
	return next_glyph(s, bytes, size);
}

size_t
screen_width(const struct screen *s, const char *text)
{
	size_t width = 0, size = strlen(text);

	while (size) {
		struct glyph g = next_in_line(s, text, size);

		width += g.columns;
		text += g.taken;
		size -= g.taken;
	}
	return width;
}

size_t
screen_put(FILE *out, const struct screen *s, const char *text, size_t columns)
{
	const char *ellipsis = s->is_utf8 ? "\xe2\x80\xa6" : "~";
	bool is_cut = screen_width(s, text) > columns;
	size_t used = 0, size = strlen(text);

	if (!columns)
		return 0;
	while (size) {
		struct glyph g = next_in_line(s, text, size);

		if (used + g.columns + is_cut > columns)
			break;
		fputs(g.bytes, out);
		used += g.columns;
		text += g.taken;
		size -= g.taken;
	}
	if (is_cut) {
		fputs(ellipsis, out);
		used++;
	}
	return used;
}

void
screen_cell(FILE *out, const struct screen *s, const char *text, size_t columns)
{
	size_t used = screen_put(out, s, text, columns);

	fprintf(out, "%*s", (int)(columns - used), "");
}

void
screen_cell_right(
    FILE *out, const struct screen *s, const char *text, size_t columns)
{
	size_t width = screen_width(s, text);

	if (width < columns)
		fprintf(out, "%*s", (int)(columns - width), "");
	screen_put(out, s, text, columns);
}

void
screen_column(FILE *out, const struct screen *s, enum tint tint,
    const char *text, size_t columns)
{
	screen_tint(out, s, tint);
	screen_cell(out, s, text, columns);
	if (tint != TINT_NONE)
		screen_plain(out, s);
	fprintf(out, "%*s", SCREEN_GAP, "");
}

void
screen_line(FILE *out, const struct screen *s, enum tint tint, const char *text,
    size_t columns)
{
	screen_tint(out, s, tint);
	screen_put(out, s, text, columns);
	if (tint != TINT_NONE)
		screen_plain(out, s);
	putc('\n', out);
}

void
screen_put_bytes(
    FILE *out, const struct screen *s, const char *bytes, size_t size)
{
	while (size) {
		struct glyph g;

		if (*bytes == '\n' || *bytes == '\t') {
			putc(*bytes++, out);
			size--;
			continue;
		}
		g = next_glyph(s, bytes, size);
		fputs(g.bytes, out);
		bytes += g.taken;
		size -= g.taken;
	}
}

void
screen_format_age(int64_t ms, char *text, size_t size)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
	    {"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		/* "90 m" says more than "1 h". */
		if (ms >= 2 * units[i].ms || units[i].ms == 1000) {
			snprintf(text, size, "%" PRId64 " %s",
			    ms < 0 ? 0 : ms / units[i].ms, units[i].name);
			return;
		}
	}
}
