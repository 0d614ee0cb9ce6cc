/* Pauses: which is in force, and files that are believed or not. */
#include "chain/pause.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "scratch.h"
#include "tap.h"

static struct scratch scratch;

/* The text as c.pause with that mode; then errno of a reading, or 0. */
static int
read_text(struct pauses *p, const char *text, mode_t mode)
{
	char *path = scratch_path(&scratch, "c.pause");
	FILE *f = fopen(path, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
	chmod(path, mode);
	free(path);
	return pauses_read(p, scratch.directory, "c", geteuid()) ? errno : 0;
}

static void
test_files(void)
{
	static const struct {
		const char *text;
		mode_t mode;
		int want;
		size_t count;
		const char *what;
	} rows[] = {
	    {"* 5 0 7\n", 0644, 0, 1, "the whole chain"},
	    {"a 5 9 7\nb 5 0 7\n", 0644, 0, 2, "two tasks"},
	    {"", 0644, 0, 0, "an empty file pauses nothing"},
	    {"a 5 9 7", 0644, EBADMSG, 0, "a line without an end"},
	    {"a 5 9\n", 0644, EBADMSG, 0, "a word too few"},
	    {"a 5 9 7 8\n", 0644, EBADMSG, 0, "a word too many"},
	    {"../x 5 9 7\n", 0644, EBADMSG, 0, "what is no task's name"},
	    {"a -5 9 7\n", 0644, EBADMSG, 0, "a time before 1970"},
	    {"a x 9 7\n", 0644, EBADMSG, 0, "what is no time"},
	    {"* 5 0 7\n", 0666, EPERM, 0, "a file that others can write"},
	    {"* 5 0 7\n", 0664, EPERM, 0, "or a group"},
	};
	struct pauses p;

	tap_ok(!pauses_read(&p, scratch.directory, "c", geteuid()) && !p.count,
	    "without a file there is no pause");
	tap_ok(!pauses_read(&p, "/nowhere/at/all", "c", geteuid()) && !p.count,
	    "nor without a run_root");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int error = read_text(&p, rows[i].text, rows[i].mode);

		tap_ok(error == rows[i].want && p.count == rows[i].count,
		    "%s: %s, %zu", rows[i].what, strerror(error), p.count);
	}
}

static void
test_changes(void)
{
	static struct pauses p, back;
	struct pause one = {.task = "a", .since_wall_ms = 5, .user = 7};

	tap_ok(pauses_add(&p, &one) && p.count == 1, "one is added");
	one.until_wall_ms = 9;
	tap_ok(pauses_add(&p, &one) && p.count == 1 &&
		   p.list[0].until_wall_ms == 9,
	    "another one of the same takes its place");
	tap_ok(!pauses_write(&p, scratch.directory, "w") &&
		   !pauses_read(&back, scratch.directory, "w", geteuid()) &&
		   back.count == 1 && !strcmp(back.list[0].task, "a") &&
		   back.list[0].until_wall_ms == 9 && back.list[0].user == 7,
	    "it is read as it was written");
	strcpy(one.task, "b");
	one.since_wall_ms = 9;
	tap_ok(pauses_add(&p, &one) && p.count == 1, "what is over goes");
	one.since_wall_ms = 8;
	strcpy(one.task, "c");
	tap_ok(!pauses_remove(&p, &one) && p.count == 1, "another's stays");
	strcpy(one.task, "b");
	tap_ok(pauses_remove(&p, &one) && !p.count, "its own is removed");
	pauses_add(&p, &one);
	one.since_wall_ms = 9;
	tap_ok(
	    !pauses_remove(&p, &one) && !p.count, "one that is over was none");
	tap_ok(!pauses_write(&p, scratch.directory, "w") &&
		   !pauses_read(&back, scratch.directory, "w", geteuid()) &&
		   !back.count,
	    "without a pause there is no file");
	one.until_wall_ms = 0;
	for (int i = 0; i < PAUSES_MAX; i++) {
		snprintf(one.task, sizeof(one.task), "t%d", i);
		pauses_add(&p, &one);
	}
	strcpy(one.task, "more");
	tap_ok(!pauses_add(&p, &one) && p.count == PAUSES_MAX,
	    "more than there is room for are refused");
	*one.task = '\0';
	tap_ok(pauses_remove(&p, &one) && !p.count, "all are removed at once");
}

static void
test_force(void)
{
	static const struct pauses p = {
	    4, {{"a", 0, 100, 1}, {"", 0, 50, 2}, {"b", 0, 0, 3},
		   {"a", 0, 80, 4}}};
	static const struct {
		const char *task;
		int64_t wall_ms;
		int want; /* whose it is; 0: none is in force */
	} rows[] = {
	    {"a", 10, 1},
	    {"a", 90, 1},
	    {"a", 100, 0},
	    {"b", 10, 3},
	    {"b", 9999, 3},
	    {"c", 10, 2},
	    {"c", 50, 0},
	    {NULL, 10, 2},
	    {NULL, 60, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct pause *one =
		    pauses_of(&p, rows[i].task, rows[i].wall_ms);

		tap_is_int(one ? (int)one->user : 0, rows[i].want,
		    "the pause of %s at %d",
		    rows[i].task ? rows[i].task : "the chain",
		    (int)rows[i].wall_ms);
	}
}

int
main(void)
{
	scratch_init(&scratch);
	test_files();
	test_changes();
	test_force();
	scratch_release(&scratch);
	return tap_done();
}
