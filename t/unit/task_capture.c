#include "task/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "scratch.h"
#include "tap.h"

/* A sanitizer's own bookkeeping counts as memory too. */
#if defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { IS_SANITIZED = 1 };
#else
enum { IS_SANITIZED = 0 };
#endif
#else
enum { IS_SANITIZED = 0 };
#endif

static struct scratch scratch;

/* A capture whose log is a file, and the two pipes of a task. */
struct fixture {
	char *path;
	struct log *log;
	struct capture *capture;
	int out[2], err[2];
};

static void
fixture_init(struct fixture *f, enum log_format format)
{
	struct log_settings settings = {
	    .level = LOG_LEVEL_DEBUG, .has_format = true, .format = format};

	f->path = scratch_path(&scratch, "log");
	f->log = log_open(&settings, f->path, "chain");
	f->capture = f->log ? capture_new(f->log) : NULL;
	if (!f->capture || pipe2(f->out, O_CLOEXEC | O_NONBLOCK) < 0 ||
	    pipe2(f->err, O_CLOEXEC | O_NONBLOCK) < 0) {
		perror("fixture");
		exit(1);
	}
	capture_begin(f->capture, "t", NULL);
}

/* Returns the log, for the caller to free. */
static char *
fixture_release(struct fixture *f)
{
	char *text;

	capture_free(f->capture);
	log_close(f->log);
	text = scratch_read(f->path, NULL);
	unlink(f->path);
	free(f->path);
	for (int i = 0; i < 2; i++) {
		close(f->out[i]);
		close(f->err[i]);
	}
	return text;
}

/* The task writes, and what it wrote is read at once. */
static void
print(struct fixture *f, enum log_stream stream, const char *bytes, size_t size)
{
	const int *fds = stream == LOG_STREAM_STDERR ? f->err : f->out;

	while (size) {
		ssize_t n = write(fds[1], bytes, size);

		if (n > 0) {
			bytes += n;
			size -= (size_t)n;
		}
		while (capture_read(f->capture, stream, fds[0]) > 0)
			continue;
	}
}

static void
finish(struct fixture *f)
{
	capture_finish(f->capture, f->out[0], f->err[0]);
}

struct row {
	const char *name, *bytes;
	size_t size; /* 0: to the NUL */
	const char *want;
};

static const struct row rows[] = {
    {"a line", "hello\n", 0, "INFO [t] stdout: hello\n"},
    {"nothing", "", 0, ""},
    {"an empty line", "\n", 0, "INFO [t] stdout: \n"},
    {"an unfinished line", "a\nb", 0,
	"INFO [t] stdout: a\nINFO [t] stdout: b\n"},
    {"a byte", "b", 0, "INFO [t] stdout: b\n"},
    {"NULs", "a\0\0b\n\0", 6,
	"INFO [t] stdout: a\\x00\\x00b\nINFO [t] stdout: \\x00\n"},
    {"binary",
	"\x7f"
	"ELF\x02\x01\xff\xfe\n\x80",
	0,
	"INFO [t] stdout: \\x7fELF\\x02\\x01\xff\xfe\n"
	"INFO [t] stdout: \x80\n"},
    {"CRLF and progress", "10%\r20%\r\ndone\r\n", 0,
	"INFO [t] stdout: 10%\\x0d20%\\x0d\nINFO [t] stdout: done\\x0d\n"},
    {"tabs", "a\tb\n\t\n", 0, "INFO [t] stdout: a\tb\nINFO [t] stdout: \t\n"},
};

/* Each row whole, and a byte at a time. */
static void
test_rows(void)
{
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i / 2];
		size_t size = r->size ? r->size : strlen(r->bytes);
		struct fixture f;
		char *got;

		fixture_init(&f, LOG_FORMAT_PLAIN);
		if (i % 2)
			for (size_t j = 0; j < size; j++)
				print(&f, LOG_STREAM_STDOUT, r->bytes + j, 1);
		else
			print(&f, LOG_STREAM_STDOUT, r->bytes, size);
		finish(&f);
		got = fixture_release(&f);
		tap_is(got, r->want, "%s%s", r->name,
		    i % 2 ? ", a byte at a time" : "");
		free(got);
	}
}

static void
test_two_streams(void)
{
	struct fixture f;
	char *got;

	fixture_init(&f, LOG_FORMAT_PLAIN);
	print(&f, LOG_STREAM_STDOUT, "one ", 4);
	print(&f, LOG_STREAM_STDERR, "bad ", 4);
	print(&f, LOG_STREAM_STDOUT, "two\nthree", 9);
	print(&f, LOG_STREAM_STDERR, "worse", 5);
	finish(&f);
	capture_begin(f.capture, "u", NULL);
	print(&f, LOG_STREAM_STDERR, "next run\n", 9);
	finish(&f);
	got = fixture_release(&f);
	tap_is(got,
	    "INFO [t] stdout: one two\nINFO [t] stdout: three\n"
	    "INFO [t] stderr: bad worse\nINFO [u] stderr: next run\n",
	    "each stream has its own unfinished line, each run its own task");
	free(got);
}

/* Text of every sort, with lines up to more than three pieces long. */
static size_t
invent(char *bytes, size_t most)
{
	static const char *const bits[] = {"\n", "word ", "\t", "\x1b[1m",
	    "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xff", "\"quoted\\\"", "\r\n",
	    "a line like many others there are\n"};
	size_t size = 0, kinds = sizeof(bits) / sizeof(*bits);
	long newlines = random() % 3;

	while (size < most - 40) {
		const char *bit = bits[(size_t)random() % kinds];

		/* Sometimes hardly any newlines, so that lines get long. */
		if (strchr(bit, '\n') && newlines && random() % 4000)
			continue;
		strcpy(bytes + size, bit);
		size += strlen(bit);
	}
	return size;
}

static char *
log_of(const char *bytes, size_t size, size_t cut_most, enum log_format format)
{
	struct fixture f;

	fixture_init(&f, format);
	for (size_t i = 0; i < size;) {
		size_t n = cut_most == 65536 ? cut_most
					     : 1 + (size_t)random() % cut_most;

		n = n < size - i ? n : size - i;
		print(&f, LOG_STREAM_STDERR, bytes + i, n);
		i += n;
	}
	finish(&f);
	return fixture_release(&f);
}

/* The time stamps of json are the one thing that may differ. */
static void
blank_stamps(char *text)
{
	for (char *at = text; (at = strstr(at, "{\"ts\":\"")); at += 7)
		memset(at + 7, '-', 24);
}

static void
test_any_cut(enum log_format format, const char *name)
{
	static char bytes[120000];
	int wrong = 0;

	srandom(7);
	for (int round = 0; round < 60; round++) {
		size_t size = invent(bytes, 200 + (size_t)random() % 119000);
		char *whole = log_of(bytes, size, 65536, format);
		char *cut =
		    log_of(bytes, size, 1 + (size_t)random() % 9000, format);

		blank_stamps(whole);
		blank_stamps(cut);
		wrong += strcmp(whole, cut) != 0;
		free(whole);
		free(cut);
	}
	tap_is_int(
	    wrong, 0, "any cut of the input gives the same log (%s)", name);
}

/* A character over the end of a piece, of which a byte comes at a time. */
static void
test_cut_in_character(void)
{
	static char bytes[LINE_TEXT_MAX + 8];
	int wrong = 0;

	for (size_t before = 0; before <= 4; before++) {
		size_t at = LINE_TEXT_MAX - before;
		char *whole, *cut;

		memset(bytes, 'x', sizeof(bytes));
		memcpy(bytes + at, "\xf0\x9f\x98\x80", 4);
		whole = log_of(bytes, sizeof(bytes), 65536, LOG_FORMAT_PLAIN);
		cut = log_of(bytes, sizeof(bytes), 1, LOG_FORMAT_PLAIN);
		wrong += strcmp(whole, cut) != 0;
		free(whole);
		free(cut);
	}
	tap_is_int(wrong, 0, "no read decides where a character is cut");
}

static long
dirty_kib(void)
{
	char *text = scratch_read("/proc/self/smaps_rollup", NULL);
	char *at = text ? strstr(text, "Private_Dirty:") : NULL;
	long kib = at ? atol(at + 14) : -1;

	free(text);
	return kib;
}

/* The pieces of a line put together again; returns its length, or 0. */
static size_t
join_pieces(const char *text, char expected)
{
	size_t length = 0;

	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		const char *prefix = length ? "INFO [t] stdout (continued): "
					    : "INFO [t] stdout: ";
		size_t n = strlen(prefix), piece;

		if (strncmp(text, prefix, n))
			return 0;
		piece = (size_t)(end - text) - n;
		if (piece > LINE_TEXT_MAX ||
		    strspn(text + n, (char[]){expected, 0}) != piece)
			return 0;
		length += piece;
	}
	return length;
}

static void
test_huge_line(void)
{
	static char block[64 << 10];
	enum { BLOCKS = 48 };
	struct fixture f;
	long before_kib, after_kib;
	char *got;

	memset(block, 'x', sizeof(block));
	fixture_init(&f, LOG_FORMAT_PLAIN);
	print(&f, LOG_STREAM_STDOUT, block, 100);
	before_kib = dirty_kib();
	for (int i = 0; i < BLOCKS; i++)
		print(&f, LOG_STREAM_STDOUT, block, sizeof(block));
	after_kib = dirty_kib();
	finish(&f);
	tap_ok(IS_SANITIZED || after_kib - before_kib < 512,
	    "a line of 3 MB takes little memory (%ld KiB more)",
	    after_kib - before_kib);
	log_flush(f.log);
	log_say(f.log, LOG_LEVEL_DEBUG, NULL, "a small line ends the burst");
	log_flush(f.log);
	after_kib = dirty_kib();
	tap_ok(IS_SANITIZED || after_kib - before_kib < 64,
	    "which is given back when it is over (%ld KiB left)",
	    after_kib - before_kib);
	got = fixture_release(&f);
	*strstr(got, "DEBUG") = '\0';
	tap_is_int((long long)join_pieces(got, 'x'),
	    100 + (long long)BLOCKS * (long long)sizeof(block),
	    "and every byte of it is in the log, in pieces");
	free(got);
}

/* `total` bytes of stderr: which of them are kept? */
static void
test_kept(size_t total, size_t head, size_t tail)
{
	char *bytes = malloc(total + 1);
	struct captured kept;
	struct fixture f;

	for (size_t i = 0; i < total; i++)
		bytes[i] = (char)(i % 64 == 63 ? '\n' : 'a' + i % 251 % 26);
	fixture_init(&f, LOG_FORMAT_PLAIN);
	print(&f, LOG_STREAM_STDERR, bytes, total);
	print(&f, LOG_STREAM_STDOUT, bytes, total);
	finish(&f);
	kept = capture_stderr(f.capture);
	tap_ok(kept.total == total && kept.head_size == head &&
		   kept.tail_size == tail &&
		   kept.left_out == total - head - tail &&
		   !memcmp(kept.head, bytes, head) &&
		   !memcmp(kept.tail, bytes + total - tail, tail),
	    "of %zu bytes of stderr %zu and %zu are kept", total, head, tail);
	kept = capture_stdout(f.capture);
	tail = total < CAPTURE_STDOUT_TAIL ? total : CAPTURE_STDOUT_TAIL;
	tap_ok(kept.total == total && !kept.head_size &&
		   kept.tail_size == tail && kept.left_out == total - tail &&
		   !memcmp(kept.tail, bytes + total - tail, tail),
	    "of stdout the last %zu", tail);
	capture_begin(f.capture, "t", NULL);
	finish(&f);
	kept = capture_stderr(f.capture);
	tap_is_int((long long)(kept.total + kept.head_size + kept.tail_size), 0,
	    "and nothing of it in the next run");
	free(fixture_release(&f));
	free(bytes);
}

/* Somebody whom the task left behind holds the pipe, and has written. */
static void
test_finish(void)
{
	struct fixture f;
	char *got;

	fixture_init(&f, LOG_FORMAT_PLAIN);
	errno = 0;
	tap_ok(capture_read(f.capture, LOG_STREAM_STDOUT, f.out[0]) == -1 &&
		   errno == EAGAIN,
	    "nothing is ready: EAGAIN");
	if (write(f.out[1], "last\nwords", 10) != 10)
		exit(1);
	capture_finish(f.capture, f.out[0], -1);
	capture_begin(f.capture, "t", NULL);
	close(f.err[1]);
	tap_is_int(capture_read(f.capture, LOG_STREAM_STDERR, f.err[0]), 0,
	    "the other end is closed: 0");
	capture_finish(f.capture, -1, -1);
	got = fixture_release(&f);
	tap_is(got, "INFO [t] stdout: last\nINFO [t] stdout: words\n",
	    "what is in a pipe that is still held is read, and no more");
	free(got);
}

static void
test_signature(void)
{
	static const char text[] =
	    "Traceback (most recent call last):\n"
	    "  File \"a.py\", line 1, in <module>\nKeyError: 'x'\n";
	const struct outcome failed = {.exit = 1};
	struct signature_result want, got;
	struct signature *s = signature_new();
	struct fixture f;

	signature_begin(s, NULL);
	signature_feed(s, text, sizeof(text) - 1);
	signature_finish(s, &failed, &want);
	fixture_init(&f, LOG_FORMAT_PLAIN);
	print(&f, LOG_STREAM_STDOUT, "Traceback of no matter\n", 23);
	print(&f, LOG_STREAM_STDERR, text, sizeof(text) - 1);
	finish(&f);
	signature_finish(capture_signature(f.capture), &failed, &got);
	tap_ok(want.value == got.value && got.has_evidence,
	    "the signature is that of stderr");
	free(fixture_release(&f));
	signature_free(s);
}

int
main(void)
{
	scratch_init(&scratch);
	test_rows();
	test_two_streams();
	test_any_cut(LOG_FORMAT_PLAIN, "plain");
	test_any_cut(LOG_FORMAT_JSON, "json");
	test_cut_in_character();
	test_huge_line();
	test_kept(0, 0, 0);
	test_kept(100, 100, 0);
	test_kept(CAPTURE_STDERR_HEAD, CAPTURE_STDERR_HEAD, 0);
	test_kept(CAPTURE_STDERR_HEAD + 1, CAPTURE_STDERR_HEAD, 1);
	test_kept(CAPTURE_STDERR_HEAD + CAPTURE_STDERR_TAIL,
	    CAPTURE_STDERR_HEAD, CAPTURE_STDERR_TAIL);
	test_kept(1000000, CAPTURE_STDERR_HEAD, CAPTURE_STDERR_TAIL);
	test_finish();
	test_signature();
	scratch_release(&scratch);
	return tap_done();
}
