/*
 * complete: `runner complete WORD...`, which the completion scripts of bash,
 * zsh and fish ask: what the last word can become, one to a line.
 *
 * Out of the options table, the keys, and the configuration that the words
 * name, as far as it can be read.  A line ":files", ":directories", ":users" or
 * ":groups" asks the shell for names of its own; ":files 5", for the word but
 * its first five bytes.  bash makes three words of KEY=VALUE and wants the last
 * part only.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outcome.h"
#include "commands.h"
#include "config/keys.h"
#include "options_table.h"
#include "os/file.h"
#include "state/failures.h"

/* A line being completed. */
struct completion {
	const struct command_spec *command; /* NULL: it is not there yet */
	const struct option_spec *option;   /* whose value is typed; or NULL */
	const char *last;                   /* the last word */
	const char *typed;                  /* its part that is completed */
	size_t shown;  /* of its bytes that the shell has as another word */
	bool is_ended; /* no options any more, after "--" */
	const char *config_file, *run_root;
};

static void
offer(const struct completion *c, const char *head, const char *word)
{
	char whole[1024];
	int before = (int)(c->typed - c->last);

	snprintf(whole, sizeof(whole), "%.*s%s%s", before, c->last, head, word);
	if (!strncmp(whole, c->last, strlen(c->last)))
		puts(whole + c->shown);
}

static void
offer_all(
    const struct completion *c, const char *head, const char *const *words)
{
	for (; words && *words; words++)
		offer(c, head, *words);
}

/* Names that the shell knows, for the part of the last word from `typed` on. */
static void
ask_shell(const struct completion *c, const char *kind, const char *typed)
{
	size_t at = (size_t)(typed - c->last);
	size_t before = at > c->shown ? at - c->shown : 0;

	if (before)
		printf(":%s %zu\n", kind, before);
	else
		printf(":%s\n", kind);
}

/* The executables in PROJECT_ROOT/tasks. */
static void
offer_programs(const struct completion *c, const struct config *config)
{
	char path[4096];
	const struct dirent *e;
	struct stat st;
	DIR *tasks;

	snprintf(path, sizeof(path), "%s/tasks", config->project_root);
	tasks = file_open_entries(AT_FDCWD, path, FILE_NAMED);
	while (tasks && (e = readdir(tasks))) {
		if (!faccessat(dirfd(tasks), e->d_name, X_OK, 0) &&
		    !fstatat(dirfd(tasks), e->d_name, &st, 0) &&
		    S_ISREG(st.st_mode))
			offer(c, "", e->d_name);
	}
	if (tasks)
		closedir(tasks);
}

static void
offer_failure(const struct failure *f, void *data)
{
	char signature[17];

	snprintf(signature, sizeof(signature), "%016llx",
	    (unsigned long long)f->signature);
	offer(data, "", signature);
}

static void
warn_nobody(const char *file, const char *what, void *data)
{
}

/* CHAIN/TASK, where the chain is there already. */
static void
offer_tasks_of(const struct completion *c, struct config *config)
{
	size_t length = strcspn(c->typed, "/") + 1;
	const struct chain_settings *chain;
	char head[256];

	snprintf(head, sizeof(head), "%.*s", (int)length - 1, c->typed);
	chain = config_chain(config, head);
	snprintf(head, sizeof(head), "%.*s", (int)length, c->typed);
	for (char *const *word = chain ? chain->words : NULL; word && *word;
	     word++) {
		const struct task_settings *t =
		    config_task(config, *word, NULL);

		offer(c, head, t ? t->name : *word);
	}
}

/* What only the configuration knows. */
static void
offer_configured(struct completion *c, enum word_kind kind)
{
	const struct config_source source = {
	    .file = c->config_file, .run_root = c->run_root};
	/* As far as it can be read. */
	struct config *config = config_examine(&source, NULL, NULL, NULL);

	if (!config)
		return;
	if ((kind == WORD_CHAIN_TASK || kind == WORD_NOW) &&
	    strchr(c->typed, '/'))
		offer_tasks_of(c, config);
	else if (kind != WORD_TASK && kind != WORD_SIGNATURE)
		for (size_t i = 0; i < config->chain_count; i++)
			offer(c, "", config->chains[i].name);
	if (kind == WORD_TASK || kind == WORD_NAME || kind == WORD_NOW) {
		offer_all(c, "", config_task_names(config));
		offer_programs(c, config);
	}
	if (kind == WORD_SIGNATURE)
		failures_each(config->run_root, offer_failure, warn_nobody, c);
	config_free(config);
}

/* KEY= of a task, or the values of KEY. */
static void
offer_set(const struct completion *c)
{
	static const char *const truth[] = {"true", "false", NULL};
	const struct key *k = keys_of(KEYS_TASK)->keys;
	const char *equals = strchr(c->typed, '=');
	char head[80];

	for (; k->name; k++) {
		snprintf(head, sizeof(head), "%s=", k->name);
		if (!equals)
			offer(c, "", head);
		else if (strncmp(head, c->typed, strlen(head)) != 0)
			continue;
		else if (k->words)
			offer_all(c, head, k->words);
		else if (!strcmp(keys_wants(k), "boolean"))
			offer_all(c, head, truth);
		else if (!strcmp(keys_wants(k), "path"))
			ask_shell(c,
			    strstr(k->name, "_file") ? "files" : "directories",
			    equals + 1);
		else if (!strcmp(keys_wants(k), "user"))
			ask_shell(c, "users", equals + 1);
		else if (!strcmp(keys_wants(k), "group"))
			ask_shell(c, "groups", equals + 1);
	}
}

static void
offer_signals(const struct completion *c)
{
	char name[OUTCOME_TEXT_SIZE];

	for (int signal = 1; signal < 32; signal++) {
		outcome_signal_name(signal, name);
		offer(c, "", name);
	}
}

static void
offer_kind(struct completion *c, enum word_kind kind, const char *const *words)
{
	const struct command_spec *command = options_commands();

	switch (kind) {
	case WORD_TASK:
	case WORD_NAME:
		if (strchr(c->typed, '/'))
			ask_shell(c, "files", c->typed);
		else
			offer_configured(c, kind);
		break;
	case WORD_CHAIN:
	case WORD_CHAIN_TASK:
	case WORD_NOW:
	case WORD_SIGNATURE:
		offer_configured(c, kind);
		break;
	case WORD_FILE:
		ask_shell(c, "files", c->typed);
		break;
	case WORD_DIRECTORY:
		ask_shell(c, "directories", c->typed);
		break;
	case WORD_COMMAND:
		for (; command->name; command++)
			if (command->brief)
				offer(c, "", command->name);
		break;
	case WORD_SET:
		offer_set(c);
		break;
	case WORD_SIGNAL:
		offer_signals(c);
		break;
	case WORD_CHOICE:
		offer_all(c, "", words);
		break;
	case WORD_NONE:
		break;
	}
}

static void
offer_options(const struct completion *c)
{
	char word[80];

	for (int i = 0; i < OPTION_WORDS; i++) {
		const struct option_spec *o = options_spec((enum option_word)i);
		bool is_taken =
		    c->command ? (o->commands & 1u << c->command->command) &&
				     i != OPTION_VERSION
			       : i >= OPTION_CONFIG;

		snprintf(word, sizeof(word), "--%s", o->name);
		if (is_taken)
			offer(c, "", word);
	}
}

/*
 * The option of the word whose value is in the word, or follows it: then
 * `*value` is NULL.  NULL when there is none that wants a value.
 */
static const struct option_spec *
find_option(const struct completion *c, const char *word, const char **value)
{
	const struct option_spec *o = NULL;
	size_t length = strcspn(word, "=");
	bool is_ambiguous;

	*value = NULL;
	if (c->is_ended || word[0] != '-' || !word[1])
		return NULL;
	if (word[1] == '-') {
		o = options_find_option(word + 2, length - 2, &is_ambiguous);
		*value = word[length] ? word + length + 1 : NULL;
		return o && o->value ? o : NULL;
	}
	/* Letters may be joined, the last one with its value. */
	while (*++word && !(o && o->value))
		o = options_find_letter(*word, c->command);
	if (o && o->value)
		*value = *word ? word : NULL;
	return o && o->value ? o : NULL;
}

static void
take_value(struct completion *c, const struct option_spec *o, const char *value)
{
	if (o->option == OPTION_CONFIG)
		c->config_file = value;
	if (o->option == OPTION_RUN_ROOT)
		c->run_root = value;
	c->option = NULL;
}

/* Takes one of the words before the last. */
static void
take_word(struct completion *c, const char *word)
{
	const char *value;

	if (c->option) {
		take_value(c, c->option, word);
		return;
	}
	c->option = find_option(c, word, &value);
	if (value)
		take_value(c, c->option, value);
	else if (!c->is_ended && !strcmp(word, "--"))
		c->is_ended = true;
	else if ((c->is_ended || *word != '-') && !c->command)
		c->command = options_find_command(word);
}

static void
complete_last(struct completion *c)
{
	const char *value;

	if (!c->option) {
		c->option = find_option(c, c->last, &value);
		/* A letter alone is not yet followed by its value. */
		if (!value)
			c->option = NULL;
		else
			c->typed = value;
	}
	if (c->option)
		offer_kind(c, c->option->kind, c->option->words);
	else if (*c->last == '-' && !c->is_ended)
		offer_options(c);
	else
		offer_kind(
		    c, c->command ? c->command->words : WORD_COMMAND, NULL);
}

/* Joins what bash parts at "=": into the last of the words so far. */
static int
join(char **word, const char *with)
{
	char *joined;

	if (asprintf(&joined, "%s%s", *word, with) < 0)
		return -1;
	free(*word);
	*word = joined;
	return 0;
}

/* No shell has expanded "~/" yet. */
static char *
copy_word(const char *word)
{
	const char *home = getenv("HOME");
	char *copy;

	if (!home || strncmp(word, "~/", 2))
		return strdup(word);
	return asprintf(&copy, "%s%s", home, word + 1) < 0 ? NULL : copy;
}

int
cmd_complete(const struct invocation *command)
{
	const struct options *o = command->options;
	struct completion c = {0};
	char **words = calloc(o->word_count + 2, sizeof(*words));
	size_t count = 0;
	bool is_open = false;

	if (!words)
		return command_fails(STATUS_FAILED, "out of memory");
	for (size_t i = 0; i < o->word_count; i++) {
		const char *word = o->words[i];
		bool is_equals = !strcmp(word, "=") && count > 1;

		if ((is_equals || is_open) && join(&words[count - 1], word))
			break;
		if (!is_equals && !is_open) {
			words[count] = copy_word(word);
			if (!words[count])
				break;
			count++;
		}
		c.shown = is_equals || is_open
			      ? (size_t)(strrchr(words[count - 1], '=') + 1 -
					 words[count - 1])
			      : 0;
		is_open = is_equals;
	}
	c.last = c.typed = count > 1 ? words[count - 1] : "";
	if (count && strstr(words[0], "run_functions"))
		c.command = options_find_command("run");
	for (size_t i = 1; i + 1 < count; i++)
		take_word(&c, words[i]);
	complete_last(&c);
	for (size_t i = 0; words[i]; i++)
		free(words[i]);
	free(words);
	return STATUS_DONE;
}
