/*
 * process: other processes, as /proc and the kernel tell of them.
 *
 * A pid is only a number that is used again.  A process is known here by its
 * pid and the time it started (both kept by the kernel), it is signalled
 * through a pidfd, and only after its identity was proven with the pidfd open.
 */
#ifndef RUNNER_PROCESS_H
#define RUNNER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#define PROCESS_MARK "RUNNER_MARK"

/* 32 hexadecimal digits and NUL. */
enum { PROCESS_MARK_SIZE = 33 };

/*
 * Ending a process, everywhere: TERM, CONT (one that is stopped takes TERM only
 * when it goes on), KILL after its own time, and so long again until it counts
 * as one that cannot be ended.
 */
enum { PROCESS_KILL_MARGIN_MS = 5000 };

struct process {
	pid_t pid;
	pid_t parent;
	pid_t group;
	char state;          /* 'R', 'S', 'Z', ... */
	int64_t start_ticks; /* since boot */
	bool is_kernel;      /* a thread of the kernel */
	char name[32];
};

/*
 * Reads /proc/PID/stat.  Returns 0, or -1 with errno: ENOENT or ESRCH, there is
 * no such process; else it is not known (EMFILE, ...).
 */
int process_read(pid_t pid, struct process *p);

/* Is it this program, by the name that it was executed under? */
bool process_is_runner(const struct process *p);

/*
 * Calls `visit` for every process there is, by rising pid.  Returns 0; or -1
 * with errno when it could not see all of them: ESRCH, only because some ended
 * meanwhile, whose children may be younger than the look.
 */
typedef void process_visitor(const struct process *p, void *data);
int process_each(process_visitor *visit, void *data);

/*
 * Does the environment that the process was executed with hold exactly the
 * entry "NAME=VALUE"?  False also when we may not look.
 * If not, errno: 0, it has another one; EACCES or EPERM, it is hidden; else it
 * cannot be known, as with one in the middle of execve(2) or of its end (or one
 * that was given no environment at all): ESRCH.
 */
bool process_has_environment(pid_t pid, const char *entry);

/*
 * Copies the value of `name` from that environment.  Returns whether it is
 * there (and fits).
 */
bool process_environment(
    pid_t pid, const char *name, char *value, size_t value_size);

/*
 * Makes a mark, by which what we start is told from all other processes.  Where
 * a runner of another chain started us, ours takes the place of its mark, also
 * in what others read of our environment.
 */
void process_make_mark(char mark[PROCESS_MARK_SIZE]);

/* Does it execute the very file that we do, or (`name`) one of that name? */
bool process_is_our_program(pid_t pid, const char *name);

/*
 * Opens a pidfd, close-on-exec, of the process with that pid and start.
 * Returns -1 with errno (ESRCH: it is gone).
 */
int process_open(pid_t pid, int64_t start_ticks);

/* Sends a signal (CONT after TERM) through a pidfd.  Returns 0, or -1 with
 * errno. */
int process_signal(int pidfd, int signal);

/*
 * Signals (CONT after TERM) the process group that a child leads, which is not
 * reaped yet, so that the number is still its own; the child alone while it has
 * not made the group.
 */
void process_signal_group(pid_t pid, int signal);

/* Signals the process that is still this one.  Returns 0, or -1: gone. */
int process_kill(const struct process *p, int signal);

/*
 * Has the process that very file open?  False, with errno, when we may not
 * look.
 */
bool process_has_open(pid_t pid, const struct stat *file);

/* The user who started it; the user as whom it acts; or -1. */
uid_t process_real_user(pid_t pid);
uid_t process_user(pid_t pid);

/* Waits until the process of the pidfd has ended.  Returns whether it has. */
bool process_wait(int pidfd, int64_t timeout_ms);

/* /proc/sys/kernel/random/boot_id: another boot, another one. */
void process_boot_id(char *id, size_t id_size);

/*
 * What ps(1) shows of us: words, each ended by a NUL, on the stack or heap,
 * that stay.  Where the kernel has no such call it goes on showing what we were
 * executed with.
 */
void process_show_as(const char *words, size_t size);

/* Closes this descriptor and all above it. */
void process_close_from(int first_fd);

#endif
