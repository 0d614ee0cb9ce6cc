/*
 * The pidfile as those see it who do not run the chain.
 */
#include "pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "lock.h"

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
