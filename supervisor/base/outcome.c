#include "outcome.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>

struct outcome
outcome_of_wait(int status)
{
	struct outcome o = {.exit = -1};

	if (WIFEXITED(status))
		o.exit = WEXITSTATUS(status);
	else if (WIFSIGNALED(status))
		o.signal = WTERMSIG(status);
	return o;
}

static const char *const signal_words[] = {
    [SIGHUP] = "HUP",
    [SIGINT] = "INT",
    [SIGQUIT] = "QUIT",
    [SIGILL] = "ILL",
    [SIGTRAP] = "TRAP",
    [SIGABRT] = "ABRT",
    [SIGBUS] = "BUS",
    [SIGFPE] = "FPE",
    [SIGKILL] = "KILL",
    [SIGUSR1] = "USR1",
    [SIGSEGV] = "SEGV",
    [SIGUSR2] = "USR2",
    [SIGPIPE] = "PIPE",
    [SIGALRM] = "ALRM",
    [SIGTERM] = "TERM",
    [SIGSTKFLT] = "STKFLT",
    [SIGCHLD] = "CHLD",
    [SIGCONT] = "CONT",
    [SIGSTOP] = "STOP",
    [SIGTSTP] = "TSTP",
    [SIGTTIN] = "TTIN",
    [SIGTTOU] = "TTOU",
    [SIGURG] = "URG",
    [SIGXCPU] = "XCPU",
    [SIGXFSZ] = "XFSZ",
    [SIGVTALRM] = "VTALRM",
    [SIGPROF] = "PROF",
    [SIGWINCH] = "WINCH",
    [SIGPOLL] = "POLL",
    [SIGPWR] = "PWR",
    [SIGSYS] = "SYS",
};
enum { SIGNAL_WORDS = sizeof(signal_words) / sizeof(*signal_words) };

void
outcome_signal_name(int signal, char text[OUTCOME_TEXT_SIZE])
{
	if (signal > 0 && signal < SIGNAL_WORDS && signal_words[signal])
		snprintf(
		    text, OUTCOME_TEXT_SIZE, "SIG%s", signal_words[signal]);
	else if (signal >= SIGRTMIN && signal <= SIGRTMAX)
		snprintf(
		    text, OUTCOME_TEXT_SIZE, "SIGRTMIN+%d", signal - SIGRTMIN);
	else
		snprintf(text, OUTCOME_TEXT_SIZE, "signal %d", signal);
}

int
outcome_signal_number(const char *name)
{
	char *end;
	long n = strtol(name, &end, 10);

	if (end != name && !*end)
		return n >= 1 && n <= 64 ? (int)n : -1;
	if (!strncasecmp(name, "SIG", 3))
		name += 3;
	for (int i = 1; i < SIGNAL_WORDS; i++)
		if (signal_words[i] && !strcasecmp(signal_words[i], name))
			return i;
	return -1;
}

void
outcome_describe(const struct outcome *o, char text[OUTCOME_TEXT_SIZE])
{
	char name[OUTCOME_TEXT_SIZE];
	const char *late = o->timed_out ? "timed out, " : "";

	if (o->goes_on) {
		snprintf(text, OUTCOME_TEXT_SIZE, "still running");
	} else if (o->not_executed) {
		snprintf(text, OUTCOME_TEXT_SIZE, "could not be executed");
	} else if (o->signal) {
		outcome_signal_name(o->signal, name);
		snprintf(text, OUTCOME_TEXT_SIZE,
		    "%skilled by signal %d (%.24s)", late, o->signal, name);
	} else {
		snprintf(
		    text, OUTCOME_TEXT_SIZE, "%sexit status %d", late, o->exit);
	}
}
