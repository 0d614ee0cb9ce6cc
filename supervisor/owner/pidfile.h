/*
 * pidfile: RUN_ROOT/NAME.pid for people, and RUN_ROOT/NAME.lock with the record
 * locks by which the kernel knows who owns a chain and who wants to.
 *
 * What others can open they can lock: NAME.lock has mode 0600, NAME.pid is
 * readable by all.  Byte 0 of NAME.lock is ownership: whoever holds it owns the
 * chain, for life.  Who owns the chain or means to replace its owner also is in
 * a queue: it holds the one byte at the offset of its own start, so a lock
 * beyond mine is a runner newer than me, and one that dies leaves the queue at
 * once.  Chains whose name was only derived and that have other tasks are in
 * queues of their own: nobody makes way for a stranger.
 *
 * runner 1.0.0 locks byte 0 of NAME.pid instead.  An owner holds that too, and
 * nobody becomes one while another process has it for writing; a lock for
 * reading, which any user may take there, means nothing.
 *
 * The pid in the file is for people; nothing is ever decided by it.  To root
 * the pid that a lock names is an owner only if that process was started by the
 * file's owner and has that very file open: see lock.h.
 *
 * An owner must never open its own files a second time: see lock.h.
 */
#ifndef RUNNER_PIDFILE_H
#define RUNNER_PIDFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum {
	PIDFILE_PATH_SIZE = 4096,
	PIDFILE_CONTENT_SIZE = 64,
	PIDFILE_QUEUES = 2047,
	/* Microseconds since boot, 142 years of them, are below this bit. */
	PIDFILE_QUEUE_SHIFT = 52,
};

struct pidfile {
	int lock_fd;            /* of NAME.lock, or -1 */
	int fd;                 /* of NAME.pid, or -1 */
	pid_t pid;              /* mine */
	int64_t start_ns;       /* my start, on CLOCK_BOOTTIME */
	uint32_t queue;         /* which one is mine */
	int64_t queue_byte;     /* my byte in it, or 0: I am not in it yet */
	char *path, *lock_path; /* owned */
	bool was_there;         /* NAME.pid existed when it was opened */
	char content[PIDFILE_CONTENT_SIZE]; /* what it held, printable */
	pid_t content_pid;                  /* if that was a pid; else 0 */
};

/*
 * Opens (and makes) both files.  `queue` below PIDFILE_QUEUES, from
 * pidfile_queue().  Returns 0; or -1 with one line in `why`: one is a symbolic
 * link, not a regular file, or belongs to somebody else.
 */
int pidfile_open(struct pidfile *p, const char *run_root, const char *name,
    int64_t start_ns, uint32_t queue, char *why, size_t why_size);

/* Of a chain with a given name, or of one with these `tasks`. */
uint32_t pidfile_queue(
    bool is_name_given, const char *const *tasks, size_t count);

/* Leaves the queue, and gives up ownership if it was had.  The files stay. */
void pidfile_close(struct pidfile *p);

/* Enters the queue, if I am not in it.  Returns 0, or -1 with errno. */
int pidfile_join(struct pidfile *p);

/*
 * Tries to become the owner, who is in the queue.  Returns 1 when the lock is
 * held and the path still names this file; 0, not now (when the path names
 * another file by now, that one is opened); -1 with errno: there are no locks
 * here, or the files cannot be had.
 */
int pidfile_acquire(struct pidfile *p);

/*
 * The owner's pid, 0 when there is none (or it is me), -1: it cannot be told,
 * as it is not of our pid namespace or the lock's word is not to be believed.
 */
pid_t pidfile_holder(const struct pidfile *p);

/* Is a runner that started after me in my queue? */
bool pidfile_has_newer(const struct pidfile *p);

/* Is anybody else in any queue, newer or older, owner or not? */
bool pidfile_has_rival(const struct pidfile *p);

/*
 * Does NAME.lock still mean the file that I hold?  An owner asks before it
 * gives a name to what belongs to the chain.
 */
bool pidfile_is_current(const struct pidfile *p);

/*
 * A NAME.lock that no owner had written to when pidfile_find_hidden() found
 * nobody: while it keeps its name, no runner can have lost its files since.
 */
struct pidfile_unused {
	ino_t inode; /* 0: there was none */
	struct timespec changed;
};

/*
 * For who starts many: makes NAME.lock.  Returns whether it is empty;
 * then call pidfile_find_hidden() for any chain, PIDFILE_SEEN_MS later: a file
 * made after that has another time.
 */
enum { PIDFILE_SEEN_MS = 20 };
bool pidfile_make_lock(
    const char *run_root, const char *name, struct pidfile_unused *seen);

/*
 * Has nobody who owned the chain written to this NAME.lock yet, and was it not
 * `seen` (may be NULL)?  Then there may be an owner whose files were removed.
 */
bool pidfile_is_new(const struct pidfile *p, const struct pidfile_unused *seen);

/*
 * if_running = allow: new files of my own take the names, the other runner
 * keeps the nameless old ones.  Returns 0, or -1 with errno.
 */
int pidfile_supplant(struct pidfile *p);

/* Writes my pid and a newline.  Returns 0, or -1 with errno. */
int pidfile_write(struct pidfile *p);

enum pidfile_standing {
	PIDFILE_HELD,   /* as it should be */
	PIDFILE_REMADE, /* it was removed or replaced, and is made again */
	PIDFILE_LOST,   /* somebody else owns the chain by now, or did since */
	PIDFILE_UNSURE, /* errno says what keeps us from making it again */
};

/*
 * The owner looks after its files: people remove files.  Writes the pid again
 * where it is not to be read.  A runner that was supplanted keeps what it has.
 */
enum pidfile_standing pidfile_defend(struct pidfile *p);

/*
 * Another runner whose files were removed and that holds them still, or 0.  It
 * is looked for among all processes: not often.
 */
pid_t pidfile_find_nameless(const struct pidfile *p);

/*
 * For those who look, never for an owner: who owns the chain?  Returns its
 * pid; 0: nobody; -1: it cannot be told, or errno.
 */
pid_t pidfile_find_owner(const char *run_root, const char *name);

/*
 * The same for one of those, owners or not, who are in any queue and started
 * before `start_ns`.
 */
pid_t pidfile_find_older(
    const char *run_root, const char *name, int64_t start_ns);

/*
 * The same for a runner that was supplanted (if_running = allow) or whose files
 * were removed.  `name` NULL: of any chain.
 */
pid_t pidfile_find_hidden(const char *run_root, const char *name);

/*
 * Holds the ownership of a chain that nobody owns, for who cleans up after it:
 * nobody starts it meanwhile.  Returns 0; or -1 with errno (EAGAIN, EACCES: it
 * has an owner; ENOENT: there are no such files).  `fds` are given back in any
 * case.
 */
int pidfile_borrow(const char *run_root, const char *name, int fds[2]);
void pidfile_give_back(const int fds[2]);

#endif
