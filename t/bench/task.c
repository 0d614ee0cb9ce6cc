/*
 * task: what the benchmarks run.  Linked statically, so that the time of a run
 * is that of the supervisor and not of the dynamic linker.
 *
 *   task              one line on each stream, success
 *   task lines N      N lines of 80 bytes with their newline
 *   task line N       one line of N bytes
 *   task stamp FILE   appends the clock at its first instruction and exits
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 80 * 800 };

static void
put(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0)
			_exit(1);
		bytes += n;
		size -= (size_t)n;
	}
}

static void
put_many(long size, int line)
{
	static char block[BLOCK];

	for (int i = 0; i < BLOCK; i++)
		block[i] =
		    (char)(line && i % line == line - 1 ? '\n' : 'a' + i % 26);
	for (; size > 0; size -= BLOCK)
		put(STDOUT_FILENO, block, size < BLOCK ? (size_t)size : BLOCK);
}

static void
stamp(const char *path)
{
	struct timespec t;
	char line[64];
	int fd;

	clock_gettime(CLOCK_MONOTONIC, &t);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0666);
	put(fd, line,
	    (size_t)snprintf(
		line, sizeof(line), "%ld.%09ld\n", (long)t.tv_sec, t.tv_nsec));
}

int
main(int argc, char **argv)
{
	if (argc < 3) {
		put(STDOUT_FILENO, "one line\n", 9);
		put(STDERR_FILENO, "and another\n", 12);
	} else if (!strcmp(argv[1], "lines")) {
		put_many(80 * atol(argv[2]), 80);
	} else if (!strcmp(argv[1], "line")) {
		put_many(atol(argv[2]), 0);
	} else {
		stamp(argv[2]);
	}
	return 0;
}
