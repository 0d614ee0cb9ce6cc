#include "encode.h"

#include <string.h>

#include "text.h"
#include "units.h"

enum { CHUNK = 256, GROWTH = 6 };

/* Hands whole characters to `add` piece by piece, so that any length fits. */
static void
encode_pieces(
    FILE *out, const char *s, void (*add)(struct text *, const char *, size_t))
{
	char buffer[CHUNK * GROWTH + 1];
	size_t left = strlen(s);

	while (left) {
		size_t n = text_cut(s, left, CHUNK);
		struct text t;

		text_init(&t, buffer, sizeof(buffer));
		add(&t, s, n);
		fwrite(buffer, t.length, 1, out);
		s += n;
		left -= n;
	}
}

void
encode_seconds(FILE *out, int64_t ms)
{
	char text[UNITS_TEXT_SIZE];

	units_format_seconds(ms < 0 ? 0 : ms, text);
	fputs(text, out);
}

void
encode_html(FILE *out, const char *s)
{
	encode_pieces(out, s, text_add_html);
}

static void
add_label(struct text *t, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size;) {
		size_t n = text_utf8_length(bytes + i, size - i);

		if (!n)
			text_add_string(t, "\xef\xbf\xbd");
		else if (bytes[i] == '\\' || bytes[i] == '"')
			text_addf(t, "\\%c", bytes[i]);
		else if (bytes[i] == '\n')
			text_add_string(t, "\\n");
		else
			text_add(t, bytes + i, n);
		i += n ? n : 1;
	}
}

void
encode_label(FILE *out, const char *s)
{
	encode_pieces(out, s, add_label);
}
