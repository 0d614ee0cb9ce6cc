#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/lock.h"

void
slots_open(struct slots *s, const char *run_root)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/outbox/.slots-%lu", run_root,
	    (unsigned long)geteuid());
	s->held = -1;
	s->fd = file_open_own(AT_FDCWD, path, O_RDWR | O_CREAT, NULL);
}

void
slots_close(struct slots *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = s->held = -1;
}

bool
slots_take(struct slots *s)
{
	if (s->fd < 0 || s->held >= 0)
		return true;
	/* Begin elsewhere than the others do. */
	for (int i = 0, at = getpid() % SLOTS; i < SLOTS;
	     i++, at = (at + 1) % SLOTS) {
		if (!lock_take(s->fd, at, 1)) {
			s->held = at;
			return true;
		}
		if (errno != EAGAIN && errno != EACCES)
			return true; /* no locks here: no limit */
	}
	return false;
}

void
slots_give(struct slots *s)
{
	if (s->held >= 0)
		lock_drop(s->fd, s->held, 1);
	s->held = -1;
}
