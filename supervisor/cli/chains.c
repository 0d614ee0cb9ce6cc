#include "chains.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nearest.h"
#include "commands.h"
#include "os/identity.h"
#include "os/process.h"
#include "owner/pidfile.h"
#include "state/statefile.h"

static bool
contains(char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* All in scope; the strings belong to `config` and `found`. */
static size_t
list_all(const struct config *config, char *const *found, char **names)
{
	size_t count = 0;

	for (size_t i = 0; i < config->chain_count; i++)
		names[count++] = config->chains[i].name;
	for (; found && *found; found++)
		if (!contains(names, count, *found))
			names[count++] = *found;
	return count;
}

static void
complain(char *const *names, size_t count, const char *word)
{
	struct nearest nearest = nearest_to(word);
	char hint[NEAREST_HINT_SIZE];

	for (size_t i = 0; i < count; i++)
		nearest_try(&nearest, names[i]);
	nearest_hint(&nearest, hint);
	command_say("there is no chain '%s'%s", word, hint);
}

/* Copies the list and its strings, each once, into one allocation. */
static char **
pack(char *const *names, size_t count)
{
	size_t size = (count + 1) * sizeof(*names), kept = 0;
	char **packed, *at;

	for (size_t i = 0; i < count; i++)
		size += strlen(names[i]) + 1;
	packed = malloc(size);
	if (!packed)
		return NULL;
	at = (char *)(packed + count + 1);
	for (size_t i = 0; i < count; i++) {
		if (contains(packed, kept, names[i]))
			continue;
		packed[kept++] = at;
		at = stpcpy(at, names[i]) + 1;
	}
	packed[kept] = NULL;
	return packed;
}

/*
 * Is that a chain of runner's?  Other daemons have a NAME.pid in /var/run too;
 * a runner has a state file beside it, or owns the pidfile at least.
 */
static bool
is_chain(const char *run_root, const char *name)
{
	struct process p;
	char path[4096];
	pid_t pid;

	snprintf(path, sizeof(path), "%s/%s.state", run_root, name);
	if (!faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW))
		return true;
	pid = pidfile_find_owner(run_root, name);
	return pid > 0 && !process_read(pid, &p) && process_is_runner(&p);
}

char **
chains_select(const struct config *config, const char *const *words,
    enum chains_scope scope)
{
	char **found =
	    scope == CHAINS_KNOWN ? statefile_names(config->run_root) : NULL;
	char **names, **selected = NULL;
	size_t most = config->chain_count, count, unknown = 0, given = 0;
	size_t kept = 0;

	for (char **f = found; f && *f; f++)
		if (is_chain(config->run_root, *f))
			found[kept++] = *f;
	if (found)
		found[kept] = NULL;
	most += kept;
	names = calloc(most + 1, sizeof(*names));
	if (!names) {
		free(found);
		return NULL;
	}
	count = list_all(config, found, names);
	for (; words[given]; given++) {
		if (contains(names, count, words[given]))
			continue;
		complain(names, count, words[given]);
		unknown++;
	}
	if (!unknown)
		selected = given ? pack((char *const *)words, given)
				 : pack(names, count);
	free(names);
	free(found);
	return selected;
}

static struct identity
find_owner(const struct config *config, const char *name)
{
	const struct chain_settings *declared = config_chain(config, name);
	struct identity who = {.uid = geteuid(), .gid = getegid()};
	char path[4096];
	struct stat st;

	if (declared && declared->user &&
	    !identity_find_user(
		declared->user, &who.uid, &who.gid, NULL, NULL, NULL))
		return who;
	snprintf(path, sizeof(path), "%s/%s.state", config->run_root, name);
	if (!lstat(path, &st) || !stat(config->run_root, &st)) {
		who.uid = st.st_uid;
		who.gid = st.st_gid;
	}
	return who;
}

uid_t
chains_owner(const struct config *config, const char *name)
{
	return find_owner(config, name).uid;
}

bool
chains_are_inside(const struct config *config, const char *name)
{
	const char *chain = getenv("RUNNER_CHAIN");
	const char *task = getenv("RUNNER_TASK"), *mark = getenv("RUNNER_MARK");
	struct snapshot *s = NULL;
	bool is_inside = false;

	if (chain && task && mark && !strcmp(chain, name))
		s = statefile_look(config->run_root, name);
	for (size_t i = 0; s && i < s->task_count; i++)
		is_inside |= s->tasks[i].phase == PHASE_RUNNING &&
			     !strcmp(s->tasks[i].name, task) &&
			     !strcmp(s->chain.mark, mark);
	snapshot_free(s);
	return is_inside;
}

int
chains_make_as_owner(const struct config *config, const char *name)
{
	struct identity who = find_owner(config, name);

	if (geteuid() && who.uid != geteuid())
		return command_fails(STATUS_FAILED,
		    "only its own user and root may ask %s", name);
	identity_make_as(who.uid, who.gid);
	return STATUS_DONE;
}
