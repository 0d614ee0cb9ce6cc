/* Other processes are known by what the kernel keeps of them. */
#include "os/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static void
find(const struct process *p, void *data)
{
	pid_t *wanted = data;

	if (p->pid == *wanted)
		*wanted = 0;
}

int
main(void)
{
	struct process self, child, kernel;
	char value[64], dir[] = "/tmp/runner-unit-XXXXXX", path[64];
	int fd, status;
	pid_t pid, wanted;

	tap_is_int(process_read(getpid(), &self), 0, "I am there");
	tap_ok(self.parent == getppid() && self.group == getpgrp(),
	    "with my parent and group");
	tap_is_int(process_read(-1, &child), -1, "-1 is nobody");
	tap_ok(errno == ENOENT || errno == ESRCH, "for certain");
	tap_ok(process_read(2, &kernel) ||
		   kernel.is_kernel == !strcmp(kernel.name, "kthreadd"),
	    "a thread of the kernel is known");
	/* A name that looks like the rest of the line. */
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/) R 1 1 1", dir);
	if (symlink("/bin/sleep", path))
		return 1;
	pid = fork();
	if (!pid) {
		static char mark[] = "RUNNER_MARK=abc",
			    like[] = "RUNNER_MARKX=d";
		char *const env[] = {mark, like, NULL};

		execle(path, path, "1000", NULL, env);
		_exit(1);
	}
	for (int i = 0;
	     i < 500 && !process_has_environment(pid, "RUNNER_MARK=abc"); i++)
		usleep(10000);
	unlink(path);
	rmdir(dir);
	if (process_read(pid, &child))
		return 1;
	tap_is(child.name, ") R 1 1 1", "a child, whatever it is called");
	tap_ok(child.parent == getpid(), "of mine");
	tap_ok(process_has_environment(pid, "RUNNER_MARK=abc"), "has its mark");
	tap_ok(!process_has_environment(pid, "RUNNER_MARK=ab"), "not a part");
	tap_ok(!process_has_environment(pid, "RUNNER_MARK"), "nor its name");
	tap_is_int(errno, 0, "which is known");
	tap_ok(process_environment(pid, "RUNNER_MARK", value, sizeof(value)) &&
		   !strcmp(value, "abc"),
	    "the value is to be had");
	tap_ok(!process_environment(pid, "RUNNER_MARK", value, 3),
	    "not cut short");
	tap_is_int(process_user(pid), geteuid(), "it is our user's");
	wanted = pid;
	process_each(find, &wanted);
	tap_ok(!wanted, "it is among all");
	fd = process_open(pid, child.start_ticks + 1);
	tap_ok(fd < 0 && errno == ESRCH, "another start is another process");
	child.start_ticks++;
	tap_ok(process_kill(&child, SIGKILL), "which is not signalled");
	child.start_ticks--;
	fd = process_open(pid, child.start_ticks);
	tap_ok(fd >= 0 && !process_wait(fd, 0), "this one lives");
	tap_is_int(process_kill(&child, SIGKILL), 0, "and is signalled");
	tap_ok(process_wait(fd, 5000), "and ends");
	tap_ok(!process_has_environment(pid, "RUNNER_MARK=abc") && errno,
	    "its mark is then not known");
	waitpid(pid, &status, 0);
	tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "by that");
	tap_is_int(process_read(pid, &child), -1, "and is gone");
	return tap_done();
}
