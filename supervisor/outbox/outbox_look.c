#include "outbox_look.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

/* After the name of a file that counts no more. */
static const char seen[] = ",seen";

void
outbox_look(const char *run_root, struct chain_record *c)
{
	char path[4096];
	const struct dirent *d;
	int64_t queued, oldest_wall_ms = 0;
	uint32_t waiting = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/outbox", run_root);
	dir = file_open_entries(AT_FDCWD, path, FILE_SAFE);
	while (dir && (d = readdir(dir))) {
		if (!envelope_parse_name(d->d_name, c->name, &queued))
			continue;
		if (!waiting++ || queued < oldest_wall_ms)
			oldest_wall_ms = queued;
	}
	if (dir)
		closedir(dir);
	if (waiting <= c->outbox_waiting)
		return;
	c->outbox_waiting = waiting;
	c->outbox_oldest_wall_ms = oldest_wall_ms;
}

static DIR *
open_refused(const char *run_root)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/outbox/refused", run_root);
	return file_open_entries(AT_FDCWD, path, FILE_SAFE);
}

/* One that is damaged counts too: somebody was not told. */
static int
read_envelope(
    DIR *dir, const char *name, int64_t queued, struct outbox_entry *e)
{
	int fd = openat(dirfd(dir), name, O_RDONLY | FILE_SAFE);
	char bytes[ENVELOPE_SIZE];
	size_t offset, size;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, bytes, sizeof(bytes));
	close(fd);
	if (n < 0)
		return -1;
	if (!envelope_read(bytes, (size_t)n, e, &offset, &size))
		return 0;
	/* A draft is not whole yet. */
	if (errno != EBADMSG || *name == '.')
		return -1;
	*e = (struct outbox_entry){.channel = "outbox",
	    .queued_wall_ms = queued,
	    .answer = "its file in outbox/refused is damaged"};
	return 0;
}

static void
count_refused(const struct outbox_entry *e, struct refused_channel *rows,
    size_t *count, size_t max)
{
	size_t i = 0;

	while (i < *count && strcmp(rows[i].channel, e->channel))
		i++;
	if (i == max)
		return;
	if (i == *count) {
		rows[i] = (struct refused_channel){0};
		strcpy(rows[i].channel, e->channel);
		++*count;
	}
	rows[i].count++;
	if (e->queued_wall_ms < rows[i].newest_wall_ms)
		return;
	rows[i].newest_wall_ms = e->queued_wall_ms;
	text_copy(rows[i].answer, sizeof(rows[i].answer), e->answer);
}

size_t
outbox_look_refused(const char *run_root, const char *chain,
    struct refused_channel *rows, size_t max)
{
	DIR *dir = open_refused(run_root);
	const struct dirent *d;
	struct outbox_entry e;
	size_t count = 0;
	int64_t queued;

	while (dir && (d = readdir(dir)))
		if (envelope_parse_name(d->d_name, chain, &queued) &&
		    !read_envelope(dir, d->d_name, queued, &e))
			count_refused(&e, rows, &count, max);
	if (dir)
		closedir(dir);
	return count;
}

void
outbox_look_mark_seen(const char *run_root, char (*failed)[STATE_CHANNEL_SIZE],
    size_t failed_count)
{
	DIR *dir = open_refused(run_root);
	char name[ENVELOPE_NAME_SIZE + sizeof(seen)];
	const struct dirent *d;
	struct outbox_entry e;

	while (dir && (d = readdir(dir))) {
		size_t length = strlen(d->d_name), i = 0;

		if ((length >= strlen(seen) &&
			!strcmp(d->d_name + length - strlen(seen), seen)) ||
		    read_envelope(dir, d->d_name, 0, &e))
			continue;
		while (i < failed_count && strcmp(failed[i], e.channel))
			i++;
		if (i < failed_count)
			continue;
		snprintf(name, sizeof(name), "%s%s", d->d_name, seen);
		renameat(dirfd(dir), d->d_name, dirfd(dir), name);
	}
	if (dir)
		closedir(dir);
}
