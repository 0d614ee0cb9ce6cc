/*
 * pidfile: RUN_ROOT/NAME.pid and the record locks on it, by which the kernel
 * knows who owns a chain and who wants to.
 *
 * Byte 0 is ownership: whoever holds it owns the chain, for life.  Who owns the
 * chain or means to replace its owner also stands in a queue: it holds the one
 * byte at the offset of its own start, so a lock beyond mine is a runner newer
 * than me, and one that dies leaves the queue at once.  Chains whose name was
 * only derived and that have other tasks stand in queues of their own: nobody
 * makes way for a stranger.  The pid in the file is for people; nothing is ever
 * decided by it.
 *
 * An owner must never open its own pidfile a second time: see lock.h.
 */
#ifndef RUNNER_PIDFILE_H
#define RUNNER_PIDFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	PIDFILE_CONTENT_SIZE = 64,
	PIDFILE_QUEUES = 2047,
	/* Microseconds since boot, 142 years of them, are below this bit. */
	PIDFILE_QUEUE_SHIFT = 52,
};

struct pidfile {
	int fd;           /* or -1 */
	int64_t start_ns; /* my start, on CLOCK_BOOTTIME */
	uint32_t queue;   /* which one is mine */
	int64_t place;    /* my byte in it, or 0: I do not stand there yet */
	char path[4096];
	bool was_there; /* the file existed when it was opened */
	char content[PIDFILE_CONTENT_SIZE]; /* what it held, printable */
	pid_t content_pid;                  /* if that was a pid; else 0 */
};

/*
 * Opens (and makes, 0644) the file.  `queue` below PIDFILE_QUEUES, from
 * pidfile_queue().  Returns 0; or -1 with one line in `why`: it is a symbolic
 * link, not a regular file, or belongs to somebody else.
 */
int pidfile_open(struct pidfile *p, const char *run_root, const char *name,
    int64_t start_ns, uint32_t queue, char *why, size_t why_size);

/* Of a chain with a given name, or of one with these `tasks`. */
uint32_t pidfile_queue(
    bool is_name_given, const char *const *tasks, size_t count);

/* Gives up the place, and ownership if it was had.  The file stays. */
void pidfile_close(struct pidfile *p);

/* Takes my place in the queue, if I have none.  Returns 0, or -1 with errno. */
int pidfile_join(struct pidfile *p);

/*
 * Tries to become the owner, who stands in the queue.  Returns true when the
 * lock is held and the path still names this file; when it names another by
 * now, that one is opened and false returned.
 */
bool pidfile_acquire(struct pidfile *p);

/* The owner's pid, 0 when there is none (or it is me), -1: not of our pid
 * namespace. */
pid_t pidfile_holder(const struct pidfile *p);

/* Does a runner that started after me stand in my queue? */
bool pidfile_has_newer(const struct pidfile *p);

/* Does anybody else stand in any queue, newer or older, owner or not? */
bool pidfile_has_rival(const struct pidfile *p);

/*
 * if_running = allow: a new file of my own takes the name, the other runner
 * keeps the nameless old one.  Returns 0, or -1 with errno.
 */
int pidfile_supplant(struct pidfile *p);

/* Writes my pid and a newline.  Returns 0, or -1 with errno. */
int pidfile_write(struct pidfile *p);

enum pidfile_standing {
	PIDFILE_HELD,   /* as it should be */
	PIDFILE_REMADE, /* it was removed, or replaced by nobody's: made anew */
	PIDFILE_LOST,   /* somebody else owns the chain by now */
	PIDFILE_UNSURE, /* errno says what keeps us from making it anew */
};

/*
 * The owner looks after its file: people remove files.  Writes the pid again
 * where it is not to be read.  A runner that was supplanted keeps what it has.
 */
enum pidfile_standing pidfile_defend(struct pidfile *p);

/*
 * For those who look, never for an owner: who owns the chain?  Returns its
 * pid; 0: nobody; -1 with errno.
 */
pid_t pidfile_owner(const char *run_root, const char *name);

/*
 * The same for one of those, owners or not, who stand in any queue and started
 * before `start_ns`.
 */
pid_t pidfile_older(const char *run_root, const char *name, int64_t start_ns);

/*
 * The same for a runner that was supplanted (if_running = allow), which has the
 * nameless file open.
 */
pid_t pidfile_supplanted(const char *run_root, const char *name);

/*
 * Holds the ownership of a chain that nobody owns, for who cleans up after it:
 * nobody starts it meanwhile.  Returns a descriptor to be closed; or -1 with
 * errno (EAGAIN, EACCES: it has an owner; ENOENT: no such file).
 */
int pidfile_borrow(const char *run_root, const char *name);

#endif
