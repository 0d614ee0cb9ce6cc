/*
 * Paths that another user may lead elsewhere: file_is_guarded(),
 * file_make_guarded() and file_open_led() of file.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "file.h"

bool
file_is_guarded(int dir)
{
	struct stat st;

	return !fstat(dir, &st) && S_ISDIR(st.st_mode) &&
	       (!st.st_uid || st.st_uid == geteuid()) &&
	       (!(st.st_mode & (S_IWGRP | S_IWOTH)) || st.st_mode & S_ISVTX);
}

/* A walk along a path, as far as nobody but root can lead it elsewhere. */
struct walk {
	bool makes; /* directories that are missing; a guarded way is asked for
		     */
	bool is_new;
	bool is_led;         /* it ended where another user can lead it */
	struct stat owner;   /* of what ended it */
	int way;             /* then: the directory that was reached, ours, */
	char rest[PATH_MAX]; /* and what is left of the path */
};

/* Ends a walk at a link, or in a directory, that is another user's to change.
 */
static bool
is_led(struct walk *w, int fd)
{
	struct stat st;
	bool is_directory;

	if (w->is_led || fstat(fd, &st))
		return w->is_led;
	is_directory = S_ISDIR(st.st_mode);
	w->owner = st;
	w->is_led =
	    ((is_directory || S_ISLNK(st.st_mode)) && st.st_uid &&
		st.st_uid != geteuid()) ||
	    (is_directory && (st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX));
	return w->is_led;
}

/* What a link of /proc leads to (/dev/stdout) is open already. */
static bool
is_of_proc(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

/* Opens what a path's first word means, made if it is missing. */
static int
open_step(int dir, const char *word, struct walk *w)
{
	int fd;

	w->is_new = false;
	if (is_led(w, dir) || (w->makes && !file_is_guarded(dir)))
		return errno = EPERM, -1;
	fd = openat(dir, word, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 || errno != ENOENT || !w->makes)
		return fd;
	w->is_new = !mkdirat(dir, word, 0755);
	if (w->is_new && file_sync_directory(dir))
		return -1;
	return openat(dir, word, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

/* Another user leads the rest of the way: the walk ends before it. */
static void
leave_off(struct walk *w, int dir, const char *word, const char *path)
{
	size_t used = strlen(w->rest);

	if (w->way < 0)
		w->way = fcntl(dir, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	snprintf(w->rest + used, sizeof(w->rest) - used, "%s%s", word, path);
}

/* Follows a path from a directory, which is closed. */
static int
follow(int dir, const char *path, int links, struct walk *w)
{
	while (dir >= 0 && *(path += strspn(path, "/"))) {
		char word[NAME_MAX + 1], target[PATH_MAX];
		size_t length = strcspn(path, "/");
		struct stat st;
		ssize_t n = 0;
		int next;

		if (length >= sizeof(word))
			return file_close_with(dir, ENAMETOOLONG);
		memcpy(word, path, length);
		word[length] = '\0';
		path += length;
		next = open_step(dir, word, w);
		if (next >= 0 && !fstat(next, &st) && S_ISLNK(st.st_mode)) {
			n = !links || is_of_proc(next) || is_led(w, next)
				? -1
				: readlinkat(
				      next, "", target, sizeof(target) - 1);
			close(next);
			if (w->is_led)
				leave_off(w, dir, word, path);
			if (n <= 0)
				return file_close_with(
				    dir, links ? EPERM : ELOOP);
			target[n] = '\0';
			next = openat(dir, *target == '/' ? "/" : ".",
			    O_PATH | O_DIRECTORY | O_CLOEXEC);
			next = follow(next, target, links - 1, w);
			*word = w->way < 0 ? *word : '\0';
		}
		if (w->is_led)
			leave_off(w, dir, word, path);
		file_close_with(dir, errno);
		dir = next;
	}
	return dir;
}

static int
walk(const char *path, struct walk *w)
{
	enum { LINKS_MAX = 16 };

	return follow(
	    open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC),
	    path, LINKS_MAX, w);
}

int
file_make_guarded(const char *path, bool *is_new)
{
	struct walk w = {.makes = true, .way = -1};
	int way = walk(path, &w), fd;

	*is_new = w.is_new;
	if (w.way >= 0)
		file_close_with(w.way, errno);
	if (way < 0)
		return -1;
	fd = file_open_directory(way, ".");
	file_close_with(way, errno);
	return fd < 0 || file_is_guarded(fd) ? fd : file_close_with(fd, EPERM);
}

int
file_open_led(const char *path, int flags, mode_t mode, struct stat *owner)
{
	struct open_how how = {.resolve = RESOLVE_NO_SYMLINKS};
	struct walk w = {.way = -1};
	struct stat st;
	int fd = geteuid() ? -1 : walk(path, &w);

	if (fd >= 0) {
		if (is_led(&w, fd))
			leave_off(&w, fd, ".", "");
		close(fd);
	}
	flags |= flags & O_PATH ? O_CLOEXEC : FILE_NAMED;
	*owner = (struct stat){.st_uid = geteuid(), .st_gid = getegid()};
	if (!w.is_led)
		return open(path, flags | FILE_ASKED, mode);
	*owner = w.owner;
	if (w.way < 0 || strlen(w.rest) + 1 == sizeof(w.rest))
		return file_close_with(w.way, ENAMETOOLONG);
	how.flags = (uint64_t)flags;
	how.mode = flags & O_CREAT ? mode : 0;
	fd = (int)syscall(SYS_openat2, w.way, w.rest, &how, sizeof(how));
	file_close_with(w.way, errno);
	if (fd >= 0 &&
	    (fstat(fd, &st) || (S_ISREG(st.st_mode) && st.st_nlink > 1)))
		return file_close_with(fd, EPERM);
	return fd;
}
