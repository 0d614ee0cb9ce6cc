/* Ownership and queues, between real processes: locks are per process. */
#include "owner/pidfile.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static char root[] = "/tmp/runner-pidfile-XXXXXX";

/* What another process, started at `start_ns` in `queue`, sees: a bit set. */
enum {
	OWNS = 1,
	NEWER = 2,
	RIVAL = 4,
	HELD_BY_PARENT = 8,
	NAMELESS = 16,
	TROUBLE = 64
};

static int
other(int64_t start_ns, uint32_t queue)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		struct pidfile p;
		char why[256];
		int seen = 0;

		if (pidfile_open(
			&p, root, "c", start_ns, queue, why, sizeof(why)) ||
		    pidfile_join(&p))
			_exit(TROUBLE);
		seen |= pidfile_acquire(&p) > 0 ? OWNS : 0;
		seen |= pidfile_has_newer(&p) ? NEWER : 0;
		seen |= pidfile_has_rival(&p) ? RIVAL : 0;
		seen |= pidfile_holder(&p) == getppid() ? HELD_BY_PARENT : 0;
		seen |= pidfile_find_nameless(&p) == getppid() ? NAMELESS : 0;
		_exit(seen);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Somebody removes the files, and another runner begins, and is killed. */
static int
writer(void)
{
	pid_t pid;
	int status;
	char path[128];

	snprintf(path, sizeof(path), "%s/c.lock", root);
	unlink(path);
	snprintf(path, sizeof(path), "%s/c.pid", root);
	unlink(path);
	pid = fork();
	if (!pid) {
		struct pidfile p;
		char why[256];

		_exit(pidfile_open(&p, root, "c", 7, 0, why, sizeof(why)) ||
			      pidfile_acquire(&p) != 1 || pidfile_write(&p)
			  ? TROUBLE
			  : OWNS);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* For those who do not run the chain: in a process of its own, since closing
 * any descriptor of the file would lose the locks of this one. */
static int
stranger_sees(void)
{
	pid_t pid = fork();
	int status, fds[2];

	if (!pid)
		_exit(pidfile_find_owner(root, "c") == getppid() &&
		      pidfile_borrow(root, "c", fds) < 0);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
main(void)
{
	const char *const ab_c[] = {"a_b", "c"}, *const a_bc[] = {"a", "b_c"};
	struct pidfile_unused seen;
	struct pidfile p;
	struct stat st;
	char why[256], path[128], lock[128];
	uint32_t queue = pidfile_queue(false, ab_c, 2);

	if (!mkdtemp(root))
		return 1;
	snprintf(path, sizeof(path), "%s/c.pid", root);
	tap_is_int(pidfile_queue(true, ab_c, 2), 0, "given names: queue 0");
	tap_ok(queue && queue < PIDFILE_QUEUES, "derived ones: another");
	tap_ok(queue != pidfile_queue(false, a_bc, 2),
	    "tasks that only join alike: yet another");
	tap_is_int(
	    pidfile_open(&p, root, "c", 5000000, queue, why, sizeof(why)), 0,
	    "a file is made");
	tap_ok(
	    !p.was_there && !p.queue_byte, "it was not there; I do not wait");
	tap_is_int(
	    other(1000000, queue), OWNS, "one that only looks: no rival");
	tap_ok(pidfile_acquire(&p) == 1 && p.queue_byte,
	    "I own it, and stand there");
	tap_is_int(stranger_sees(), 1,
	    "who only looks sees my pid, and cannot "
	    "borrow it");
	tap_is_int(other(1000000, queue), NEWER | RIVAL | HELD_BY_PARENT,
	    "an older one sees a newer, who owns it");
	tap_is_int(other(9000000, queue), RIVAL | HELD_BY_PARENT,
	    "a newer one sees a rival");
	tap_is_int(other(1000000, 0), RIVAL | HELD_BY_PARENT,
	    "one of another queue makes no way");
	tap_is_int(other(5000000, queue), RIVAL | HELD_BY_PARENT,
	    "of two of one instant the later is newer");
	tap_is_int(pidfile_defend(&p), PIDFILE_HELD, "all is well");
	unlink(path);
	tap_is_int(pidfile_defend(&p), PIDFILE_REMADE, "removed: made anew");
	tap_is_int(other(9000000, queue), RIVAL | HELD_BY_PARENT, "and owned");
	rename(root, strcat(strcpy(why, root), ".x"));
	tap_is_int(pidfile_defend(&p), PIDFILE_UNSURE, "no directory: unsure");
	rename(why, root);
	tap_is_int(pidfile_supplant(&p), 0, "a new file takes the name");
	tap_ok(!stat(path, &st) && !(st.st_mode & S_ISVTX) && st.st_nlink == 1,
	    "a plain one");
	tap_is_int(other(9000000, queue), RIVAL | HELD_BY_PARENT, "and owned");
	snprintf(lock, sizeof(lock), "%s/c.lock", root);
	tap_ok(!stat(lock, &st) && (st.st_mode & 07777) == 0600,
	    "nobody else can open what is locked");
	unlink(lock);
	tap_is_int(other(9000000, queue), HELD_BY_PARENT | NAMELESS,
	    "without NAME.lock the lock that 1.0.0 knows tells");
	unlink(path);
	tap_is_int(other(9000000, queue), OWNS | NAMELESS,
	    "without both I am found by what I have open");
	tap_is_int(pidfile_defend(&p), PIDFILE_REMADE,
	    "one that did not come to own it wrote nothing: made anew");
	tap_is_int(writer(), OWNS, "another owns and writes, and dies");
	tap_is_int(pidfile_defend(&p), PIDFILE_LOST, "then I have lost it");
	pidfile_close(&p);
	tap_is_int(other(1, queue), OWNS, "given up: the next one owns it");
	tap_ok(
	    !pidfile_make_lock(root, "c", &seen), "what was owned is not new");
	unlink(lock);
	tap_ok(pidfile_make_lock(root, "c", &seen), "what is made is");
	pidfile_open(&p, root, "c", 1, queue, why, sizeof(why));
	tap_ok(pidfile_is_new(&p, NULL) && !pidfile_is_new(&p, &seen),
	    "who knows that it was seen need not look");
	pidfile_close(&p);
	poll(NULL, 0, PIDFILE_SEEN_MS);
	unlink(lock);
	pidfile_open(&p, root, "c", 1, queue, why, sizeof(why));
	tap_ok(pidfile_is_new(&p, &seen), "it was made again: who knows?");
	pidfile_close(&p);
	unlink(path);
	unlink(lock);
	rmdir(root);
	return tap_done();
}
