/* failures: distinct failures are kept, counted, bounded, and survive damage.
 */
#include "state/failures.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "signature/signature.h"
#include "state/failures_file.h"
#include "tap.h"

static char root[] = "/tmp/failures-XXXXXX";

static struct captured
kept_of(const char *bytes)
{
	return (struct captured){
	    .head = bytes,
	    .head_size = strlen(bytes),
	    .tail = "",
	    .total = strlen(bytes),
	};
}

/* Notes one occurrence of a failure of `task` at an instant. */
static int
note(struct failures_store *s, struct failure *f, const char *task,
    uint64_t signature, int64_t wall_ms, const char *err)
{
	struct captured kept = kept_of(err);

	*f = (struct failure){
	    .chain = "chain",
	    .signature = signature,
	    .last_wall_ms = wall_ms,
	    .outcome = {.exit = 3},
	};
	snprintf(f->task, sizeof(f->task), "%s", task);
	snprintf(f->subject, sizeof(f->subject), "no route to db-%d",
	    (int)signature);
	return failures_note(s, f, &kept);
}

/* What failures_each() shows. */
struct seen {
	size_t count, warnings;
	uint64_t signatures[2 * FAILURES_MAX];
	struct failure last;
	char warned[256];
};

static void
see(const struct failure *f, void *data)
{
	struct seen *s = data;

	s->signatures[s->count++] = f->signature;
	s->last = *f;
}

static void
see_warning(const char *file, const char *what, void *data)
{
	struct seen *s = data;

	s->warnings++;
	snprintf(s->warned, sizeof(s->warned), "%.100s: %.100s", file, what);
}

static struct seen *
look(void)
{
	static struct seen s;

	memset(&s, 0, sizeof(s));
	if (failures_each(root, see, see_warning, &s))
		s.count = (size_t)-1;
	return &s;
}

static void
write_file(const char *name, const char *bytes, size_t size, long offset)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/failures/%s", root, name);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || pwrite(fd, bytes, size, offset) != (ssize_t)size)
		puts("Bail out! cannot prepare a file");
	close(fd);
}

static void
test_counting(void)
{
	struct failures_store *s;
	struct failure f;
	struct seen *seen;
	struct stat st;
	char path[300], *sample = NULL;

	tap_is_int((int)look()->count, 0, "before anything failed: nothing");
	s = failures_open(root);
	snprintf(path, sizeof(path), "%s/failures", root);
	tap_ok(!stat(path, &st) && (st.st_mode & 07777) == 0700,
	    "the directory is nobody else's");
	tap_ok(!note(s, &f, "pay", 1, 1000, "one\n") && f.count == 1 &&
		   f.first_wall_ms == 1000,
	    "the first occurrence");
	tap_ok(!note(s, &f, "pay", 1, 2000, "two\n") && f.count == 2 &&
		   f.first_wall_ms == 1000,
	    "the second is counted, the first instant stays");
	tap_ok(!note(s, &f, "pay", 2, 1500, "three\n") && f.count == 1,
	    "another signature is another failure");
	failures_close(s);
	seen = look();
	tap_ok(seen->count == 2 && seen->signatures[0] == 2 &&
		   seen->signatures[1] == 1 && !seen->warnings,
	    "those who look see each once, newest last");
	tap_ok(seen->last.count == 2 && seen->last.last_wall_ms == 2000 &&
		   seen->last.outcome.exit == 3 && !seen->last.outcome.signal &&
		   seen->last.version == SIGNATURE_VERSION &&
		   !strcmp(seen->last.chain, "chain"),
	    "with everything that was noted");
	tap_is(seen->last.subject, "no route to db-1", "and the subject");
	s = failures_open(root);
	tap_ok(!note(s, &f, "pay", 1, 3000, "x") && f.count == 3,
	    "the count survives a restart");
	failures_close(s);
	tap_ok(!failures_show(root, "pay", 1, &f, &sample), "one is shown");
	tap_is(sample, "one\n", "the sample is not replaced within a minute");
	free(sample);
	errno = 0;
	tap_ok(failures_show(root, "pay", 99, &f, &sample) && errno == ENOENT,
	    "an unknown one: ENOENT");
}

static void
test_samples(void)
{
	static const char binary[] = "a\0b\xff\033[31m";
	struct failures_store *s = failures_open(root);
	struct captured kept = {binary, 9, "", 0, 0, 9};
	struct failure f = {.task = "bin", .signature = 7, .last_wall_ms = 5};
	char *sample = NULL;

	tap_ok(!failures_note(s, &f, &kept) &&
		   !failures_show(root, NULL, 7, &f, &sample) &&
		   f.sample_size == 9 && !memcmp(sample, binary, 9),
	    "a sample is any bytes; found without the task's name");
	free(sample);
	note(s, &f, "bin", 7, 60004, "later");
	failures_show(root, "bin", 7, &f, &sample);
	tap_ok(f.sample_size == 9, "just below a minute the sample stays");
	free(sample);
	note(s, &f, "bin", 7, 60005, "later");
	failures_show(root, "bin", 7, &f, &sample);
	tap_ok(f.sample_size == 5 && f.count == 3 && f.first_wall_ms == 5,
	    "after a minute it is the new one, and the count goes on");
	free(sample);
	note(s, &f, "bin", 8, 1, "");
	note(s, &f, "bin", 8, 2, "words");
	failures_show(root, "bin", 8, &f, &sample);
	tap_is(sample, "words", "an empty one is replaced at once");
	free(sample);
	failures_close(s);
}

/* `head` and `tail` bytes are kept of `total`; checks what is in the sample. */
static void
check_large(size_t head, size_t tail, uint64_t left_out, const char *what)
{
	static uint64_t signature = 100;
	struct failures_store *s = failures_open(root);
	char *bytes = malloc(head + tail + 1), *sample = NULL;
	struct captured kept = {
	    bytes, head, bytes + head, tail, left_out, head + tail + left_out};
	struct failure f = {.task = "large", .signature = ++signature};
	unsigned long long missing = 0;
	const char *mark;
	bool ok;

	for (size_t i = 0; i < head + tail; i++)
		bytes[i] = (char)('a' + i % 23);
	ok = !failures_note(s, &f, &kept) &&
	     !failures_show(root, "large", signature, &f, &sample);
	mark = ok ? strstr(sample, "\n[... ") : NULL;
	if (mark) {
		size_t front = (size_t)(mark - sample);
		const char *end = strchr(mark + 1, '\n') + 1;
		size_t back = f.sample_size - (size_t)(end - sample);

		sscanf(mark, "\n[... %llu", &missing);
		ok = !memcmp(sample, bytes, front) &&
		     !memcmp(end, bytes + head + tail - back, back) &&
		     front > 30000 && back > 30000 &&
		     missing + front + back == kept.total;
	} else {
		ok = ok && f.sample_size == head + tail &&
		     !memcmp(sample, bytes, head + tail);
	}
	tap_ok(ok && f.sample_size <= FAILURE_SAMPLE_MAX &&
		   f.sample_total == kept.total,
	    "%s", what);
	free(sample);
	free(bytes);
	failures_close(s);
}

static void
test_large(void)
{
	check_large(FAILURE_SAMPLE_MAX, 0, 0, "what just fits is kept whole");
	check_large(60000, 4000, 0, "so it is in two parts");
	check_large(FAILURE_SAMPLE_MAX + 1, 0, 0, "a byte more: two ends");
	check_large(192 << 10, 0, 0, "a full head: its two ends");
	check_large(192 << 10, 100, 0, "a short tail: what precedes it too");
	check_large(192 << 10, 64 << 10, 12345678, "much more: both ends");
}

static void
test_damage(void)
{
	struct failures_store *s = failures_open(root);
	size_t before = look()->count;
	struct failure f;
	struct seen *seen;
	char name[FAILURE_NAME_SIZE];

	note(s, &f, "dmg", 1, 10, "x");
	failure_name("dmg", 1, name);
	write_file(name, "9", 1, 200);
	seen = look();
	tap_ok(seen->count == before && seen->warnings == 1,
	    "a damaged file is skipped with a warning");
	printf("# %s\n", seen->warned);
	tap_ok(!note(s, &f, "dmg", 1, 20, "y") && f.count == 1 &&
		   look()->count == before + 1,
	    "and begins anew when it fails again");
	failure_name("dmg", 2, name);
	write_file(name, "", 0, 0);
	failure_name("dmg", 3, name);
	write_file(name, "runner-failure 2\nwhatever\n", 26, 0);
	write_file("stranger,", "text\n", 5, 0);
	note(s, &f, "dmg", 5, 30, "twelve bytes");
	failure_name("dmg", 5, name);
	snprintf(f.subject, sizeof(f.subject), "%s/failures/%s", root, name);
	if (truncate(f.subject, FAILURE_HEAD_SIZE + 3))
		puts("Bail out! truncate");
	seen = look();
	tap_ok(seen->count == before + 1 && seen->warnings == 4,
	    "empty, foreign, newer and cut ones hide nothing else");
	failures_close(s);
}

static void
test_no_disk(void)
{
	struct failures_store *s = failures_open("/proc/nowhere");
	struct failure f;

	tap_ok(s != NULL, "a store without a disk opens");
	errno = 0;
	tap_ok(note(s, &f, "t", 1, 1, "x") == -1 && errno,
	    "its notes fail with an errno");
	tap_is_int((long long)f.count, 1, "and the count is at least one");
	failures_close(s);
	s = failures_open(root);
	errno = 0;
	tap_ok(note(s, &f, "../x", 1, 1, "x") == -1 && errno == EINVAL,
	    "a task that is a path is refused");
	failures_close(s);
}

static void
test_odd_subjects(void)
{
	struct failures_store *s = failures_open(root);
	struct failure f = {.signature = 1, .last_wall_ms = INT64_C(1) << 50};
	struct seen *seen;

	memset(f.task, 't', 200);
	memset(f.chain, 'c', 200);
	memset(f.subject, '\n', sizeof(f.subject) - 1);
	tap_ok(!failures_note(s, &f, NULL), "the longest of everything");
	seen = look();
	tap_ok(!strncmp(seen->last.subject, "\\x0a\\x0a", 8) &&
		   !strchr(seen->last.subject, '\n') &&
		   strlen(seen->last.task) == 200,
	    "is kept within its head, as one line");
	failures_close(s);
}

static size_t
count_files(const char *prefix)
{
	char path[300];
	size_t n = 0;
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/failures", root);
	dir = opendir(path);
	while (dir && (e = readdir(dir)))
		n += e->d_name[0] != '.' &&
		     !strncmp(e->d_name, prefix, strlen(prefix));
	closedir(dir);
	return n;
}

static void
test_bounds(void)
{
	struct failures_store *s = failures_open(root);
	size_t most = 0, most_all = 0;
	struct failure f;
	char task[32];
	bool has_old = false, has_new = false;
	struct seen *seen;

	note(s, &f, "noisy", 1, 1, "x");
	for (uint64_t i = 2; i < 500; i++) {
		note(s, &f, "noisy", 5000 + i, (int64_t)i, "x");
		/* This one is seen again and again. */
		note(s, &f, "noisy", 1, (int64_t)i, "x");
		if (count_files("noisy,") > most)
			most = count_files("noisy,");
	}
	tap_ok(most <= FAILURES_PER_TASK_MAX && most > 50,
	    "a task keeps %d at most", FAILURES_PER_TASK_MAX);
	printf("# it kept %zu\n", most);
	seen = look();
	for (size_t i = 0; i < seen->count; i++) {
		has_old |= seen->signatures[i] == 1;
		has_new |= seen->signatures[i] == 5499;
	}
	tap_ok(has_old && has_new, "the longest unseen ones go");
	for (uint64_t i = 0; i < 2500; i++) {
		snprintf(task, sizeof(task), "many%d", (int)(i % 40));
		note(s, &f, task, 9000 + i, (int64_t)i, "x");
		if (i % 50 == 0 && count_files("") > most_all)
			most_all = count_files("");
	}
	tap_ok(most_all <= FAILURES_MAX && most_all > FAILURES_MAX / 2,
	    "%d of all tasks at most", FAILURES_MAX);
	printf("# there were %zu\n", most_all);
	failures_close(s);
}

int
main(void)
{
	char command[300];

	if (!mkdtemp(root))
		return 1;
	test_counting();
	test_samples();
	test_large();
	test_damage();
	test_no_disk();
	test_odd_subjects();
	test_bounds();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	if (system(command))
		puts("# something was left behind");
	return tap_done();
}
