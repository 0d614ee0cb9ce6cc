/*
 * target: where the log's lines go: standard error, or a file by its name.
 *
 * Writes whole lines and never waits.  A pipe or a terminal is opened once
 * more for ourselves, because O_NONBLOCK on the inherited descriptor would be
 * set for everybody who shares it; where that cannot be, it is asked with
 * poll(2) before each write, and a write is no larger than PIPE_BUF.  A file
 * is followed by its name: when it was renamed or removed, by whomever, the
 * next line goes to a new one.
 */
#ifndef RUNNER_TARGET_H
#define RUNNER_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

enum target_kind {
	TARGET_FILE,   /* a regular file or a device: takes all, or fails */
	TARGET_PIPE,   /* or FIFO, or terminal: takes some, may be full */
	TARGET_SOCKET, /* the journal's, for example: the same by send(2) */
};

struct target {
	int fd; /* -1: standard error was closed */
	bool is_owned;
	bool is_nonblocking;
	bool is_midline; /* the last write ended within a line */
	enum target_kind kind;
	dev_t device;
	ino_t inode;
	struct stat keeper; /* of the directory that the file is in */
	char *path;         /* owned; NULL: standard error */
	int64_t max_size_bytes, limit_bytes; /* limit: rotation is due */
	int keep;
};

/*
 * Opens `path` for appending, creating it with mode 0640, or with NULL takes
 * standard error.  `max_size_bytes` 0: never rotated.
 * Returns 0, or -1 with errno; `t` is then as after target_close().
 */
int target_open(
    struct target *t, const char *path, int64_t max_size_bytes, int keep);
void target_close(struct target *t);

/*
 * Writes some of the whole lines in `bytes` (which begins with the rest of a
 * line when the last write ended within one).  Returns how many bytes went, at
 * least 1; or -1 with errno, EAGAIN when it is full for now.
 */
ssize_t target_write(struct target *t, const char *bytes, size_t size);

/* Is standard error what $JOURNAL_STREAM names (systemd.exec(5))? */
bool target_is_journal(void);

#endif
