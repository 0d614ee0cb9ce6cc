#include "log/log.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "scratch.h"
#include "tap.h"

static struct scratch scratch;

static struct log_settings
settings_of(enum log_format format, enum log_level level)
{
	return (struct log_settings){
	    .level = level, .has_format = true, .format = format, .keep = 5};
}

static struct log *
open_at(const char *path, enum log_format format, enum log_level level)
{
	struct log_settings settings = settings_of(format, level);
	struct log *l = log_open(&settings, path, "chain");

	if (!l) {
		perror(path);
		exit(1);
	}
	return l;
}

/* Closes the log and takes what it wrote; the file is gone then. */
static char *
take_log(struct log *l, char *path)
{
	char *text;

	log_close(l);
	text = scratch_read(path, NULL);
	unlink(path);
	free(path);
	return text;
}

static void
test_levels(void)
{
	static const struct {
		enum log_level level;
		const char *name, *want;
	} rows[] = {
	    {LOG_LEVEL_DEBUG, "debug",
		"DEBUG d\nINFO i\nINFO [t] stdout: o\nWARNING w\n"
		"ERROR [t] e\n"},
	    {LOG_LEVEL_INFO, "info",
		"INFO i\nINFO [t] stdout: o\nWARNING w\nERROR [t] e\n"},
	    {LOG_LEVEL_WARNING, "warning", "WARNING w\nERROR [t] e\n"},
	    {LOG_LEVEL_ERROR, "error", "ERROR [t] e\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *path = scratch_path(&scratch, "log");
		struct log *l = open_at(path, LOG_FORMAT_PLAIN, rows[i].level);
		char *got;

		log_say(l, LOG_LEVEL_DEBUG, NULL, "d");
		log_say(l, LOG_LEVEL_INFO, NULL, "i");
		log_output(l, "t", LOG_STREAM_STDOUT, "o\n", 2, false);
		log_say(l, LOG_LEVEL_WARNING, NULL, "w");
		log_say(l, LOG_LEVEL_ERROR, "t", "e");
		got = take_log(l, path);
		tap_is(got, rows[i].want, "level %s", rows[i].name);
		free(got);
	}
}

static void
test_say(void)
{
	char *path = scratch_path(&scratch, "log");
	struct log *l = open_at(path, LOG_FORMAT_PLAIN, LOG_LEVEL_DEBUG);
	static char big[3 * LINE_TEXT_MAX];
	char *got;

	log_say(l, LOG_LEVEL_DEBUG, "t", "Sleeping %s seconds", "0.25");
	log_say(l, LOG_LEVEL_DEBUG, NULL, "%s", "two\nlines \x1b[0m");
	memset(big, 'x', sizeof(big) - 1);
	log_say(l, LOG_LEVEL_DEBUG, NULL, "%s", big);
	log_say(l, LOG_LEVEL_DEBUG, NULL, "after");
	got = take_log(l, path);
	tap_ok(!strncmp(got,
		   "DEBUG [t] Sleeping 0.25 seconds\n"
		   "DEBUG two\\x0alines \\x1b[0m\nDEBUG xxx",
		   66),
	    "a message is formatted, and is one line whatever it holds");
	tap_is_int((long long)strlen(got) - 59, 6 + LINE_TEXT_MAX - 1 + 1 + 12,
	    "a huge message is cut off");
	free(got);
}

/* The same calls in every format, as patterns for what they write. */
static void
test_formats(void)
{
	static const struct {
		enum log_format format;
		const char *name, *pattern;
	} rows[] = {
	    {LOG_FORMAT_PLAIN, "plain", "^DEBUG a\nINFO \\[t\\] stderr: b\n$"},
	    {LOG_FORMAT_TIMESTAMP, "timestamp",
		"^20[0-9-]{8}T[0-9:]{8}\\.[0-9]{3}Z DEBUG a\n"
		"20[0-9-]{8}T[0-9:]{8}\\.[0-9]{3}Z INFO \\[t\\] stderr: b\n$"},
	    {LOG_FORMAT_JSON, "json",
		"^\\{\"ts\":\"20[0-9-]{8}T[0-9:]{8}\\.[0-9]{3}Z\","
		"\"level\":\"DEBUG\",\"chain\":\"chain\",\"task\":null,"
		"\"stream\":null,\"msg\":\"a\"\\}\n"
		"\\{\"ts\":\"20[0-9-]{8}T[0-9:]{8}\\.[0-9]{3}Z\","
		"\"level\":\"INFO\",\"chain\":\"chain\",\"task\":\"t\","
		"\"stream\":\"stderr\",\"msg\":\"b\"\\}\n$"},
	    {LOG_FORMAT_JOURNAL, "journal", "^<7>a\n<6>\\[t\\] stderr: b\n$"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *path = scratch_path(&scratch, "log"), *got;
		struct log *l = open_at(path, rows[i].format, LOG_LEVEL_DEBUG);
		regex_t re;

		log_say(l, LOG_LEVEL_DEBUG, NULL, "a");
		log_output(l, "t", LOG_STREAM_STDERR, "b\n", 2, false);
		got = take_log(l, path);
		regcomp(&re, rows[i].pattern, REG_EXTENDED | REG_NOSUB);
		if (!tap_ok(!regexec(&re, got, 0, NULL, 0), "format %s",
			rows[i].name))
			printf("# %s", got);
		regfree(&re);
		free(got);
	}
}

struct output_row {
	const char *name, *bytes;
	bool is_continued;
	const char *want;
};

static const struct output_row output_rows[] = {
    {"one line", "a\n", false, "INFO [t] stdout: a\n"},
    {"empty lines", "\n\n", false, "INFO [t] stdout: \nINFO [t] stdout: \n"},
    {"lines with and without care", "a\nb\tc\nd\x01\n\x02\ne\n", false,
	"INFO [t] stdout: a\nINFO [t] stdout: b\tc\nINFO [t] stdout: d\\x01\n"
	"INFO [t] stdout: \\x02\nINFO [t] stdout: e\n"},
    {"an unfinished last line", "a\nb", false,
	"INFO [t] stdout: a\nINFO [t] stdout: b\n"},
    {"the rest of a line, and a line", "a\nb\n", true,
	"INFO [t] stdout (continued): a\nINFO [t] stdout: b\n"},
    {"an empty rest of a line", "\nb\n", true,
	"INFO [t] stdout (continued): \nINFO [t] stdout: b\n"},
    {"CRLF", "a\r\nb\r\n", false,
	"INFO [t] stdout: a\\x0d\nINFO [t] stdout: b\\x0d\n"},
    {"nothing", "", false, ""},
};

static void
test_output(void)
{
	for (size_t i = 0; i < sizeof(output_rows) / sizeof(*output_rows);
	     i++) {
		const struct output_row *r = &output_rows[i];
		char *path = scratch_path(&scratch, "log"), *got;
		struct log *l =
		    open_at(path, LOG_FORMAT_PLAIN, LOG_LEVEL_DEBUG);

		log_output(l, "t", LOG_STREAM_STDOUT, r->bytes,
		    strlen(r->bytes), r->is_continued);
		got = take_log(l, path);
		tap_is(got, r->want, "output: %s", r->name);
		free(got);
	}
}

/* Longer than the buffer, and than a write: nothing is lost or reordered. */
static void
test_much_output(void)
{
	char *path = scratch_path(&scratch, "log"), *got, *at;
	struct log *l = open_at(path, LOG_FORMAT_PLAIN, LOG_LEVEL_DEBUG);
	enum { LINES = 300000 };
	size_t size = 0, n = 0;
	char *bytes = malloc(LINES * 12);

	for (int i = 0; i < LINES; i++)
		size += (size_t)sprintf(
		    bytes + size, "%d%s\n", i, i % 1000 ? "" : "\t");
	log_output(l, "t", LOG_STREAM_STDOUT, bytes, size, false);
	got = at = take_log(l, path);
	for (char *end; (end = strchr(at, '\n')); at = end + 1, n++) {
		if (strncmp(at, "INFO [t] stdout: ", 17) ||
		    strtoul(at + 17, NULL, 10) != n)
			break;
	}
	if (!tap_is_int((long long)n, LINES,
		"300,000 lines at once come out whole and in order"))
		printf("# at %.80s\n", at);
	free(bytes);
	free(got);
}

static void
test_pieces(void)
{
	char *path = scratch_path(&scratch, "log"), *got, *at;
	struct log *l = open_at(path, LOG_FORMAT_PLAIN, LOG_LEVEL_DEBUG);
	static char bytes[40002];
	size_t size;

	memset(bytes, 'x', 40000);
	strcpy(bytes + 40000, "\n");
	log_output(l, "t", LOG_STREAM_STDOUT, bytes, 40001, false);
	got = at = take_log(l, path);
	size = strspn(at + 17, "x");
	tap_ok(!strncmp(at, "INFO [t] stdout: x", 18) && size == 16384,
	    "a line of 40,000 bytes begins with a piece of 16 KiB");
	at += 17 + size + 1;
	size = strspn(at + 29, "x");
	tap_ok(
	    !strncmp(at, "INFO [t] stdout (continued): x", 30) && size == 16384,
	    "the next piece says that it continues it");
	at += 29 + size + 1;
	tap_is_int((long long)strspn(at + 29, "x"), 40000 - 2 * 16384,
	    "the last piece has the rest");
	free(got);
}

static void
test_open(void)
{
	struct log_settings s = settings_of(LOG_FORMAT_PLAIN, LOG_LEVEL_DEBUG);
	char *path = scratch_path(&scratch, "log");
	char *missing = scratch_path(&scratch, "no/log");
	struct log *l;
	struct stat st = {0};
	mode_t mask = umask(0);

	errno = 0;
	tap_ok(!log_open(&s, missing, "c") && errno == ENOENT,
	    "a file in a directory that does not exist is refused");
	s.file = missing;
	l = log_open(&s, path, "c");
	tap_ok(l, "the chain's own file goes before the settings' one");
	umask(mask);
	stat(path, &st);
	tap_is_int(st.st_mode & 07777, 0640, "it is created with mode 0640");
	log_say(l, LOG_LEVEL_INFO, NULL, "a");
	log_close(l);
	s.file = path;
	l = log_open(&s, NULL, "c");
	log_say(l, LOG_LEVEL_INFO, NULL, "b");
	log_close(l);
	free(missing);
	missing = scratch_read(path, NULL);
	tap_is(missing, "INFO a\nINFO b\n", "an old file is appended to");
	free(missing);
	unlink(path);
	free(path);
}

int
main(void)
{
	scratch_init(&scratch);
	test_levels();
	test_say();
	test_formats();
	test_output();
	test_much_output();
	test_pieces();
	test_open();
	scratch_release(&scratch);
	return tap_done();
}
