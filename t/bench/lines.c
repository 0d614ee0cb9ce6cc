/*
 * lines: how many bytes of a task's output per second go through capture and
 * log, in lines of 80 bytes, beside a plain loop that does just that (read,
 * memchr, prefix, memcpy, write) and nothing else: no control characters, no
 * kept bytes, no long lines.
 *
 *   lines [-n ROUNDS] [-m MEGABYTES] [FILE]
 *
 * FILE is written besides /dev/null, and removed.  The writer is a process of
 * its own; what is reported is the reader's, the best of the rounds.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/units.h"
#include "os/clock.h"
#include "task/capture.h"

enum { LINE = 80, BLOCK = LINE * 4096, READ = 64 << 10 };

struct job {
	const char *name;
	const char *target;
	int64_t size; /* bytes to read */
	enum log_stream stream;
	void (*read_all)(const struct job *job, int fd);
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0)
			die("write");
		bytes += n;
		size -= (size_t)n;
	}
}

/* The task: lines of letters, as fast as the pipe takes them. */
static void
be_the_writer(int fd, int64_t size)
{
	static char block[BLOCK];

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = i % LINE == LINE - 1 ? '\n' : (char)('a' + i % 23);
	for (; size > 0; size -= BLOCK)
		write_all(fd, block, sizeof(block));
	_exit(0);
}

static void
wait_for_input(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	poll(&p, 1, -1);
}

static void
read_as_runner(const struct job *job, int fd)
{
	struct log_settings settings = {.level = LOG_LEVEL_DEBUG,
	    .has_format = true,
	    .format = LOG_FORMAT_TIMESTAMP};
	struct log *log = log_open(&settings, job->target, "bench");
	struct capture *capture = log ? capture_new(log) : NULL;
	ssize_t n;

	if (!capture)
		die(job->target);
	capture_begin(capture, "task", NULL);
	while ((n = capture_read(capture, job->stream, fd))) {
		if (n < 0)
			wait_for_input(fd);
		log_flush(log);
	}
	capture_finish(capture, -1, -1);
	log_close(log);
	capture_free(capture);
}

/* Adds the whole lines to `out`; returns where the unfinished one begins. */
static const char *
prefix_lines(const char *in, const char *end, const char *prefix,
    size_t prefix_size, char *out, size_t *out_size)
{
	char *to = out;
	const char *stop;

	while ((stop = memchr(in, '\n', (size_t)(end - in)))) {
		size_t length = (size_t)(stop - in) + 1;

		memcpy(to, prefix, prefix_size);
		memcpy(to + prefix_size, in, length);
		to += prefix_size + length;
		in = stop + 1;
	}
	*out_size = (size_t)(to - out);
	return in;
}

static void
read_plainly(const struct job *job, int fd)
{
	static char in[LINE + READ], out[4 * READ];
	int to = open(job->target, O_WRONLY | O_CREAT | O_APPEND, 0640);
	size_t carried = 0, out_size;
	ssize_t n;

	if (to < 0)
		die(job->target);
	while ((n = read(fd, in + carried, READ))) {
		char prefix[UNITS_TEXT_SIZE * 2], when[UNITS_TEXT_SIZE];
		const char *rest, *end = in + carried + n;

		if (n < 0) {
			wait_for_input(fd);
			continue;
		}
		units_format_wall(clock_wall_ms(), when);
		snprintf(
		    prefix, sizeof(prefix), "%s INFO [task] stdout: ", when);
		rest = prefix_lines(
		    in, end, prefix, strlen(prefix), out, &out_size);
		carried = (size_t)(end - rest);
		memmove(in, rest, carried);
		write_all(to, out, out_size);
	}
	close(to);
}

static int64_t
own_cpu_ns(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return ((int64_t)r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000000 +
	       ((int64_t)r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1000;
}

/* One round; returns how long, and on the CPU how long, it took. */
static void
run_job(const struct job *job, int64_t *wall_ns, int64_t *cpu_ns)
{
	int fds[2];
	pid_t writer;

	if (pipe2(fds, O_CLOEXEC) < 0)
		die("pipe");
	writer = fork();
	if (!writer)
		be_the_writer(fds[1], job->size);
	close(fds[1]);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	*wall_ns = clock_now_ns();
	*cpu_ns = own_cpu_ns();
	job->read_all(job, fds[0]);
	*cpu_ns = own_cpu_ns() - *cpu_ns;
	*wall_ns = clock_now_ns() - *wall_ns;
	close(fds[0]);
	waitpid(writer, NULL, 0);
}

static void
report(const struct job *job, int rounds)
{
	double best_wall = 0, best_cpu = 0;

	for (int i = 0; i < rounds; i++) {
		int64_t wall_ns, cpu_ns;
		double size = (double)job->size;

		run_job(job, &wall_ns, &cpu_ns);
		if (size / (double)cpu_ns > best_cpu)
			best_cpu = size / (double)cpu_ns;
		if (size / (double)wall_ns > best_wall)
			best_wall = size / (double)wall_ns;
		if (strcmp(job->target, "/dev/null"))
			unlink(job->target);
	}
	printf("%-14s to %-20s %6.2f GB/s of own CPU %6.2f GB/s elapsed\n",
	    job->name, job->target, best_cpu, best_wall);
}

int
main(int argc, char **argv)
{
	int rounds = 5, megabytes = 500, c;
	const char *targets[2] = {"/dev/null"};

	while ((c = getopt(argc, argv, "n:m:")) != -1) {
		if (c == 'n')
			rounds = atoi(optarg);
		else if (c == 'm')
			megabytes = atoi(optarg);
		else
			return 2;
	}
	targets[1] = argv[optind];
	for (int i = 0; i < 2 && targets[i]; i++) {
		struct job job = {.target = targets[i],
		    .size = (int64_t)megabytes * 1000000 / BLOCK * BLOCK,
		    .stream = LOG_STREAM_STDOUT};

		job.name = "plain loop";
		job.read_all = read_plainly;
		report(&job, rounds);
		job.name = "runner, stdout";
		job.read_all = read_as_runner;
		report(&job, rounds);
		job.name = "runner, stderr";
		job.stream = LOG_STREAM_STDERR;
		report(&job, rounds);
	}
	return 0;
}
