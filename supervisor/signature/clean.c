#include "clean.h"

#include <string.h>

#include "base/text.h"

enum state { PLAIN, ESCAPE, ESCAPE_MIDDLE, CSI, OSC, OSC_ESCAPE };

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

void
clean_begin(struct clean *c, clean_line_fn *take, void *context)
{
	c->take = take;
	c->context = context;
	c->state = PLAIN;
	c->has_return = c->has_printed = false;
	c->pending = 0;
	c->size = c->earlier_size = 0;
	c->text = c->buffers[0];
	c->earlier = c->buffers[1];
}

static size_t
trim(const char *text, size_t size)
{
	while (size && text[size - 1] == ' ')
		size--;
	return size;
}

static void
end_line(struct clean *c)
{
	char *text = c->text;
	size_t size = trim(text, c->size);

	if (!size) {
		text = c->earlier;
		size = trim(text, c->earlier_size);
	}
	c->size = c->earlier_size = 0;
	c->has_printed = false;
	if (!size)
		return;
	memset(text + size, 0, CLEAN_PADDING);
	c->take(c->context, text, size);
}

/*
 * Text follows a carriage return: the line starts again.  What was there is
 * put aside rather than lost, in case only blanks follow.
 */
static void
restart_line(struct clean *c)
{
	char *text = c->text;

	c->has_return = false;
	if (c->has_printed) {
		c->text = c->earlier;
		c->earlier = text;
		c->earlier_size = c->size;
	}
	c->size = 0;
	c->has_printed = false;
}

static void
add(struct clean *c, const char *bytes, size_t size)
{
	if (c->has_return)
		restart_line(c);
	if (size > CLEAN_LINE_MAX - c->size) {
		/* A character is whole or not there at all. */
		if (bytes[0] & 0x80)
			return;
		size = CLEAN_LINE_MAX - c->size;
	}
	memcpy(c->text + c->size, bytes, size);
	c->size += size;
	for (size_t i = 0; i < size && !c->has_printed; i++)
		c->has_printed = bytes[i] != ' ';
}

static void
erase(struct clean *c)
{
	if (c->has_return)
		return;
	while (c->size && (c->text[c->size - 1] & 0xc0) == 0x80)
		c->size--;
	if (c->size)
		c->size--;
}

/* Could these bytes, too few to be a character, be the start of one? */
static bool
is_prefix(const char *bytes, size_t size)
{
	unsigned char a = (unsigned char)bytes[0];
	char whole[4] = {bytes[0], (char)0x80, (char)0x80, (char)0x80};
	size_t need = a >= 0xf0 ? 4 : a >= 0xe0 ? 3 : 2;

	if (a < 0xc2 || a > 0xf4 || size >= need)
		return false;
	if (size == 1)
		return true;
	memcpy(whole, bytes, size);
	return text_utf8_length(whole, need) == need;
}

/* Takes the whole character of several bytes that is here, if one is. */
static size_t
take_character(struct clean *c, const char *bytes, size_t size)
{
	size_t n = text_utf8_length(bytes, size < 4 ? size : 4);

	/* U+0080..U+009F are control characters */
	if (n > 2 ||
	    (n == 2 && (bytes[0] != '\xc2' || (unsigned char)bytes[1] >= 0xa0)))
		add(c, bytes, n);
	return n;
}

/* Takes one byte with the high bit set. */
static void
take_high(struct clean *c, char byte)
{
	c->sequence[c->pending++] = byte;
	while (c->pending) {
		if (take_character(c, c->sequence, c->pending)) {
			c->pending = 0;
			return;
		}
		if (is_prefix(c->sequence, c->pending))
			return;
		add(c, replacement, 3);
		memmove(c->sequence, c->sequence + 1, --c->pending);
	}
}

static void
flush_high(struct clean *c)
{
	while (c->pending) {
		add(c, replacement, 3);
		c->pending--;
	}
}

static void
take_control(struct clean *c, char byte)
{
	switch (byte) {
	case '\n':
		c->has_return = false;
		end_line(c);
		break;
	case '\r':
		c->has_return = true;
		break;
	case '\b':
		erase(c);
		break;
	case '\t':
		add(c, " ", 1);
		break;
	case '\033':
		c->state = ESCAPE;
		break;
	}
}

/* Takes one byte inside an escape sequence; a newline ends any of them. */
static void
take_escaped(struct clean *c, char byte)
{
	if (byte == '\n') {
		c->state = PLAIN;
		take_control(c, byte);
		return;
	}
	switch (c->state) {
	case ESCAPE:
		if (byte == '[')
			c->state = CSI;
		else if (byte == ']' || byte == 'P' || byte == '_' ||
			 byte == '^' || byte == 'X')
			c->state = OSC;
		else if (byte >= 0x20 && byte <= 0x2f)
			c->state = ESCAPE_MIDDLE;
		else if (byte != '\033')
			c->state = PLAIN;
		break;
	case ESCAPE_MIDDLE:
		if (byte < 0x20 || byte > 0x2f)
			c->state = PLAIN;
		break;
	case CSI:
		if (byte >= 0x40 && byte <= 0x7e)
			c->state = PLAIN;
		break;
	case OSC:
	case OSC_ESCAPE:
		if (byte == '\a' || (c->state == OSC_ESCAPE && byte == '\\'))
			c->state = PLAIN;
		else
			c->state = byte == '\033' ? OSC_ESCAPE : OSC;
		break;
	}
}

/* How many bytes from `bytes` on are printable ASCII. */
static size_t
plain_run(const char *bytes, size_t size)
{
	size_t n = 0;

	while (n < size && bytes[n] >= ' ' && bytes[n] < 0x7f)
		n++;
	return n;
}

/* Takes at least one byte outside escape sequences.  Returns how many. */
static size_t
take_plain(struct clean *c, const char *bytes, size_t size)
{
	size_t n;

	if (!(*bytes & 0x80) && c->pending)
		flush_high(c);
	if ((n = plain_run(bytes, size))) {
		add(c, bytes, n);
		return n;
	}
	if (!c->pending && *bytes & 0x80 &&
	    (n = take_character(c, bytes, size)))
		return n;
	if (*bytes & 0x80)
		take_high(c, *bytes);
	else
		take_control(c, *bytes);
	return 1;
}

void
clean_feed(struct clean *c, const char *bytes, size_t size)
{
	while (size) {
		size_t n = 1;

		if (c->state == PLAIN)
			n = take_plain(c, bytes, size);
		else
			take_escaped(c, *bytes);
		bytes += n;
		size -= n;
	}
}

void
clean_finish(struct clean *c)
{
	flush_high(c);
	end_line(c);
}
