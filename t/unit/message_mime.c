/* mime, header, address: whatever goes in, well-formed lines come out. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

#include "message/header.h"
#include "message/mime.h"
#include "tap.h"

static uint64_t state = 88172645463325252;

static uint64_t
random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static char out[1 << 20];

/* Encodes in pieces of random size, so that no seam shows. */
static void
encode(
    enum mime_encoding encoding, const char *bytes, size_t size, struct text *t)
{
	struct mime_body b;

	text_init(t, out, sizeof(out));
	mime_body_begin(&b, t, encoding);
	for (size_t i = 0, n; i < size; i += n) {
		n = 1 + random64() % 40;
		n = n < size - i ? n : size - i;
		mime_body_add(&b, bytes + i, n);
	}
	mime_body_end(&b);
}

static const struct row {
	const char *name;
	enum mime_encoding encoding;
	const char *bytes;
	const char *want;
} rows[] = {
    {"plain text stays readable", MIME_QUOTED_PRINTABLE, "hello a=b\n",
	"hello a=3Db\r\n"},
    {"a blank at the line's end is written out", MIME_QUOTED_PRINTABLE,
	"a \nb\t\n", "a=20\r\nb=09\r\n"},
    {"a blank at the very end too", MIME_QUOTED_PRINTABLE, "a ", "a=20\r\n"},
    {"only the last of several blanks", MIME_QUOTED_PRINTABLE, "a  \n",
	"a =20\r\n"},
    {"From at the line's start is not", MIME_QUOTED_PRINTABLE,
	"From me\n>From\n", "=46rom me\r\n>From\r\n"},
    {"a lone dot is none", MIME_QUOTED_PRINTABLE, ".\n..\n", "=2E\r\n=2E.\r\n"},
    {"a carriage return is a byte", MIME_QUOTED_PRINTABLE, "a\r\nb\rc\n",
	"a=0D\r\nb=0Dc\r\n"},
    {"UTF-8 is bytes", MIME_QUOTED_PRINTABLE, "\xc3\xa9\n", "=C3=A9\r\n"},
    {"a text without its last newline gets one", MIME_QUOTED_PRINTABLE, "abc",
	"abc\r\n"},
    {"nothing is nothing", MIME_QUOTED_PRINTABLE, "", ""},
    {"empty lines stay", MIME_QUOTED_PRINTABLE, "\n\n", "\r\n\r\n"},
    {"base64 of text has CRLF inside", MIME_BASE64_TEXT, "a\nb\n",
	"YQ0KYg0K\r\n"},
    {"base64 of bytes has not", MIME_BASE64, "a\nb\n", "YQpiCg==\r\n"},
    {"base64 of one byte", MIME_BASE64, "f", "Zg==\r\n"},
    {"base64 of two", MIME_BASE64, "fo", "Zm8=\r\n"},
    {"base64 of six (RFC 4648, 10)", MIME_BASE64, "foobar", "Zm9vYmFy\r\n"},
};

/* The first line that a transport might not take as it is, or NULL. */
static const char *
find_bad_line(const char *s, size_t size)
{
	size_t start = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c != '\r') {
			if ((c < 0x20 && c != '\t') || c > 0x7e)
				return s + start;
			continue;
		}
		if (i + 1 == size || s[i + 1] != '\n' || i - start > 76)
			return s + start;
		if (i > start && (s[i - 1] == ' ' || s[i - 1] == '\t'))
			return s + start;
		if (s[start] == '.' || !strncmp(s + start, "From ", 5))
			return s + start;
		start = i++ + 2;
	}
	return start == size ? NULL : s + start;
}

/* Decodes quoted-printable as RFC 2045, 6.7 says; CRLF becomes LF. */
static size_t
decode_quoted(const char *s, size_t size, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < size; i++) {
		char hex[3] = {0};

		if (s[i] == '\r')
			continue;
		if (s[i] != '=') {
			to[n++] = s[i];
			continue;
		}
		if (s[i + 1] == '\r') {
			i += 2;
			continue;
		}
		memcpy(hex, s + i + 1, 2);
		to[n++] = (char)strtol(hex, NULL, 16);
		i += 2;
	}
	return n;
}

static size_t
make_bytes(char *bytes, size_t max)
{
	static const char likely[] = "\n\n\r  \t..F=From abc\xc3\xa9";
	size_t size = random64() % max;
	bool is_wild = random64() % 2;

	for (size_t i = 0; i < size; i++)
		bytes[i] = is_wild ? (char)random64()
				   : likely[random64() % (sizeof(likely) - 1)];
	return size;
}

static void
test_bodies(void)
{
	static char bytes[8192], back[65536];
	struct text t;
	int bad = 0, different = 0;

	for (int i = 0; i < 20000; i++) {
		size_t size = make_bytes(bytes, sizeof(bytes) / 8), n;

		encode(MIME_QUOTED_PRINTABLE, bytes, size, &t);
		bad += find_bad_line(out, t.length) != NULL;
		n = decode_quoted(out, t.length, back);
		/* A newline was added where the last one was missing. */
		if (size && bytes[size - 1] != '\n')
			n--;
		different += n != size || memcmp(bytes, back, size) != 0;
		encode(i % 2 ? MIME_BASE64 : MIME_BASE64_TEXT, bytes, size, &t);
		bad += find_bad_line(out, t.length) != NULL;
	}
	tap_is_int(bad, 0, "20,000 random bodies: every line is fit to send");
	tap_is_int(different, 0, "and decodes to the same bytes");
}

static const char *
field(const char *value)
{
	struct text t;

	text_init(&t, out, sizeof(out));
	header_add(&t, "Subject", value);
	return out;
}

static void
test_fields(void)
{
	char longest[HEADER_VALUE_MAX * 2];

	tap_is(field("hello world"), "Subject: hello world\r\n",
	    "a plain value stays as it is");
	tap_is(field(""), "Subject: \r\n", "so does an empty one");
	tap_is(field("a\r\nBcc: x@y"), "Subject: a\\x0d\\x0aBcc: x@y\r\n",
	    "a line end in a value is shown, and no header comes of it");
	tap_is(field("na\xc3\xafve"), "Subject: =?utf-8?Q?na=C3=AFve?=\r\n",
	    "what is not ASCII is an encoded word");
	tap_is(field("\xe6\x97\xa5\xe6\x9c\xac"),
	    "Subject: =?utf-8?B?5pel5pys?=\r\n",
	    "in base64 when that is shorter");
	tap_is(field(" two  spaces "), "Subject: =?utf-8?Q?_two__spaces_?=\r\n",
	    "blanks that folding could lose are encoded");
	tap_is(field("=?utf-8?Q?fake?="),
	    "Subject: =?utf-8?B?PT91dGYtOD9RP2Zha2U/PQ==?=\r\n",
	    "what looks like an encoded word is none");
	tap_is(field("a\xff"
		     "b"),
	    "Subject: a\\xffb\r\n", "a byte that is not UTF-8 is shown");
	tap_is(field("The quick brown fox jumps over the lazy dog and then "
		     "again over the same dog"),
	    "Subject: The quick brown fox jumps over the lazy dog and then "
	    "again over the\r\n same dog\r\n",
	    "a long one is folded");
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	field(longest);
	tap_ok(strstr(out, "=2E=2E=2E?=\r\n") != NULL,
	    "a huge one is cut, and says so");
}

/* Every line short, every continuation begins with a blank and more. */
static bool
is_field_good(const char *s, const char *name)
{
	size_t length;

	if (strncmp(s, name, strlen(name)))
		return false;
	for (bool is_first = true; *s; s += length + 2, is_first = false) {
		length = strcspn(s, "\r");
		if (s[length + 1] != '\n' || length > 78)
			return false;
		if (!is_first && (s[0] != ' ' || length < 2))
			return false;
		for (size_t i = 0; i < length; i++)
			if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
				return false;
	}
	return true;
}

static void
test_random_fields(void)
{
	char value[3000], name[400];
	char *list[] = {value, name, NULL};
	struct text t;
	int bad = 0, bad_lists = 0;

	for (int i = 0; i < 50000; i++) {
		size_t n = make_bytes(value, sizeof(value) >> random64() % 9);

		value[n] = '\0';
		n = make_bytes(name, sizeof(name));
		name[n] = '\0';
		text_init(&t, out, sizeof(out));
		header_add(&t, "X-Runner-Task", value);
		bad += !is_field_good(out, "X-Runner-Task: ");
		text_init(&t, out, sizeof(out));
		header_add_mailboxes(&t, "To", list, "host.example.org");
		bad_lists += strchr(out, '\0') - out != (long)t.length ||
			     strncmp(out, "To: ", 4) != 0 ||
			     strstr(out, "\r\n\r\n") != NULL ||
			     strspn(strchr(out, '\n') + 1, " ") != 1;
	}
	tap_is_int(bad, 0, "50,000 random values: one well-formed field each");
	tap_is_int(bad_lists, 0, "50,000 random address lists too");
}

static const struct address_row {
	const char *address;
	const char *want;
} addresses[] = {
    {"a@b.c", "a@b.c"},
    {"Ann <a@b.c>", "Ann <a@b.c>"},
    {"  a@b.c ", "a@b.c"},
    {"root", "root@host"},
    {"\"Miller, Ann\" <a@b.c>", "=?utf-8?Q?Miller=2C_Ann?= <a@b.c>"},
    {"J\xc3\xbcrgen <j@x>", "=?utf-8?Q?J=C3=BCrgen?= <j@x>"},
    {"a b@c", "\"a b\"@c"},
    {"\"a b\"@c", "\"a b\"@c"},
    {"a\"b@c", "\"a\\\"b\"@c"},
    {"a@b\r\nBcc: x@y", "\"a@bBcc: x\"@y"},
    {"<>", "\"\"@host"},
    {"a@[127.0.0.1]", "a@[127.0.0.1]"},
    {"a@[IPv6:::1]", "a@[IPv6:::1]"},
    {"a@b..c.", "a@b.c"},
    {"a@", "a@localhost"},
    {".a@b", "\".a\"@b"},
    {"j\xc3\xbcrgen@x", "j\xc3\xbcrgen@x"},
};

static void
test_addresses(void)
{
	char *none[] = {NULL};
	struct text t;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		char *list[] = {(char *)addresses[i].address, NULL};
		char want[200];

		snprintf(want, sizeof(want), "To: %s\r\n", addresses[i].want);
		text_init(&t, out, sizeof(out));
		header_add_mailboxes(&t, "To", list, "host");
		if (!tap_ok(!strcmp(out, want), "address %d", (int)i))
			printf("# %s -> %s", addresses[i].address, out);
	}
	text_init(&t, out, sizeof(out));
	header_add_mailboxes(&t, "To", none, "host");
	tap_is(out, "To: undisclosed-recipients:;\r\n", "no address");
}

static void
test_ids(void)
{
	static const struct {
		const char *id;
		bool is_good;
	} ids[] = {
	    {"<a@b>", true},
	    {"<a.b.c@d-e.f>", true},
	    {"a@b", false},
	    {"<a@b", false},
	    {"<@b>", false},
	    {"<a@>", false},
	    {"<a b@c>", false},
	    {"<a@b>\r\nX: y", false},
	    {"<a..b@c>", false},
	    {"<a@b@c>", false},
	    {"<.a@c>", false},
	    {"", false},
	    {"<a@b\xc3\xa9>", false},
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		tap_ok(header_is_id(ids[i].id) == ids[i].is_good,
		    "message id %d is %s", (int)i,
		    ids[i].is_good ? "good" : "none");
}

int
main(void)
{
	struct text t;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		encode(
		    rows[i].encoding, rows[i].bytes, strlen(rows[i].bytes), &t);
		tap_is(out, rows[i].want, "%s", rows[i].name);
	}
	test_bodies();
	test_fields();
	test_random_fields();
	test_addresses();
	test_ids();
	text_init(&t, out, sizeof(out));
	mime_add_shown(
	    &t, "a\tb\n\0\x1b\xc2\x85\xe2\x80\xa8\xff\x7f\xc3\xa9", 15, true);
	tap_is(out,
	    "a\tb\n\\x00\\x1b\\xc2\\x85\\xe2\\x80\\xa8\\xff\\x7f"
	    "\xc3\xa9",
	    "controls of every kind are shown, letters stay");
	return tap_done();
}
