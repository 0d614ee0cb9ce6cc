/*
 * loop: what a supervisor cannot do without, and nothing else: fork, execute
 * through libpipeline, read both pipes, write what came, reap, again.
 *
 *   loop RUNS[/PAUSE] PROGRAM [ARG...]
 *
 * RUNS 0: once, then sleep for ever.  PAUSE: so many seconds after each run.
 */
#include <pipeline.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void
copy(int fd, int *open_count)
{
	char bytes[65536];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	if (n <= 0) {
		(*open_count)--;
		close(fd);
	} else if (write(STDERR_FILENO, bytes, (size_t)n) < 0) {
		_exit(1);
	}
}

static void
run(pipecmd *command)
{
	int out[2], err[2], open_count = 2, status;
	struct pollfd p[2];
	pid_t pid;

	if (pipe(out) || pipe(err) || (pid = fork()) < 0)
		exit(1);
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		for (int i = 0; i < 2; i++) {
			close(out[i]);
			close(err[i]);
		}
		pipecmd_exec(command);
	}
	close(out[1]);
	close(err[1]);
	p[0] = (struct pollfd){.fd = out[0], .events = POLLIN};
	p[1] = (struct pollfd){.fd = err[0], .events = POLLIN};
	while (open_count && poll(p, 2, -1) > 0) {
		for (int i = 0; i < 2; i++) {
			int before = open_count;

			if (!p[i].revents)
				continue;
			copy(p[i].fd, &open_count);
			if (open_count < before)
				p[i].fd = -1;
		}
	}
	waitpid(pid, &status, 0);
}

int
main(int argc, char **argv)
{
	pipecmd *command;
	char *slash;
	long runs;
	unsigned rest;

	if (argc < 3)
		return 2;
	runs = strtol(argv[1], &slash, 10);
	rest = *slash == '/' ? (unsigned)atol(slash + 1) : 0;
	command = pipecmd_new(argv[2]);
	for (int i = 3; i < argc; i++)
		pipecmd_arg(command, argv[i]);
	for (long i = 0; i < runs || (!runs && i < 1); i++) {
		run(command);
		sleep(rest);
	}
	if (!runs)
		pause();
	return 0;
}
