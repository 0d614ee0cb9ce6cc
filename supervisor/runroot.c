#include "runroot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enter.h"

/* mkdir -p.  `*is_new`: the last folder was made by us. */
static int
make_folders(const char *path, bool *is_new)
{
	char part[4096];
	size_t length = strlen(path);

	*is_new = false;
	if (length >= sizeof(part))
		return errno = ENAMETOOLONG, -1;
	for (size_t i = 1; i <= length; i++) {
		if (path[i] != '/' && path[i])
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		*is_new = !mkdir(part, 0755);
		if (!*is_new && errno != EEXIST && errno != EISDIR)
			return -1;
	}
	return 0;
}

/* The users of the declared chains: one and the same, or several. */
static const char *
find_only_user(const struct config *config, bool *is_mixed)
{
	const char *only = NULL;

	*is_mixed = false;
	for (size_t i = 0; i < config->chain_count; i++) {
		const char *user = config->chains[i].user;

		if (!user)
			user = "root";
		if (only && strcmp(only, user))
			*is_mixed = true;
		only = user;
	}
	return only;
}

/*
 * Chains of several users meet here, as in /tmp: each makes files, nobody
 * touches those of others.
 */
static int
share(const char *path, char *why, size_t why_size)
{
	static const char *const folders[] = {"", "/outbox", "/outbox/refused",
	    "/failures", "/mail", "/mail/tmp", "/mail/new", "/mail/cur"};
	char folder[4096];
	bool is_new;

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		struct stat st;

		snprintf(folder, sizeof(folder), "%s%s", path, folders[i]);
		if (make_folders(folder, &is_new) || lstat(folder, &st) ||
		    !S_ISDIR(st.st_mode) || st.st_uid ||
		    chmod(folder, 01777)) {
			snprintf(why, why_size,
			    "cannot share the folder %.300s", folder);
			return -1;
		}
	}
	return 0;
}

int
runroot_prepare(const struct config *config, char *why, size_t why_size)
{
	const char *path = config->run_root, *user;
	struct stat st;
	bool is_new, is_mixed;
	uid_t uid;
	gid_t gid;

	if (make_folders(path, &is_new) || stat(path, &st)) {
		snprintf(why, why_size, "cannot make the run_root %.300s: %s",
		    path, strerror(errno));
		return -1;
	}
	if (!S_ISDIR(st.st_mode)) {
		snprintf(why, why_size, "the run_root %.300s is not a folder",
		    path);
		return -1;
	}
	if (geteuid())
		return 0;
	user = find_only_user(config, &is_mixed);
	if (is_mixed)
		return share(path, why, why_size);
	if (is_new && user && !enter_find_user(user, &uid, &gid, NULL, NULL, NULL))
		return chown(path, uid, gid);
	return 0;
}

bool
runroot_is_open_to_others(const char *run_root)
{
	struct stat st;

	return !stat(run_root, &st) && (st.st_mode & (S_IWGRP | S_IWOTH)) &&
	    !(st.st_mode & S_ISVTX);
}

int
runroot_hand_over_log(
    const char *file, const char *user, char *why, size_t why_size)
{
	uid_t uid;
	gid_t gid;
	int fd;

	if (!file || geteuid() ||
	    enter_find_user(user, &uid, &gid, NULL, NULL, NULL))
		return 0;
	fd = open(file,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0 || fchown(fd, uid, gid)) {
		snprintf(why, why_size, "cannot make the log %.300s: %s", file,
		    strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}
