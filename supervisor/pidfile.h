/*
 * pidfile: RUN_ROOT/NAME.pid and the record locks on it (fcntl(2)), by which
 * the kernel knows who owns a chain and who wants to.
 *
 * Byte 0 is ownership: whoever holds it owns the chain, for life.  Every runner
 * that starts also holds the one byte at the offset of its own start on
 * CLOCK_BOOTTIME, so the kernel keeps the queue too: a lock beyond mine is a
 * runner newer than me, and one that dies leaves the queue at once.  The pid in
 * the file is for people; nothing is ever decided by it.
 *
 * A process loses its record locks when it closes ANY descriptor of the file:
 * an owner must never open its own pidfile a second time.
 */
#ifndef RUNNER_PIDFILE_H
#define RUNNER_PIDFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PIDFILE_CONTENT_SIZE = 64 };

struct pidfile {
	int fd; /* or -1 */
	int64_t stamp; /* my place in the queue: my start, in ns */
	char path[4096];
	bool was_there; /* the file existed when it was opened */
	char content[PIDFILE_CONTENT_SIZE]; /* what it held, printable */
	pid_t content_pid; /* if that was a pid; else 0 */
};

/*
 * Opens (and makes, 0644) the file and takes a place in the queue.
 * Returns 0; or -1 with one line in `why`: it is a symbolic link, not a regular
 * file, or belongs to somebody else.
 */
int pidfile_open(struct pidfile *p, const char *run_root, const char *name,
    int64_t start_ns, char *why, size_t why_size);

/* Gives up the place, and ownership if it was had.  The file stays. */
void pidfile_close(struct pidfile *p);

/*
 * Tries to become the owner.  Returns true when the lock is held and the path
 * still names this file; when it names another by now, that one is opened and
 * false returned.
 */
bool pidfile_acquire(struct pidfile *p);

/* The owner's pid, 0 when there is none (or it is me), -1: not of our pid
 * namespace. */
pid_t pidfile_holder(const struct pidfile *p);

/* Is there a runner of this chain that started after me? */
bool pidfile_has_newer(const struct pidfile *p);

/* Does anybody else stand in the queue, newer or older, owner or not? */
bool pidfile_has_rival(const struct pidfile *p);

/*
 * if_running = allow: a new file of my own takes the name, the other runner
 * keeps the nameless old one.  Returns 0, or -1 with errno.
 */
int pidfile_supplant(struct pidfile *p);

/* Writes my pid and a newline.  Returns 0, or -1 with errno. */
int pidfile_write(struct pidfile *p);

/*
 * For those who look, never for an owner: who owns the chain?  Returns its
 * pid; 0: nobody; -1 with errno.
 */
pid_t pidfile_owner(const char *run_root, const char *name);

#endif
