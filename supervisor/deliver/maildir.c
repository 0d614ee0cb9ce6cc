#include "maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "os/file.h"
#include "os/identity.h"

enum { TMP, NEW, CUR, DIRECTORIES };
enum { NAME_SIZE = 200 }; /* leaves room for what readers add */

static const char *const directory_names[DIRECTORIES] = {"tmp", "new", "cur"};

struct maildir {
	int root_fd;
	int fd[DIRECTORIES];
	char name[NAME_SIZE]; /* UNIQUE.HOST */
	char tmp_name[NAME_SIZE + 24];
};

/* An errno as an exit status: does an operator have to correct it? */
static int
status_of_errno(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case EPERM:
	case EROFS:
	case ELOOP:
	case ENAMETOOLONG:
		return EX_CONFIG;
	default:
		return EX_TEMPFAIL;
	}
}

static void
maildir_close(struct maildir *m)
{
	for (int i = 0; i < DIRECTORIES; i++)
		if (m->fd[i] >= 0)
			close(m->fd[i]);
	if (m->root_fd >= 0)
		close(m->root_fd);
}

/*
 * The directories, made where they are missing.  Root does it all as who is to
 * read the mail: whose the directory is, or the one that it lies in.
 */
static int
maildir_open(struct maildir *m, const char *path)
{
	const char *base;
	int parent = file_open_parent(path, &base);
	struct stat owner;

	for (int i = 0; i < DIRECTORIES; i++)
		m->fd[i] = -1;
	m->root_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->root_fd < 0 && errno == ENOENT && parent >= 0)
		m->root_fd = file_make_directory(parent, base, S_IRWXU);
	if (parent >= 0)
		close(parent);
	if (m->root_fd < 0 || fstat(m->root_fd, &owner))
		return -1;
	if (!geteuid())
		identity_make_as(owner.st_uid, owner.st_gid);
	for (int i = 0; i < DIRECTORIES; i++) {
		m->fd[i] = file_make_directory(
		    m->root_fd, directory_names[i], S_IRWXU);
		if (m->fd[i] < 0)
			return -1;
	}
	return 0;
}

/*
 * The host's name is part of the file's, its '/' and ':' written in octal as
 * the convention says.  A file whose name starts with a dot would be ignored.
 */
static void
maildir_name(struct maildir *m, const char *unique)
{
	char host[HOST_NAME_MAX + 1] = "localhost";
	struct text name;

	if (gethostname(host, sizeof(host)) || !*host)
		strcpy(host, "localhost");
	host[sizeof(host) - 1] = '\0';
	text_init(&name, m->name, sizeof(m->name));
	text_addf(&name, "%s%s.", *unique == '.' ? "_" : "", unique);
	for (const char *c = host; *c; c++)
		if (*c == '/' || *c == ':')
			text_addf(&name, "\\%03o", *c);
		else
			text_add(&name, c, 1);
	snprintf(m->tmp_name, sizeof(m->tmp_name), "%s,%ld", m->name,
	    (long)getpid());
}

/*
 * Walks a directory for entries that are `name`, or start with it and then
 * `separator`; they are removed, or the first one ends the search.
 * Returns whether there was one.
 */
static bool
directory_find(int fd, const char *name, char separator, bool is_removed)
{
	DIR *directory = file_open_entries(fd, ".", FILE_SAFE);
	size_t length = strlen(name);
	struct dirent *entry;
	bool is_found = false;

	if (!directory)
		return false;
	while ((entry = readdir(directory)) && (is_removed || !is_found)) {
		if (strncmp(entry->d_name, name, length) ||
		    (entry->d_name[length] &&
			entry->d_name[length] != separator))
			continue;
		is_found = true;
		if (is_removed)
			unlinkat(fd, entry->d_name, 0);
	}
	closedir(directory);
	return is_found;
}

/* Writes the file in tmp and moves it. */
static int
maildir_write(const struct maildir *m, const struct body *body)
{
	int fd = openat(m->fd[TMP], m->tmp_name,
	    O_WRONLY | O_CREAT | O_EXCL | FILE_SAFE, S_IRUSR | S_IWUSR);
	bool is_bad;

	if (fd < 0)
		return -1;
	is_bad = file_write_all(fd, body->data, body->size) || fsync(fd);
	is_bad |= close(fd) != 0;
	if (is_bad || renameat(m->fd[TMP], m->tmp_name, m->fd[NEW], m->name)) {
		int error = errno;

		unlinkat(m->fd[TMP], m->tmp_name, 0);
		errno = error;
		return -1;
	}
	return fsync(m->fd[NEW]);
}

int
maildir_deliver(const char *path, const char *unique, const struct body *body,
    struct text *words)
{
	struct maildir m;
	int status = EX_OK;

	maildir_name(&m, unique);
	if (maildir_open(&m, path)) {
		status = status_of_errno(errno);
		text_addf(words, "maildir %s: %m", path);
	} else if (directory_find(m.fd[NEW], m.name, '\0', false)) {
		text_addf(words, "delivered before to %s/new/%s", path, m.name);
	} else if (directory_find(m.fd[CUR], m.name, ':', false)) {
		text_addf(words, "delivered before to %s/cur/%s", path, m.name);
	} else {
		/* What attempts that were killed have left. */
		directory_find(m.fd[TMP], m.name, ',', true);
		if (maildir_write(&m, body)) {
			status = status_of_errno(errno);
			text_addf(words, "maildir %s: %m", path);
		} else {
			text_addf(
			    words, "delivered to %s/new/%s", path, m.name);
		}
	}
	maildir_close(&m);
	identity_make_as(geteuid(), getegid());
	return status;
}
