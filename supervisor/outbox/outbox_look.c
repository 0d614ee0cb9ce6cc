#include "outbox_look.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "envelope.h"

int
outbox_look(const char *run_root, const char *chain, size_t *waiting,
    int64_t *oldest_wall_ms)
{
	char path[4096];
	const struct dirent *d;
	int64_t queued;
	DIR *dir;

	*waiting = 0;
	*oldest_wall_ms = 0;
	snprintf(path, sizeof(path), "%s/outbox", run_root);
	dir = opendir(path);
	if (!dir)
		return -1;
	while ((d = readdir(dir))) {
		if (!envelope_parse_name(d->d_name, chain, &queued))
			continue;
		if (!*waiting || queued < *oldest_wall_ms)
			*oldest_wall_ms = queued;
		++*waiting;
	}
	return closedir(dir);
}
