/* What a killed runner left is known by its mark, and ended: one row each. */
#include "task/leftovers.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static char mark[64];

static const struct row {
	const char *mark; /* NULL: ours */
	const char *task, *run;
	const char *script; /* says "r" when it is ready */
	int signal;         /* that ends it; 0: it stays */
	const char *name;
} rows[] = {
    {NULL, "t", "1", "echo r; exec sleep 1000", SIGTERM, "what has the mark"},
    {NULL, "t", "1", "trap '' TERM; echo r; while :; do sleep 1000; done",
	SIGKILL, "what ignores TERM meets KILL"},
    {NULL, "t", "1", "echo r; exec setsid sleep 1000", SIGTERM,
	"a session of its own hides nothing"},
    {"other", "t", "1", "echo r; exec sleep 1000", 0, "another mark is left"},
    {NULL, "kept", "4", "echo r; exec sleep 1000", 0,
	"a run that is spared is left"},
    {NULL, "kept", "5", "echo r; exec sleep 1000", SIGTERM,
	"another run of that task is not"},
};

enum { ROWS = sizeof(rows) / sizeof(*rows) };

static bool
is_spared(const char *task, uint64_t run, void *data)
{
	return !strcmp(task, "kept") && run == *(const uint64_t *)data;
}

/* Starts one and waits until it is ready. */
static pid_t
start(const struct row *r)
{
	int fds[2];
	pid_t pid;
	char byte;

	if (pipe(fds) || (pid = fork()) < 0)
		return -1;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setenv("RUNNER_MARK", r->mark ? r->mark : mark, 1);
		setenv("RUNNER_TASK", r->task, 1);
		setenv("RUNNER_RUN", r->run, 1);
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execlp("sh", "sh", "-c", r->script, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	if (read(fds[0], &byte, 1) != 1)
		pid = -1;
	close(fds[0]);
	return pid;
}

int
main(void)
{
	uint64_t kept = 4;
	struct leftovers_marked m = {.mark = mark,
	    .user = geteuid(),
	    .stop_timeout_ms = 2000,
	    .is_spared = is_spared,
	    .data = &kept};
	char who[256] = "";
	pid_t pids[ROWS];
	int status;

	snprintf(mark, sizeof(mark), "unit-%ld-%ld", (long)getpid(),
	    (long)time(NULL));
	for (size_t i = 0; i < ROWS; i++)
		pids[i] = start(&rows[i]);
	tap_is_int((long)leftovers_end_marked(&m, who, sizeof(who)), 0,
	    "nothing is left");
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *r = &rows[i];
		bool is_there = waitpid(pids[i], &status, WNOHANG) == 0;

		if (is_there) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], &status, 0);
		}
		tap_ok(pids[i] > 0 && is_there == !r->signal, "%s", r->name);
		if (!is_there)
			tap_is_int(WTERMSIG(status), r->signal, "%s: by signal",
			    r->name);
	}
	tap_is_int((long)leftovers_end_marked(&m, who, sizeof(who)), 0,
	    "and again, with nobody there");
	return tap_done();
}
