#include "outbox_refused.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"

enum {
	ENTRIES_MAX = 1 << 20, /* of a folder that somebody filled */
	TRIM_MAX = 64,         /* files removed at once */
};

/* A folder that users share has a refused/ that they share. */
static int
open_refused(struct outbox_folder *f)
{
	struct stat st;

	if (outbox_folder_open(f) || fstat(f->fd, &st))
		return -1;
	return file_make_directory(f->fd, "refused", st.st_mode & 07777);
}

int
outbox_refused_keep(struct outbox_folder *f, const char *name,
    const char *answer, size_t offset)
{
	int fd = open_refused(f), saved = 0;

	if (fd < 0)
		return -1;
	/* That it is missing loses no message. */
	if (answer)
		outbox_folder_fill(f, name, answer, ENVELOPE_ANSWER_SIZE,
		    envelope_answer_offset(offset));
	if (renameat(f->fd, name, fd, name) || file_sync_directory(fd))
		saved = errno;
	close(fd);
	return saved ? errno = saved, -1 : 0;
}

/* Counts our plain files in a folder and names the oldest. */
static size_t
find_oldest(DIR *dir, char oldest[ENVELOPE_NAME_SIZE])
{
	struct timespec least = {0};
	const struct dirent *d;
	size_t count = 0;

	rewinddir(dir);
	for (int i = 0; i < ENTRIES_MAX && (d = readdir(dir)); i++) {
		struct stat st;

		if (fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !outbox_folder_is_own(&st))
			continue;
		if (!count++ || st.st_mtim.tv_sec < least.tv_sec ||
		    (st.st_mtim.tv_sec == least.tv_sec &&
			st.st_mtim.tv_nsec < least.tv_nsec)) {
			least = st.st_mtim;
			snprintf(oldest, ENVELOPE_NAME_SIZE, "%s", d->d_name);
		}
	}
	return count;
}

size_t
outbox_refused_trim(struct outbox_folder *f, size_t keep)
{
	char oldest[ENVELOPE_NAME_SIZE];
	int fd = open_refused(f);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	size_t removed = 0;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (removed < TRIM_MAX && find_oldest(dir, oldest) > keep) {
		if (unlinkat(fd, oldest, 0))
			break;
		removed++;
	}
	closedir(dir);
	return removed;
}
