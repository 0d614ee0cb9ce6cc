#include "conf_files.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/bytes.h"
#include "os/file.h"

enum { FILE_SIZE_MAX = 16 << 20 };

static const char file_name[] = "runner.conf";
const char conf_system_file[] = "/etc/runner.conf";

/* Our home directory; "" when there is none. */
static const char *
find_home(void)
{
	const char *home = getenv("HOME");
	const struct passwd *user;

	if (home && *home == '/')
		return home;
	user = getpwuid(geteuid());
	return user ? user->pw_dir : "";
}

char *
conf_absolute(const char *directory, const char *path)
{
	char *out;

	if (!strncmp(path, "~/", 2)) {
		directory = find_home();
		path += 2;
	}
	while (path[0] == '.' && path[1] == '/') {
		for (path += 2; *path == '/';)
			path++;
	}
	if (*path == '/')
		return strdup(path);
	if (!*path || !strcmp(path, "."))
		return strdup(directory);
	if (asprintf(&out, "%s%s%s", directory,
		*directory && directory[strlen(directory) - 1] == '/' ? ""
								      : "/",
		path) < 0)
		return NULL;
	return out;
}

/*
 * Is there something of that name that is no directory?  A link that leads
 * nowhere is: to take it for none would be to run with every default.
 */
static bool
is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) ? !S_ISDIR(st.st_mode) : !lstat(path, &st);
}

/* A file that was named has to be there. */
static char *
find_wanted(
    const char *directory, const char *wanted, struct diagnostics *diagnostics)
{
	struct stat st;

	if (stat(wanted, &st)) {
		diagnostics_add_at(
		    diagnostics, wanted, 0, "%s", strerror(errno));
		return NULL;
	}
	if (S_ISDIR(st.st_mode)) {
		diagnostics_add_at(
		    diagnostics, wanted, 0, "that is a directory, not a file");
		return NULL;
	}
	return conf_absolute(directory, wanted);
}

/* The nearest one from `directory` upwards; `directory` is cut on the way. */
static char *
find_upwards(char *directory)
{
	char *path;

	for (;;) {
		char *slash = strrchr(directory, '/');

		path = conf_absolute(*directory ? directory : "/", file_name);
		if (!path || is_file(path))
			return path;
		free(path);
		if (!slash)
			return NULL;
		*slash = '\0';
	}
}

/*
 * A link counts with the directory that it points to.  One that was found
 * upwards is followed only when it is ours or root's.  Takes `file` over.
 */
static char *
follow_link(char *file, bool is_found, struct diagnostics *diagnostics)
{
	struct stat st;
	char *target;

	if (!file || lstat(file, &st) || !S_ISLNK(st.st_mode))
		return file;
	target = realpath(file, NULL);
	if (target && is_found && st.st_uid && st.st_uid != geteuid()) {
		diagnostics_add_at(diagnostics, file, 0,
		    "not used: the link belongs to another user (uid %ld); "
		    "name the file with -c to use it",
		    (long)st.st_uid);
		free(target);
		target = NULL;
	} else if (!target && stat(file, &st)) {
		diagnostics_add_at(diagnostics, file, 0,
		    "is a link that leads nowhere: %s", strerror(errno));
	} else if (!target) {
		/* A link of /proc leads to a pipe all the same. */
		diagnostics_add_at(
		    diagnostics, file, 0, "is a pipe; a file is wanted");
	}
	free(file);
	return target;
}

int
conf_find_file(const char *wanted, char **path, bool *is_found,
    struct diagnostics *diagnostics)
{
	char *directory, *file;
	bool is_there;

	*path = NULL;
	*is_found = false;
	if (!wanted)
		wanted = getenv("RUNNER_CONF");
	/* Where we are may be gone; it matters only when it is asked for. */
	directory = wanted && *wanted == '/' ? strdup("/") : getcwd(NULL, 0);
	if (!directory) {
		diagnostics_add(
		    diagnostics, "the working directory: %s", strerror(errno));
		return -1;
	}
	if (wanted && *wanted) {
		file = find_wanted(directory, wanted, diagnostics);
	} else {
		file = find_upwards(directory);
		*is_found = file != NULL;
		if (!file && is_file(conf_system_file))
			file = strdup(conf_system_file);
	}
	free(directory);
	is_there = file || (wanted && *wanted);
	*path = follow_link(file, *is_found, diagnostics);
	return is_there && !*path ? -1 : 0;
}

/* Has the group nobody in it but its owner's user, as Debian makes them? */
static bool
is_private_group(gid_t gid, uid_t uid)
{
	const struct group *g = getgrgid(gid);
	const struct passwd *u = getpwuid(uid);

	if (!g || !u || strcmp(g->gr_name, u->pw_name))
		return false;
	for (char **member = g->gr_mem; *member; member++)
		if (strcmp(*member, u->pw_name))
			return false;
	return true;
}

/* May what is in the file be executed?  If not, `why`. */
static bool
is_trusted(const struct stat *st, bool is_found, char *why, size_t why_size)
{
	bool is_loose = st->st_mode & S_IWOTH ||
			(st->st_mode & S_IWGRP && st->st_gid &&
			    !is_private_group(st->st_gid, st->st_uid));

	if (S_ISCHR(st->st_mode) || (!is_found && geteuid()))
		return true;
	if (is_found && st->st_uid && st->st_uid != geteuid()) {
		snprintf(why, why_size,
		    "not used: it was found from the working directory "
		    "upwards and belongs to another user (uid %ld); name it "
		    "with -c to use it",
		    (long)st->st_uid);
		return false;
	}
	if (is_loose)
		snprintf(why, why_size,
		    "not used: others can write it (mode %04o)",
		    (unsigned)st->st_mode & 07777u);
	return !is_loose;
}

char *
conf_load_file(
    const char *file, bool is_found, size_t *size, char *why, size_t why_size)
{
	int fd = open(file, O_RDONLY | FILE_NAMED), error;
	struct stat st;
	char *text = NULL;

	*why = '\0';
	if (fd < 0 || fstat(fd, &st))
		text = NULL;
	else if (S_ISFIFO(st.st_mode))
		snprintf(why, why_size, "is a pipe; a file is wanted");
	else if (is_trusted(&st, is_found, why, why_size))
		text = bytes_read_all(fd, FILE_SIZE_MAX, size);
	error = *why ? EPERM : errno;
	if (!text && !*why)
		snprintf(why, why_size, "cannot be read: %s", strerror(error));
	if (fd >= 0)
		close(fd);
	errno = error;
	return text;
}
