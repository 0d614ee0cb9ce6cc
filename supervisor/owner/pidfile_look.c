/*
 * The pidfile as those see it who do not run the chain.
 */
#include "pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/lock.h"
#include "os/process.h"

static int
open_existing(const char *run_root, const char *name, int flags)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.pid", run_root, name);
	return open(
	    path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

pid_t
pidfile_owner(const char *run_root, const char *name)
{
	int fd = open_existing(run_root, name, O_RDONLY);
	pid_t pid;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	pid = lock_holder(fd, 0, 1);
	close(fd);
	return pid;
}

pid_t
pidfile_older(const char *run_root, const char *name, int64_t start_ns)
{
	int fd = open_existing(run_root, name, O_RDONLY);
	pid_t pid = 0;

	for (int64_t q = 0; fd >= 0 && !pid && q <= PIDFILE_QUEUES; q++)
		pid = lock_holder(
		    fd, (q << PIDFILE_QUEUE_SHIFT) + 1, start_ns / 1000);
	if (fd >= 0)
		close(fd);
	return pid;
}

/* Who is looked for, by which name, and who it is. */
struct supplanted {
	char name[4096 + 16];
	pid_t pid;
};

/* Others may read the file: who owned the chain has its lock. */
static void
visit_supplanted(const struct process *p, void *data)
{
	struct supplanted *s = data;
	int fd = s->pid ? -1 : process_reopen(p->pid, s->name);

	if (fd < 0)
		return;
	if (lock_holder(fd, 0, 1) == p->pid)
		s->pid = p->pid;
	close(fd);
}

pid_t
pidfile_supplanted(const char *run_root, const char *name)
{
	struct supplanted s = {.pid = 0};
	char *folder = realpath(run_root, NULL);

	if (!folder)
		return 0;
	snprintf(s.name, sizeof(s.name), "%s/%s.pid (deleted)", folder, name);
	free(folder);
	process_each(visit_supplanted, &s);
	return s.pid;
}

int
pidfile_borrow(const char *run_root, const char *name)
{
	int fd = open_existing(run_root, name, O_RDWR);
	int error;

	if (fd < 0 || !lock_take(fd, 0, 1))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}
