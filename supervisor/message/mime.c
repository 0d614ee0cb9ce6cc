#include "mime.h"

#include <string.h>

enum {
	LINE_MAX_LENGTH = 76, /* RFC 2045, 6.7 (5) and 6.8 */
	GROUP_SIZE = 3,       /* bytes that become four base64 characters */
};

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";

const char *
mime_encoding_name(enum mime_encoding encoding)
{
	return encoding == MIME_QUOTED_PRINTABLE ? "quoted-printable"
						 : "base64";
}

void
mime_body_begin(
    struct mime_body *b, struct text *t, enum mime_encoding encoding)
{
	*b = (struct mime_body){.t = t, .encoding = encoding};
}

/* One to three bytes, the first in the highest bits, as four characters. */
static void
add_group(struct text *t, uint32_t group, unsigned count)
{
	char out[4];

	group <<= 8 * (GROUP_SIZE - count);
	for (unsigned i = 0; i < 4; i++)
		out[i] = i <= count ? base64_digits[group >> (18 - 6 * i) & 63]
				    : '=';
	text_add(t, out, sizeof(out));
}

void
mime_add_base64(struct text *t, const char *bytes, size_t size)
{
	uint32_t group = 0;
	unsigned count = 0;

	for (size_t i = 0; i < size; i++) {
		group = group << 8 | (unsigned char)bytes[i];
		if (++count < GROUP_SIZE)
			continue;
		add_group(t, group, count);
		group = count = 0;
	}
	if (count)
		add_group(t, group, count);
}

static void
flush_group(struct mime_body *b)
{
	if (b->column == LINE_MAX_LENGTH) {
		text_add_string(b->t, "\r\n");
		b->column = 0;
	}
	add_group(b->t, b->group, b->group_count);
	b->column += 4;
	b->group = b->group_count = 0;
}

static void
add_base64_byte(struct mime_body *b, unsigned char c)
{
	b->group = b->group << 8 | c;
	if (++b->group_count == GROUP_SIZE)
		flush_group(b);
}

/* One byte of quoted-printable, as itself or as =XX, on a line with room. */
static void
add_quoted_byte(struct mime_body *b, unsigned char c, bool is_quoted)
{
	static const char digits[] = "0123456789ABCDEF";
	char out[3] = {'=', digits[c >> 4], digits[c & 15]};
	size_t width = is_quoted ? 3 : 1;

	/* A soft line break needs the last column itself. */
	if (b->column + width >= LINE_MAX_LENGTH) {
		text_add_string(b->t, "=\r\n");
		b->column = 0;
		/* Now it is the first of a line, which rules out two. */
		if ((c == '.' || c == 'F') && !is_quoted)
			width = 3;
	}
	if (width == 1)
		out[0] = (char)c;
	text_add(b->t, out, width);
	b->column += width;
}

/* A blank is kept back until it is known what follows (RFC 2045, 6.7 (3)). */
static void
add_blank_kept(struct mime_body *b, bool is_last)
{
	if (b->blank)
		add_quoted_byte(b, (unsigned char)b->blank, is_last);
	b->blank = '\0';
}

static void
add_quoted(struct mime_body *b, unsigned char c)
{
	bool is_first, is_plain;

	add_blank_kept(b, c == '\n');
	if (c == '\n') {
		text_add_string(b->t, "\r\n");
		b->column = 0;
		return;
	}
	if (c == ' ' || c == '\t') {
		b->blank = (char)c;
		return;
	}
	/* "From " and a lone dot are changed on the way by mbox and SMTP. */
	is_first = !b->column && (c == '.' || c == 'F');
	is_plain = c > 0x20 && c < 0x7f && c != '=' && !is_first;
	add_quoted_byte(b, c, !is_plain);
}

void
mime_body_add(struct mime_body *b, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (b->encoding == MIME_QUOTED_PRINTABLE) {
			add_quoted(b, c);
			continue;
		}
		if (c == '\n' && b->encoding == MIME_BASE64_TEXT)
			add_base64_byte(b, '\r');
		add_base64_byte(b, c);
	}
}

void
mime_body_end(struct mime_body *b)
{
	add_blank_kept(b, true);
	if (b->group_count)
		flush_group(b);
	if (b->column)
		text_add_string(b->t, "\r\n");
	b->column = 0;
}

void
mime_add_shown(struct text *t, const char *bytes, size_t size, bool has_lines)
{
	for (size_t i = 0, n; i < size; i += n) {
		char c = bytes[i];

		n = text_utf8_length(bytes + i, size - i);
		if (n && (c == '\t' || (c == '\n' && has_lines) ||
			     !text_harmful(bytes + i, n)))
			text_add(t, bytes + i, n);
		else
			text_add_hex(t, bytes + i, n ? n : (n = 1));
	}
}
