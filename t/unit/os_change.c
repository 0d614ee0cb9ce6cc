/* A program that is exchanged, in each way that a deploy does it. */
#include "os/change.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include "scratch.h"
#include "tap.h"

static struct scratch scratch;

static void
write_file(const char *name, const char *text)
{
	char *path = scratch_path(&scratch, name);
	FILE *f = fopen(path, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
	free(path);
}

static void
rename_over(const char *from, const char *to)
{
	char *a = scratch_path(&scratch, from), *b = scratch_path(&scratch, to);

	if (rename(a, b))
		perror("rename");
	free(a);
	free(b);
}

static void
link_to(const char *target, const char *name)
{
	char *path = scratch_path(&scratch, name);

	unlink(path);
	if (symlink(target, path))
		perror("symlink");
	free(path);
}

static void
make_directory(const char *name)
{
	char *path = scratch_path(&scratch, name);

	mkdir(path, 0755);
	free(path);
}

static void
nothing(void)
{
}

static void
rewrite(void)
{
	write_file("now/t", "longer than before");
}

static void
replace(void)
{
	write_file("now/t.new", "other");
	rename_over("now/t.new", "now/t");
}

static void
make_executable(void)
{
	char *path = scratch_path(&scratch, "now/t");

	chmod(path, 0755);
	free(path);
}

static void
switch_release(void)
{
	link_to("two", "now");
}

static void
write_beside(void)
{
	write_file("now/other", "x");
}

int
main(void)
{
	static const struct {
		void (*act)(void);
		bool is_told, is_changed;
		const char *what;
	} rows[] = {
	    {nothing, false, false, "nothing"},
	    {rewrite, true, true, "written anew"},
	    {replace, true, true, "replaced"},
	    {make_executable, true, true, "made executable"},
	    {switch_release, true, true, "behind a link that was set anew"},
	    {write_beside, true, false, "another file beside it"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct change c = {.fd = -1};
		struct pollfd p;
		char *path;

		scratch_init(&scratch);
		make_directory("one");
		make_directory("two");
		link_to("one", "now");
		write_file("one/t", "old");
		write_file("two/t", "new release");
		path = scratch_path(&scratch, "now/t");
		change_open(&c);
		change_note(&c, path);
		change_watch(&c, scratch.directory, 1000);
		tap_ok(c.look_ms == 1000 && !change_look(&c),
		    "%s: it is as it was", rows[i].what);
		rows[i].act();
		p = (struct pollfd){.fd = c.fd, .events = POLLIN};
		tap_is_int(poll(&p, 1, rows[i].is_told ? 5000 : 0),
		    rows[i].is_told, "it wakes us");
		change_read(&c, 2000);
		tap_ok((c.look_ms > 2000) == rows[i].is_changed,
		    "what is on the way is looked at when it is quiet");
		tap_is_int(
		    change_look(&c), rows[i].is_changed, "is it another one?");
		change_unwatch(&c);
		tap_ok(!change_look(&c) && c.look_ms == -1, "then it is over");
		change_close(&c);
		free(path);
		scratch_release(&scratch);
	}
	return tap_done();
}
