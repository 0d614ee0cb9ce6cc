#include "lock.h"

#include <fcntl.h>
#include <unistd.h>

static struct flock
range(short type, int64_t start, int64_t length)
{
	return (struct flock){.l_type = type,
	    .l_whence = SEEK_SET,
	    .l_start = start,
	    .l_len = length};
}

int
lock_take(int fd, int64_t start, int64_t length)
{
	struct flock lock = range(F_WRLCK, start, length);

	return fcntl(fd, F_SETLK, &lock);
}

void
lock_drop(int fd, int64_t start, int64_t length)
{
	struct flock lock = range(F_UNLCK, start, length);

	fcntl(fd, F_SETLK, &lock);
}

pid_t
lock_holder(int fd, int64_t start, int64_t length)
{
	/* What keeps a reader out is a lock for writing, and nothing else. */
	struct flock lock = range(F_RDLCK, start, length);

	if (fcntl(fd, F_GETLK, &lock) || lock.l_type == F_UNLCK)
		return 0;
	return lock.l_pid > 0 ? lock.l_pid : -1;
}
