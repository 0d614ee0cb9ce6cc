/*
 * change: tells when a file was exchanged, as a deploy does it: written again,
 * replaced, made executable, or behind a symbolic link that was set again.
 *
 * inotify(7) on the directories on the way to it, so nobody wakes while nothing
 * happens.  The file is looked at when it has been quiet for a moment: a copy
 * that is half done is none.  What the kernel does not tell (another host on a
 * network file system, no watches left) is not noticed.
 */
#ifndef RUNNER_CHANGE_H
#define RUNNER_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum { CHANGE_WATCHES_MAX = 16 };

struct change {
	int fd; /* to be polled; or -1 */
	struct stat seen;
	size_t base_length; /* of the path */
	int count;
	int watches[CHANGE_WATCHES_MAX]; /* -1: not there */
	int64_t look_ms;                 /* when change_look() is due, or -1 */
	char path[4096];                 /* "": none is noted */
};

/* For one of zeros.  Where there is no inotify, nothing is ever noticed. */
void change_open(struct change *c);
void change_close(struct change *c);

/* What is there now is the state to compare with.  "": nothing. */
void change_note(struct change *c, const char *path);

/*
 * Watches from the directory `base`, above the file, on; a change since
 * change_note() counts.
 */
void change_watch(struct change *c, const char *base, int64_t now_ms);
void change_unwatch(struct change *c);

/* Call when the descriptor is readable. */
void change_read(struct change *c, int64_t now_ms);

/*
 * To be called when look_ms is due, first of all just after change_watch(): is
 * the file another one than was noted?
 */
bool change_look(struct change *c);

#endif
