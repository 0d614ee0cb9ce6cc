#include "failures.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/text.h"
#include "failures_file.h"
#include "os/file.h"
#include "signature/signature.h"

enum {
	/* The sample of a failure that comes often is replaced this rarely. */
	SAMPLE_PAUSE_MS = 60000,
	/* Room is made for several, so that the directory is seldom read. */
	SPARE_PER_TASK = 10,
	SPARE = 50,
};

struct failures_store {
	char *run_root; /* owned */
	int dir;        /* of failures/, or -1: the disk took nothing so far */
	/* How many new files of this task may be made without looking. */
	char task[sizeof(((struct failure *)0)->task)];
	int room;
};

static int
open_directory(struct failures_store *s)
{
	int root_fd, error;

	if (s->dir >= 0)
		return 0;
	root_fd = open(s->run_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return -1;
	s->dir = file_make_directory(root_fd, "failures", 0700);
	error = errno;
	close(root_fd);
	if (s->dir < 0)
		return errno = error, -1;
	file_drafts_remove(s->dir);
	return 0;
}

struct failures_store *
failures_open(const char *run_root)
{
	struct failures_store *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->dir = -1;
	s->run_root = strdup(run_root);
	if (!s->run_root) {
		free(s);
		return NULL;
	}
	open_directory(s);
	return s;
}

void
failures_close(struct failures_store *s)
{
	if (!s)
		return;
	if (s->dir >= 0)
		close(s->dir);
	free(s->run_root);
	free(s);
}

static void
count_one(struct failure *now, const struct failure *kept)
{
	now->count = kept->count + 1;
	now->first_wall_ms = kept->first_wall_ms;
	now->sample_total = kept->sample_total;
	now->sample_size = kept->sample_size;
}

/* The head alone, in place: it is one write within the file's first page. */
static int
rewrite_head(int fd, const struct failure *f, int64_t sampled_wall_ms)
{
	char head[FAILURE_HEAD_SIZE];
	ssize_t n;

	failure_head_write(f, sampled_wall_ms, head);
	n = pwrite(fd, head, sizeof(head), 0);
	if (n >= 0 && n != sizeof(head))
		errno = ENOSPC;
	return n == sizeof(head) ? 0 : -1;
}

/*
 * What is kept of the stderr: all, or its first and last part around a line
 * that says how much is missing.  Returns the number of parts, at most 4.
 */
static int
choose_sample(const struct captured *err, struct iovec part[4], char note[64])
{
	enum { NOTE_ROOM = 64, HALF = (FAILURE_SAMPLE_MAX - NOTE_ROOM) / 2 };
	size_t head = err->head_size, tail = err->tail_size, more = 0;
	size_t first = head < HALF ? head : HALF;

	part[0] = (struct iovec){(void *)err->head, head};
	part[1] = (struct iovec){(void *)err->tail, tail};
	if (!err->left_out && head + tail <= FAILURE_SAMPLE_MAX)
		return 2;
	/* What precedes a short tail is at the end of the head. */
	if (tail > HALF)
		tail = HALF;
	else if (!err->left_out)
		more = HALF - tail;
	if (more > head - first)
		more = head - first;
	part[0].iov_len = first;
	part[1] = (struct iovec){note, 0};
	part[2] = (struct iovec){(char *)err->head + head - more, more};
	part[3] =
	    (struct iovec){(char *)err->tail + err->tail_size - tail, tail};
	part[1].iov_len = (size_t)snprintf(note, NOTE_ROOM,
	    "\n[... %llu bytes left out ...]\n",
	    (unsigned long long)(err->total - first - more - tail));
	return 4;
}

/* A whole new file takes the name, so that no reader sees half a sample. */
static int
replace_file(struct failures_store *s, const char *name, struct failure *f,
    const struct captured *err)
{
	char head[FAILURE_HEAD_SIZE], note[64];
	struct iovec part[5] = {{head, sizeof(head)}};
	int parts = 1;
	size_t size = 0;

	if (err)
		parts += choose_sample(err, part + 1, note);
	for (int i = 1; i < parts; i++)
		size += part[i].iov_len;
	f->sample_total = err ? err->total : 0;
	f->sample_size = (uint32_t)size;
	failure_head_write(f, f->last_wall_ms, head);
	return file_replace(s->dir, name, 0600, part, parts);
}

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
scan_directory(
    int dir, const char *task, struct aged *list, int max, int *of_task)
{
	DIR *entries = file_open_entries(dir, ".", FILE_SAFE);
	const struct dirent *e;
	int n = 0;

	*of_task = 0;
	while (entries && (e = readdir(entries)) && (!list || n < max)) {
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
	if (entries)
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
	n = scan_directory(dir, task, list, max, &of_task);
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

/*
 * When the directory holds `task_max` files of the task, or `all_max` in all,
 * the longest unseen ones go until there are `task_low` and `all_low`.
 * Returns how many more of the task there is room for (at least 1).
 */
static int
prune(int dir, const char *task, int task_low, int task_max, int all_low,
    int all_max)
{
	int of_task, n = scan_directory(dir, task, NULL, 0, &of_task), room;
	int drop_task = of_task >= task_max ? of_task - task_low : 0;
	int drop_all = n >= all_max ? n - all_low : 0;

	if (drop_task || drop_all) {
		drop_oldest(dir, task, drop_task, drop_all, n);
		n = scan_directory(dir, task, NULL, 0, &of_task);
	}
	room = task_max - of_task;
	if (room > all_max - n)
		room = all_max - n;
	return room < 1 ? 1 : room;
}

/* Before a new file: are there too many?  Then the longest unseen ones go. */
static void
make_room(struct failures_store *s, const char *task)
{
	if (s->room > 0 && !strcmp(s->task, task)) {
		s->room--;
		return;
	}
	snprintf(s->task, sizeof(s->task), "%s", task);
	s->room = prune(s->dir, task, FAILURES_PER_TASK_MAX - SPARE_PER_TASK,
	    FAILURES_PER_TASK_MAX, FAILURES_MAX - SPARE, FAILURES_MAX);
	s->room--;
}

static bool
wants_sample(
    const struct failure *kept, int64_t sampled_wall_ms, int64_t wall_ms)
{
	int64_t age_ms = wall_ms - sampled_wall_ms;

	/* A clock that was set back does not keep an old sample for ever. */
	return !kept->sample_size || age_ms < 0 || age_ms >= SAMPLE_PAUSE_MS;
}

int
failures_note(
    struct failures_store *s, struct failure *f, const struct captured *err)
{
	char name[FAILURE_NAME_SIZE];
	struct failure kept;
	int64_t sampled_wall_ms;
	int fd, result;

	f->version = SIGNATURE_VERSION;
	f->count = 1;
	f->first_wall_ms = f->last_wall_ms;
	if (!text_is_name(f->task))
		return errno = EINVAL, -1;
	if (open_directory(s))
		return -1;
	failure_name(f->task, f->signature, name);
	fd = openat(s->dir, name, O_RDWR | FILE_SAFE);
	if (fd < 0) {
		make_room(s, f->task);
		return replace_file(s, name, f, err);
	}
	/* A damaged file begins again, one of a later version stays. */
	if (failure_head_read(fd, &kept, &sampled_wall_ms, NULL)) {
		result = errno;
		close(fd);
		return result == EPROTO ? (errno = EPROTO, -1)
					: replace_file(s, name, f, err);
	}
	count_one(f, &kept);
	if (err && err->total &&
	    wants_sample(&kept, sampled_wall_ms, f->last_wall_ms))
		result = replace_file(s, name, f, err);
	else
		result = rewrite_head(fd, f, sampled_wall_ms);
	close(fd);
	return result;
}

uint64_t
failures_renamed(const char *run_root, const char *task, uint64_t signature)
{
	struct signature_result result = {.value = signature};
	struct signature *s = NULL;
	struct failure f;
	char *sample = NULL;

	if (failures_show(run_root, task, signature, &f, &sample))
		return signature;
	if (f.version != SIGNATURE_VERSION)
		s = signature_new();
	if (s) {
		signature_feed(s, sample, f.sample_size);
		signature_finish(s, &f.outcome, &result);
	}
	signature_free(s);
	free(sample);
	return result.value;
}
