#include "elsewhere.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "os/process.h"
#include "owner/pidfile.h"
#include "state/statefile.h"

/* Adds the runner that has RUN_ROOT/NAME.state open; cuts `path`. */
static void
add_runner(struct runners *all, const struct process *p, char *path)
{
	char *slash = strrchr(path, '/'), *dot;
	struct runner *list, *r;

	dot = slash && slash != path ? strrchr(slash, '.') : NULL;
	if (!dot || strcmp(dot, ".state"))
		return;
	*slash = *dot = '\0';
	list = reallocarray(all->list, all->count + 1, sizeof(*list));
	if (!list)
		return;
	all->list = list;
	r = &list[all->count];
	*r = (struct runner){.pid = p->pid,
	    .start_ticks = p->start_ticks,
	    .run_root = strdup(path),
	    .chain = strdup(slash + 1)};
	all->count += r->run_root && r->chain;
}

static void
look_at(const struct process *p, void *data)
{
	char path[PATH_MAX];
	const struct dirent *d;
	DIR *dir;

	if (p->pid == getpid() || !process_is_runner(p))
		return;
	snprintf(path, sizeof(path), "/proc/%ld/fd", (long)p->pid);
	dir = file_open_entries(AT_FDCWD, path, FILE_SAFE);
	while (dir && (d = readdir(dir))) {
		ssize_t n =
		    readlinkat(dirfd(dir), d->d_name, path, sizeof(path) - 1);

		path[n > 0 ? n : 0] = '\0';
		add_runner(data, p, path);
	}
	if (dir)
		closedir(dir);
}

void
runners_free(struct runners *all)
{
	for (size_t i = 0; i < all->count; i++) {
		free(all->list[i].run_root);
		free(all->list[i].chain);
	}
	free(all->list);
	*all = (struct runners){0};
}

static bool
is_same_directory(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && file_is_same(&x, &y);
}

/* Is it our chain that this runner runs? */
static bool
is_ours(
    struct runner *r, const struct config *config, const struct snapshot *here)
{
	struct snapshot *there = statefile_look(r->run_root, r->chain);
	bool is_same_file, is_it;

	if (!there)
		return false;
	r->is_moved = here && *there->chain.mark &&
		      !strcmp(there->chain.mark, here->chain.mark);
	is_same_file =
	    config->file && !strcmp(there->chain.config_file, config->file);
	is_it = !there->chain.is_ended && there->chain.pid == r->pid &&
		there->chain.start_ticks == r->start_ticks &&
		(r->is_moved || is_same_file);
	snapshot_free(there);
	return is_it;
}

const struct runner *
elsewhere_find(
    struct runners *all, const struct config *config, const char *chain)
{
	const struct runner *found = NULL;
	struct snapshot *here;

	if (pidfile_find_owner(config->run_root, chain))
		return NULL;
	if (!all->is_known)
		process_each(look_at, all);
	all->is_known = true;
	here = statefile_look(config->run_root, chain);
	for (size_t i = 0; !found && i < all->count; i++) {
		struct runner *r = &all->list[i];

		if (!strcmp(r->chain, chain) &&
		    !is_same_directory(r->run_root, config->run_root) &&
		    is_ours(r, config, here))
			found = r;
	}
	snapshot_free(here);
	return found;
}

void
elsewhere_describe(const struct runner *r, char text[ELSEWHERE_SIZE])
{
	snprintf(text, ELSEWHERE_SIZE,
	    r->is_moved
		? "its directory was moved while it ran (pid %1$ld is in "
		  "%2$s); "
		  "runner stop %3$s"
		: "pid %1$ld runs it with the run_root %2$s; runner --run-root "
		  "%2$s stop %3$s",
	    (long)r->pid, r->run_root, r->chain);
}
