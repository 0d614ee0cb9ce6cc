#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/clock.h"

enum { RETRY_MS = 10000 };

static void
complain(struct live *l)
{
	if (!l->is_complaining)
		log_say(l->log, LOG_LEVEL_WARNING, NULL,
		    "Could not write the state of %s: %s", l->chain.name,
		    strerror(errno));
	l->is_complaining = true;
	l->chain.errors++;
}

static void
settle(struct live *l, int result)
{
	if (result) {
		complain(l);
	} else if (l->is_complaining) {
		l->is_complaining = false;
		log_say(l->log, LOG_LEVEL_INFO, NULL,
		    "The state of %s is written again", l->chain.name);
	}
}

/* Is there a file?  Makes it when that failed before and is due again. */
static bool
has_file(struct live *l)
{
	int64_t now_ms;

	if (l->file)
		return true;
	now_ms = clock_now_ms();
	if (now_ms < l->retry_ms)
		return false;
	l->retry_ms = now_ms + RETRY_MS;
	l->file = statefile_create(
	    l->run_root, l->chain.name, l->tasks, l->task_count, l->previous);
	if (!l->file) {
		complain(l);
		return false;
	}
	snapshot_free(l->previous);
	l->previous = NULL;
	settle(l, statefile_put_chain(l->file, &l->chain) |
		      statefile_put_held(l->file, &l->held));
	for (size_t i = 0; i < l->task_count; i++)
		settle(l, statefile_put_task(l->file, i, &l->tasks[i]));
	return true;
}

void
live_open(struct live *l, struct snapshot *previous)
{
	l->previous = previous;
	has_file(l);
}

void
live_close(struct live *l)
{
	if (l->file)
		statefile_close(l->file);
	snapshot_free(l->previous);
	free(l->tasks);
	*l = (struct live){0};
}

void
live_check_file(struct live *l)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.state", l->run_root, l->chain.name);
	if (l->file && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) &&
	    errno == ENOENT) {
		complain(l);
		statefile_close(l->file);
		l->file = NULL;
		l->retry_ms = 0;
	}
	has_file(l);
}

void
live_save_chain(struct live *l)
{
	if (has_file(l))
		settle(l, statefile_put_chain(l->file, &l->chain));
}

void
live_sync(struct live *l)
{
	if (l->file)
		settle(l, statefile_sync(l->file));
}

void
live_save_held(struct live *l)
{
	if (has_file(l))
		settle(l, statefile_put_held(l->file, &l->held));
}

void
live_save_task(struct live *l, size_t index)
{
	if (has_file(l))
		settle(l, statefile_put_task(l->file, index, &l->tasks[index]));
}

void
live_add_run(struct live *l, struct run_record *r)
{
	if (has_file(l))
		settle(l, statefile_add_run(l->file, r));
}

struct task_record *
live_find(struct live *l, const char *task, size_t *index)
{
	for (size_t i = 0; i < l->task_count; i++) {
		if (!strcmp(l->tasks[i].name, task)) {
			*index = i;
			return &l->tasks[i];
		}
	}
	return NULL;
}

void
live_count_error(struct live *l)
{
	l->chain.errors++;
	live_save_chain(l);
}
