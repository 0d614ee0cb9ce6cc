/* Keeps the kept failures within their number: the oldest are removed. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failures_file.h"

struct aged {
	char name[FAILURE_NAME_SIZE];
	bool is_of_task;
	struct timespec seen; /* the file's mtime: every note writes to it */
};

static int
by_age(const void *a, const void *b)
{
	const struct timespec *x = &((const struct aged *)a)->seen;
	const struct timespec *y = &((const struct aged *)b)->seen;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return x->tv_nsec < y->tv_nsec ? -1 : x->tv_nsec > y->tv_nsec;
}

static bool
is_of_task(const char *name, const char *task)
{
	size_t length = strlen(task);

	return !strncmp(name, task, length) && name[length] == ',';
}

/* Counts; with `list`, fills it in, at most `max`. */
static int
scan_folder(int dir, const char *task, struct aged *list, int max, int *of_task)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), n = 0;
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	*of_task = 0;
	if (!entries) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while ((e = readdir(entries)) && (!list || n < max)) {
		struct stat st;

		if (e->d_name[0] == '.' || !strchr(e->d_name, ',') ||
		    strlen(e->d_name) >= FAILURE_NAME_SIZE)
			continue;
		*of_task += is_of_task(e->d_name, task);
		if (list &&
		    !fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW)) {
			snprintf(list[n].name, sizeof(list[n].name), "%.239s",
			    e->d_name);
			list[n].is_of_task = is_of_task(e->d_name, task);
			list[n].seen = st.st_mtim;
		}
		n++;
	}
	closedir(entries);
	return n;
}

static void
drop_oldest(int dir, const char *task, int drop_task, int drop_all, int max)
{
	struct aged *list = calloc((size_t)max, sizeof(*list));
	int of_task, n;

	if (!list)
		return;
	n = scan_folder(dir, task, list, max, &of_task);
	qsort(list, (size_t)n, sizeof(*list), by_age);
	for (int i = 0; i < n && (drop_task > 0 || drop_all > 0); i++) {
		if (drop_all <= 0 && !list[i].is_of_task)
			continue;
		if (unlinkat(dir, list[i].name, 0))
			continue;
		drop_all--;
		drop_task -= list[i].is_of_task;
	}
	free(list);
}

int
failures_prune(int dir, const char *task, int task_low, int task_max,
    int all_low, int all_max)
{
	int of_task, n = scan_folder(dir, task, NULL, 0, &of_task), room;
	int drop_task = of_task >= task_max ? of_task - task_low : 0;
	int drop_all = n >= all_max ? n - all_low : 0;

	if (drop_task || drop_all) {
		drop_oldest(dir, task, drop_task, drop_all, n);
		n = scan_folder(dir, task, NULL, 0, &of_task);
	}
	room = task_max - of_task;
	if (room > all_max - n)
		room = all_max - n;
	return room < 1 ? 1 : room;
}
