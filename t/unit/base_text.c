/* Building text, and foreign bytes made fit to print. */
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>

#include "tap.h"

/* A string literal and its size, NULs included. */
#define BYTES(s) (s), sizeof(s) - 1

static const struct escape_row {
	const char *bytes;
	size_t size;
	const char *printable, *json, *html;
	const char *what;
} escapes[] = {
    {BYTES("plain"), "plain", "plain", "plain", "plain text"},
    {BYTES(""), "", "", "", "nothing"},
    {BYTES("a\tb"), "a\tb", "a\\tb", "a\tb", "a tab"},
    {BYTES("a\nb"), "a\\x0ab", "a\\nb", "a\nb", "a new line"},
    {BYTES("\0"), "\\x00", "\\u0000", "\xef\xbf\xbd", "a NUL"},
    {BYTES("\x1b[0m"), "\\x1b[0m", "\\u001b[0m", "\xef\xbf\xbd[0m",
	"an escape"},
    {BYTES("\x7f"), "\\x7f", "\\u007f", "\xef\xbf\xbd", "a DEL"},
    {BYTES("\"\\"), "\"\\", "\\\"\\\\", "&quot;\\", "quote, backslash"},
    {BYTES("<a href='x'>&"), "<a href='x'>&", "<a href='x'>&",
	"&lt;a href=&#39;x&#39;&gt;&amp;", "markup"},
    {BYTES("\xc3\xa9"), "\xc3\xa9", "\xc3\xa9", "\xc3\xa9", "an e acute"},
    {BYTES("\xe2\x82\xac"), "\xe2\x82\xac", "\xe2\x82\xac", "\xe2\x82\xac",
	"a euro sign"},
    {BYTES("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80",
	"\xf0\x9f\x98\x80", "a face"},
    {BYTES("\xe2\x80\xae"), "\\xe2\\x80\\xae", "\\u202e", "\xef\xbf\xbd",
	"a mark that turns the text"},
    {BYTES("\xc2\x9b[0m"), "\\xc2\\x9b[0m", "\\u009b[0m", "\xef\xbf\xbd[0m",
	"an escape of one character"},
    {BYTES("\xef\xbf\xbf"), "\xef\xbf\xbf", "\xef\xbf\xbf", "\xef\xbf\xbd",
	"a noncharacter"},
    {BYTES("a\xff"
	   "b"),
	"a\xff"
	"b",
	"a\xef\xbf\xbd"
	"b",
	"a\xef\xbf\xbd"
	"b",
	"a byte that is never UTF-8"},
    {BYTES("\xc3"), "\xc3", "\xef\xbf\xbd", "\xef\xbf\xbd",
	"a sequence cut short"},
};

static void
test_escapes(void)
{
	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++) {
		const struct escape_row *r = &escapes[i];
		char buffer[128];
		struct text t;

		text_init(&t, buffer, sizeof(buffer));
		text_add_printable(&t, r->bytes, r->size);
		tap_is(buffer, r->printable, "printable: %s", r->what);
		text_clear(&t);
		text_add_json(&t, r->bytes, r->size);
		tap_is(buffer, r->json, "json: %s", r->what);
		text_clear(&t);
		text_add_html(&t, r->bytes, r->size);
		tap_is(buffer, r->html, "html: %s", r->what);
	}
}

/* Of all characters, those that the header names and no other. */
static void
test_harmful(void)
{
	unsigned long wrong = 0;

	for (unsigned long n = 0; n < 1ul << 24; n++) {
		char s[4] = {(char)(n >> 16), (char)(n >> 8), (char)n, 0};
		size_t length = text_utf8_length(s, 3);
		uint32_t c = length ? text_decode(s, length) : 'x';
		bool want = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
			    c == 0x200e || c == 0x200f || c == 0x2028 ||
			    c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
			    (c >= 0x2066 && c <= 0x206f);

		wrong += text_harmful(s, 3) != (want ? length : 0);
	}
	tap_is_int((long long)wrong, 0,
	    "harmful: controls, line ends and marks of direction, no other");
	tap_is_int((long long)text_harmful("\xe2\x80\xae", 2), 0,
	    "harmful: not before its last byte is there");
}

static void
test_controls(void)
{
	char s[] = "a\tb\x7f\xc3\xa9\n";

	tap_ok(text_has_control("\x7f") && text_has_control("ab\n") &&
		   !text_has_control("") && !text_has_control("a \xc3\xa9"),
	    "control: C0 and DEL are");
	text_blank_controls(s);
	tap_is(s, "a b \xc3\xa9 ", "control: each becomes a blank");
}

/* Each way of adding, into buffers of every size: never overrun, always ended,
 * short exactly when something is missing. */
static void
test_every_size(void)
{
	static const char long_text[] = "0123456789\n<\x01\xff\"abcdef";
	char whole[256];
	struct text full;

	text_init(&full, whole, sizeof(whole));
	text_add(&full, "ab", 2);
	text_add_printable(&full, BYTES(long_text));
	text_addf(&full, "%d-%s", 12345, "xyz");
	text_add_json(&full, BYTES(long_text));
	text_add_html(&full, BYTES(long_text));
	for (size_t size = 1; size <= full.length + 2; size++) {
		char *buffer = malloc(size);
		struct text t;

		if (!buffer)
			abort();
		text_init(&t, buffer, size);
		text_add(&t, "ab", 2);
		text_add_printable(&t, BYTES(long_text));
		text_addf(&t, "%d-%s", 12345, "xyz");
		text_add_json(&t, BYTES(long_text));
		text_add_html(&t, BYTES(long_text));
		if (t.length >= size || t.data[t.length] ||
		    strlen(t.data) != t.length ||
		    t.is_short != (size <= full.length) ||
		    (!t.is_short && strcmp(buffer, whole)))
			tap_ok(
			    false, "a buffer of %zu bytes: %s", size, buffer);
		free(buffer);
	}
	tap_ok(full.length > 80, "buffers of 1 to %zu bytes are never overrun",
	    full.length + 2);
}

/* The first bytes of every sequence against the definition (RFC 3629, 4). */
static size_t
utf8_by_the_book(const unsigned char *s)
{
	unsigned long c;
	size_t n;

	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc0 || s[0] > 0xf7)
		return 0;
	c = s[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < (n == 2      ? 0x80ul
		    : n == 3 ? 0x800ul
			     : 0x10000ul) ||
	    c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return n;
}

static void
test_utf8(void)
{
	unsigned long wrong = 0;

	for (unsigned long n = 0; n < 1ul << 24; n++) {
		unsigned char s[4] = {(unsigned char)(n >> 16),
		    (unsigned char)(n >> 8), (unsigned char)n, 0x80};

		if (text_utf8_length((char *)s, 4) != utf8_by_the_book(s))
			wrong++;
	}
	tap_is_int((long long)wrong, 0,
	    "utf8: all 16777216 beginnings are judged as RFC 3629 does");
	tap_is_int((long long)text_utf8_length("", 0), 0, "utf8: nothing");
	tap_is_int((long long)text_utf8_length("\xe2\x82\xac", 2), 0,
	    "utf8: cut by the end of the bytes");
	tap_is_int((long long)text_utf8_length("\xf0\x9f\x98\x28", 4), 0,
	    "utf8: a last byte that is none");
}

static const struct {
	const char *name;
	bool is_name;
} names[] = {
    {"a", true},
    {"9", true},
    {"Send_mail-2.x", true},
    {"a.b.c", true},
    {"", false},
    {".hidden", false},
    {"-n", false},
    {"_x", false},
    {"a b", false},
    {"a/b", false},
    {"../a", false},
    {"a\n", false},
    {"\xc3\xa9", false},
    {"a\xc3\xa9", false},
};

static void
test_names(void)
{
	char name[300];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		tap_is_int(text_is_name(names[i].name), names[i].is_name,
		    "name: '%s' is %s", names[i].name,
		    names[i].is_name ? "one" : "none");
	memset(name, 'x', sizeof(name));
	name[200] = '\0';
	tap_ok(text_is_name(name), "name: 200 characters are one");
	name[200] = 'x';
	name[201] = '\0';
	tap_ok(!text_is_name(name), "name: 201 characters are none");
	for (int c = 1; c < 256; c++) {
		char two[] = {'a', (char)c, '\0'};
		bool want = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			    (c >= 'a' && c <= 'z') || c == '_' || c == '.' ||
			    c == '-';

		if (text_is_name(two) != want)
			tap_ok(false, "name: the byte %d", c);
	}
}

static void
test_copy(void)
{
	char out[6];

	memset(out, 'x', sizeof(out));
	text_copy(out, sizeof(out), "ab");
	tap_ok(!memcmp(out, "ab\0\0\0\0", 6), "copy: the rest is zeros");
	text_copy(out, sizeof(out), "abc\xe2\x82\xac");
	tap_is(out, "abc", "copy: half a character is left out");
	text_copy(out, sizeof(out), "ab\xe2\x82\xac");
	tap_is(out, "ab\xe2\x82\xac", "copy: a whole one fits");
	text_copy(out, 1, "ab");
	tap_is(out, "", "copy: no room but for the NUL");
}

static void
test_hex(void)
{
	static const char *const bad[] = {"", "0", "000000000000000",
	    "00000000000000000", "000000000000000G", "ABCDEF0000000000",
	    "0x00000000000000", " 000000000000000"};
	char out[17];
	uint64_t value = 0;

	text_format_hex64(UINT64_C(0xba4d70237fb2e50f), out);
	tap_is(out, "ba4d70237fb2e50f", "hex: 16 digits");
	text_format_hex64(0, out);
	tap_is(out, "0000000000000000", "hex: zeros in front");
	tap_ok(!text_parse_hex64("ba4d70237fb2e50f", &value) &&
		   value == UINT64_C(0xba4d70237fb2e50f),
	    "hex: read back");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		value = 7;
		errno = 0;
		tap_ok(text_parse_hex64(bad[i], &value) && value == 7 &&
			   errno == EINVAL,
		    "hex: '%s' is refused", bad[i]);
	}
}

int
main(void)
{
	test_escapes();
	test_every_size();
	test_utf8();
	test_harmful();
	test_controls();
	test_names();
	test_copy();
	test_hex();
	return tap_done();
}
