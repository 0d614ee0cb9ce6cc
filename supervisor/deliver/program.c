#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "answer.h"
#include "base/json_read.h"
#include "base/template.h"
#include "deadline.h"
#include "os/bytes.h"
#include "os/process.h"

enum { OUTPUT_SIZE = 4096, COMMAND_WORD_SIZE = 128 << 10 };

/* The running program. */
struct child {
	pid_t pid;
	int exec_fd; /* says that it could not be executed, by having a byte */
	int pid_fd;
	int output_fd;            /* its stdout and stderr, non-blocking here */
	char output[OUTPUT_SIZE]; /* the last it printed */
	size_t size;
};

int
sendmail_status(int exit_status)
{
	switch (exit_status) {
	case EX_OK:
		return EX_OK;
	case EX_DATAERR:
	case EX_NOUSER:
	case EX_UNAVAILABLE:
		return EX_UNAVAILABLE;
	case EX_USAGE:
	case EX_NOPERM:
	case EX_CONFIG:
		return EX_CONFIG;
	default:
		return EX_TEMPFAIL;
	}
}

/* In the child.  Its words of failure travel the way of all its words. */
static _Noreturn void
child_exec(char *const argv[], const char *cwd, int input_fd, int output_fd,
    int exec_fd, pid_t parent)
{
	sigset_t none;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(input_fd, STDIN_FILENO);
	dup2(output_fd, STDOUT_FILENO);
	dup2(output_fd, STDERR_FILENO);
	/* Our message and whatever we were started with are not for it. */
	exec_fd = fcntl(exec_fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	dup2(exec_fd, STDERR_FILENO + 1);
	fcntl(STDERR_FILENO + 1, F_SETFD, FD_CLOEXEC);
	process_close_from(STDERR_FILENO + 2);
	if (argv[0] && getppid() == parent && (!cwd || !chdir(cwd)))
		execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "cannot be executed: %s\n", strerror(errno));
	if (write(STDERR_FILENO + 1, "x", 1) < 0)
		_exit(EX_CONFIG);
	_exit(EX_CONFIG);
}

static int
child_start(struct child *c, char *const argv[], const char *cwd, int input_fd)
{
	pid_t parent = getpid();
	int output[2], exec[2];

	if (pipe2(output, O_CLOEXEC))
		return -1;
	if (pipe2(exec, O_CLOEXEC)) {
		close(output[0]);
		close(output[1]);
		return -1;
	}
	c->pid = fork();
	if (c->pid == 0)
		child_exec(argv, cwd, input_fd, output[1], exec[1], parent);
	close(output[1]);
	close(exec[1]);
	c->output_fd = output[0];
	c->exec_fd = exec[0];
	if (c->pid < 0)
		return -1;
	fcntl(c->output_fd, F_SETFL, O_NONBLOCK);
	c->pid_fd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	if (c->pid_fd >= 0)
		return 0;
	/* It must not go on with a message that is tried elsewhere. */
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	return -1;
}

/* Reads what is there, keeps the end of it.  False at end of file. */
static bool
child_read(struct child *c)
{
	char piece[OUTPUT_SIZE / 2];
	ssize_t n = read(c->output_fd, piece, sizeof(piece));

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (c->size + (size_t)n > OUTPUT_SIZE) {
		size_t keep = OUTPUT_SIZE - (size_t)n;

		memmove(c->output, c->output + c->size - keep, keep);
		c->size = keep;
	}
	memcpy(c->output + c->size, piece, (size_t)n);
	c->size += (size_t)n;
	return n > 0;
}

/*
 * Until it has ended or time is up; that something it left may hold its
 * output open does not matter.  Returns false when time is up.
 */
static bool
child_wait(struct child *c, int64_t limit_ms)
{
	struct pollfd fds[2] = {
	    {.fd = c->pid_fd, .events = POLLIN},
	    {.fd = c->output_fd, .events = POLLIN},
	};
	int64_t end_ms = deadline_now_ms() + limit_ms;

	for (;;) {
		int64_t left_ms = end_ms - deadline_now_ms();

		if (left_ms <= 0)
			return false;
		if (poll(fds, 2, (int)left_ms) < 0 && errno != EINTR)
			return false;
		if (fds[1].revents && !child_read(c))
			fds[1].fd = -1;
		if (fds[0].revents)
			break;
	}
	/* What is in the pipe by now: a pipe holds 64 KiB, so few rounds. */
	for (int i = 0; i < 64 && fds[1].fd >= 0; i++)
		if (poll(&fds[1], 1, 0) != 1 || !child_read(c))
			break;
	return true;
}

/* The last line that is not empty. */
static void
child_words(const struct child *c, struct text *words)
{
	size_t end = c->size, start;

	while (end && strchr("\r\n \t", c->output[end - 1]))
		end--;
	for (start = end; start && c->output[start - 1] != '\n';)
		start--;
	if (end > start) {
		text_add_string(words, ": ");
		answer_add(words, c->output + start, end - start);
	}
}

/* It ended, or is ended.  Returns the delivery's status. */
static int
child_end(struct child *c, bool is_ended, int (*status_of)(int exit_status),
    struct text *words)
{
	int wait_status = 0;
	char byte;

	if (!is_ended) {
		/* Group and all: nobody goes on with what we try again. */
		kill(-c->pid, SIGKILL);
		kill(c->pid, SIGKILL); /* it may not lead its group yet */
	}
	while (waitpid(c->pid, &wait_status, 0) < 0 && errno == EINTR)
		continue;
	if (!is_ended)
		text_add_string(words, "did not end in time");
	else if (WIFSIGNALED(wait_status))
		text_addf(words, "killed by signal %d", WTERMSIG(wait_status));
	else if (!WEXITSTATUS(wait_status))
		text_add_string(words, "accepted");
	else
		text_addf(words, "exit status %d", WEXITSTATUS(wait_status));
	child_words(c, words);
	if (!is_ended || !WIFEXITED(wait_status))
		return EX_TEMPFAIL;
	return read(c->exec_fd, &byte, 1) == 1
		   ? EX_CONFIG
		   : status_of(WEXITSTATUS(wait_status));
}

static void
child_close(const struct child *c)
{
	const int fds[] = {c->output_fd, c->exec_fd, c->pid_fd};

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Runs it to its end.  Adds "PATH: WORDS". */
static int
program_run(const char *const *argv, const char *cwd, const struct body *body,
    int64_t limit_ms, int (*status_of)(int exit_status), struct text *words)
{
	struct child child = {
	    .pid = -1, .pid_fd = -1, .output_fd = -1, .exec_fd = -1};
	int input_fd = bytes_open(body->data, body->size);
	int status = EX_TEMPFAIL;

	text_addf(words, "%s: ", argv[0]);
	if (input_fd < 0 ||
	    child_start(&child, (char *const *)argv, cwd, input_fd))
		text_addf(words, "%m");
	else
		status = child_end(
		    &child, child_wait(&child, limit_ms), status_of, words);
	if (input_fd >= 0)
		close(input_fd);
	child_close(&child);
	return status;
}

int
sendmail_deliver(const char *path, const struct job *job,
    const struct body *body, int64_t limit_ms, struct text *words)
{
	const char *argv[RUNNER_NOTIFY_RCPTS_MAX + 6] = {
	    path, "-i", "-f", job->from, "--"};

	memcpy(argv + 5, job->rcpts, job->rcpt_count * sizeof(*argv));
	return program_run(argv, NULL, body, limit_ms, sendmail_status, words);
}

static int
command_status(int exit_status)
{
	return exit_status == EX_OK || exit_status == EX_TEMPFAIL
		   ? exit_status
		   : EX_UNAVAILABLE;
}

/* One word, filled in; allocated.  NULL and why. */
static char *
fill_word(
    const char *word, const struct template_values *values, struct text *words)
{
	struct template_span line = {word, strlen(word), 1};
	struct template_faults faults = {0};
	char *buffer = malloc(COMMAND_WORD_SIZE);
	struct text out;

	if (!buffer)
		return answer_fail(words, 0, "out of memory"), NULL;
	text_init(&out, buffer, COMMAND_WORD_SIZE);
	if (!template_fill_line(&line, TEMPLATE_WORD, values, &out, &faults))
		return buffer;
	text_addf(words, "notify_command: %s", faults.list[0].words);
	free(buffer);
	return NULL;
}

static void
set_variable(
    const char *name, const char *word, const struct template_values *values)
{
	char ignored[64];
	struct text t;
	char *value;

	text_init(&t, ignored, sizeof(ignored));
	value = fill_word(word, values, &t);
	if (value)
		setenv(name, value, 1);
	free(value);
}

int
command_deliver(
    const struct job *job, const struct body *body, struct text *words)
{
	struct template_values values = {body->data, body->size, {NULL}};
	const char *argv[RUNNER_NOTIFY_WORDS_MAX + 1] = {NULL};
	int status = EX_OK;
	size_t at;

	if (json_check(body->data, body->size, &at))
		return answer_fail(words, EX_USAGE, "message: is no JSON");
	for (size_t i = 0; i < job->word_count && status == EX_OK; i++) {
		argv[i] = fill_word(job->words[i], &values, words);
		if (!argv[i])
			status = EX_CONFIG;
	}
	set_variable("RUNNER_CHAIN", "%{chain}", &values);
	set_variable("RUNNER_TASK", "%{task}", &values);
	set_variable("RUNNER_REASON", "%{reason}", &values);
	if (status == EX_OK)
		status = program_run(argv, job->cwd, body, deadline_share_ms(1),
		    command_status, words);
	for (size_t i = 0; argv[i]; i++)
		free((char *)argv[i]);
	return status;
}
