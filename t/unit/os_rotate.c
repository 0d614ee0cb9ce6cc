#include "os/rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "log/log.h"
#include "scratch.h"
#include "tap.h"

enum { WRITERS = 4, LINES_EACH = 8000, MAX_SIZE = 65536, LINE_LONGEST = 200 };

static struct scratch scratch;

/* Creates `names`, a blank-separated list; each file holds its own name. */
static void
create(const char *names)
{
	char list[200], *name, *rest = list;

	strcpy(list, names);
	while ((name = strsep(&rest, " "))) {
		char *path = scratch_path(&scratch, name);
		FILE *f = fopen(path, "w");

		fputs(name, f);
		fclose(f);
		free(path);
	}
}

/* "log.1=log log.2=log.1": what the files hold now; they are removed. */
static void
take_files(char *text)
{
	*text = '\0';
	for (int n = 0; n < 20; n++) {
		char name[16], *path, *bytes;

		snprintf(name, sizeof(name), n ? "log.%d" : "log", n);
		path = scratch_path(&scratch, name);
		bytes = scratch_read(path, NULL);
		if (bytes)
			sprintf(text + strlen(text), "%s%s=%s",
			    *text ? " " : "", name, bytes);
		unlink(path);
		free(bytes);
		free(path);
	}
}

static const struct {
	const char *name, *before, *after;
	int keep, incoming, result;
} rows[] = {
    {"the first time", "log", "log.1=log", 5, 10, 0},
    {"the second time", "log log.1", "log.1=log log.2=log.1", 5, 10, 0},
    {"when there are enough, the oldest goes", "log log.1 log.2",
	"log.1=log log.2=log.1", 2, 10, 0},
    {"keeping one", "log log.1", "log.1=log", 1, 10, 0},
    {"keeping none", "log", "log=", 0, 10, 0},
    {"keeping none any more", "log log.1 log.2", "log=", 0, 10, 0},
    {"keeping fewer than before", "log log.1 log.2 log.3 log.4",
	"log.1=log log.2=log.1", 2, 10, 0},
    {"a gap is filled, nothing beyond it moves", "log log.1 log.3",
	"log.1=log log.2=log.1 log.3=log.3", 5, 10, 0},
    {"with room left nothing happens", "log log.1", "log=log log.1=log.1", 5, 2,
	0},
};

static void
test_rows(void)
{
	char *path = scratch_path(&scratch, "log"), got[1000];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int fd, result;

		create(rows[i].before);
		fd = open(path, O_WRONLY);
		result =
		    rotate_file(path, fd, rows[i].incoming, 5, rows[i].keep);
		tap_is_int(result, rows[i].result, "%s: result", rows[i].name);
		close(fd);
		take_files(got);
		tap_is(got, rows[i].after, "%s", rows[i].name);
	}
	free(path);
}

static void
test_others(void)
{
	char *path = scratch_path(&scratch, "log"), got[1000];
	int fd, other;

	create("log log.1");
	fd = open(path, O_WRONLY);
	other = open(path, O_WRONLY);
	flock(other, LOCK_EX);
	errno = 0;
	tap_ok(rotate_file(path, fd, 10, 5, 5) == -1 && errno == EWOULDBLOCK,
	    "who holds the lock is not waited for");
	flock(other, LOCK_UN);
	tap_is_int(rotate_file(path, other, 10, 5, 5), 0, "one rotates");
	create("log");
	tap_is_int(rotate_file(path, fd, 10, 5, 5), 0,
	    "who comes later is told to follow");
	take_files(got);
	tap_is(got, "log=log log.1=log log.2=log.1", "it was done once");
	close(fd);
	close(other);
	free(path);
}

static void
link_to(const char *target, const char *name)
{
	char *path = scratch_path(&scratch, name);

	if (symlink(target, path) < 0)
		tap_ok(false, "symlink %s", name);
	free(path);
}

/* A link that leads to a link that leads to d/log. */
static void
test_links(void)
{
	static const char *const left[] = {"first", "d/second", "d/log.1"};
	char *path = scratch_path(&scratch, "first"), *name;
	int fd;

	name = scratch_path(&scratch, "d");
	mkdir(name, 0700);
	free(name);
	link_to("d/second", "first");
	link_to("log", "d/second");
	create("d/log");
	fd = open(path, O_WRONLY);
	tap_is_int(rotate_file(path, fd, 10, 5, 5), 0, "links are followed");
	close(fd);
	for (size_t i = 0; i < sizeof(left) / sizeof(*left); i++) {
		struct stat st = {0};

		name = scratch_path(&scratch, left[i]);
		lstat(name, &st);
		tap_is_int(st.st_mode & S_IFMT, i < 2 ? S_IFLNK : S_IFREG,
		    "%s is there", left[i]);
		unlink(name);
		free(name);
	}
	link_to("first", "first");
	errno = 0;
	tap_ok(rotate_file(path, 1, 10, 5, 5) == -1 && errno == ELOOP,
	    "a link to itself ends");
	unlink(path);
	free(path);
}

/* Returns errno of an attempt to rotate what `name` leads to. */
static int
refusal(const char *name, int fd)
{
	char *path = scratch_path(&scratch, name);
	struct stat st;

	errno = 0;
	if (rotate_file(path, fd, 10, 5, 5) != -1 || lstat(path, &st) < 0)
		errno = 0;
	unlink(path);
	free(path);
	return errno;
}

static void
test_what_is_not_ours(void)
{
	char *path = scratch_path(&scratch, "log"), *fifo, proc[50], got[1000];
	int fd;

	create("log");
	fd = open(path, O_WRONLY);
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);
	link_to(proc, "stdout");
	tap_is_int(refusal("stdout", fd), EPERM,
	    "the file behind a link of /proc keeps its name");
	tap_is_int(rotate_file(proc, fd, 10, 5, 0), -1, "nor is it emptied");
	take_files(got);
	tap_is(got, "log=log", "it is as it was");
	close(fd);
	fifo = scratch_path(&scratch, "fifo");
	mkfifo(fifo, 0600);
	fd = open(fifo, O_RDWR);
	tap_is_int(refusal("fifo", fd), EPERM, "a FIFO keeps its name");
	close(fd);
	link_to("/dev/null", "null");
	fd = open("/dev/null", O_WRONLY);
	tap_is_int(
	    refusal("null", fd), EPERM, "what leads to a device stays, too");
	close(fd);
	free(fifo);
	free(path);
}

static struct log *
open_small(const char *path, int64_t max_size_bytes, int keep)
{
	struct log_settings settings = {.level = LOG_LEVEL_DEBUG,
	    .has_format = true,
	    .format = LOG_FORMAT_PLAIN,
	    .max_size_bytes = max_size_bytes,
	    .keep = keep};

	return log_open(&settings, path, "c");
}

/* What is left of 1000 numbered lines of 10 bytes in files of 1000 bytes. */
static void
test_sizes(void)
{
	char *path = scratch_path(&scratch, "log"), *text;
	struct log *l = open_small(path, 1000, 3);
	int wrong = 0, next = 1000 - 4 * 100;

	for (int i = 0; i < 1000; i++) {
		log_say(l, LOG_LEVEL_INFO, NULL, "%04d", i);
		/* Many a line or a few hundred at once, both. */
		if (i % 10 == 9 && (i / 100) % 3)
			log_flush(l);
	}
	log_close(l);
	for (int n = 3; n >= 0; n--) {
		char name[16], *old;

		snprintf(name, sizeof(name), n ? "log.%d" : "log", n);
		old = scratch_path(&scratch, name);
		text = scratch_read(old, NULL);
		if (!text || strlen(text) != 1000)
			wrong++;
		for (char *at = text; at && *at; at += 10, next++)
			wrong += atoi(at + 5) != next;
		unlink(old);
		free(text);
		free(old);
	}
	tap_ok(!wrong && next == 1000,
	    "each file is as large as may be, and the last lines are all kept");
	free(path);
}

static void
test_long_line(void)
{
	char *path = scratch_path(&scratch, "log"), got[1000];
	struct log *l = open_small(path, 10, 3);

	log_say(l, LOG_LEVEL_INFO, NULL, "a");
	log_say(l, LOG_LEVEL_INFO, NULL, "longer than the file");
	log_say(l, LOG_LEVEL_INFO, NULL, "b");
	log_close(l);
	take_files(got);
	tap_is(got,
	    "log=INFO b\n log.1=INFO longer than the file\n "
	    "log.2=INFO a\n",
	    "a line longer than the file stays whole");
	free(path);
}

static void
be_a_writer(const char *path, int writer)
{
	struct log *l = open_small(path, MAX_SIZE, 1000);

	srandom((unsigned)writer + 1);
	for (int i = 0; i < LINES_EACH; i++) {
		/* The length is told by the number, so that a cut shows. */
		log_say(l, LOG_LEVEL_INFO, NULL, "%d %d %0*d.", writer, i,
		    1 + i % (LINE_LONGEST - 40), 7);
		if (!(random() % 5))
			log_flush(l);
	}
	log_close(l);
	_exit(0);
}

/* Is it one whole line, the next of its writer?  Returns its size, or 0. */
static size_t
check_line(const char *line, int next[WRITERS])
{
	int writer, i, size;
	size_t zeros;

	if (sscanf(line, "INFO %d %d %n", &writer, &i, &size) != 2 ||
	    writer < 0 || writer >= WRITERS || i != next[writer])
		return 0;
	zeros = strspn(line + size, "0");
	if (zeros != (size_t)(i % (LINE_LONGEST - 40)) ||
	    strncmp(line + size + zeros, "7.\n", 3))
		return 0;
	next[writer]++;
	return (size_t)size + zeros + 3;
}

/* Reads one of the files; returns false when something in it is wrong. */
static bool
check_file(const char *path, bool is_old, int next[WRITERS])
{
	size_t size = 0, n;
	char *text = scratch_read(path, &size);
	bool is_right = true;

	for (size_t at = 0; at < size; at += n) {
		n = check_line(text + at, next);
		if (n)
			continue;
		printf("# %s at %zu: %.100s\n", path, at, text + at);
		is_right = false;
		break;
	}
	/* A file that was rotated too early was rotated twice. */
	if (is_old && size < MAX_SIZE - LINE_LONGEST) {
		printf("# %s has %zu bytes only\n", path, size);
		is_right = false;
	}
	free(text);
	return is_right;
}

static void
test_writers(void)
{
	char *path = scratch_path(&scratch, "log");
	int next[WRITERS] = {0}, wrong = 0, files = 0, all = 0;

	for (int i = 0; i < WRITERS; i++)
		if (!fork())
			be_a_writer(path, i);
	while (wait(NULL) > 0)
		continue;
	for (int n = 1000; n >= 0; n--) {
		char name[16], *old;

		snprintf(name, sizeof(name), n ? "log.%d" : "log", n);
		old = scratch_path(&scratch, name);
		if (!access(old, F_OK)) {
			files++;
			wrong += !check_file(old, n > 0, next);
		}
		free(old);
	}
	tap_ok(files > 30, "four writers fill many files (%d)", files);
	tap_is_int(wrong, 0,
	    "each file was rotated once, and no line is torn or out of order");
	for (int i = 0; i < WRITERS; i++)
		all += next[i];
	tap_is_int(all, WRITERS * LINES_EACH, "no line is lost");
	free(path);
}

int
main(void)
{
	scratch_init(&scratch);
	test_rows();
	test_others();
	test_links();
	test_what_is_not_ours();
	test_sizes();
	test_long_line();
	test_writers();
	scratch_release(&scratch);
	return tap_done();
}
