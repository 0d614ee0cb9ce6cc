/*
 * rotate: FILE becomes FILE.1, FILE.1 becomes FILE.2, and so on.
 *
 * Several processes append to one file and any of them may find it too large.
 * A lock on the file itself (flock(2), so it goes with the inode when that is
 * renamed), and a look whether the name still leads there, see to it that one
 * of them rotates and the others follow.  Nobody waits for the lock.
 *
 * A symbolic link stays and its target is rotated, in its own directory.  What
 * is no regular file is never renamed, nor is what a link of /proc leads to:
 * /dev/stdout leads to the file of whoever redirected it.
 */
#ifndef RUNNER_ROTATE_H
#define RUNNER_ROTATE_H

#include <stdint.h>

/*
 * `fd` is open for writing on the file that `path` named a moment ago.  When
 * it still does, and `incoming` bytes more would carry the file beyond
 * `max_size`, keeps the `keep` last ones (0: the file is emptied).
 * Returns 0 when there is room now, here or in the file that `path` leads to
 * (open it again); -1 with errno when nothing could be done, EWOULDBLOCK when
 * another process is at it, EPERM when it must not be renamed.
 */
int rotate_file(
    const char *path, int fd, int64_t incoming, int64_t max_size, int keep);

#endif
