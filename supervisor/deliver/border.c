#include "border.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "answer.h"
#include "deadline.h"
#include "os/identity.h"

int
border_become(const char *user, struct text *words)
{
	char why[256];

	if (!user || geteuid() != 0)
		return EX_OK;
	if (!identity_become(user, NULL, why, sizeof(why)))
		return EX_OK;
	return answer_fail(words, EX_CONFIG, "%s", why);
}

int
border_leave_root(struct text *words)
{
	int status;

	if (geteuid() != 0)
		return EX_OK;
	status = border_become("nobody", words);
	if (status == EX_OK && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return answer_fail(
		    words, EX_CONFIG, "cannot give up privileges: %m");
	return status;
}

/* The child's side: its words go through the pipe. */
static _Noreturn void
child_deliver(int (*deliver)(void *context, struct text *words), void *context,
    int words_fd, pid_t parent, struct text *words)
{
	int status = EX_TEMPFAIL;
	ssize_t n;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	deadline_inherit();
	if (getppid() == parent)
		status = deliver(context, words);
	/* Smaller than a pipe; nobody else writes to it. */
	n = write(words_fd, words->data, words->length);
	_exit(n < 0 ? EX_TEMPFAIL : status);
}

int
border_deliver(int (*deliver)(void *context, struct text *words), void *context,
    struct text *words)
{
	pid_t parent = getpid(), pid;
	int fds[2], wait_status;
	char bytes[256];
	ssize_t n;

	if (geteuid() != 0)
		return deliver(context, words);
	if (pipe2(fds, O_CLOEXEC))
		return answer_fail(words, EX_TEMPFAIL, "pipe: %m");
	pid = fork();
	if (pid == 0)
		child_deliver(deliver, context, fds[1], parent, words);
	close(fds[1]);
	if (pid < 0) {
		text_addf(words, "fork: %m");
		close(fds[0]);
		return EX_TEMPFAIL;
	}
	text_clear(words);
	while ((n = read(fds[0], bytes, sizeof(bytes))) > 0 ||
	       (n < 0 && errno == EINTR))
		if (n > 0)
			text_add(words, bytes, (size_t)n);
	close(fds[0]);
	while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status);
	return answer_fail(words, EX_TEMPFAIL,
	    "the delivery was killed by signal %d", WTERMSIG(wait_status));
}
