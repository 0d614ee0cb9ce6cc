/*
 * commands: what the words of the command line do, one function each.
 *
 * They are programs: they print, and what they return is the exit status
 * (INTERFACE 2).
 */
#ifndef RUNNER_COMMANDS_H
#define RUNNER_COMMANDS_H

#include "config/config.h"
#include "options.h"

enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NOT_RUNNING = 3, /* of `status` */
	STATUS_TEMPFAIL = 75,   /* sysexits(3): it runs already */
};

int cmd_run(const struct options *o); /* also once */
int cmd_start(const struct options *o);
int cmd_stop(const struct options *o);
int cmd_now(const struct options *o);
int cmd_pause(const struct options *o); /* also resume */
int cmd_reload(const struct options *o);
int cmd_status(const struct options *o);
int cmd_ack(const struct options *o);
int cmd_failures(const struct options *o);
int cmd_history(const struct options *o);
int cmd_logs(const struct options *o);
int cmd_check(const struct options *o);
int cmd_signature(const struct options *o);
int cmd_report(const struct options *o);
int cmd_test_notify(const struct options *o);
int cmd_complete(const struct options *o);

/*
 * One error line on standard error, "runner: WHAT"; control characters
 * escaped.  Returns `status`, so that a command can end with it.
 */
int command_fails(int status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Reads the configuration that `o` names.  On diagnostics: prints each as an
 * error line and returns NULL; the command then ends with STATUS_USAGE.
 */
struct config *command_config(const struct options *o);

/*
 * The same for the commands that look, and for stop: what is wrong in
 * runner.conf is a warning, and what could be read of it, above all run_root,
 * is what they go by.  NULL when there is nothing to go by.
 */
struct config *command_config_to_look(const struct options *o);

/* Prints diagnostics, each as an error line. */
void command_complain(const struct diagnostics *c);

#endif
