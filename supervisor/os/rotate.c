#include "rotate.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 }; /* path_resolution(7) */

/* Writes "PATH.N"; n == 0 is the file itself. */
static int
name_old(char name[PATH_MAX], const char *path, int n)
{
	int size = n ? snprintf(name, PATH_MAX, "%s.%d", path, n)
		     : snprintf(name, PATH_MAX, "%s", path);

	return size < PATH_MAX ? 0 : (errno = ENAMETOOLONG, -1);
}

/* Removes what a larger `keep` of former days left behind. */
static void
remove_beyond(const char *path, int keep)
{
	char name[PATH_MAX];

	for (int n = keep + 1; !name_old(name, path, n); n++)
		if (unlink(name) < 0)
			return;
}

static int
shift(const char *path, int keep)
{
	char from[PATH_MAX], to[PATH_MAX];
	int first = 1;

	/* Only up to the first gap is there anything to move. */
	while (first < keep && !name_old(to, path, first) && !access(to, F_OK))
		first++;
	for (int n = first; n > 0; n--) {
		if (name_old(from, path, n - 1) < 0 ||
		    name_old(to, path, n) < 0 || rename(from, to) < 0)
			return -1;
	}
	return 0;
}

static bool
is_of_proc(const char *path)
{
	struct stat link, proc;

	return !lstat(path, &link) && !stat("/proc", &proc) &&
	       link.st_dev == proc.st_dev;
}

/*
 * From a symbolic link to the file, which is renamed in its own directory.
 * What a link of /proc leads to (/dev/stdout) has no name that is ours: EPERM.
 */
static int
follow_links(char path[PATH_MAX])
{
	char target[PATH_MAX];

	for (int links = 0; links < LINKS_MAX; links++) {
		ssize_t n = readlink(path, target, sizeof(target) - 1);
		char *slash = strrchr(path, '/'), *at = path;

		if (n < 0)
			return errno == EINVAL ? 0 : -1;
		if (is_of_proc(path))
			return errno = EPERM, -1;
		target[n] = '\0';
		if (target[0] != '/' && slash)
			at = slash + 1;
		if (at - path + n >= PATH_MAX)
			return errno = ENAMETOOLONG, -1;
		strcpy(at, target);
	}
	return errno = ELOOP, -1;
}

static int
rotate_locked(
    const char *path, int fd, int64_t incoming, int64_t max_size, int keep)
{
	struct stat here, there;

	if (fstat(fd, &here) < 0)
		return -1;
	if (!S_ISREG(here.st_mode))
		return errno = EPERM, -1;
	if (stat(path, &there) < 0)
		return errno == ENOENT ? 0 : -1;
	if (here.st_dev != there.st_dev || here.st_ino != there.st_ino)
		return 0;
	/* Who held the lock before may have emptied it. */
	if (here.st_size + incoming <= max_size)
		return 0;
	remove_beyond(path, keep);
	return keep ? shift(path, keep) : ftruncate(fd, 0);
}

int
rotate_file(
    const char *path, int fd, int64_t incoming, int64_t max_size, int keep)
{
	char file[PATH_MAX];
	int result, error;

	if (name_old(file, path, 0) < 0 || follow_links(file) < 0)
		return -1;
	/* A file system without locks (ENOLCK) still has the look. */
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return -1;
	result = rotate_locked(file, fd, incoming, max_size, keep);
	error = errno;
	flock(fd, LOCK_UN);
	errno = error;
	return result;
}
