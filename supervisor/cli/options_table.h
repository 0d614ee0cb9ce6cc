/*
 * options_table: the commands and options that there are, one row each.  Pure.
 *
 * Parsing, --help, `help COMMAND`, completion in the shells and the test of the
 * manual's synopsis read these rows.
 */
#ifndef RUNNER_OPTIONS_TABLE_H
#define RUNNER_OPTIONS_TABLE_H

#include "options.h"

/* What a word or a value is, for completion. */
enum word_kind {
	WORD_NONE,
	WORD_TASK,
	WORD_CHAIN,
	WORD_NAME,       /* a task or a chain */
	WORD_CHAIN_TASK, /* CHAIN or CHAIN/TASK */
	WORD_NOW,        /* the same, or a task */
	WORD_FILE,
	WORD_DIRECTORY,
	WORD_COMMAND,
	WORD_SET,       /* KEY=VALUE of a task */
	WORD_SIGNAL,    /* its name */
	WORD_SIGNATURE, /* of a kept failure */
	WORD_CHOICE,    /* one of the option's words */
};

struct command_spec {
	const char *name;
	enum command_word command;
	size_t words_min, words_max;
	enum word_kind words;
	const char *operands; /* "TASK...", or "" */
	const char *wants;    /* said when there are too few words, or NULL */
	const char *brief;    /* in --help; NULL: not shown there */
	const char *text;     /* of `help COMMAND`: paragraphs, not wrapped */
	const char *exits;    /* its exit status, or NULL */
};

enum option_word {
	OPTION_NAME,
	OPTION_IF_RUNNING,
	OPTION_NO_KILLCONCURRENT,
	OPTION_SET,
	OPTION_JSON,
	OPTION_PROMETHEUS,
	OPTION_WATCH,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_DRAIN,
	OPTION_FORGET,
	OPTION_MESSAGE,
	OPTION_FOR,
	OPTION_LINES,
	OPTION_RUN,
	OPTION_SHOW,
	OPTION_FOLLOW,
	OPTION_EXIT,
	OPTION_SIGNAL,
	OPTION_TASK,
	OPTION_EXPLAIN,
	OPTION_OUTPUT,
	OPTION_ALL,
	OPTION_CONFIG, /* from here on of every command */
	OPTION_RUN_ROOT,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_WORDS /* how many there are */
};

/* What an option does to the member of struct options that is at `offset`. */
enum option_effect {
	SETS_BY_HAND, /* options.c knows */
	SETS_FLAG,
	SETS_STRING,
};

struct option_spec {
	const char *name;
	char letter;
	enum option_word option;
	enum option_effect effect;
	size_t offset;
	const char *value; /* what it wants, or NULL */
	unsigned commands; /* that take it: a bit for each enum command_word */
	const char *help;  /* not wrapped */
	enum word_kind kind;
	const char *const *words; /* of WORD_CHOICE */
	unsigned other_commands;  /* that take it, and mean other_help by it */
	const char *other_help;
};

/* Every command, in the order of --help; ended by a name of NULL. */
const struct command_spec *options_commands(void);

/* By its whole name, or NULL. */
const struct command_spec *options_find_command(const char *word);

const struct option_spec *options_spec(enum option_word option);

/*
 * By its letter: one that the command (may be NULL) takes, else the first; or
 * NULL.
 */
const struct option_spec *options_find_letter(
    char letter, const struct command_spec *command);

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
