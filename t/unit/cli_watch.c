/* watch: a picture drawn again and again, and the terminal as it was. */
#include "cli/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "tap.h"

enum { PATIENCE_MS = 20000 };

static int left; /* pictures that may be drawn */

static int
draw(FILE *out, const struct screen *s, void *data)
{
	if (!left--)
		return -1;
	fprintf(out, "picture\nsecond line\n");
	return 0;
}

/* Reads until `text` came (true), or the end. */
static bool
read_until(int fd, const char *text, char *all, size_t size)
{
	size_t n = strlen(all);

	while (!strstr(all, text)) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t got;

		if (poll(&p, 1, PATIENCE_MS) <= 0)
			return false;
		got = read(fd, all + n, size - 1 - n);
		if (got <= 0)
			return false;
		n += (size_t)got;
		all[n] = '\0';
	}
	return true;
}

static int
status_of(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static pid_t
watch_into_pipe(int *fd, int pictures)
{
	int fds[2];
	pid_t pid;

	if (pipe(fds))
		return -1;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		int null_fd = open("/dev/null", O_RDONLY);

		dup2(null_fd, STDIN_FILENO);
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		left = pictures;
		_exit(watch(draw, NULL) ? 1 : 0);
	}
	close(fds[1]);
	*fd = fds[0];
	return pid;
}

static void
test_pipe(void)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	char all[4096] = "";
	int fd;
	pid_t pid = watch_into_pipe(&fd, 1);

	tap_ok(!read_until(fd, "never", all, sizeof(all)),
	    "it ends when there is nothing more to draw");
	tap_is(all, "picture\nsecond line\n\n",
	    "elsewhere pictures are lines, one below the other");
	tap_is_int(status_of(pid), 0, "which is no failure");
	close(fd);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		pid = watch_into_pipe(&fd, 1000);
		*all = '\0';
		read_until(fd, "picture", all, sizeof(all));
		kill(pid, signals[i]);
		tap_is_int(status_of(pid), 0, "SIG%s ends it in order",
		    sigabbrev_np(signals[i]));
		close(fd);
	}
	pid = watch_into_pipe(&fd, 1000);
	close(fd);
	tap_is_int(status_of(pid), 0, "a reader that went away ends it");
}

static bool
is_same(const struct termios *a, const struct termios *b)
{
	return a->c_lflag == b->c_lflag && a->c_iflag == b->c_iflag &&
	       a->c_oflag == b->c_oflag && a->c_cc[VMIN] == b->c_cc[VMIN] &&
	       a->c_cc[VTIME] == b->c_cc[VTIME];
}

static void
test_terminal(void)
{
	struct winsize size = {.ws_row = 2, .ws_col = 40};
	struct termios before, during, after;
	char all[4096] = "";
	int master, slave;
	pid_t pid;

	if (openpty(&master, &slave, NULL, NULL, &size)) {
		tap_ok(true, "a terminal # SKIP there is none: %m");
		return;
	}
	tcgetattr(slave, &before);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(master);
		left = 1000;
		setsid();
		_exit(login_tty(slave) || watch(draw, NULL) ? 1 : 0);
	}
	tap_ok(read_until(master, "picture", all, sizeof(all)) &&
		   strstr(all, "\033[?1049h"),
	    "on a terminal it draws on a screen of its own");
	tcgetattr(slave, &during);
	tap_ok(!(during.c_lflag & (ICANON | ECHO)),
	    "a key works at once, and is not shown");
	if (write(master, "xq", 2) < 0)
		return;
	tap_ok(read_until(master, "\033[?1049l", all, sizeof(all)),
	    "q ends it, and gives the screen back");
	tap_is_int(status_of(pid), 0, "in order");
	tcgetattr(slave, &after);
	tap_ok(is_same(&before, &after), "the terminal is as it was");
	close(slave);
	close(master);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	setenv("TERM", "xterm", 1);
	test_pipe();
	test_terminal();
	return tap_done();
}
