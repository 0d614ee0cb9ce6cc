#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void
slots_open(struct slots *s, const char *run_root)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/outbox/.slots-%lu", run_root,
	    (unsigned long)geteuid());
	s->held = -1;
	s->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->fd >= 0 && (fstat(s->fd, &st) || st.st_uid != geteuid()))
		slots_close(s);
}

void
slots_close(struct slots *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = s->held = -1;
}

static int
set_lock(const struct slots *s, int slot, short type)
{
	struct flock lock = {
	    .l_type = type, .l_whence = SEEK_SET, .l_start = slot, .l_len = 1};

	return fcntl(s->fd, F_SETLK, &lock);
}

bool
slots_take(struct slots *s)
{
	if (s->fd < 0 || s->held >= 0)
		return true;
	/* Begin elsewhere than the others do. */
	for (int i = 0, at = getpid() % SLOTS; i < SLOTS;
	     i++, at = (at + 1) % SLOTS) {
		if (!set_lock(s, at, F_WRLCK)) {
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
		set_lock(s, s->held, F_UNLCK);
	s->held = -1;
}
