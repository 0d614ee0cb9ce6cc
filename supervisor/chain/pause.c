#include "pause.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

enum {
	NAME_SIZE = 256,
	LINE_SIZE = PAUSE_TASK_SIZE + 80,
	FILE_SIZE = PAUSES_MAX * LINE_SIZE,
	LOCK_TRIES = 250,
	LOCK_PAUSE_US = 20000,
};

/* Opens what is to be believed. */
static int
open_believed(const char *path, uid_t owner)
{
	int fd = open(path, O_RDONLY | FILE_SAFE);
	struct stat st;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    (st.st_uid == 0 || st.st_uid == geteuid() || st.st_uid == owner) &&
	    !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return fd;
	close(fd);
	return errno = EPERM, -1;
}

static bool
read_line(const char *line, struct pause *p)
{
	unsigned long user;
	int end = 0;

	*p = (struct pause){0};
	if (sscanf(line, "%207s %" SCNd64 " %" SCNd64 " %lu%n", p->task,
		&p->since_wall_ms, &p->until_wall_ms, &user, &end) != 4 ||
	    line[end] || p->since_wall_ms < 0 || p->until_wall_ms < 0)
		return false;
	p->user = (uid_t)user;
	if (!strcmp(p->task, "*"))
		p->task[0] = '\0';
	return !*p->task || text_is_name(p->task);
}

/* Its frame is large: not of those who have no such file. */
static __attribute__((noinline)) int
read_lines(struct pauses *p, int fd)
{
	char text[FILE_SIZE + 1], *line = text, *end;
	ssize_t n = read(fd, text, sizeof(text));

	if (n < 0)
		return -1;
	if (n == (ssize_t)sizeof(text))
		return errno = EBADMSG, -1;
	text[n] = '\0';
	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (p->count == PAUSES_MAX ||
		    !read_line(line, &p->list[p->count]))
			return errno = EBADMSG, -1;
		p->count++;
	}
	return *line ? (errno = EBADMSG, -1) : 0;
}

int
pauses_lock(const char *run_root)
{
	int fd = open(run_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int tries = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) &&
			    errno == EWOULDBLOCK && tries < LOCK_TRIES;
	     tries++)
		usleep(LOCK_PAUSE_US);
	return fd;
}

const char *
pauses_fault(int error)
{
	return error == EBADMSG ? "is damaged; remove it"
	       : error == EPERM
		   ? "belongs to somebody else, or others can write it"
		   : "cannot be read";
}

int
pauses_read(
    struct pauses *p, const char *run_root, const char *chain, uid_t owner)
{
	char path[4096];
	int fd, result, error;

	/* Mostly there is none, as there was none: not a page is written. */
	if (p->count)
		p->count = 0;
	if ((size_t)snprintf(path, sizeof(path), "%s/%s.pause", run_root,
		chain) >= sizeof(path))
		return errno = ENAMETOOLONG, -1;
	fd = open_believed(path, owner);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	result = read_lines(p, fd);
	error = errno;
	close(fd);
	if (result)
		p->count = 0;
	errno = error;
	return result;
}

int
pauses_write(const struct pauses *p, const char *run_root, const char *chain)
{
	char name[NAME_SIZE], text[FILE_SIZE];
	struct iovec part = {.iov_base = text};
	int dir = open(run_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result, error;

	if (dir < 0)
		return -1;
	snprintf(name, sizeof(name), "%s.pause", chain);
	for (size_t i = 0; i < p->count; i++) {
		const struct pause *one = &p->list[i];

		part.iov_len += (size_t)snprintf(text + part.iov_len,
		    sizeof(text) - part.iov_len,
		    "%s %" PRId64 " %" PRId64 " %lu\n",
		    *one->task ? one->task : "*", one->since_wall_ms,
		    one->until_wall_ms, (unsigned long)one->user);
	}
	if (p->count)
		result = file_replace(dir, name, 0644, &part, 1);
	else if ((result = unlinkat(dir, name, 0)) && errno == ENOENT)
		result = 0;
	else if (!result)
		result = file_sync_directory(dir);
	error = errno;
	close(dir);
	errno = error;
	return result;
}

static bool
is_over(const struct pause *p, int64_t wall_ms)
{
	return p->until_wall_ms && p->until_wall_ms <= wall_ms;
}

static bool
is_longer(const struct pause *a, const struct pause *b)
{
	return !a->until_wall_ms ||
	       (b->until_wall_ms && a->until_wall_ms > b->until_wall_ms);
}

const struct pause *
pauses_of(const struct pauses *p, const char *task, int64_t wall_ms)
{
	const struct pause *found = NULL;

	for (size_t i = 0; i < p->count; i++) {
		const struct pause *one = &p->list[i];

		if (is_over(one, wall_ms) ||
		    (*one->task && (!task || strcmp(one->task, task) != 0)))
			continue;
		if (!found || is_longer(one, found))
			found = one;
	}
	return found;
}

bool
pauses_remove(struct pauses *p, const struct pause *one)
{
	size_t kept = 0, removed = 0;

	for (size_t i = 0; i < p->count; i++) {
		if (is_over(&p->list[i], one->since_wall_ms))
			continue;
		if (*one->task && strcmp(p->list[i].task, one->task) != 0)
			p->list[kept++] = p->list[i];
		else
			removed++;
	}
	p->count = kept;
	return removed;
}

bool
pauses_add(struct pauses *p, const struct pause *one)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->list[i].task, one->task) != 0 &&
		    !is_over(&p->list[i], one->since_wall_ms))
			p->list[kept++] = p->list[i];
	p->count = kept;
	if (kept == PAUSES_MAX)
		return false;
	p->list[p->count++] = *one;
	return true;
}
