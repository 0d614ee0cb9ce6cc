/*
 * commands: what the words of the command line do, one function each.
 *
 * They are programs: they print, and what they return is the exit status.
 */
#ifndef RUNNER_COMMANDS_H
#define RUNNER_COMMANDS_H

#include "config/config.h"
#include "gather.h"
#include "options.h"
#include "owner/pidfile.h"

enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NOT_RUNNING = 3, /* the chain */
	STATUS_TEMPFAIL = 75,   /* sysexits(3): not now */
};

/* What a command works with, as its row in commands.c asks for. */
struct invocation {
	const struct options *options;
	struct config *config; /* or NULL: it reads its own, or none */
	struct view *view;     /* or NULL */
};

int cmd_run(const struct invocation *c); /* also once */
/*
 * `run` in a process that `start` has forked: it has the configuration in
 * common with the other chains, and waits at the other end of a pipe.  Frees
 * `config`, closes starter_fd, and returns the exit status.
 */
int cmd_run_started(const struct options *o, struct config *config,
    int starter_fd, const struct pidfile_unused *seen);
int cmd_start(const struct invocation *c);
int cmd_stop(const struct invocation *c);
int cmd_now(const struct invocation *c);
int cmd_pause(const struct invocation *c); /* also resume */
int cmd_reload(const struct invocation *c);
int cmd_status(const struct invocation *c);
int cmd_ack(const struct invocation *c);
int cmd_failures(const struct invocation *c);
int cmd_history(const struct invocation *c);
int cmd_logs(const struct invocation *c);
int cmd_check(const struct invocation *c);
int cmd_signature(const struct invocation *c);
int cmd_report(const struct invocation *c);
int cmd_test_notify(const struct invocation *c);
int cmd_complete(const struct invocation *c);

/* Carries out the command of these options.  Returns its exit status. */
int command_run(const struct options *o);

/*
 * One error line on standard error, "runner: WHAT"; control characters
 * escaped.  command_fails() is `status`, so that a command can end with it.
 */
void command_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
#define command_fails(status, ...) (command_say(__VA_ARGS__), (status))

/*
 * What is worse of two exit statuses, of several chains say: usage, a failure,
 * what does not run, what is not possible now.
 */
int command_worse(int a, int b);

/*
 * Standard output of a command by stdio.  command_printed() ends it: has all
 * been written, or did its reader want no more?  Returns `status`, or
 * STATUS_FAILED after complaining.
 */
void command_flush(void);
int command_printed(int status);

/*
 * Reads the configuration that `o` names.  On diagnostics: prints each as an
 * error line and returns NULL; the command then ends with STATUS_USAGE.
 */
struct config *command_config(const struct options *o);

/* Prints diagnostics, each as an error line. */
void command_complain(const struct diagnostics *c);

#endif
