/* Reads kept failures, whole or not, of every chain of a run_root. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/file.h"
#include "failures_file.h"
#include "base/text.h"

/* What is found, before it is shown in order. */
struct found {
	struct failure *list;
	size_t count, size;
};

static int
keep_one(struct found *all, const struct failure *f)
{
	if (all->count == all->size) {
		size_t size = all->size ? 2 * all->size : 64;
		struct failure *list =
		    reallocarray(all->list, size, sizeof(*list));

		if (!list)
			return -1;
		all->list = list;
		all->size = size;
	}
	all->list[all->count++] = *f;
	return 0;
}

static int
by_last(const void *a, const void *b)
{
	const struct failure *x = a, *y = b;

	if (x->last_wall_ms != y->last_wall_ms)
		return x->last_wall_ms < y->last_wall_ms ? -1 : 1;
	return x->signature < y->signature ? -1 : x->signature > y->signature;
}

/* Does the file say of itself what its name says? */
static bool
is_named_right(const char *name, const struct failure *f)
{
	char want[FAILURE_NAME_SIZE];

	failure_name(f->task, f->signature, want);
	return text_is_name(f->task) && !strcmp(want, name);
}

/*
 * Opens and reads one; returns its descriptor or -1, with `*what` what is wrong
 * with it, or NULL when it went away.
 */
static int
open_one(int dir, const char *name, struct failure *f, const char **what)
{
	int64_t sampled_wall_ms;
	int fd = openat(dir, name, O_RDONLY | FILE_SAFE);

	*what = NULL;
	if (fd < 0) {
		if (errno != ENOENT)
			*what = strerror(errno);
		return -1;
	}
	/* While it is written in place its first page may look torn: again. */
	for (int i = 0; i < 3; i++) {
		if (!failure_head_read(fd, f, &sampled_wall_ms, what)) {
			if (is_named_right(name, f))
				return fd;
			*what = "its name and its content disagree";
			break;
		}
		if (!*what)
			*what = strerror(errno);
	}
	close(fd);
	return errno = EBADMSG, -1;
}

static int
collect(DIR *entries, struct found *all, failures_warner *warn, void *data)
{
	const struct dirent *e;
	const char *what;
	struct failure f;

	while ((e = readdir(entries))) {
		int fd;

		if (e->d_name[0] == '.')
			continue;
		fd = open_one(dirfd(entries), e->d_name, &f, &what);
		if (fd < 0) {
			if (what && warn)
				warn(e->d_name, what, data);
			continue;
		}
		close(fd);
		if (keep_one(all, &f))
			return -1;
	}
	return 0;
}

static DIR *
open_entries(const char *run_root)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/failures", run_root);
	return opendir(path);
}

int
failures_each(const char *run_root, failures_visitor *visit,
    failures_warner *warn, void *data)
{
	DIR *entries = open_entries(run_root);
	struct found all = {0};
	int result;

	/* No folder: nothing has failed yet. */
	if (!entries)
		return errno == ENOENT ? 0 : -1;
	result = collect(entries, &all, warn, data);
	closedir(entries);
	if (!result) {
		if (all.count)
			qsort(all.list, all.count, sizeof(*all.list), by_last);
		for (size_t i = 0; i < all.count; i++)
			visit(&all.list[i], data);
	}
	free(all.list);
	return result;
}

static int
read_sample(int fd, const struct failure *f, char **sample)
{
	char *bytes = malloc((size_t)f->sample_size + 1);
	ssize_t n;

	if (!bytes)
		return -1;
	n = pread(fd, bytes, f->sample_size, FAILURE_HEAD_SIZE);
	if (n != (ssize_t)f->sample_size) {
		free(bytes);
		return errno = EBADMSG, -1;
	}
	bytes[n] = '\0';
	*sample = bytes;
	return 0;
}

/* The name of the file with this signature, of any task. */
static int
find_signature(DIR *entries, uint64_t signature, char name[FAILURE_NAME_SIZE])
{
	const struct dirent *e;
	char digits[17];

	text_format_hex64(signature, digits);
	while ((e = readdir(entries))) {
		const char *comma = strrchr(e->d_name, ',');

		if (e->d_name[0] == '.' || !comma || strcmp(comma + 1, digits))
			continue;
		snprintf(name, FAILURE_NAME_SIZE, "%.239s", e->d_name);
		return 0;
	}
	return errno = ENOENT, -1;
}

int
failures_show(const char *run_root, const char *task, uint64_t signature,
    struct failure *f, char **sample)
{
	DIR *entries = open_entries(run_root);
	char name[FAILURE_NAME_SIZE];
	const char *what;
	int fd = -1, result = -1, error;

	if (!entries)
		return -1;
	if (task)
		failure_name(task, signature, name);
	if (task || !find_signature(entries, signature, name))
		fd = open_one(dirfd(entries), name, f, &what);
	if (fd >= 0)
		result = read_sample(fd, f, sample);
	error = errno;
	if (fd >= 0)
		close(fd);
	closedir(entries);
	errno = error;
	return result;
}
