#include "runroot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/identity.h"

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
		    !S_ISDIR(st.st_mode) || st.st_uid || chmod(folder, 01777)) {
			snprintf(why, why_size,
			    "cannot share the folder %.300s", folder);
			return -1;
		}
	}
	return 0;
}

/* A link would have us write where somebody else wants it. */
static int
refuse_links(const char *path, char *why, size_t why_size)
{
	static const char *const folders[] = {"outbox", "failures", "mail"};
	char folder[4096];
	struct stat st;

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(folder, sizeof(folder), "%s/%s", path, folders[i]);
		if (lstat(folder, &st) || !S_ISLNK(st.st_mode))
			continue;
		snprintf(why, why_size, "%.300s is a symbolic link", folder);
		return -1;
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
		snprintf(
		    why, why_size, "the run_root %.300s is not a folder", path);
		return -1;
	}
	if (refuse_links(path, why, why_size))
		return -1;
	if (geteuid())
		return 0;
	user = find_only_user(config, &is_mixed);
	if (is_mixed)
		return share(path, why, why_size);
	if (is_new && user &&
	    !identity_find_user(user, &uid, &gid, NULL, NULL, NULL))
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

/* Makes the folder that `file` lies in; `*is_new`: it was not there. */
static int
make_folder_of(const char *file, char *folder, size_t size, bool *is_new)
{
	const char *slash = strrchr(file, '/');
	size_t length = slash ? (size_t)(slash - file) : 0;

	*is_new = false;
	if (!length)
		return 0;
	if (length >= size)
		return errno = ENAMETOOLONG, -1;
	memcpy(folder, file, length);
	folder[length] = '\0';
	return make_folders(folder, is_new);
}

/* An empty file of that user's, where there is none. */
static int
make_file_for(const char *file, uid_t uid, gid_t gid)
{
	int fd = open(
	    file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	int result;

	if (fd < 0)
		return errno == EEXIST ? 0 : -1;
	result = fchown(fd, uid, gid);
	close(fd);
	return result;
}

int
runroot_prepare_log(
    const char *file, const char *user, char *why, size_t why_size)
{
	char folder[4096] = "";
	bool is_new;
	uid_t uid;
	gid_t gid;

	if (!file)
		return 0;
	if (make_folder_of(file, folder, sizeof(folder), &is_new)) {
		snprintf(why, why_size, "cannot make the folder of %.300s: %s",
		    file, strerror(errno));
		return -1;
	}
	if (!user || geteuid() ||
	    identity_find_user(user, &uid, &gid, NULL, NULL, NULL))
		return 0;
	if ((is_new && chown(folder, uid, gid)) ||
	    make_file_for(file, uid, gid)) {
		snprintf(why, why_size, "cannot make the log %.300s: %s", file,
		    strerror(errno));
		return -1;
	}
	return 0;
}
