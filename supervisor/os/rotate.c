#include "rotate.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int
rotate_locked(
    const char *path, int fd, int64_t incoming, int64_t max_size, int keep)
{
	struct stat here, there;

	if (fstat(fd, &here) < 0)
		return -1;
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
	int result, error;

	/* A file system without locks (ENOLCK) still has the look. */
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return -1;
	result = rotate_locked(path, fd, incoming, max_size, keep);
	error = errno;
	flock(fd, LOCK_UN);
	errno = error;
	return result;
}
