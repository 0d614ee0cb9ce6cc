#include "change.h"

#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
	QUIET_MS = 250,
	WATCHED =
	    IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB | IN_ONLYDIR,
};

void
change_open(struct change *c)
{
	c->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	c->look_ms = -1;
}

void
change_close(struct change *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

void
change_note(struct change *c, const char *path)
{
	snprintf(c->path, sizeof(c->path), "%s", path);
	if (!*path || stat(path, &c->seen))
		c->seen = (struct stat){0};
}

/*
 * One watch for each directory on the way, from the base on; again when one was
 * made or exchanged meanwhile.
 */
static void
watch_way(struct change *c)
{
	char directory[sizeof(c->path)];
	size_t length = c->base_length;
	int at = 0;

	for (; at < CHANGE_WATCHES_MAX && c->path[length] == '/'; at++) {
		int old = at < c->count ? c->watches[at] : -1;

		snprintf(
		    directory, sizeof(directory), "%.*s", (int)length, c->path);
		c->watches[at] = inotify_add_watch(c->fd, directory, WATCHED);
		if (old >= 0 && old != c->watches[at])
			inotify_rm_watch(c->fd, old);
		length += 1 + strcspn(c->path + length + 1, "/");
	}
	c->count = at;
}

void
change_watch(struct change *c, const char *base, int64_t now_ms)
{
	size_t length = strlen(base);

	if (c->fd < 0 || !*c->path || strncmp(c->path, base, length) != 0)
		return;
	c->base_length = length;
	/* It may have been changed before we watched. */
	c->look_ms = now_ms;
}

void
change_unwatch(struct change *c)
{
	/* What is a directory twice ("a/./b") is one watch. */
	while (c->count)
		inotify_rm_watch(c->fd, c->watches[--c->count]);
	c->look_ms = -1;
	c->path[0] = '\0';
}

/* Is it of a name on the way to the file?  One without a name counts too. */
static bool
is_on_way(const struct change *c, const struct inotify_event *e)
{
	const char *word = c->path + c->base_length;

	for (int at = 0; at < c->count && e->len; at++) {
		size_t length = strcspn(++word, "/");

		if (c->watches[at] == e->wd && strlen(e->name) == length &&
		    !memcmp(word, e->name, length))
			return true;
		word += length;
	}
	return !e->len;
}

void
change_read(struct change *c, int64_t now_ms)
{
	_Alignas(struct inotify_event) char events[4096];
	const struct inotify_event *e;
	ssize_t size;

	while ((size = read(c->fd, events, sizeof(events))) > 0)
		for (char *at = events; at < events + size;
		     at += sizeof(*e) + e->len) {
			e = (const void *)at;
			if (c->count && is_on_way(c, e))
				c->look_ms = now_ms + QUIET_MS;
		}
}

bool
change_look(struct change *c)
{
	struct stat now;

	c->look_ms = -1;
	if (*c->path)
		watch_way(c);
	return *c->path && !stat(c->path, &now) &&
	       (now.st_dev != c->seen.st_dev || now.st_ino != c->seen.st_ino ||
		   now.st_size != c->seen.st_size ||
		   now.st_mode != c->seen.st_mode ||
		   now.st_mtim.tv_sec != c->seen.st_mtim.tv_sec ||
		   now.st_mtim.tv_nsec != c->seen.st_mtim.tv_nsec);
}
