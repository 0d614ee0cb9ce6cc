/*
 * options: the command line as values.  Pure: no I/O, never exits.
 */
#ifndef RUNNER_OPTIONS_H
#define RUNNER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/settings.h"

enum command_word {
	COMMAND_RUN,
	COMMAND_ONCE,
	COMMAND_START,
	COMMAND_STOP,
	COMMAND_ACK,
	COMMAND_NOW,
	COMMAND_PAUSE,
	COMMAND_RESUME,
	COMMAND_RELOAD,
	COMMAND_STATUS,
	COMMAND_FAILURES,
	COMMAND_HISTORY,
	COMMAND_LOGS,
	COMMAND_CHECK,
	COMMAND_SIGNATURE,
	COMMAND_REPORT,
	COMMAND_TEST_NOTIFY,
	COMMAND_VERSION,
	COMMAND_HELP,
	COMMAND_COMPLETE,
};

/* All strings point into argv; the lists are in `storage`. */
struct options {
	enum command_word command;
	const char *config_file; /* -c */
	const char *run_root;    /* -r */
	const char *name;        /* -n */
	bool has_if_running;
	enum if_running if_running;
	const char *const *sets;  /* --set, NULL-ended, never NULL */
	const char *const *words; /* TASK..., CHAIN..., FILE, NULL-ended */
	size_t word_count;
	bool json, prometheus, watch, follow, explain;
	bool wants_help, wants_version; /* of options_parse() alone */
	const char *message;            /* ack -m TEXT */
	bool all;                       /* check --all */
	bool quiet, verbose;            /* once -q, -v */
	bool drain, forget;             /* start, stop --drain; stop --forget */
	int64_t pause_ms;               /* pause --for, or 0 */
	int64_t lines;                  /* logs -n, or -1 */
	int64_t run;                    /* logs --run, or 0 */
	const char *show;               /* failures --show SIGNATURE */
	const char *task;               /* signature, logs --task NAME */
	int exit_status;                /* signature --exit N, or -1 */
	int signal;           /* signature --signal N (or a name), or 0 */
	const char *output;   /* report -o */
	const char **storage; /* one allocation, owned: options_release() */
};

/*
 * Reads a command line.  When argv[0]'s base name is `run_functions`, the
 * command is run and every word is a task.  Options may be anywhere; `--` ends
 * them; GNU long options with unambiguous abbreviations and `--opt=value`.
 * An option that the command does not take is an error, as are words that it
 * does not take and values that cannot be.
 * Returns 0; or -1 with one line in `why` that says what to do, naming the
 * nearest right command or option for a mistyped one.
 */
int options_parse(
    struct options *o, int argc, char *const *argv, char *why, size_t why_size);
void options_release(struct options *o);

/*
 * The text of --help or of `help COMMAND`, which the next call replaces; NULL:
 * no such.
 */
const char *options_help(const char *command);

#endif
