#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#ifndef __GLIBC__
#include <linux/stat.h>
#endif
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "file.h"

enum {
	ENVIRONMENT_MAX = 2 << 20,
	KERNEL_THREAD = 0x200000, /* PF_KTHREAD */
};

/* Reads a whole small file of /proc/PID; returns its size, or -1. */
static ssize_t
read_file(pid_t pid, const char *file, char *buffer, size_t size)
{
	char path[64];
	ssize_t n = 0, got = 0;
	int fd, error;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
	fd = open(path, O_RDONLY | FILE_NAMED);
	if (fd < 0)
		return -1;
	while ((size_t)n < size &&
	       (got = read(fd, buffer + n, size - (size_t)n)) > 0)
		n += got;
	error = errno;
	close(fd);
	errno = error;
	return got < 0 && !n ? -1 : n;
}

bool
process_is_runner(const struct process *p)
{
	return !strcmp(p->name, "runner") || !strcmp(p->name, "run_functions");
}

int
process_read(pid_t pid, struct process *p)
{
	char line[1024], *name, *rest;
	ssize_t n = read_file(pid, "stat", line, sizeof(line) - 1);
	long parent, group;
	unsigned flags;

	if (n <= 0) {
		if (!n)
			errno = ESRCH;
		return -1;
	}
	line[n] = '\0';
	/* The name may hold anything, also ") R 1": its end is the last ')'. */
	name = strchr(line, '(');
	rest = strrchr(line, ')');
	if (!name || !rest || rest[1] != ' ')
		return errno = ESRCH, -1;
	*rest = '\0';
	*p = (struct process){.pid = pid};
	snprintf(p->name, sizeof(p->name), "%s", name + 1);
	/* Fields 3 (state), 4 (ppid), 5 (pgrp), 9 (flags), 22 (starttime):
	 * proc(5). */
	if (sscanf(rest + 2,
		"%c %ld %ld %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d "
		"%*d %*d %*d %*d %" SCNd64,
		&p->state, &parent, &group, &flags, &p->start_ticks) != 5)
		return errno = ESRCH, -1;
	p->parent = (pid_t)parent;
	p->group = (pid_t)group;
	p->is_kernel = flags & KERNEL_THREAD;
	return 0;
}

/* It is hidden from us (hidepid, proc(5)): none of ours. */
static bool
is_hidden(int error)
{
	return error == EPERM || error == EACCES;
}

static bool
has_ended(int error)
{
	return error == ENOENT || error == ESRCH;
}

int
process_each(process_visitor *visit, void *data)
{
	DIR *proc = file_open_entries(AT_FDCWD, "/proc", FILE_SAFE);
	const struct dirent *entry;
	struct process p;
	int error = 0;

	if (!proc)
		return -1;
	while ((entry = readdir(proc))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid <= 0 || *end)
			continue;
		if (!process_read((pid_t)pid, &p))
			visit(&p, data);
		else if (has_ended(errno))
			error = error ? error : ESRCH;
		else if (!is_hidden(errno))
			error = errno;
	}
	closedir(proc);
	errno = error;
	return error ? -1 : 0;
}

/*
 * What a descriptor in /proc/PID/fd is open on.  A file system that its user
 * runs (FUSE) is not asked: it might never answer.
 */
static bool
is_open_on(int fds, const char *entry, const struct stat *file)
{
	struct statx st;

	return *entry != '.' &&
	       !syscall(
		   SYS_statx, fds, entry, AT_STATX_DONT_SYNC, STATX_INO, &st) &&
	       makedev(st.stx_dev_major, st.stx_dev_minor) == file->st_dev &&
	       st.stx_ino == file->st_ino;
}

bool
process_has_open(pid_t pid, const struct stat *file)
{
	char name[64];
	const struct dirent *entry;
	bool is_open = false;
	DIR *fds;

	snprintf(name, sizeof(name), "/proc/%ld/fd", (long)pid);
	if (!(fds = file_open_entries(AT_FDCWD, name, FILE_SAFE)))
		return false;
	errno = 0;
	while (!is_open && (entry = readdir(fds)))
		is_open = is_open_on(dirfd(fds), entry->d_name, file);
	closedir(fds);
	return is_open;
}

/* Its real or its effective user (field 0 or 1), or -1. */
static uid_t
read_user(pid_t pid, int field)
{
	char status[2048], *line;
	ssize_t n = read_file(pid, "status", status, sizeof(status) - 1);
	unsigned long user[2];

	/* The owner of /proc/PID is root's for one that may not be traced. */
	if (n <= 0)
		return (uid_t)-1;
	status[n] = '\0';
	line = strstr(status, "\nUid:");
	if (!line || sscanf(line, "\nUid: %lu %lu", &user[0], &user[1]) != 2)
		return (uid_t)-1;
	return (uid_t)user[field];
}

uid_t
process_real_user(pid_t pid)
{
	return read_user(pid, 0);
}

uid_t
process_user(pid_t pid)
{
	return read_user(pid, 1);
}

/*
 * The whole environment, malloc'd, ended by two NULs; NULL with errno: not to
 * be had.
 */
static char *
read_environment(pid_t pid)
{
	size_t size = 64 << 10;

	for (;; size *= 4) {
		char *all = malloc(size + 2);
		ssize_t n = all ? read_file(pid, "environ", all, size) : -1;

		if (n <= 0 || size > ENVIRONMENT_MAX) {
			if (all && (!n || (n < 0 && has_ended(errno))))
				errno = ESRCH;
			free(all);
			return NULL;
		}
		if ((size_t)n < size) {
			all[n] = all[n + 1] = '\0';
			return all;
		}
		free(all);
	}
}

bool
process_environment(pid_t pid, const char *name, char *value, size_t value_size)
{
	char *all = read_environment(pid);
	size_t length = strlen(name);
	bool is_found = false;

	for (char *e = all; e && *e && !is_found; e += strlen(e) + 1) {
		if (strncmp(e, name, length) || e[length] != '=')
			continue;
		is_found = strlen(e + length + 1) < value_size;
		if (is_found)
			strcpy(value, e + length + 1);
	}
	free(all);
	return is_found;
}

bool
process_has_environment(pid_t pid, const char *entry)
{
	char *all = read_environment(pid);
	bool is_found = false;

	for (char *e = all; e && *e && !is_found; e += strlen(e) + 1)
		is_found = !strcmp(e, entry);
	if (all)
		errno = 0;
	free(all);
	return is_found;
}

void
process_make_mark(char mark[PROCESS_MARK_SIZE])
{
	char *inherited = getenv(PROCESS_MARK);
	unsigned char bytes[PROCESS_MARK_SIZE / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		memset(bytes, getpid() & 0xff, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		sprintf(mark + 2 * i, "%02x", bytes[i]);
	/* These are the bytes that /proc/PID/environ shows, as long as nobody
	 * has set the variable again. */
	if (inherited && strlen(inherited) == strlen(mark))
		memcpy(inherited, mark, strlen(mark));
}

bool
process_is_our_program(pid_t pid, const char *name)
{
	char path[64], target[4096 + 16];
	struct stat ours, its;
	const char *slash;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%ld/exe", (long)pid);
	if (!stat("/proc/self/exe", &ours) && !stat(path, &its) &&
	    ours.st_dev == its.st_dev && ours.st_ino == its.st_ino)
		return true;
	n = name ? readlink(path, target, sizeof(target) - 1) : -1;
	if (n < 0)
		return false;
	target[n] = '\0';
	slash = strrchr(target, '/');
	/* "runner (deleted)" was replaced by a newer one. */
	return slash && !strncmp(slash + 1, name, strlen(name)) &&
	       (!slash[1 + strlen(name)] || slash[1 + strlen(name)] == ' ');
}

int
process_open(pid_t pid, int64_t start_ticks)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct process now;

	if (fd < 0)
		return -1;
	if (process_read(pid, &now) || now.start_ticks != start_ticks) {
		close(fd);
		errno = ESRCH;
		return -1;
	}
	return fd;
}

int
process_signal(int pidfd, int signal)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0))
		return -1;
	if (signal == SIGTERM)
		syscall(SYS_pidfd_send_signal, pidfd, SIGCONT, NULL, 0);
	return 0;
}

void
process_signal_group(pid_t pid, int signal)
{
	if (pid <= 0)
		return;
	if (kill(-pid, signal))
		kill(pid, signal);
	if (signal == SIGTERM && kill(-pid, SIGCONT))
		kill(pid, SIGCONT);
}

int
process_kill(const struct process *p, int signal)
{
	int fd = process_open(p->pid, p->start_ticks);
	int result;

	if (fd < 0)
		return -1;
	result = process_signal(fd, signal);
	close(fd);
	return result;
}

bool
process_wait(int pidfd, int64_t timeout_ms)
{
	struct pollfd p = {.fd = pidfd, .events = POLLIN};

	if (timeout_ms > INT32_MAX)
		timeout_ms = INT32_MAX;
	return poll(&p, 1, (int)timeout_ms) == 1;
}

void
process_boot_id(char *id, size_t id_size)
{
	FILE *f =
	    file_open_stream("/proc/sys/kernel/random/boot_id", FILE_SAFE);

	id[0] = '\0';
	if (!f)
		return;
	if (fgets(id, (int)id_size, f))
		id[strcspn(id, "\n")] = '\0';
	fclose(f);
}

/* The fields of /proc/PID/stat that prctl(2) wants back, by proc(5). */
enum {
	STAT_PARENT = 4,
	STAT_START_CODE = 26,
	STAT_START_DATA = 45,
	STAT_ENV_START = 50,
	STAT_FIELDS = 52,
};

void
process_show_as(const char *words, size_t size)
{
	uint64_t v[STAT_FIELDS] = {0}, *code = &v[STAT_START_CODE];
	uint64_t *data = &v[STAT_START_DATA], *env = &v[STAT_ENV_START];
	struct prctl_mm_map map = {.exe_fd = (uint32_t)-1};
	char line[1024], *at;
	ssize_t n = read_file(getpid(), "stat", line, sizeof(line) - 1);

	line[n > 0 ? n : 0] = '\0';
	at = strrchr(line, ')');
	if (!at || strlen(at) < 4)
		return;
	at += 3; /* the name's end, a blank, the state */
	for (size_t i = STAT_PARENT; i < STAT_FIELDS; i++)
		v[i] = strtoull(at, &at, 10);
	map.start_code = code[0];
	map.end_code = code[1];
	map.start_stack = code[2];
	map.start_data = data[0];
	map.end_data = data[1];
	map.start_brk = data[2];
	map.brk = (uint64_t)syscall(SYS_brk, NULL);
	map.arg_start = (uintptr_t)words;
	map.arg_end = (uintptr_t)words + size;
	map.env_start = env[0];
	map.env_end = env[1];
	prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0);
	prctl(PR_SET_NAME, words);
}

void
process_close_from(int first_fd)
{
	syscall(SYS_close_range, (unsigned)first_fd, ~0U, 0U);
}
