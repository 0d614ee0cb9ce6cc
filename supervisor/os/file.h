/*
 * file: files that outlive a power cut, and files that are ours.
 *
 * A file that others may read appears whole or not at all: it is written under
 * a temporary name in the same directory (random, so that nobody can lay
 * something there, and two writers never meet), synced, renamed, and the
 * directory synced.  Nothing is opened through a link, nothing waits for the
 * other end of a fifo.  Directories are borrowed descriptors or AT_FDCWD.
 * Each function returns 0 or a descriptor, or -1 with errno, unless it says
 * otherwise.
 */
#ifndef RUNNER_FILE_H
#define RUNNER_FILE_H

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

enum {
	/* Of a name that others could replace: by a link, a fifo, a device. */
	FILE_SAFE = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	/* Of a path that a configuration names: links are meant. */
	FILE_NAMED = O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	/* Of one that a person names: a pipe is meant too, and waited for. */
	FILE_ASKED = O_NOCTTY | O_CLOEXEC,
	FILE_NAME_SIZE = 24,
};

/* A file that has only its temporary name so far. */
struct file_draft {
	int dir; /* borrowed */
	int fd;  /* owned until it is taken over by the caller; or -1 */
	char name[FILE_NAME_SIZE];
};

/* Makes one, open for reading and writing, with just this mode. */
int file_draft_open(struct file_draft *d, int dir, mode_t mode);

/*
 * Syncs it, renames it to `name` in the same directory, syncs that.  On failure
 * the draft is dropped; when only the last sync failed it has its name already.
 * On success the descriptor is the caller's to close.
 */
int file_draft_publish(struct file_draft *d, const char *name);

/*
 * The same without syncing anything: for what is written again all the time,
 * and may be an older one after a power cut.
 */
int file_draft_rename(struct file_draft *d, const char *name);

/* Removes and closes it; errno stays. */
void file_draft_drop(struct file_draft *d);

/*
 * Removes drafts of ours that were left by a process that was killed: those
 * that nobody holds locked (flock(2)).
 */
void file_drafts_remove(int dir);

/* All of it at once: a file of these parts takes the name. */
int file_replace(int dir, const char *name, mode_t mode,
    const struct iovec *parts, int count);

/*
 * fopen(3) for reading and opendir(3), which alone would say nothing of links
 * and fifos: `flags` are FILE_SAFE, FILE_NAMED or FILE_ASKED.  NULL with errno.
 */
FILE *file_open_stream(const char *path, int flags);
DIR *file_open_entries(int at, const char *name, int flags);

/* Closes and fails: returns -1 with that errno. */
int file_close_with(int fd, int error);

/* Writes everything, whatever interrupts it. */
int file_write_all(int fd, const void *bytes, size_t size);

/*
 * Opens a plain file that belongs to us and, when it is opened for writing, has
 * no other name.  `flags` as of open(2), FILE_SAFE is added, with O_CREAT the
 * mode is 0600; `st` may be NULL.
 * errno EPERM: it is a link, a fifo, somebody else's or the like.
 */
int file_open_own(int dir, const char *name, int flags, struct stat *st);

/* Opens a directory; a link to one is none (errno ENOTDIR or ELOOP). */
int file_open_directory(int at, const char *name);

/*
 * The same; made with `mode`, and its name synced, when it is missing.  `at` is
 * a descriptor.  What root makes in another user's directory is made as, and
 * belongs to, that user.  One that is there keeps its mode and owner; errno
 * EPERM: it is neither ours nor root's nor of the owner of `at`.
 */
int file_make_directory(int at, const char *name, mode_t mode);

/*
 * mkdir -p: makes a directory with its parents (0755), their names synced;
 * links on the way are followed.  `*is_new`: the last one was made by us.
 */
int file_make_directories(const char *path, bool *is_new);

/*
 * The same for root, who will give it away, and opens it: nobody but root can
 * exchange a directory on the way, and only links of root are followed.  errno
 * EPERM: somebody can.
 */
int file_make_guarded(const char *path, bool *is_new);

/* Can nobody but root and we exchange what is in that directory? */
bool file_is_guarded(int dir);

/*
 * open(2) of a path that root's configuration names, FILE_NAMED is added. Where
 * another user can exchange a directory or a link on the way, root follows no
 * link at all (errno ELOOP) and opens no file that has a second name (EPERM).
 * `*owner`: whose rights lead there: that user's, or ours.
 */
int file_open_led(const char *path, int flags, mode_t mode, struct stat *owner);

/* Opens the directory that a path lies in; its last word in `*base`. */
int file_open_parent(const char *path, const char **base);

/*
 * Syncs a directory: the names in it outlive a power cut.  A file system that
 * cannot does what it can: no error.
 */
int file_sync_directory(int dir);

/* Do both mean the same file? */
bool file_is_same(const struct stat *a, const struct stat *b);

#endif
