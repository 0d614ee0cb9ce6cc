#include "runroot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/identity.h"

enum { SHARED_MODE = 01777, LOG_MODE = 0640 };

static int
close_with(int fd, int error)
{
	close(fd);
	return errno = error, -1;
}

/* A file that others cannot read, where there is none.  Returns 0 or -1. */
static int
make_file(int dir, const char *file, int flags, const struct identity *owner)
{
	int fd = openat(
	    dir, file, O_WRONLY | O_CREAT | FILE_NAMED | flags, LOG_MODE);

	if (fd < 0 || !owner || !fchown(fd, owner->uid, owner->gid))
		return fd < 0 ? -1 : close(fd);
	return close_with(fd, errno);
}

/* By root, in a directory where nobody can exchange anything. */
static int
make_guarded(
    const char *directory, const char *file, const struct identity *owner)
{
	bool is_new;
	int dir = file_make_guarded(directory, &is_new);

	if (dir < 0)
		return -1;
	if ((file &&
		make_file(
		    dir, strrchr(file, '/') + 1, O_EXCL | O_NOFOLLOW, owner) &&
		errno != EEXIST) ||
	    (is_new && fchown(dir, owner->uid, owner->gid)))
		return close_with(dir, errno);
	return close(dir);
}

/*
 * Makes a directory with its parents and, unless it is NULL, a file in it for a
 * user (NULL: ourselves, and no file).  Returns 0, or -1 with errno.
 */
static int
make_for(const char *user, const char *directory, const char *file)
{
	struct identity who = {.is_other = user && !geteuid()};
	bool is_new;
	int result;

	if (who.is_other &&
	    (identity_find_user(user, &who.uid, &who.gid, NULL, NULL, NULL) ||
		!who.uid || identity_act_as(user, NULL)))
		who.is_other = false;
	result = file_make_directories(directory, &is_new);
	if (!who.is_other)
		return result;
	/* Whoever opens the log says what else is wrong with it. */
	if (!result && file && make_file(AT_FDCWD, file, O_APPEND, NULL))
		result = errno == EACCES ? -1 : 0;
	identity_act_as(NULL, NULL);
	return result && errno == EACCES ? make_guarded(directory, file, &who)
					 : result;
}

static bool
is_shared(const struct stat *st)
{
	return !st->st_uid && (st->st_mode & SHARED_MODE) == SHARED_MODE;
}

/*
 * Chains of several users meet here, as in /tmp: each makes files, nobody
 * touches those of others.
 */
static int
share(int root, char *why, size_t why_size)
{
	static const char *const below[][2] = {{"outbox"},
	    {"outbox", "refused"}, {"failures"}, {"acknowledged"}, {"mail"},
	    {"mail", "tmp"}, {"mail", "new"}, {"mail", "cur"}};

	for (size_t i = 0; i < sizeof(below) / sizeof(*below); i++) {
		int fd = file_make_directory(root, below[i][0], SHARED_MODE);
		int inner =
		    fd >= 0 && below[i][1]
			? file_make_directory(fd, below[i][1], SHARED_MODE)
			: fd;

		if (inner >= 0 && inner != fd)
			close(inner);
		if (fd >= 0)
			close_with(fd, errno);
		if (inner >= 0)
			continue;
		snprintf(why, why_size, "cannot share %s in the run_root: %s",
		    below[i][0], strerror(errno));
		return -1;
	}
	return 0;
}

/* For chains of several users, where there was none. */
static int
make_shared(const char *path)
{
	bool is_new;
	int fd = file_make_guarded(path, &is_new);

	if (fd >= 0 && is_new && fchmod(fd, SHARED_MODE))
		return close_with(fd, errno);
	return fd < 0 ? -1 : close(fd);
}

int
runroot_prepare(const struct config *config, char *why, size_t why_size)
{
	const char *path = config->run_root;
	struct stat st;
	int result = 0, fd;

	if (stat(path, &st))
		result = config->has_several_users && !geteuid()
			     ? make_shared(path)
			     : make_for(config->chain_user, path, NULL);
	if (result || stat(path, &st)) {
		snprintf(why, why_size, "cannot make the run_root %.300s: %s",
		    path, strerror(errno));
		return -1;
	}
	if (!S_ISDIR(st.st_mode)) {
		snprintf(
		    why, why_size, "the run_root %.300s is no directory", path);
		return -1;
	}
	if (geteuid() || !is_shared(&st))
		return 0;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || !is_shared(&st)) {
		snprintf(why, why_size, "cannot open the run_root %.300s: %s",
		    path, strerror(errno));
		result = -1;
	} else {
		result = share(fd, why, why_size);
	}
	if (fd >= 0)
		close(fd);
	return result;
}

bool
runroot_is_open_to_others(const char *run_root)
{
	struct stat st;

	return !stat(run_root, &st) && (st.st_mode & (S_IWGRP | S_IWOTH)) &&
	       !(st.st_mode & S_ISVTX);
}

int
runroot_prepare_log(
    const char *file, const char *user, char *why, size_t why_size)
{
	const char *slash = file ? strrchr(file, '/') : NULL;
	char directory[PATH_MAX];

	if (!slash || slash == file)
		return 0;
	snprintf(
	    directory, sizeof(directory), "%.*s", (int)(slash - file), file);
	if (!make_for(user, directory, user ? file : NULL))
		return 0;
	snprintf(why, why_size, "cannot make %.300s: %s",
	    user ? file : directory, strerror(errno));
	return -1;
}
