/*
 * options_table: the commands and options that there are.  Pure.
 */
#ifndef RUNNER_OPTIONS_TABLE_H
#define RUNNER_OPTIONS_TABLE_H

#include "options.h"

struct command_spec {
	const char *name;
	enum command_word command;
	size_t words_min, words_max;
	const char *wants; /* said when there are too few words */
};

enum option_word {
	OPTION_CONFIG,
	OPTION_RUN_ROOT,
	OPTION_NAME,
	OPTION_IF_RUNNING,
	OPTION_NO_KILLCONCURRENT,
	OPTION_SET,
	OPTION_JSON,
	OPTION_PROMETHEUS,
	OPTION_WATCH,
	OPTION_FORGET,
	OPTION_SHOW,
	OPTION_FOLLOW,
	OPTION_EXIT,
	OPTION_SIGNAL,
	OPTION_TASK,
	OPTION_EXPLAIN,
	OPTION_OUTPUT,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_WORDS /* how many there are */
};

struct option_spec {
	const char *name;
	char letter;
	enum option_word option;
	const char *value; /* what it wants, or NULL */
	unsigned commands; /* that take it: a bit for each enum command_word */
};

/* By its whole name, or NULL. */
const struct command_spec *options_find_command(const char *word);

const struct option_spec *options_spec(enum option_word option);

/* By its letter, or NULL. */
const struct option_spec *options_find_letter(char letter);

/*
 * The option whose name begins with these bytes: the exact one, else the only
 * one.  NULL, with *is_ambiguous when there are several.
 */
const struct option_spec *options_find_option(
    const char *name, size_t length, bool *is_ambiguous);

/* What may have been meant by a mistyped word, or NULL. */
const char *options_nearest_command(const char *word);
const char *options_nearest_option(const char *word);

#endif
