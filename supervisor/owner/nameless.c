#include "nameless.h"

#include <dirent.h>
#include <fcntl.h>
#ifndef __GLIBC__
#include <linux/stat.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "os/file.h"
#include "os/process.h"

enum { LOCKS_BUFFER_SIZE = 256 << 10 /* of /proc/locks, at once */ };

struct search {
	char *directory; /* with its slash */
	dev_t device;
	nameless_match *match;
	void *data;
	pid_t pid; /* found, or 0 */
};

/* Looks at the plain files of the process that lost their name there. */
static void
try_process(struct search *s, pid_t pid)
{
	static const char deleted[] = " (deleted)";
	char fds_name[64], target[4096 + 16];
	size_t length = strlen(s->directory);
	const struct dirent *entry;
	DIR *fds;

	snprintf(fds_name, sizeof(fds_name), "/proc/%ld/fd", (long)pid);
	if (s->pid || pid == getpid() ||
	    !(fds = file_open_entries(AT_FDCWD, fds_name, FILE_SAFE)))
		return;
	while (!s->pid && (entry = readdir(fds))) {
		struct statx st;
		ssize_t n = readlinkat(
		    dirfd(fds), entry->d_name, target, sizeof(target) - 1);
		size_t end = n > 0 ? (size_t)n : 0;
		int fd = -1;

		target[end] = '\0';
		end -= end < sizeof(deleted) ? 0 : sizeof(deleted) - 1;
		if (!strcmp(target + end, deleted) &&
		    !strncmp(target, s->directory, length) &&
		    !syscall(SYS_statx, dirfd(fds), entry->d_name,
			AT_STATX_DONT_SYNC, STATX_INO, &st) &&
		    makedev(st.stx_dev_major, st.stx_dev_minor) == s->device &&
		    S_ISREG(st.stx_mode))
			fd = openat(
			    dirfd(fds), entry->d_name, O_RDONLY | FILE_NAMED);
		if (fd < 0)
			continue;
		target[end] = '\0';
		if (s->match(fd, target + length, pid, s->data))
			s->pid = pid;
		close(fd);
	}
	closedir(fds);
}

static void
visit_process(const struct process *p, void *data)
{
	try_process(data, p->pid);
}

/* Inodes, and who holds the first byte of each, or 0. */
struct inodes {
	size_t count;
	bool is_short; /* of memory */
	struct inode {
		ino_t number;
		pid_t holder;
	} * row; /* owned */
};

static void
add_inode(struct inodes *l, ino_t number, pid_t holder)
{
	/* There is room up to the next power of two. */
	if (!(l->count & (l->count - 1))) {
		struct inode *more = reallocarray(
		    l->row, l->count ? 2 * l->count : 1, sizeof(*more));

		l->is_short |= !more;
		if (!more)
			return;
		l->row = more;
	}
	l->row[l->count++] = (struct inode){number, holder};
}

static int
compare_inodes(const void *a, const void *b)
{
	ino_t x = ((const struct inode *)a)->number;
	ino_t y = ((const struct inode *)b)->number;

	return (x > y) - (x < y);
}

/* Those that have a name in the directory, sorted. */
static void
list_named(struct inodes *l, const char *directory)
{
	DIR *dir = file_open_entries(AT_FDCWD, directory, FILE_NAMED);
	const struct dirent *entry;

	while (dir && !l->is_short && (entry = readdir(dir)))
		add_inode(l, entry->d_ino, 0);
	if (dir)
		closedir(dir);
	if (l->count)
		qsort(l->row, l->count, sizeof(*l->row), compare_inodes);
}

/* Those whose first byte is held, by the kernel's word. */
static void
list_held(struct inodes *l, FILE *locks)
{
	char line[256];

	while (!l->is_short && fgets(line, sizeof(line), locks)) {
		unsigned long inode;
		long pid;
		int end = 0;

		if (sscanf(line, "%*d: POSIX %*s WRITE %ld %*x:%*x:%lu 0 0%n",
			&pid, &inode, &end) == 2 &&
		    end && pid > 0)
			add_inode(l, inode, (pid_t)pid);
	}
}

/*
 * Of those who hold a lock only one whose file has no name there is looked at,
 * not a thousand other runners and what they have open.  The names are read
 * last: of those who begin meanwhile, too.  Returns false: they could not all
 * be seen.
 */
static bool
look_at_locks(struct search *s)
{
	FILE *locks = file_open_stream("/proc/locks", FILE_SAFE);
	/* Each read(2) walks through all that was read before. */
	char *buffer = malloc(LOCKS_BUFFER_SIZE);
	struct inodes held = {0}, named = {0};
	pid_t last = 0;

	if (locks && buffer)
		setvbuf(locks, buffer, _IOFBF, LOCKS_BUFFER_SIZE);
	if (locks) {
		list_held(&held, locks);
		held.is_short |= ferror(locks) != 0;
		fclose(locks);
	}
	free(buffer);
	list_named(&named, s->directory);
	for (size_t i = 0; i < held.count; i++) {
		if (held.row[i].holder == last ||
		    (named.count &&
			bsearch(&held.row[i], named.row, named.count,
			    sizeof(*named.row), compare_inodes)))
			continue;
		last = held.row[i].holder;
		try_process(s, last);
	}
	free(named.row);
	free(held.row);
	return locks && !held.is_short;
}

pid_t
nameless_find(const char *directory, nameless_match *match, void *data)
{
	char *path = realpath(directory, NULL);
	struct search s = {.match = match, .data = data};
	struct stat st;

	if (path && !stat(path, &st) &&
	    asprintf(&s.directory, "%s/", path) > 0) {
		s.device = st.st_dev;
		if (!look_at_locks(&s))
			process_each(visit_process, &s);
		free(s.directory);
	}
	free(path);
	return s.pid;
}
