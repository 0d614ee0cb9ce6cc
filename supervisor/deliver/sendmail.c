#include "sendmail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"

enum { OUTPUT_SIZE = 4096 };

/* The running program. */
struct child {
	pid_t pid;
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

/*
 * The message as a file without a name: a program that stops reading cannot
 * block or signal us.
 */
static int
input_open(const struct body *body)
{
	int fd = memfd_create("message", MFD_CLOEXEC);
	size_t done = 0;

	while (fd >= 0 && done < body->size) {
		ssize_t n = write(fd, body->data + done, body->size - done);

		if (n < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* In the child.  Its words of failure travel the way of all its words. */
static _Noreturn void
child_exec(char *const argv[], int input_fd, int output_fd, pid_t parent)
{
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(input_fd, STDIN_FILENO);
	dup2(output_fd, STDOUT_FILENO);
	dup2(output_fd, STDERR_FILENO);
	/* Our message and whatever we were started with are not for it. */
	close_range(STDERR_FILENO + 1, ~0U, 0);
	if (getppid() == parent)
		execv(argv[0], argv);
	dprintf(STDERR_FILENO, "cannot be executed: %s\n", strerror(errno));
	_exit(EX_CONFIG);
}

static int
child_start(struct child *c, char *const argv[], int input_fd)
{
	pid_t parent = getpid();
	int pipe_fd[2];

	if (pipe2(pipe_fd, O_CLOEXEC))
		return -1;
	c->pid = fork();
	if (c->pid == 0)
		child_exec(argv, input_fd, pipe_fd[1], parent);
	close(pipe_fd[1]);
	c->output_fd = pipe_fd[0];
	c->pid_fd = -1;
	if (c->pid < 0)
		return -1;
	setpgid(c->pid, c->pid); /* whoever comes first */
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

static int64_t
clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Until it has ended or time is up; that something it left behind may hold its
 * output open does not matter.  Returns false when time is up.
 */
static bool
child_wait(struct child *c, int64_t limit_ms)
{
	struct pollfd fds[2] = {
	    {.fd = c->pid_fd, .events = POLLIN},
	    {.fd = c->output_fd, .events = POLLIN},
	};
	int64_t end_ms = clock_now_ms() + limit_ms;

	for (;;) {
		int64_t left_ms = end_ms - clock_now_ms();

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

static int
child_end(struct child *c, bool is_ended, struct text *words)
{
	int wait_status = 0;

	/* Group and all: nobody goes on with a message that we try again. */
	if (!is_ended)
		kill(-c->pid, SIGKILL);
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
	return sendmail_status(WEXITSTATUS(wait_status));
}

int
sendmail_deliver(const char *path, const struct job *job,
    const struct body *body, int64_t limit_ms, struct text *words)
{
	const char *argv[JOB_RCPTS_MAX + 6] = {
	    path, "-i", "-f", job->from, "--"};
	struct child child = {.pid = -1, .pid_fd = -1, .output_fd = -1};
	int input_fd = input_open(body), status = EX_TEMPFAIL;

	memcpy(argv + 5, job->rcpts, job->rcpt_count * sizeof(*argv));
	text_addf(words, "%s: ", path);
	if (input_fd < 0 || child_start(&child, (char *const *)argv, input_fd))
		text_addf(words, "%s", strerror(errno));
	else
		status = child_end(&child, child_wait(&child, limit_ms), words);
	if (input_fd >= 0)
		close(input_fd);
	if (child.output_fd >= 0)
		close(child.output_fd);
	if (child.pid_fd >= 0)
		close(child.pid_fd);
	return status;
}
