#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "printout.h"
#include "terminal.h"

enum { PERIOD_MS = 1000 };

struct watch {
	bool is_on_terminal;   /* the picture is */
	bool has_keys;         /* standard input is a terminal, in front */
	struct termios before; /* of standard input */
	int signal_fd;
	sigset_t mask_before;
};

/* The alternate screen, without cursor; leaving it shows the old one. */
static const char enter_screen[] = "\033[?1049h\033[?25l\033[H\033[2J";
static const char leave_screen[] = "\033[?25h\033[?1049l";

static void
say(const char *sequence)
{
	if (write(STDOUT_FILENO, sequence, strlen(sequence)) < 0)
		return;
}

static void
take_terminal(struct watch *w)
{
	struct termios raw;

	/* A background job may not touch the terminal's modes. */
	w->has_keys = !tcgetattr(STDIN_FILENO, &w->before) &&
		      tcgetpgrp(STDIN_FILENO) == getpgrp();
	if (w->has_keys) {
		raw = w->before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		raw.c_cc[VMIN] = 0;
		raw.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	if (w->is_on_terminal)
		say(enter_screen);
}

static void
leave_terminal(struct watch *w)
{
	if (w->is_on_terminal)
		say(leave_screen);
	if (w->has_keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &w->before);
}

/* Ctrl-Z: the terminal is given back first, and taken again afterwards. */
static void
suspend(struct watch *w)
{
	leave_terminal(w);
	raise(SIGSTOP);
	take_terminal(w);
}

static int
begin(struct watch *w)
{
	static const int wanted[] = {
	    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP};
	sigset_t mask;

	sigemptyset(&mask);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		sigaddset(&mask, wanted[i]);
	sigprocmask(SIG_BLOCK, &mask, &w->mask_before);
	w->signal_fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (w->signal_fd < 0)
		return -1;
	take_terminal(w);
	return 0;
}

static void
end(struct watch *w)
{
	leave_terminal(w);
	close(w->signal_fd);
	sigprocmask(SIG_SETMASK, &w->mask_before, NULL);
}

/*
 * On a terminal each line clears what is behind it, and what does not fit the
 * rows is left out: the picture never scrolls.
 */
static void
put_in_place(FILE *out, const char *picture, size_t rows)
{
	fputs("\033[H", out);
	for (size_t row = 1; *picture; row++) {
		size_t n = strcspn(picture, "\n");

		fwrite(picture, n, 1, out);
		fputs("\033[K", out);
		picture += n + (picture[n] == '\n');
		if (rows && row >= rows) {
			fputs("\033[0m", out);
			break;
		}
		if (*picture)
			fputs("\r\n", out);
	}
	fputs("\033[J", out);
}

/* Returns 0; 1 when the end has come; -1 with errno. */
static int
draw_once(struct watch *w, watch_draw *draw, void *data)
{
	struct printout page, written;
	struct screen s;

	terminal_detect(&s);
	if (!printout_open(&page))
		return -1;
	if (draw(page.stream, &s, data)) {
		fclose(page.stream);
		free(page.bytes);
		return 1;
	}
	if (!w->is_on_terminal) {
		putc('\n', page.stream);
		return printout_close(&page, STDOUT_FILENO);
	}
	if (fclose(page.stream) || !printout_open(&written)) {
		free(page.bytes);
		return errno = ENOMEM, -1;
	}
	put_in_place(written.stream, page.bytes, s.rows);
	free(page.bytes);
	return printout_close(&written, STDOUT_FILENO);
}

/* Returns true when it is time to end. */
static bool
take_signals(struct watch *w)
{
	struct signalfd_siginfo info;
	bool is_over = false;

	while (read(w->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGTSTP)
			suspend(w);
		else if (info.ssi_signo != SIGWINCH)
			is_over = true;
	}
	return is_over;
}

static bool
take_keys(struct watch *w)
{
	char keys[64];
	ssize_t n = read(STDIN_FILENO, keys, sizeof(keys));

	if (n <= 0)
		w->has_keys = n < 0 && errno == EAGAIN;
	for (ssize_t i = 0; i < n; i++)
		if (keys[i] == 'q' || keys[i] == 'Q')
			return true;
	return false;
}

/* Waits for the next second, or for a signal or a key; true: it is over. */
static bool
wait_a_while(struct watch *w)
{
	struct pollfd fds[2] = {
	    {.fd = w->signal_fd, .events = POLLIN},
	    {.fd = w->has_keys ? STDIN_FILENO : -1, .events = POLLIN},
	};

	if (poll(fds, 2, PERIOD_MS) < 0)
		return errno != EINTR;
	if (fds[0].revents && take_signals(w))
		return true;
	return fds[1].revents && take_keys(w);
}

int
watch(watch_draw *draw, void *data)
{
	struct watch w = {.is_on_terminal = isatty(STDOUT_FILENO)};
	int result, error;

	if (begin(&w))
		return -1;
	do
		result = draw_once(&w, draw, data);
	while (!result && !wait_a_while(&w));
	error = errno;
	end(&w);
	errno = error;
	return result < 0 ? -1 : 0;
}
