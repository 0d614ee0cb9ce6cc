#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIGNALS_AT_ONCE = 4 };

/*
 * signal(2) of the C library refuses 32 and 33, which it keeps for itself, and
 * a parent may have left them ignored all the same; so ask the kernel.
 */
static void
set_default(int signal_number)
{
	struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask; /* of the 64 signals, as the kernel has it */
	} action = {.handler = SIG_DFL};

	/* KILL and STOP cannot be set, and need not be. */
	syscall(SYS_rt_sigaction, signal_number, &action, NULL,
	    sizeof(action.mask));
}

int
signals_open(void)
{
	sigset_t all, ours;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	/* nohup(1) and others left some ignored: those never arrive. */
	for (int i = 1; i < NSIG; i++)
		set_default(i);
	/* Faults must end us, not be held back. */
	sigemptyset(&ours);
	sigaddset(&ours, SIGSEGV);
	sigaddset(&ours, SIGBUS);
	sigaddset(&ours, SIGFPE);
	sigaddset(&ours, SIGILL);
	sigaddset(&ours, SIGABRT);
	sigaddset(&ours, SIGSYS);
	sigprocmask(SIG_UNBLOCK, &ours, NULL);
	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGHUP);
	sigaddset(&ours, SIGUSR1);
	sigaddset(&ours, SIGCHLD);
	return signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
}

struct signals
signals_read(int fd)
{
	struct signals seen = {0};
	struct signalfd_siginfo info[SIGNALS_AT_ONCE];
	ssize_t n;

	do {
		n = read(fd, info, sizeof(info));
		for (ssize_t i = 0; i < n / (ssize_t)sizeof(*info); i++) {
			uint32_t signal = info[i].ssi_signo;

			seen.stop |= signal == SIGTERM || signal == SIGINT;
			seen.reload |= signal == SIGHUP;
			seen.wake |= signal == SIGUSR1;
			seen.child |= signal == SIGCHLD;
		}
	} while (n == (ssize_t)sizeof(info));
	return seen;
}

bool
signals_wait_stop(int fd, int other_fd, int timeout_ms)
{
	struct pollfd p[2] = {
	    {.fd = fd, .events = POLLIN}, {.fd = other_fd, .events = POLLIN}};

	if (poll(p, 2, timeout_ms) <= 0 || !(p[0].revents & POLLIN))
		return false;
	return signals_read(fd).stop;
}
