/* environment_file: lines that are variables, and files that are believed. */
#include "os/envfile.h"

#include <sys/stat.h>

#include "scratch.h"
#include "tap.h"

static void
note(const char *name, const char *value, void *data)
{
	char *got = data;

	snprintf(got + strlen(got), 256 - strlen(got), "%s=<%s>", name, value);
}

int
main(void)
{
	static const struct {
		const char *text;
		mode_t mode;
		const char *want; /* NULL: refused, and nothing is said of it */
		const char *what;
	} rows[] = {
	    {"A=1\nB=two words\n", 0600, "A=<1>B=<two words>", "lines"},
	    {"A=1", 0400, "A=<1>", "a last line without an end"},
	    {"\xef\xbb\xbf"
	     "A=1\n",
		0600, "A=<1>", "an editor's mark"},
	    {"# x\n\nA=1\n", 0600, "A=<1>", "what says nothing"},
	    {"A='x y'\nB=\"z\"\n", 0600, "A=<x y>B=<z>", "quotes go"},
	    {"A='x\nB=y\"\n", 0600, "A=<'x>B=<y\">", "one alone stays"},
	    {"A=$B `c` \\d\n", 0600, "A=<$B `c` \\d>", "nothing is special"},
	    {"A=\n", 0600, "A=<>", "a value may be empty"},
	    {"", 0600, "", "a file may be"},
	    {"A\n", 0600, NULL, "no ="},
	    {"=1\n", 0600, NULL, "no name"},
	    {"1A=1\n", 0600, NULL, "what is no name"},
	    {"A=1\nB B=secret\n", 0600, NULL, "one wrong line spoils all"},
	    {"A=1\n", 0640, NULL, "a file that a group can read"},
	    {"A=1\n", 0602, NULL, "or others can write"},
	};
	struct scratch s;
	char *path, got[256], why[256];

	scratch_init(&s);
	path = scratch_path(&s, "env");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		FILE *f = fopen(path, "w");
		int result;

		if (f) {
			fputs(rows[i].text, f);
			fclose(f);
		}
		chmod(path, rows[i].mode);
		got[0] = why[0] = '\0';
		result = envfile_read(path, 0, note, got, why, sizeof(why));
		tap_is(result ? NULL : got, rows[i].want, "%s", rows[i].what);
		if (!rows[i].want)
			tap_ok(!*got && !strncmp(why, path, strlen(path)) &&
				   !strstr(why, "secret"),
			    "and why: %s", why + strlen(path));
		remove(path);
	}
	tap_ok(envfile_read(path, 0, note, got, why, sizeof(why)),
	    "no file is said: %s", why + strlen(path));
	mkfifo(path, 0600);
	tap_ok(envfile_read(path, 0, note, got, why, sizeof(why)),
	    "a fifo holds nobody up");
	free(path);
	scratch_release(&s);
	return tap_done();
}
