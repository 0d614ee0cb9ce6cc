/* Requests reach the chain as they were asked, and answers those who asked. */
#include "chain/control.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"
#include "tap.h"

static const struct row {
	struct request asked;
	const char *output; /* that the client sees */
	int status;
	const char *words;
} rows[] = {
    {{.kind = REQUEST_NOW, .task = "a"}, "line\n", 0, ""},
    {{.kind = REQUEST_NOW}, "", 1, "exit status 3"},
    {{.kind = REQUEST_STOP}, "", 0, "it ends"},
    {{.kind = REQUEST_PAUSES, .task = "b", .text = "why, \"in\" words"}, "", 0,
	""},
    {{.kind = REQUEST_DRAIN, .text = "\xc3\xa4"}, "", 75, "no"},
};

static char seen[256];

static void
see(enum log_stream stream, const char *bytes, size_t size)
{
	strncat(seen, bytes, size);
}

/* The other side, in a process of its own: exits with the row's verdict. */
static pid_t
ask(const char *root, const struct row *r)
{
	pid_t pid = fork(), owner;
	char answer[CONTROL_ANSWER_SIZE] = "";
	int status;

	if (pid)
		return pid;
	owner = getppid();
	status = control_ask(
	    root, "chain", owner, &r->asked, see, answer, sizeof(answer));
	_exit(status != r->status        ? 10
	      : strcmp(answer, r->words) ? 11
	      : strcmp(seen, r->output)  ? 12
					 : 0);
}

static void
serve(struct control *c, const char *root, const struct row *r)
{
	struct pollfd p = {.fd = control_fd(c), .events = POLLIN};
	struct request got = {.kind = REQUEST_COUNT};
	pid_t pid = ask(root, r);
	int status;

	while (poll(&p, 1, 60000) == 1 && !control_next(c, &got))
		continue;
	tap_is_int(got.kind, r->asked.kind, "a request arrives");
	tap_ok(got.user == geteuid() && got.client > 0, "with who asks");
	tap_is(got.task, r->asked.task, "with its task");
	tap_is(got.text, r->asked.text, "and its words");
	control_output(
	    c, got.client, LOG_STREAM_STDOUT, r->output, strlen(r->output));
	control_answer(c, got.client, r->status, "%s", r->words);
	while (waitpid(pid, &status, WNOHANG) == 0)
		if (poll(&p, 1, 50) == 1)
			control_next(c, &got);
	tap_is_int(WEXITSTATUS(status), 0, "and is answered: %d %s", r->status,
	    r->words);
}

int
main(void)
{
	static struct control_client clients[CONTROL_CLIENTS_MAX];
	const struct log_settings settings = {0};
	const struct request stop = {.kind = REQUEST_STOP};
	struct control c = {
	    .listen_fd = -1, .epoll_fd = -1, .clients = clients};
	char answer[CONTROL_ANSWER_SIZE], path[128];
	struct scratch s;
	struct log *log;

	signal(SIGPIPE, SIG_IGN);
	scratch_init(&s);
	snprintf(path, sizeof(path), "%s/log", s.directory);
	log = log_open(&settings, path, "chain");
	tap_is_int(control_ask(s.directory, "chain", getpid(), &stop, NULL,
		       answer, sizeof(answer)),
	    -1, "who is not there cannot be asked");
	tap_is_int(errno, ENOENT, "and why");
	control_open(&c, s.directory, "chain", log);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		serve(&c, s.directory, &rows[i]);
	tap_is_int(control_ask(s.directory, "chain", getppid(), &stop, NULL,
		       answer, sizeof(answer)),
	    -1, "a socket of another process is not believed");
	tap_is_int(errno, EPERM, "and why");
	snprintf(path, sizeof(path), "%s/chain.sock", s.directory);
	tap_ok(!unlink(path), "somebody removes the socket");
	control_check(&c);
	tap_ok(!access(path, F_OK), "it is made again");
	serve(&c, s.directory, &rows[0]);
	control_close(&c);
	tap_ok(access(path, F_OK) && errno == ENOENT, "it goes with the chain");
	log_close(log);
	scratch_release(&s);
	return tap_done();
}
