/*
 * nameless: who still has a file open that lost its name in a directory?  A
 * runner goes on by its open files when somebody removed them, or the whole
 * directory.
 */
#ifndef RUNNER_NAMELESS_H
#define RUNNER_NAMELESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Is it such a file?  `fd` is the process's file, opened a second time for
 * reading; `name` is what it was below the directory.
 */
typedef bool nameless_match(int fd, const char *name, pid_t pid, void *data);

/*
 * The first process but ours that holds a lock on the first byte of such a
 * file, or 0.  Where the kernel does not show all locks, all processes are
 * looked at: not often.
 */
pid_t nameless_find(const char *directory, nameless_match *match, void *data);

#endif
