/*
 * RUN_ROOT/acknowledged: that somebody knows of a downtime, one file for each
 * task, written by `runner ack` and read by the chain when a run has ended.
 *
 * A file names the chain, the task and when the downtime began, so one of an
 * earlier downtime, or of another task, says nothing.  Nothing needs to be
 * running for it, and no crash loses it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/keyvalue.h"
#include "base/text.h"
#include "os/file.h"
#include "statefile.h"

enum { FILE_SIZE = 2048, DIRECTORY_MODE = 0755, FILE_MODE = 0644 };

static const char directory[] = "acknowledged";

/* Two names in a row may be longer than a file's name. */
static void
format_name(char name[17], const char *chain, const char *task)
{
	uint64_t hash = hash_fnv64_string(HASH_FNV64, chain);

	text_format_hex64(hash_fnv64_string(hash, task), name);
}

static int
open_directory(const char *run_root, bool is_made)
{
	int root = open(run_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), dir;
	int error;

	if (root < 0)
		return -1;
	dir = is_made ? file_make_directory(root, directory, DIRECTORY_MODE)
		      : file_open_directory(root, directory);
	error = errno;
	close(root);
	return errno = error, dir;
}

/* What a file says, if it is root's or the user's.  Returns its size, or -1. */
static ssize_t
read_file(int dir, const char *name, uid_t user, char bytes[FILE_SIZE])
{
	int fd = openat(dir, name, O_RDONLY | FILE_SAFE);
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    (st.st_uid == 0 || st.st_uid == user))
		n = read(fd, bytes, FILE_SIZE);
	close(fd);
	return n;
}

/* Is it of that downtime?  Fills in `a`. */
static bool
parse(const char *bytes, size_t size, const char *chain, const char *task,
    int64_t down_since_wall_ms, struct acknowledgement *a)
{
	const char *at = bytes;
	char name[STATE_NAME_SIZE];
	struct keyvalue line;
	int64_t since = 0;
	unsigned same = 0;

	*a = (struct acknowledgement){0};
	while (keyvalue_next(&at, bytes + size, &line) == KEYVALUE_LINE) {
		int bad = 0;

		if (keyvalue_is(&line, "chain")) {
			bad = keyvalue_copy(&line, name, sizeof(name));
			same += !bad && !strcmp(name, chain);
		} else if (keyvalue_is(&line, "task")) {
			bad = keyvalue_copy(&line, name, sizeof(name));
			same += !bad && !strcmp(name, task);
		} else if (keyvalue_is(&line, "down_since")) {
			bad = keyvalue_number(
			    &line, INT64_MIN, INT64_MAX, &since);
		} else if (keyvalue_is(&line, "when")) {
			bad = keyvalue_number(&line, 1, INT64_MAX, &a->wall_ms);
		} else if (keyvalue_is(&line, "who")) {
			bad = keyvalue_copy(&line, a->who, sizeof(a->who));
		} else if (keyvalue_is(&line, "why")) {
			bad = keyvalue_copy(&line, a->why, sizeof(a->why));
		}
		if (bad)
			return false;
	}
	return same == 2 && since == down_since_wall_ms && a->wall_ms;
}

bool
acknowledgement_take(
    const char *run_root, const char *chain, uid_t user, struct task_record *t)
{
	int dir = t->policy.is_down ? open_directory(run_root, false) : -1;
	char name[17], bytes[FILE_SIZE];
	struct acknowledgement a;
	ssize_t size;

	if (dir < 0)
		return false;
	format_name(name, chain, t->name);
	size = read_file(dir, name, user, bytes);
	close(dir);
	if (size <= 0 ||
	    !parse(bytes, (size_t)size, chain, t->name,
		t->policy.down_since_wall_ms, &a) ||
	    (t->policy.is_acknowledged && a.wall_ms == t->acknowledged.wall_ms))
		return false;
	t->acknowledged = a;
	return policy_acknowledge(&t->policy);
}

int
acknowledgement_write(const char *run_root, const char *chain, const char *task,
    int64_t down_since_wall_ms, const struct acknowledgement *a)
{
	char name[17], bytes[FILE_SIZE];
	int dir = open_directory(run_root, true), result, error;
	struct iovec part = {.iov_base = bytes};

	if (dir < 0)
		return -1;
	format_name(name, chain, task);
	part.iov_len = (size_t)snprintf(bytes, sizeof(bytes),
	    "chain %s\ntask %s\ndown_since %" PRId64 "\nwhen %" PRId64
	    "\nwho %s\nwhy %s\n",
	    chain, task, down_since_wall_ms, a->wall_ms, a->who, a->why);
	result = file_replace(dir, name, FILE_MODE, &part, 1);
	error = errno;
	close(dir);
	return errno = error, result;
}

void
acknowledgement_remove(
    const char *run_root, const char *chain, const char *task)
{
	int dir = open_directory(run_root, false);
	char name[17];

	if (dir < 0)
		return;
	format_name(name, chain, task);
	unlinkat(dir, name, 0);
	close(dir);
}
