/*
 * kill-at N TOP DISK [FROM]: kills its parent, with KILL, after the N-th system
 * call by which that changes the world: files below TOP, locks, processes.
 * Made for `exec` by a shell that then becomes the program:
 *
 *     sh -c 'kill-at 7 top disk; exec runner run t'
 *
 * It returns once the parent is watched.  Counted is what the parent and the
 * programs of runner that it starts do, from when FROM exists, if it is given.
 *
 * What a disk may lose at a power cut in that instant is what nobody synced:
 * the bytes of a file since its last fsync(2), and what became of the names in
 * a directory since that of the directory.  The rest is written below DISK as
 * it comes: files by number in DISK/N, and at the end the tree as DISK/tree.
 * DISK/call says which call it was; there is none when the parent got through.
 * The disk lies of what has KILL_AT_LIES in its path: it is never synced.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRACED_MAX = 64, NAMES_MAX = 8192, PATH_SIZE = 4096, KEY_SIZE = 48 };

/* A name that a power cut leaves. */
struct name {
	char *dir, *name;
	char key[KEY_SIZE]; /* of a file; a directory has none */
	mode_t mode;
};

/* The system call that a process is in. */
struct traced {
	pid_t pid;
	uint64_t number, args[6];
};

enum what { NOTHING, BY_FD, BY_NEW_FD, BY_LOCK, BY_NAME, SYNC };

static const struct call {
	long number;
	enum what what;
	const char *name;
} calls[] = {
#define CALL(name, what)                                                       \
	{                                                                      \
		SYS_##name, what, #name                                        \
	}
    CALL(openat, BY_NEW_FD),
    CALL(write, BY_FD),
    CALL(writev, BY_FD),
    CALL(pwrite64, BY_FD),
    CALL(pwritev, BY_FD),
    CALL(ftruncate, BY_FD),
    CALL(fallocate, BY_FD),
    CALL(fchmod, BY_FD),
    CALL(fchown, BY_FD),
    CALL(close, BY_FD),
    CALL(flock, BY_FD),
    CALL(fcntl, BY_LOCK),
    CALL(fsync, SYNC),
    CALL(fdatasync, SYNC),
    CALL(mkdirat, BY_NAME),
    CALL(renameat, BY_NAME),
    CALL(renameat2, BY_NAME),
    CALL(unlinkat, BY_NAME),
    CALL(linkat, BY_NAME),
    CALL(clone, BY_NAME),
    CALL(clone3, BY_NAME),
    CALL(kill, BY_NAME),
    CALL(pidfd_send_signal, BY_NAME),
    CALL(execve, BY_NAME),
#ifdef SYS_mkdir
    CALL(mkdir, BY_NAME),
    CALL(rename, BY_NAME),
    CALL(unlink, BY_NAME),
    CALL(link, BY_NAME),
    CALL(fork, BY_NAME),
    CALL(vfork, BY_NAME),
#endif
};

static struct traced traced[TRACED_MAX];
static struct name names[NAMES_MAX];
static size_t name_count;
static const char *top, *disk, *from, *lies;

static bool
is_inside(const char *path)
{
	size_t n = strlen(top);

	return !strncmp(path, top, n) && (!path[n] || path[n] == '/');
}

/* Numbers of files come again, their births do not. */
static int
key_of(int dir, const char *name, int flags, char key[KEY_SIZE], mode_t *mode)
{
	struct statx st;

	if (statx(dir, name, flags, STATX_BASIC_STATS | STATX_BTIME, &st))
		return -1;
	*mode = st.stx_mode;
	snprintf(key, KEY_SIZE, "%llu.%lld.%u", (unsigned long long)st.stx_ino,
	    (long long)st.stx_btime.tv_sec, st.stx_btime.tv_nsec);
	return 0;
}

static void
copy(const char *from_path, const char *to_path, mode_t mode)
{
	int in = open(from_path, O_RDONLY | O_CLOEXEC);
	int out = open(
	    to_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode & 07777);
	char bytes[65536];
	ssize_t n = 0;

	while (in >= 0 && out >= 0 && (n = read(in, bytes, sizeof(bytes))) > 0)
		if (write(out, bytes, (size_t)n) != n)
			err(2, "%s", to_path);
	if (out < 0 || n < 0)
		err(2, "%s", to_path);
	/* What was never synced is empty. */
	if (in >= 0)
		close(in);
	close(out);
}

static void
keep_file(const char *path)
{
	char key[KEY_SIZE], to[PATH_SIZE];
	mode_t mode;

	if (key_of(AT_FDCWD, path, 0, key, &mode) || !S_ISREG(mode))
		return;
	snprintf(to, sizeof(to), "%s/%s", disk, key);
	copy(path, to, 0600);
}

/* The names in a directory are what they are now. */
static void
keep_directory(const char *path, bool is_deep)
{
	DIR *dir = opendir(path);
	const struct dirent *e;
	size_t kept = 0;
	char *below;

	if (!dir)
		return;
	for (size_t i = 0; i < name_count; i++)
		if (strcmp(names[i].dir, path))
			names[kept++] = names[i];
	name_count = kept;
	while ((e = readdir(dir))) {
		struct name *n = &names[name_count];

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (name_count == NAMES_MAX)
			errx(2, "too many files");
		if (key_of(dirfd(dir), e->d_name, AT_SYMLINK_NOFOLLOW, n->key,
			&n->mode))
			continue;
		n->dir = strdup(path);
		n->name = strdup(e->d_name);
		name_count++;
		if (!is_deep || asprintf(&below, "%s/%s", path, e->d_name) < 0)
			continue;
		if (S_ISDIR(n->mode))
			keep_directory(below, true);
		else
			keep_file(below);
		free(below);
	}
	closedir(dir);
}

static void
write_tree(const char *path, const char *to)
{
	if (mkdir(to, 0755))
		err(2, "%s", to);
	for (size_t i = 0; i < name_count; i++) {
		const struct name *n = &names[i];
		char below[PATH_SIZE], key[PATH_SIZE], out[PATH_SIZE];

		if (strcmp(n->dir, path))
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, n->name);
		snprintf(key, sizeof(key), "%s/%s", disk, n->key);
		snprintf(out, sizeof(out), "%s/%s", to, n->name);
		if (S_ISDIR(n->mode))
			write_tree(below, out);
		else if (S_ISREG(n->mode))
			copy(key, out, n->mode);
	}
}

static void
end_it(pid_t victim, const char *name)
{
	char path[PATH_SIZE];
	FILE *out;

	kill(victim, SIGKILL);
	snprintf(path, sizeof(path), "%s/tree", disk);
	write_tree(top, path);
	snprintf(path, sizeof(path), "%s/call", disk);
	out = fopen(path, "we");
	if (!out)
		err(2, "%s", path);
	fprintf(out, "%s\n", name);
	fclose(out);
	exit(0);
}

static bool
path_of(pid_t pid, uint64_t fd, char path[PATH_SIZE])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, (int)fd);
	n = readlink(link, path, PATH_SIZE - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	return is_inside(path);
}

/* A call has ended well.  Returns its name when it counts, or NULL. */
static const char *
take_call(const struct traced *t, int64_t result)
{
	const struct call *c = NULL;
	char path[PATH_SIZE];
	struct stat st;

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if ((long)t->number == calls[i].number)
			c = &calls[i];
	if (!c)
		return NULL;
	if (c->what == BY_NEW_FD)
		return t->args[2] & O_CREAT &&
			       path_of(t->pid, (uint64_t)result, path)
			   ? c->name
			   : NULL;
	if (c->what == BY_LOCK)
		return (t->args[1] == F_SETLK || t->args[1] == F_OFD_SETLK) &&
			       path_of(t->pid, t->args[0], path)
			   ? c->name
			   : NULL;
	if (c->what == BY_NAME)
		return c->name;
	if (!path_of(t->pid, t->args[0], path))
		return NULL;
	if (lies && strstr(path, lies))
		return c->name;
	if (c->what == SYNC && !stat(path, &st) && S_ISDIR(st.st_mode))
		keep_directory(path, false);
	else if (c->what == SYNC) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)t->pid,
		    (int)t->args[0]);
		keep_file(path);
	}
	return c->name;
}

static struct traced *
find_traced(pid_t pid)
{
	struct traced *free_row = NULL;

	for (size_t i = 0; i < TRACED_MAX; i++) {
		if (traced[i].pid == pid)
			return &traced[i];
		if (!traced[i].pid)
			free_row = &traced[i];
	}
	if (!free_row)
		errx(2, "too many processes");
	free_row->pid = pid;
	free_row->number = UINT64_MAX;
	return free_row;
}

/* A task is no program of runner. */
static bool
is_ours(pid_t pid)
{
	char link[64], path[PATH_SIZE];
	const char *name;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	name = strrchr(path, '/');
	return name && !strncmp(name, "/runner", 7);
}

static void
watch(pid_t victim, unsigned long at)
{
	unsigned long count = 0;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		struct traced *t = find_traced(pid);
		int event = status >> 16, sig = WSTOPSIG(status);
		struct __ptrace_syscall_info info = {0};
		const char *name;

		if (!WIFSTOPPED(status)) {
			t->pid = 0;
			if (pid == victim)
				exit(0);
			continue;
		}
		if (event == PTRACE_EVENT_EXEC && !is_ours(pid)) {
			t->pid = 0;
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
			continue;
		}
		if (event == PTRACE_EVENT_STOP && sig != SIGTRAP) {
			ptrace(PTRACE_LISTEN, pid, NULL, NULL);
			continue;
		}
		if (sig == (SIGTRAP | 0x80)) {
			ptrace(PTRACE_GET_SYSCALL_INFO, pid,
			    (void *)sizeof(info), &info);
			if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
				t->number = info.entry.nr;
				memcpy(
				    t->args, info.entry.args, sizeof(t->args));
			} else if (info.op == PTRACE_SYSCALL_INFO_EXIT &&
				   !info.exit.is_error &&
				   (name = take_call(t, info.exit.rval)) &&
				   (!from || !access(from, F_OK)) &&
				   ++count == at)
				end_it(victim, name);
		}
		if (event || sig == (SIGTRAP | 0x80))
			sig = 0;
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)sig);
	}
}

int
main(int argc, char **argv)
{
	const int options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
			    PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			    PTRACE_O_TRACECLONE;
	pid_t victim = getppid();
	int ready[2];
	char byte;

	if (argc < 4)
		errx(2, "usage: kill-at N TOP DISK [FROM]");
	top = argv[2];
	disk = argv[3];
	from = argv[4];
	lies = getenv("KILL_AT_LIES");
	if (mkdir(disk, 0700) || pipe2(ready, O_CLOEXEC))
		err(2, "%s", disk);
	/* The program would take a child for something of its own. */
	if (fork()) {
		close(ready[1]);
		return read(ready[0], &byte, 1) == 1 ? 0 : 2;
	}
	keep_directory(top, true);
	if (ptrace(PTRACE_SEIZE, victim, NULL, (void *)(intptr_t)options) ||
	    ptrace(PTRACE_INTERRUPT, victim, NULL, NULL))
		err(2, "cannot watch %d", (int)victim);
	if (write(ready[1], "y", 1) != 1)
		return 2;
	close(ready[0]);
	close(ready[1]);
	watch(victim, strtoul(argv[1], NULL, 10));
	return 0;
}
