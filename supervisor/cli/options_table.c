#include "options_table.h"

#include <string.h>

#include "base/nearest.h"

#define BIT(command) (1u << (command))
#define RUNS (BIT(COMMAND_RUN) | BIT(COMMAND_ONCE))
#define ALL (~0u)

enum { WORDS_ANY = 1 << 20 };

static const struct command_spec commands[] = {
    {"run", COMMAND_RUN, 1, WORDS_ANY, "a TASK, or --name CHAIN"},
    {"once", COMMAND_ONCE, 1, WORDS_ANY, "a TASK, or --name CHAIN"},
    {"start", COMMAND_START, 0, WORDS_ANY, NULL},
    {"stop", COMMAND_STOP, 0, WORDS_ANY, NULL},
    {"status", COMMAND_STATUS, 0, WORDS_ANY, NULL},
    {"failures", COMMAND_FAILURES, 0, WORDS_ANY, NULL},
    {"history", COMMAND_HISTORY, 0, WORDS_ANY, NULL},
    {"logs", COMMAND_LOGS, 0, WORDS_ANY, NULL},
    {"check", COMMAND_CHECK, 0, WORDS_ANY, NULL},
    {"signature", COMMAND_SIGNATURE, 0, 1, NULL},
    {"report", COMMAND_REPORT, 0, 0, NULL},
    {"test-notify", COMMAND_TEST_NOTIFY, 0, 0, NULL},
    {"version", COMMAND_VERSION, 0, 0, NULL},
    {"help", COMMAND_HELP, 0, 1, NULL},
};

static const struct option_spec specs[OPTION_WORDS] = {
    [OPTION_CONFIG] = {"config", 'c', OPTION_CONFIG, "FILE", ALL},
    [OPTION_RUN_ROOT] = {"run-root", 'r', OPTION_RUN_ROOT, "DIR", ALL},
    [OPTION_NAME] = {"name", 'n', OPTION_NAME, "NAME", RUNS},
    [OPTION_IF_RUNNING] = {"if-running", 0, OPTION_IF_RUNNING,
	"replace|refuse|allow", RUNS},
    [OPTION_NO_KILLCONCURRENT] = {"no-killconcurrent", 0,
	OPTION_NO_KILLCONCURRENT, NULL, RUNS},
    [OPTION_SET] = {"set", 0, OPTION_SET, "KEY=VALUE", RUNS},
    [OPTION_JSON] = {"json", 0, OPTION_JSON, NULL,
	BIT(COMMAND_STATUS) | BIT(COMMAND_HISTORY) | BIT(COMMAND_FAILURES)},
    [OPTION_PROMETHEUS] = {"prometheus", 0, OPTION_PROMETHEUS, NULL,
	BIT(COMMAND_STATUS)},
    [OPTION_WATCH] = {"watch", 0, OPTION_WATCH, NULL, BIT(COMMAND_STATUS)},
    [OPTION_FORGET] = {"forget", 0, OPTION_FORGET, NULL, BIT(COMMAND_STOP)},
    [OPTION_SHOW] = {"show", 0, OPTION_SHOW, "SIGNATURE",
	BIT(COMMAND_FAILURES)},
    [OPTION_FOLLOW] = {"follow", 'f', OPTION_FOLLOW, NULL, BIT(COMMAND_LOGS)},
    [OPTION_EXIT] = {"exit", 0, OPTION_EXIT, "N", BIT(COMMAND_SIGNATURE)},
    [OPTION_SIGNAL] = {"signal", 0, OPTION_SIGNAL, "N", BIT(COMMAND_SIGNATURE)},
    [OPTION_TASK] = {"task", 0, OPTION_TASK, "NAME", BIT(COMMAND_SIGNATURE)},
    [OPTION_EXPLAIN] = {"explain", 0, OPTION_EXPLAIN, NULL,
	BIT(COMMAND_SIGNATURE)},
    [OPTION_OUTPUT] = {"output", 'o', OPTION_OUTPUT, "FILE",
	BIT(COMMAND_REPORT)},
    [OPTION_HELP] = {"help", 'h', OPTION_HELP, NULL, ALL},
    [OPTION_VERSION] = {"version", 'V', OPTION_VERSION, NULL, ALL},
};

enum {
	COMMAND_COUNT = sizeof(commands) / sizeof(*commands),
};

const struct command_spec *
options_find_command(const char *word)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (!strcmp(commands[i].name, word))
			return &commands[i];
	return NULL;
}

const struct option_spec *
options_spec(enum option_word option)
{
	return &specs[option];
}

const struct option_spec *
options_find_letter(char letter)
{
	for (size_t i = 0; i < OPTION_WORDS; i++)
		if (specs[i].letter == letter)
			return &specs[i];
	return NULL;
}

const struct option_spec *
options_find_option(const char *name, size_t length, bool *is_ambiguous)
{
	const struct option_spec *found = NULL;

	*is_ambiguous = false;
	for (size_t i = 0; i < OPTION_WORDS; i++) {
		if (strncmp(specs[i].name, name, length))
			continue;
		if (!specs[i].name[length])
			return *is_ambiguous = false, &specs[i];
		*is_ambiguous = found != NULL;
		found = &specs[i];
	}
	return *is_ambiguous ? NULL : found;
}

const char *
options_nearest_command(const char *word)
{
	struct nearest n = nearest_to(word);

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		nearest_try(&n, commands[i].name);
	return n.found;
}

const char *
options_nearest_option(const char *word)
{
	struct nearest n = nearest_to(word);

	for (size_t i = 0; i < OPTION_WORDS; i++)
		nearest_try(&n, specs[i].name);
	return n.found;
}
