#include "log/line.h"

#include <stdlib.h>

#include "base/text.h"
#include "tap.h"

/* 2026-11-24T03:06:04.479Z */
#define WALL_MS INT64_C(1795489564479)

struct row {
	const char *name, *text, *want;
	struct line_source source;
};

#define JSON_START "{\"ts\":\"2026-11-24T03:06:04.479Z\",\"level\":"

static const struct row rows[] = {
    {"plain, the supervisor's own", "Wrote pidfile x",
	"DEBUG Wrote pidfile x\n",
	{.format = LOG_FORMAT_PLAIN, .level = LOG_LEVEL_DEBUG}},
    {"plain, about a task", "Execution failed", "DEBUG [t] Execution failed\n",
	{.format = LOG_FORMAT_PLAIN, .level = LOG_LEVEL_DEBUG, .task = "t"}},
    {"plain, a task's output", "hi", "INFO [t] stdout: hi\n",
	{.format = LOG_FORMAT_PLAIN,
	    .level = LOG_LEVEL_INFO,
	    .task = "t",
	    .stream = LOG_STREAM_STDOUT}},
    {"plain, an empty line of output", "", "INFO [t] stderr: \n",
	{.format = LOG_FORMAT_PLAIN,
	    .level = LOG_LEVEL_INFO,
	    .task = "t",
	    .stream = LOG_STREAM_STDERR}},
    {"plain, the rest of a long line", "hi",
	"INFO [t] stderr (continued): hi\n",
	{.format = LOG_FORMAT_PLAIN,
	    .level = LOG_LEVEL_INFO,
	    .task = "t",
	    .stream = LOG_STREAM_STDERR,
	    .is_continued = true}},
    {"timestamp", "hi", "2026-11-24T03:06:04.479Z WARNING hi\n",
	{.format = LOG_FORMAT_TIMESTAMP, .level = LOG_LEVEL_WARNING}},
    {"timestamp, a task's output",
	"a\x1b"
	"b",
	"2026-11-24T03:06:04.479Z INFO [t] stdout: a\\x1bb\n",
	{.format = LOG_FORMAT_TIMESTAMP,
	    .level = LOG_LEVEL_INFO,
	    .task = "t",
	    .stream = LOG_STREAM_STDOUT}},
    {"journal, DEBUG is 7", "hi", "<7>hi\n",
	{.format = LOG_FORMAT_JOURNAL, .level = LOG_LEVEL_DEBUG}},
    {"journal, INFO is 6", "hi", "<6>[t] stdout: hi\n",
	{.format = LOG_FORMAT_JOURNAL,
	    .level = LOG_LEVEL_INFO,
	    .task = "t",
	    .stream = LOG_STREAM_STDOUT}},
    {"journal, WARNING is 4", "hi", "<4>hi\n",
	{.format = LOG_FORMAT_JOURNAL, .level = LOG_LEVEL_WARNING}},
    {"journal, ERROR is 3", "hi", "<3>[t] hi\n",
	{.format = LOG_FORMAT_JOURNAL, .level = LOG_LEVEL_ERROR, .task = "t"}},
    {"json, the supervisor's own", "hi",
	JSON_START "\"ERROR\",\"chain\":\"c\",\"task\":null,\"stream\":null,"
		   "\"msg\":\"hi\"}\n",
	{.format = LOG_FORMAT_JSON, .level = LOG_LEVEL_ERROR, .chain = "c"}},
    {"json, a task's output", "say \"\xff\"\t\x01",
	JSON_START "\"INFO\",\"chain\":\"c\",\"task\":\"t\","
		   "\"stream\":\"stdout\",\"msg\":"
		   "\"say \\\"\xef\xbf\xbd\\\"\\t\\\\x01\"}\n",
	{.format = LOG_FORMAT_JSON,
	    .level = LOG_LEVEL_INFO,
	    .chain = "c",
	    .task = "t",
	    .stream = LOG_STREAM_STDOUT}},
    {"json, the rest of a long line", "hi",
	JSON_START "\"INFO\",\"chain\":null,\"task\":\"t\","
		   "\"stream\":\"stderr\",\"msg\":\"hi\",\"continued\":true}\n",
	{.format = LOG_FORMAT_JSON,
	    .level = LOG_LEVEL_INFO,
	    .task = "t",
	    .stream = LOG_STREAM_STDERR,
	    .is_continued = true}},
};

static void
test_rows(void)
{
	static struct line line;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		struct line_source source = r->source;
		size_t size = strlen(r->text), n;
		char out[1024];

		source.wall_ms = WALL_MS;
		line_prepare(&line, &source);
		n = line_put(&line, out, r->text, size);
		out[n] = '\0';
		tap_is(out, r->want, "%s", r->name);
		tap_ok(n <= line_bound(&line, size), "%s: within its bound",
		    r->name);
	}
}

struct escape_row {
	const char *name, *text, *plain, *json;
	size_t size; /* 0: to the NUL */
};

static const struct escape_row escapes[] = {
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

/* What becomes of the text alone; the rest of the line is cut off. */
static size_t
escape(char *out, enum log_format format, const char *text, size_t size)
{
	static struct line line;
	static char whole[sizeof(line) + 5 * 200];
	struct line_source source = {.format = format};
	size_t n;

	line_prepare(&line, &source);
	n = line_put(&line, whole, text, size) - line.before_size -
	    line.after_size;
	memcpy(out, whole + line.before_size, n);
	out[n] = '\0';
	return n;
}

static void
test_escapes(void)
{
	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++) {
		const struct escape_row *r = &escapes[i];
		size_t size = r->size ? r->size : strlen(r->text);
		char out[1001];

		escape(out, LOG_FORMAT_PLAIN, r->text, size);
		tap_is(out, r->plain, "text: %s", r->name);
		escape(out, LOG_FORMAT_JSON, r->text, size);
		tap_is(out, r->json, "json: %s", r->name);
	}
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

static bool
is_as_slow(const char *text, size_t size)
{
	char fast[1001], slow[1001];
	size_t n = escape(fast, LOG_FORMAT_PLAIN, text, size);

	return n == escape_slowly(slow, sizeof(slow), text, size) &&
	       !memcmp(fast, slow, n);
}

/* Every byte at every place of texts of every small length. */
static void
test_everywhere(void)
{
	size_t wrong = 0;

	for (size_t size = 1; size <= 40; size++) {
		for (size_t at = 0; at < size; at++) {
			for (int c = 0; c < 256; c++) {
				char text[40];

				memset(text, c % 2 ? 0xff : ' ', sizeof(text));
				text[at] = (char)c;
				wrong += !is_as_slow(text, size);
			}
		}
	}
	tap_is_int((long long)wrong, 0,
	    "a control character is found at every place, and no other byte");
}

static void
test_against_slow(void)
{
	static const char odd[][4] = {"\xc2\x80z", "\xd8\x9c\xc2",
	    "\xe2\x80\xae", "\xe2\x80\x9c", "\xe2\x81\xa6", "\xe2\x82\xac"};
	char text[200];
	size_t wrong = 0;

	srandom(1);
	for (int round = 0; round < 50000; round++) {
		size_t size = (size_t)random() % sizeof(text);
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
		wrong += !is_as_slow(text, size);
	}
	tap_is_int((long long)wrong, 0,
	    "50,000 random texts come out as a character at a time would");
}

/* The longest names there may be, in the worst letters. */
static void
test_long_names(void)
{
	static struct line line;
	char name[1000], out[LINE_BEFORE_SIZE + LINE_AFTER_SIZE + 1];
	struct line_source source = {.format = LOG_FORMAT_JSON,
	    .level = LOG_LEVEL_WARNING,
	    .chain = name,
	    .task = name,
	    .stream = LOG_STREAM_STDOUT,
	    .is_continued = true};
	const char *end = "\"msg\":\"\",\"continued\":true}\n";
	size_t n;

	memset(name, 1, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	line_prepare(&line, &source);
	n = line_put(&line, out, "", 0);
	out[n] = '\0';
	tap_is(out + n - strlen(end), end,
	    "names as long and as bad as can be leave whole JSON");
}

struct plain_row {
	const char *name, *lines;
	size_t room, taken;
	const char *want;
};

static const struct plain_row plain_rows[] = {
    {"all of them", "a\n\nb c\n", 100, 7, "INFO a\nINFO \nINFO b c\n"},
    {"up to one with a tab", "a\nb\tc\n", 100, 2, "INFO a\n"},
    {"up to one that is not finished", "a\nb", 100, 2, "INFO a\n"},
    {"as many as find room", "a\nb\nc\n", 14, 4, "INFO a\nINFO b\n"},
    {"none without room", "abc\n", 8, 0, ""},
    {"none of none", "", 100, 0, ""},
};

static void
test_plain(void)
{
	static struct line line;
	struct line_source source = {
	    .format = LOG_FORMAT_PLAIN, .level = LOG_LEVEL_INFO};

	line_prepare(&line, &source);
	for (size_t i = 0; i < sizeof(plain_rows) / sizeof(*plain_rows); i++) {
		const struct plain_row *r = &plain_rows[i];
		size_t size = strlen(r->lines);
		char out[100];

		out[line_put_plain(&line, out, r->room, r->lines, &size)] = 0;
		tap_is(out, r->want, "plain lines: %s", r->name);
		tap_is_int((long long)size, (long long)r->taken,
		    "plain lines: %s: so much was taken", r->name);
	}
}

/* A character of `length` bytes that begins `before` bytes before the cut. */
static size_t
cut_at(size_t before, const char *character)
{
	static char text[LINE_TEXT_MAX + 100];

	memset(text, 'x', sizeof(text));
	memcpy(text + LINE_TEXT_MAX - before, character, strlen(character));
	return LINE_TEXT_MAX - line_piece(text, sizeof(text));
}

static void
test_piece(void)
{
	static char text[LINE_TEXT_MAX + 1];

	tap_is_int((long long)line_piece(text, 0), 0, "nothing has no piece");
	tap_is_int((long long)line_piece(text, LINE_TEXT_MAX), LINE_TEXT_MAX,
	    "16 KiB are one piece");
	tap_is_int((long long)line_piece(text, LINE_TEXT_MAX + 1),
	    LINE_TEXT_MAX, "a byte more is cut at 16 KiB");
	for (size_t before = 1; before <= 4; before++) {
		tap_is_int((long long)cut_at(before, "\xf0\x9f\x98\x80"),
		    before < 4 ? (long long)before : 0,
		    "a character of 4 bytes, %zu before the cut", before);
		tap_is_int((long long)cut_at(before, "\xe2\x82\xac"),
		    before < 3 ? (long long)before : 0,
		    "a character of 3 bytes, %zu before the cut", before);
		tap_is_int((long long)cut_at(before, "\xf0\xf0\xf0\xf0"), 0,
		    "what is no UTF-8 is cut anywhere (%zu)", before);
	}
}

int
main(void)
{
	test_rows();
	test_escapes();
	test_everywhere();
	test_against_slow();
	test_long_names();
	test_plain();
	test_piece();
	return tap_done();
}
