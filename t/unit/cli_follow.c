/* follow: the end of a file, and what comes to it while it is rotated. */
#include "cli/follow.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "scratch.h"
#include "tap.h"

static struct scratch scratch;
static char *path;

static void
write_file(const char *to, const char *mode, const char *bytes)
{
	FILE *f = fopen(to, mode);

	fputs(bytes, f);
	fclose(f);
}

static int
add_to(const char *bytes, size_t size, void *text)
{
	text_add(text, bytes, size);
	return 0;
}

static int
want_no_more(const char *bytes, size_t size, void *data)
{
	return -1;
}

static void
test_tails(void)
{
	static const struct {
		const char *name, *bytes;
		size_t lines;
		const char *want;
	} rows[] = {
	    {"the last two", "a\nb\nc\n", 2, "b\nc\n"},
	    {"the last one", "a\nb\nc\n", 1, "c\n"},
	    {"none", "a\nb\n", 0, ""},
	    {"more than there are", "a\nb\n", 9, "a\nb\n"},
	    {"just as many", "a\nb\n", 2, "a\nb\n"},
	    {"an unfinished line is a line", "a\nb\nc", 2, "b\nc"},
	    {"an unfinished line alone", "abc", 1, "abc"},
	    {"an empty file", "", 5, ""},
	    {"empty lines are lines", "a\n\n\n", 2, "\n\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char bytes[64];
		struct follow f;
		struct text out;

		write_file(path, "we", rows[i].bytes);
		text_init(&out, bytes, sizeof(bytes));
		tap_ok(!follow_open(&f, path) &&
			   !follow_seek_tail(&f, rows[i].lines) &&
			   !follow_read(&f, add_to, &out),
		    "it is read: %s", rows[i].name);
		tap_is(bytes, rows[i].want, "%s", rows[i].name);
		follow_close(&f);
	}
}

/* More than a block, so that the tail begins in another one. */
static void
test_long(void)
{
	enum { LINES = 30000, WIDTH = 9, TAIL = 20000 };
	size_t size = (size_t)TAIL * WIDTH + 1;
	FILE *file = fopen(path, "we");
	char *bytes = malloc(size), last[2 * WIDTH];
	struct follow f;
	struct text out;

	for (int i = 0; i < LINES; i++)
		fprintf(file, "%08d\n", i);
	fclose(file);
	text_init(&out, bytes, size);
	follow_open(&f, path);
	tap_ok(!follow_seek_tail(&f, TAIL) && !follow_read(&f, add_to, &out) &&
		   !out.is_short && out.length == size - 1,
	    "a tail of several blocks is whole");
	snprintf(last, sizeof(last), "%08d\n", LINES - TAIL);
	tap_ok(!strncmp(bytes, last, WIDTH), "and begins with its first line");
	tap_is_int(f.offset, (long long)LINES * WIDTH, "it is at the end");
	follow_close(&f);
	free(bytes);
}

static void
rotate(int count)
{
	char from[128], to[128];

	for (int i = count; i > 0; i--) {
		snprintf(
		    from, sizeof(from), i > 1 ? "%s.%d" : "%s", path, i - 1);
		snprintf(to, sizeof(to), "%s.%d", path, i);
		rename(from, to);
	}
}

/* What follow_read_on() hands on now. */
static const char *
read_on(struct follow *f)
{
	static char bytes[256];
	struct text out;

	text_init(&out, bytes, sizeof(bytes));
	if (follow_read_on(f, add_to, &out))
		return "failed";
	return bytes;
}

static void
test_rotation(void)
{
	struct follow f;

	write_file(path, "we", "a\n");
	follow_open(&f, path);
	tap_is(read_on(&f), "a\n", "what is there is read");
	tap_is(read_on(&f), "", "once");
	write_file(path, "ae", "b\n");
	tap_is(read_on(&f), "b\n", "what is added is read");
	write_file(path, "ae", "c\n");
	rotate(1);
	write_file(path, "we", "d\n");
	tap_is(read_on(&f), "c\nd\n", "the rest of a rotated file comes first");
	write_file(path, "ae", "e\n");
	rotate(2);
	write_file(path, "we", "f\n");
	rotate(3);
	write_file(path, "we", "g\n");
	tap_is(read_on(&f), "e\nf\ng\n", "no file between is left out");
	rotate(4);
	tap_is(read_on(&f), "", "a file that is rotated and not made yet");
	write_file(path, "we", "h\n");
	tap_is(read_on(&f), "h\n", "is read when it is there");
	if (truncate(path, 0))
		return;
	write_file(path, "ae", "i");
	tap_is(read_on(&f), "i", "a file that was cut is read from its start");
	unlink(path);
	write_file(path, "we", "j\n");
	tap_is(read_on(&f), "j\n", "and one that was removed and made anew");
	follow_close(&f);
}

static void
test_absent(void)
{
	struct follow f;

	unlink(path);
	tap_ok(follow_open(&f, path) == -1 && f.fd == -1,
	    "a file that is not there cannot be opened");
	tap_is(read_on(&f), "", "but followed");
	write_file(path, "we", "a\n");
	tap_is(read_on(&f), "a\n", "it is read when it is made");
	follow_close(&f);
}

static void
test_end(void)
{
	struct follow f;

	write_file(path, "we", "a\n");
	follow_open(&f, path);
	tap_is_int(follow_read_on(&f, want_no_more, NULL), 1,
	    "a reader that wants no more ends it");
	follow_close(&f);
}

int
main(void)
{
	scratch_init(&scratch);
	path = scratch_path(&scratch, "log");
	test_tails();
	test_long();
	test_rotation();
	test_absent();
	test_end();
	free(path);
	scratch_release(&scratch);
	return tap_done();
}
