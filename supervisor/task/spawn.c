#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pipeline.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "child_setup.h"
#include "os/process.h"
#include "os/program.h"

enum { EXEC_FD = 3 };

/* What is said there: a letter when exec failed; of a stage this, or this and
 * the signal that stopped it. */
enum { STAGE_GOES_ON = -128 };

enum { VARIABLES = 7, VARIABLES_SIZE = 1024 };

/*
 * Whatever a child needs is written here before fork(2): a page that a child
 * touches is one more fault, and one that it writes to is copied.
 */
struct spawn_plan {
	const struct task_settings *task;
	struct child_setup *setup;
	char **environment; /* owned: what is kept of ours, then variables */
	size_t kept;
	char variables[VARIABLES_SIZE]; /* RUNNER_... of the run */
	size_t count;
	pipecmd *stages[]; /* owned */
};

/* What this process is about to execute; in a runner NULL. */
static const struct task_settings *executed;

static void tell_not_executed(void);

/* The task's own environment; what is RUNNER_... is ours to say. */
static void
plan_environment(pipecmd *cmd, char *const *environment)
{
	for (; *environment; environment++) {
		const char *equals = strchr(*environment, '=');
		char name[256];

		if (!equals || !strncmp(*environment, "RUNNER_", 7))
			continue;
		snprintf(name, sizeof(name), "%.*s",
		    (int)(equals - *environment), *environment);
		pipecmd_setenv(cmd, name, equals + 1);
	}
}

void
spawn_init(void)
{
	static char program[] = "runner";
	static bool is_done;

	if (is_done)
		return;
	is_done = true;
	atexit(tell_not_executed);
	/* libpipeline's complaints are read in the log and in mails. */
	program_invocation_name = program;
}

struct spawn_plan *
spawn_plan_new(const struct task_settings *t)
{
	size_t count = t->command.count, entries = 0;
	struct spawn_plan *plan =
	    calloc(1, sizeof(*plan) + count * sizeof(*plan->stages));

	if (!plan)
		return NULL;
	plan->task = t;
	plan->setup = calloc(1, sizeof(*plan->setup));
	while (environ[entries])
		entries++;
	plan->environment =
	    calloc(entries + VARIABLES + 1, sizeof(*plan->environment));
	if (!plan->setup || !plan->environment) {
		spawn_plan_free(plan);
		return NULL;
	}
	spawn_init();
	plan->kept = child_setup_filter_environment(t, plan->environment);
	plan->count = count;
	*plan->setup = (struct child_setup){
	    .task = t, .parent = getpid(), .exec_fd = EXEC_FD};
	for (size_t i = 0; i < count; i++) {
		char **argv = t->command.argv[i];
		pipecmd *cmd = pipecmd_new(argv[0]);

		for (size_t j = 1; argv[j]; j++)
			pipecmd_arg(cmd, argv[j]);
		if (t->has_nice)
			pipecmd_nice(cmd, t->nice);
		pipecmd_chdir(cmd, t->cwd);
		plan_environment(cmd, t->environment);
		pipecmd_pre_exec(cmd, child_setup_task, NULL, plan->setup);
		plan->stages[i] = cmd;
	}
	return plan;
}

void
spawn_plan_free(struct spawn_plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->count; i++)
		if (plan->stages[i])
			pipecmd_free(plan->stages[i]);
	free(plan->setup);
	free(plan->environment);
	free(plan);
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
child_init(struct child *child)
{
	*child = (struct child){
	    .out_fd = -1, .err_fd = -1, .exec_fd = -1, .kill_ms = -1};
}

void
child_end(struct child *child, int64_t grace_ms, int64_t now_ms)
{
	process_signal_group(child->pid, SIGTERM);
	child_limit(child, grace_ms, now_ms);
}

void
child_limit(struct child *child, int64_t limit_ms, int64_t now_ms)
{
	child->grace_ms = limit_ms;
	child->kill_ms = now_ms + limit_ms;
}

void
child_grant_anew(struct child *child, int64_t now_ms)
{
	if (child->kill_ms >= 0)
		child->kill_ms = now_ms + child->grace_ms;
}

int64_t
child_check_time(struct child *child, int64_t now_ms)
{
	if (child->pid && child->kill_ms >= 0 && now_ms >= child->kill_ms) {
		process_signal_group(child->pid, SIGKILL);
		child->kill_ms = -1;
	}
	return child->pid ? child->kill_ms : -1;
}

void
child_close(struct child *child)
{
	close_fd(&child->out_fd);
	close_fd(&child->err_fd);
	close_fd(&child->exec_fd);
	child_init(child);
}

static void
set_nonblocking(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFL, O_NONBLOCK);
}

/* Ours is the reading end. */
static int
open_pipe(int *read_fd, int *write_fd)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	*read_fd = fds[0];
	*write_fd = fds[1];
	return 0;
}

/* The child's ends of the pipes. */
struct far_ends {
	int out, err, exec;
};

static int
open_pipes(struct child *child, struct far_ends *far)
{
	child_init(child);
	*far = (struct far_ends){-1, -1, -1};
	if (!open_pipe(&child->out_fd, &far->out) &&
	    !open_pipe(&child->err_fd, &far->err) &&
	    !open_pipe(&child->exec_fd, &far->exec)) {
		set_nonblocking(child->exec_fd);
		return 0;
	}
	return -1;
}

/* Parent and failure: the far ends go; on failure ours too, errno stays. */
static int
finish_pipes(struct child *child, struct far_ends *far, pid_t pid)
{
	int error = errno;

	close_fd(&far->out);
	close_fd(&far->err);
	close_fd(&far->exec);
	if (pid > 0) {
		child->pid = pid;
		return 0;
	}
	child_close(child);
	errno = error;
	return -1;
}

/* In the child: 0, 1, 2, and `third_fd` as 3; no others. */
static void
place_descriptors(int in_fd, int out_fd, int err_fd, int third_fd)
{
	dup2(out_fd, STDOUT_FILENO);
	dup2(err_fd, STDERR_FILENO);
	if (in_fd >= 0) {
		dup2(in_fd, STDIN_FILENO);
	} else {
		/* The number that it gives up is there for the new one, however
		 * few we may have. */
		close(STDIN_FILENO);
		if (open("/dev/null", O_RDONLY) != STDIN_FILENO) {
			dprintf(STDERR_FILENO,
			    "runner: cannot open /dev/null: %s\n",
			    strerror(errno));
			if (third_fd < 0 || write(third_fd, "x", 1) < 0)
				_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
			_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
		}
	}
	if (third_fd >= 0 && third_fd != EXEC_FD)
		dup3(third_fd, EXEC_FD, O_CLOEXEC);
	process_close_from(third_fd >= 0 ? EXEC_FD + 1 : EXEC_FD);
}

/* The environment of a run.  Returns 0, or -1 with errno. */
static int
write_environment(struct spawn_plan *plan, const struct spawn_run *run)
{
	char number[24], failures[24];
	const char *const variables[VARIABLES][2] = {
	    {"RUNNER_CHAIN", run->chain},
	    {"RUNNER_TASK", plan->task->name},
	    {"RUNNER_RUN", number},
	    {"RUNNER_FAILURES", failures},
	    {"RUNNER_LAST_EXIT", run->last_exit},
	    {PROCESS_MARK, run->mark},
	    {"RUNNER_LEASE", run->lease},
	};
	char **entry = plan->environment + plan->kept;
	struct text t;

	snprintf(number, sizeof(number), "%" PRIu64, run->number);
	snprintf(failures, sizeof(failures), "%" PRIu64, run->failures);
	text_init(&t, plan->variables, VARIABLES_SIZE);
	for (size_t i = 0; i < VARIABLES; i++) {
		if (!variables[i][1])
			continue;
		*entry++ = t.data + t.length;
		text_addf(&t, "%s=%s", variables[i][0], variables[i][1]);
		text_add(&t, "", 1);
	}
	*entry = NULL;
	return t.is_short ? (errno = ENAMETOOLONG, -1) : 0;
}

/*
 * libpipeline ends a process that cannot go on with exit(3): in a child nothing
 * else makes this be called.  ENOENT is told apart, for the two statuses that
 * shells have for it.
 */
static void
tell_not_executed(void)
{
	const char *word = errno == ENOENT ? "n" : "x";
	char why[PROGRAM_WHY_SIZE];

	if (!executed)
		return;
	/* What errno does not say: no interpreter, a directory, no x. */
	for (size_t i = 0; i < executed->command.count; i++)
		if (program_look(AT_FDCWD, executed->command.argv[i][0],
			getenv("PATH"), why) == PROGRAM_UNFIT)
			dprintf(STDERR_FILENO, "runner: %s\n", why);
	if (write(EXEC_FD, word, 1) < 0)
		_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
}

/* Ends this process as that one ended. */
static _Noreturn void
end_like(int status)
{
	struct rlimit none = {0, 0};
	sigset_t set;

	if (!WIFSIGNALED(status))
		_exit(WEXITSTATUS(status));
	/* The stage has left its core already, if it should. */
	setrlimit(RLIMIT_CORE, &none);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	_exit(128 + WTERMSIG(status));
}

static bool
is_stage_fine(const struct task_settings *t, int status, bool is_last)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGPIPE && !is_last;
	return t->success_exit[WEXITSTATUS(status)];
}

/* The runner waits for us alone: it learns from us that a stage was stopped. */
static void
tell_stopped(int signal)
{
	static int stopped;
	int error = errno;
	siginfo_t info = {0};
	signed char word;

	(void)signal;
	for (; !waitid(P_ALL, 0, &info, WSTOPPED | WCONTINUED | WNOHANG) &&
	       info.si_pid;
	     info.si_pid = 0) {
		bool goes_on = info.si_code == CLD_CONTINUED;

		stopped += goes_on ? -1 : 1;
		/* It goes on as a whole when the last of them does. */
		if (goes_on && stopped > 0)
			continue;
		word = (signed char)(STAGE_GOES_ON +
				     (goes_on ? 0 : info.si_status));
		if (write(EXEC_FD, &word, 1) < 0)
			break;
	}
	errno = error;
}

/* The parent of a pipeline's stages: ends as the last that failed, or the
 * last. */
static _Noreturn void
run_pipeline(struct spawn_plan *plan)
{
	pipeline *p = pipeline_new();
	const struct sigaction on_child = {
	    .sa_handler = tell_stopped, .sa_flags = SA_RESTART};
	int *statuses, count, null_fd;
	sigset_t set;

	child_setup_die_with(plan->setup->parent);
	plan->setup->parent = getpid();
	for (size_t i = 0; i < plan->count; i++)
		pipeline_command(p, plan->stages[i]);
	/* libpipeline waits by SIGCHLD; the rest stays blocked, so that a
	 * TERM to the group ends the stages, and us after them. */
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	pipeline_start(p);
	sigaction(SIGCHLD, &on_child, NULL);
	tell_stopped(SIGCHLD);
	/* From here on only the stages speak: libpipeline would tell of each
	 * that a signal ended. */
	null_fd = open("/dev/null", O_WRONLY);
	dup2(null_fd, STDOUT_FILENO);
	dup2(null_fd, STDERR_FILENO);
	pipeline_wait_all(p, &statuses, &count);
	for (int i = count - 1; i >= 0; i--)
		if (!is_stage_fine(plan->task, statuses[i], i == count - 1))
			end_like(statuses[i]);
	end_like(statuses[count - 1]);
}

static _Noreturn void
be_task(struct spawn_plan *plan, const struct far_ends *far)
{
	executed = plan->task;
	setsid();
	place_descriptors(-1, far->out, far->err, far->exec);
	environ = plan->environment;
	child_setup_environment(plan->setup);
	if (plan->count > 1)
		run_pipeline(plan);
	pipecmd_exec(plan->stages[0]);
	_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
}

int
spawn_task(
    struct spawn_plan *plan, const struct spawn_run *run, struct child *child)
{
	struct far_ends far;
	pid_t pid = -1;

	if (!open_pipes(child, &far) && !write_environment(plan, run)) {
		/* What fork(3) does for threads takes pages, and there are
		 * none. */
		pid = _Fork();
		if (!pid)
			be_task(plan, &far);
	}
	child->has_stages = plan->count > 1;
	return finish_pipes(child, &far, pid);
}

int
spawn_read_stages(struct child *child)
{
	int signal = -1;
	signed char word;
	ssize_t n;

	while ((n = read(child->exec_fd, &word, 1)) == 1)
		if (word < 0)
			signal = word - STAGE_GOES_ON;
		else if (!child->fault)
			child->fault = (char)word;
	if (!n)
		close_fd(&child->exec_fd);
	return signal;
}

struct outcome
spawn_outcome(struct child *child, int wait_status,
    const struct task_settings *t, bool is_timed_out, bool has_stderr)
{
	struct outcome o = outcome_of_wait(wait_status);

	spawn_read_stages(child);
	if (child->fault) {
		o.not_executed = true;
		o.signal = 0;
		o.exit = child->fault == 'n' ? OUTCOME_EXIT_NOT_FOUND
					     : OUTCOME_EXIT_NOT_EXECUTABLE;
	}
	close_fd(&child->exec_fd);
	o.timed_out = is_timed_out;
	o.is_success = !o.not_executed && !o.timed_out && !o.signal &&
		       t->success_exit[o.exit] &&
		       !(t->fail_on_stderr && has_stderr);
	return o;
}

int
spawn_helper(const char *path, const char *job, size_t job_size, int message_fd,
    struct child *child)
{
	char *const argv[] = {(char *)path, NULL};
	struct far_ends far = {-1, -1, -1};
	int job_fds[2] = {-1, -1};
	pid_t pid = -1;

	child_init(child);
	/* A job is smaller than a pipe: one write, and the end of file. */
	if (!pipe2(job_fds, O_CLOEXEC) &&
	    write(job_fds[1], job, job_size) == (ssize_t)job_size &&
	    !open_pipe(&child->out_fd, &far.out))
		pid = fork();
	if (!pid) {
		sigset_t none;

		/* It outlives us: what it sends it notes (runner_notify.h). */
		setsid();
		place_descriptors(job_fds[0], far.out, far.out, message_fd);
		if (message_fd >= 0)
			fcntl(EXEC_FD, F_SETFD, 0);
		child_setup_filter_environment(NULL, environ);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execv(path, argv);
		dprintf(STDERR_FILENO, "cannot execute %s: %s\n", path,
		    strerror(errno));
		_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
	}
	close_fd(&job_fds[0]);
	close_fd(&job_fds[1]);
	set_nonblocking(child->out_fd);
	return finish_pipes(child, &far, pid);
}

int
spawn_companion(
    char *const *argv, const char *cwd, const char *mark, struct child *child)
{
	struct far_ends far;
	pid_t parent = getpid(), pid = -1;

	if (!open_pipes(child, &far))
		pid = fork();
	if (!pid) {
		sigset_t none;

		setsid();
		child_setup_die_with(parent);
		place_descriptors(-1, far.out, far.err, -1);
		child_setup_filter_environment(NULL, environ);
		setenv(PROCESS_MARK, mark, 1);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (!chdir(cwd))
			execvp(argv[0], argv);
		dprintf(STDERR_FILENO, "cannot execute %s in %s: %s\n", argv[0],
		    cwd, strerror(errno));
		_exit(OUTCOME_EXIT_NOT_EXECUTABLE);
	}
	close_fd(&child->exec_fd);
	set_nonblocking(child->out_fd);
	set_nonblocking(child->err_fd);
	return finish_pipes(child, &far, pid);
}

pid_t
spawn_reap(int *wait_status)
{
	pid_t pid;

	do
		pid =
		    waitpid(-1, wait_status, WNOHANG | WUNTRACED | WCONTINUED);
	while (pid < 0 && errno == EINTR);
	return pid > 0 ? pid : 0;
}

bool
spawn_has_children(void)
{
	siginfo_t info;

	return !waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) ||
	       errno != ECHILD;
}
