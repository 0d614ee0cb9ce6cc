#include "os/file.h"

#include <errno.h>
#include <sys/stat.h>

#include "scratch.h"
#include "tap.h"

static struct scratch scratch;
static int dir;

static mode_t
mode_of(const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW)
		   ? 0
		   : st.st_mode & 07777;
}

static bool
is_there(const char *name)
{
	return mode_of(name) != 0;
}

static void
put(const char *name, const char *bytes)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, strlen(bytes)) < 0)
		exit(1);
	close(fd);
}

static size_t
count_drafts(void)
{
	char command[128], line[32] = "";
	FILE *f;

	snprintf(command, sizeof(command), "ls -A %s | grep -c ^.tmp,",
	    scratch.directory);
	f = popen(command, "r");
	if (!f || !fgets(line, sizeof(line), f))
		exit(1);
	pclose(f);
	return (size_t)atol(line);
}

static void
test_replace(void)
{
	char *path = scratch_path(&scratch, "page"), *bytes;
	struct iovec parts[2] = {{(char *)"one ", 4}, {(char *)"two", 3}};

	put("page", "before");
	umask(077);
	tap_is_int(file_replace(dir, "page", 0644, parts, 2), 0,
	    "a file is replaced by its parts");
	umask(022);
	bytes = scratch_read(path, NULL);
	tap_is(bytes, "one two", "and holds them");
	tap_is_int(mode_of("page"), 0644, "whatever the umask is");
	tap_is_int(count_drafts(), 0, "no draft is left");
	free(bytes);
	free(path);

	mkdirat(dir, "wall", 0700);
	tap_ok(file_replace(dir, "wall", 0644, parts, 2) < 0 && errno == EISDIR,
	    "a directory is not replaced");
	tap_is_int(count_drafts(), 0, "and no draft is left either");
}

static void
test_links(void)
{
	struct iovec part = {(char *)"new", 3};
	char *path = scratch_path(&scratch, "target"), *bytes;

	put("target", "old");
	if (symlinkat("target", dir, "link"))
		exit(1);
	tap_is_int(file_replace(dir, "link", 0600, &part, 1), 0,
	    "a link that was laid is replaced");
	bytes = scratch_read(path, NULL);
	tap_is(bytes, "old", "and what it points to stays");
	free(bytes);
	free(path);
}

/* What a name may be when it should be a file of ours. */
static const struct {
	const char *what, *name;
	int flags, error;
} opens[] = {
    {"a plain file", "plain", O_RDWR, 0},
    {"none", "nothing", O_RDWR, ENOENT},
    {"a link", "symlink", O_RDONLY, EPERM},
    {"a fifo to be read", "fifo", O_RDONLY, EPERM},
    {"a fifo to be written", "fifo", O_WRONLY, EPERM},
    {"a directory", "directory", O_RDONLY, EPERM},
    {"a file with two names, to be read", "second", O_RDONLY, 0},
    {"a file with two names, to be written", "second", O_RDWR, EPERM},
};

static void
test_open_own(void)
{
	put("plain", "");
	put("first", "");
	if (symlinkat("plain", dir, "symlink") || mkfifoat(dir, "fifo", 0600) ||
	    mkdirat(dir, "directory", 0700) ||
	    linkat(dir, "first", dir, "second", 0))
		exit(1);
	for (size_t i = 0; i < sizeof(opens) / sizeof(*opens); i++) {
		int fd =
		    file_open_own(dir, opens[i].name, opens[i].flags, NULL);

		tap_is_int(fd < 0 ? errno : 0, opens[i].error, "%s: %s",
		    opens[i].what,
		    opens[i].error ? strerror(opens[i].error) : "is opened");
		close(fd);
	}
	if (geteuid())
		return;
	put("strange", "");
	if (fchownat(dir, "strange", 12345, 12345, 0))
		exit(1);
	tap_ok(
	    file_open_own(dir, "strange", O_RDONLY, NULL) < 0 && errno == EPERM,
	    "a stranger's file: not permitted");
}

static void
test_directories(void)
{
	char *path = scratch_path(&scratch, "a/b//c/");
	bool is_new;
	int fd;

	tap_is_int(file_make_directories(path, &is_new), 0,
	    "a directory is made with its parents");
	tap_ok(is_new && mode_of("a/b/c") == 0755, "with mode 0755");
	tap_ok(!file_make_directories(path, &is_new) && !is_new,
	    "and stays when it is there");
	free(path);
	fd = file_make_directory(dir, "shared", 01777);
	tap_ok(fd >= 0 && mode_of("shared") == 01777,
	    "one directory is made with the mode that was asked for");
	close(fd);
	if (symlinkat("a", dir, "detour"))
		exit(1);
	tap_ok(file_make_directory(dir, "detour", 0700) < 0,
	    "a link to a directory is none");
	tap_ok(file_open_directory(dir, "plain") < 0, "nor is a file");
}

static void
test_sweep(void)
{
	struct file_draft d;

	put(".tmp,dead", "");
	put("tmp,other", "");
	tap_is_int(file_draft_open(&d, dir, 0600), 0, "a draft is made");
	file_drafts_remove(dir);
	tap_ok(!is_there(".tmp,dead"), "what a dead process left goes");
	tap_ok(is_there(d.name), "what is being written stays");
	tap_ok(is_there("tmp,other"), "and so does what is no draft");
	file_draft_drop(&d);
	tap_ok(!is_there(d.name), "a draft that is dropped leaves nothing");
}

int
main(void)
{
	scratch_init(&scratch);
	dir = open(scratch.directory, O_RDONLY | O_DIRECTORY);
	test_replace();
	test_links();
	test_open_own();
	test_directories();
	test_sweep();
	scratch_release(&scratch);
	return tap_done();
}
