/*
 * lock: record locks (fcntl(2)), by which the kernel knows who has what.
 *
 * A process loses all its record locks on a file when it closes ANY descriptor
 * of it, and with its death; a child inherits none.
 */
#ifndef RUNNER_LOCK_H
#define RUNNER_LOCK_H

#include <stdint.h>
#include <sys/types.h>

/*
 * Takes the `length` bytes from `start` on for writing (0: to the end).
 * Returns 0; or -1 with errno (EAGAIN, EACCES: another process has it).
 */
int lock_take(int fd, int64_t start, int64_t length);
void lock_drop(int fd, int64_t start, int64_t length);

/*
 * Who holds a lock for writing there?  Returns a pid; 0: nobody but readers,
 * or we; -1: a process that is in another pid namespace and has no number here.
 * The pid is that of the process that took the lock.  Whoever shares its
 * descriptors (clone(2) with CLONE_FILES) may hold the lock after its end, when
 * the number goes to a stranger.
 */
pid_t lock_holder(int fd, int64_t start, int64_t length);

#endif
