#include "base/escape.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "tap.h"

struct row {
	const char *name, *text, *plain, *json;
	size_t size; /* 0: to the NUL */
};

static const struct row rows[] = {
    {"nothing", "", "", "", 0},
    {"a word", "hello", "hello", "hello", 0},
    {"a tab stays", "a\tb", "a\tb", "a\\tb", 0},
    {"NUL", "a\0b", "a\\x00b", "a\\\\x00b", 3},
    {"escape in the middle of a long text", "0123456789abcdef\x1b[31mred",
	"0123456789abcdef\\x1b[31mred", "0123456789abcdef\\\\x1b[31mred", 0},
    {"carriage return at the end", "hello\r", "hello\\x0d", "hello\\\\x0d", 0},
    {"newline", "a\nb", "a\\x0ab", "a\\\\x0ab", 0},
    {"DEL", "\x7f", "\\x7f", "\\\\x7f", 0},
    {"quotes and back slashes", "say \"C:\\x\"", "say \"C:\\x\"",
	"say \\\"C:\\\\x\\\"", 0},
    {"UTF-8", "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80",
	"na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80",
	"na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80", 0},
    {"Latin 1", "na\xefve", "na\xefve", "na\xef\xbf\xbdve", 0},
    {"an overlong form", "\xc0\xaf", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", 0},
    {"a surrogate", "\xed\xa0\x80", "\xed\xa0\x80",
	"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 0},
    {"a sequence that is cut off", "12345678\xe2\x82", "12345678\xe2\x82",
	"12345678\xef\xbf\xbd\xef\xbf\xbd", 0},
    {"a sequence over the border of two words",
	"1234567\xe2\x82\xac"
	"89",
	"1234567\xe2\x82\xac"
	"89",
	"1234567\xe2\x82\xac"
	"89",
	0},
    {"C1 controls", "12345678\xc2\x9b\xc2\xa0\xc2\x80",
	"12345678\\xc2\\x9b\xc2\xa0\\xc2\\x80",
	"12345678\\\\xc2\\\\x9b\xc2\xa0\\\\xc2\\\\x80", 0},
    {"line ends and marks of direction", "\xe2\x80\xa8\xe2\x81\xa6\xd8\x9c",
	"\\xe2\\x80\\xa8\\xe2\\x81\\xa6\\xd8\\x9c",
	"\\\\xe2\\\\x80\\\\xa8\\\\xe2\\\\x81\\\\xa6\\\\xd8\\\\x9c", 0},
    {"half of one", "0123456789abcdef\xe2\x80", "0123456789abcdef\xe2\x80",
	"0123456789abcdef\xef\xbf\xbd\xef\xbf\xbd", 0},
    {"a sequence behind a quote", "\"\xe2\x82\xac\"", "\"\xe2\x82\xac\"",
	"\\\"\xe2\x82\xac\\\"", 0},
};

static void
test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		size_t size = r->size ? r->size : strlen(r->text);
		char out[ESCAPE_GROWTH * 64 + 1];

		out[escape_text(out, r->text, size)] = '\0';
		tap_is(out, r->plain, "text: %s", r->name);
		out[escape_json(out, r->text, size)] = '\0';
		tap_is(out, r->json, "json: %s", r->name);
	}
}

/* Every byte at every place of texts of every small length. */
static void
test_span_everywhere(void)
{
	size_t wrong = 0;

	for (size_t size = 1; size <= 40; size++) {
		for (size_t at = 0; at < size; at++) {
			for (int c = 0; c < 256; c++) {
				char text[40];
				size_t want =
				    text_is_control((char)c) ? at : size;

				memset(text, c % 2 ? 0xff : ' ', sizeof(text));
				text[at] = (char)c;
				wrong += escape_plain_span(text, size) != want;
			}
		}
	}
	tap_is_int((long long)wrong, 0,
	    "a control character is found at every place, and no other byte");
}

/* As the header says it, a character at a time. */
static size_t
escape_slowly(char *out, size_t out_size, const char *text, size_t size)
{
	struct text t;

	text_init(&t, out, out_size);
	text_add_printable(&t, text, size);
	return t.length;
}

static void
test_against_slow(void)
{
	static const char odd[][4] = {"\xc2\x80z", "\xd8\x9c\xc2",
	    "\xe2\x80\xae", "\xe2\x80\x9c", "\xe2\x81\xa6", "\xe2\x82\xac"};
	char text[200], fast[1001], slow[1001];
	size_t wrong = 0;

	srandom(1);
	for (int round = 0; round < 50000; round++) {
		size_t size = (size_t)random() % sizeof(text), n;
		/* Mostly letters, so that long plain stretches occur too. */
		long rare = 1 + random() % 30;

		for (size_t i = 0; i < size; i++)
			text[i] = random() % rare ? 'x' : (char)random();
		for (size_t i = 0; i + 3 < size; i += 20)
			if (!(random() % rare))
				memcpy(text + i,
				    odd[random() %
					(sizeof(odd) / sizeof(*odd))],
				    3);
		n = escape_text(fast, text, size);
		wrong += n != escape_slowly(slow, sizeof(slow), text, size) ||
			 memcmp(fast, slow, n);
	}
	tap_is_int((long long)wrong, 0,
	    "50,000 random texts come out as a character at a time would");
}

int
main(void)
{
	test_rows();
	test_span_everywhere();
	test_against_slow();
	return tap_done();
}
