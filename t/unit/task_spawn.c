/* A run as it is started, and what its end says: one row per command. */
#include "task/spawn.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config/command.h"
#include "tap.h"

static const struct row {
	const char *command;
	const char *out;
	int exit, signal;
	bool not_executed, is_timed_out, fail_on_stderr, is_success;
	const char *name;
} rows[] = {
    {"true", "", 0, 0, .is_success = true, .name = "a success"},
    {"sh -c 'exit 3'", "", 3, 0, .name = "an exit status"},
    {"sh -c 'kill -9 $$'", "", -1, 9, .name = "a signal"},
    {"sh -c 'exit 255'", "", 255, 0, .name = "255 of its own"},
    {"/none/at/all", "", 127, 0, .not_executed = true,
	.name = "a program that is not there"},
    {"/etc/passwd", "", 126, 0, .not_executed = true,
	.name = "a program that cannot be executed"},
    {"sh -c 'exit 0' | sh -c 'exit 4'", "", 4, 0, .name = "the last stage"},
    {"sh -c 'exit 5' | true", "", 5, 0, .name = "a stage before it"},
    {"true | /none/at/all", "", 127, 0, .not_executed = true,
	.name = "a stage that is not there"},
    {"true", "", 0, 0, .is_timed_out = true, .name = "a timeout fails"},
    {"sh -c 'echo e >&2'", "", 0, 0, .fail_on_stderr = true,
	.name = "stderr fails when it is told to"},
    {"sh -c 'echo e >&2'", "", 0, 0, .is_success = true,
	.name = "else it does not"},
    {"sh -c 'echo $RUNNER_CHAIN $RUNNER_TASK $RUNNER_RUN $RUNNER_FAILURES "
     "[$RUNNER_LAST_EXIT] $RUNNER_MARK'",
	"chain task 7 2 [3] mark\n", 0, 0, .is_success = true,
	.name = "the environment of a run"},
    {"sh -c 'cd /proc/self/fd && echo *; cat'", "0 1 2 3\n", 0, 0,
	.is_success = true, .name = "no descriptor but three, stdin empty"},
    {"sh -c 'printf A | cat - | tr A B'", "B", 0, 0, .is_success = true,
	.name = "pipes of its own"},
};

/* Reads to the end, waiting long.  Returns how many bytes. */
static size_t
read_all(int fd, char *bytes, size_t size)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t used = 0;
	ssize_t n;

	while (poll(&p, 1, 60000) == 1 &&
	       (n = read(fd, bytes + used, size - used)) > 0)
		used += (size_t)n;
	return used;
}

static int
reap(pid_t pid)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	int status = 0;

	for (int i = 0; i < 12000 && spawn_reap(&status) != pid; i++)
		nanosleep(&pause, NULL);
	return status;
}

static void
run(const struct row *r)
{
	char name[] = "task", root[] = "/", *none[] = {NULL};
	char why[128], out[512], err[512];
	struct task_settings t = {.name = name,
	    .cwd = root,
	    .environment = none,
	    .success_exit = {true},
	    .fail_on_stderr = r->fail_on_stderr,
	    .umask = -1,
	    .limit_memory_bytes = -1,
	    .limit_files = -1,
	    .limit_cpu_s = -1};
	const struct spawn_run run = {.chain = "chain",
	    .number = 7,
	    .failures = 2,
	    .last_exit = "3",
	    .mark = "mark"};
	struct spawn_plan *plan;
	struct child child;
	struct outcome o;
	size_t n;

	child_init(&child);
	command_split(&t.command, r->command, why, sizeof(why));
	plan = spawn_plan_new(&t);
	if (!tap_ok(
		plan && !spawn_task(plan, &run, &child), "%s: starts", r->name))
		return;
	n = read_all(child.out_fd, out, sizeof(out) - 1);
	out[n] = '\0';
	n = read_all(child.err_fd, err, sizeof(err));
	o = spawn_outcome(&child, reap(child.pid), &t, r->is_timed_out, n > 0);
	tap_is(out, r->out, "%s: what it prints", r->name);
	tap_is_int(o.exit, r->exit, "%s: exit status", r->name);
	tap_is_int(o.signal, r->signal, "%s: signal", r->name);
	tap_ok(
	    o.not_executed == r->not_executed && o.is_success == r->is_success,
	    "%s: what it counts as", r->name);
	child_close(&child);
	spawn_plan_free(plan);
	command_release(&t.command);
}

int
main(void)
{
	/* A child that ends by exit(3) must find nothing to write. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		run(&rows[i]);
	tap_ok(!spawn_has_children(), "no child is left");
	return tap_done();
}
