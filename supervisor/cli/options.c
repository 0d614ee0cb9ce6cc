#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/text.h"
#include "base/units.h"
#include "base/words.h"
#include "options_table.h"

/* A parse in progress. */
struct parse {
	struct options *o;
	const struct command_spec *command; /* NULL until it was met */
	unsigned seen;                      /* a bit for each option met */
	size_t set_count;
	char *why;
	size_t why_size;
};

__attribute__((format(printf, 2, 3))) static int
refuse(struct parse *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->why, p->why_size, fmt, ap);
	va_end(ap);
	return -1;
}

static int
refuse_command(struct parse *p, const char *word)
{
	const char *nearest = options_nearest_command(word);

	if (nearest)
		return refuse(
		    p, "no command '%.64s'; did you mean '%s'?", word, nearest);
	return refuse(p, "no command '%.64s'; see 'runner --help'", word);
}

static int
refuse_option(struct parse *p, const char *name, size_t length)
{
	char word[64];
	const char *nearest;

	snprintf(word, sizeof(word), "%.*s", (int)length, name);
	nearest = options_nearest_option(word);
	if (nearest)
		return refuse(
		    p, "no option '--%s'; did you mean '--%s'?", word, nearest);
	return refuse(p, "no option '--%s'; see 'runner --help'", word);
}

static int
set_if_running(struct parse *p, const char *value)
{
	int choice = words_find(if_running_words, value);
	char known[128];
	struct text t;

	if (choice >= 0) {
		p->o->if_running = (enum if_running)choice;
		p->o->has_if_running = true;
		return 0;
	}
	text_init(&t, known, sizeof(known));
	words_list(&t, if_running_words);
	return refuse(p, "--if-running: '%.64s' is not %s", value, known);
}

static int
set_exit(struct parse *p, const char *value)
{
	int64_t n;

	if (units_parse_int(value, 0, 255, &n))
		return refuse(p,
		    "--exit: '%.64s' is not an exit status, 0 to 255", value);
	p->o->exit_status = (int)n;
	return 0;
}

static int
set_count(struct parse *p, const struct option_spec *spec, const char *value,
    int64_t least, int64_t *n)
{
	if (units_parse_int(value, least, INT64_MAX, n))
		return refuse(p, "--%s: '%.64s' is not a number%s", spec->name,
		    value, least ? ", 1 or more" : "");
	return 0;
}

static int
set_pause(struct parse *p, const char *value)
{
	if (units_parse_duration(value, &p->o->pause_ms) || !p->o->pause_ms)
		return refuse(p,
		    "--for: '%.64s' is not a duration, as 90s, 15m or 1h30m",
		    value);
	return 0;
}

static int
set_signal(struct parse *p, const char *value)
{
	p->o->signal = outcome_signal_number(value);
	if (p->o->signal < 0)
		return refuse(p,
		    "--signal: '%.64s' is not a signal, 1 to 64 or a name",
		    value);
	return 0;
}

static int
set_name(struct parse *p, const char *value)
{
	if (!text_is_name(value))
		return refuse(p,
		    "--name: '%.64s' is not a name (letters, digits, '_', '.' "
		    "and '-'; at most 200)",
		    value);
	p->o->name = value;
	return 0;
}

static int
add_set(struct parse *p, const char *value)
{
	const char *equals = value ? strchr(value, '=') : NULL;

	if (!equals || equals == value)
		return refuse(p, "--set: '%.64s' is not KEY=VALUE", value);
	p->o->storage[p->set_count++] = value;
	return 0;
}

static int
apply_option(struct parse *p, const struct option_spec *spec, const char *value)
{
	struct options *o = p->o;

	p->seen |= 1u << spec->option;
	if (value && !*value)
		return refuse(p, "--%s wants %s", spec->name, spec->value);
	if (spec->effect == SETS_FLAG)
		*(bool *)((char *)o + spec->offset) = true;
	if (spec->effect == SETS_STRING)
		*(const char **)((char *)o + spec->offset) = value;
	switch (spec->option) {
	case OPTION_NAME:
		return set_name(p, value);
	case OPTION_IF_RUNNING:
		return set_if_running(p, value);
	case OPTION_NO_KILLCONCURRENT:
		return set_if_running(p, "allow");
	case OPTION_SET:
		return add_set(p, value);
	case OPTION_FOR:
		return set_pause(p, value);
	case OPTION_LINES:
		return set_count(p, spec, value, 0, &o->lines);
	case OPTION_RUN:
		return set_count(p, spec, value, 1, &o->run);
	case OPTION_EXIT:
		return set_exit(p, value);
	case OPTION_SIGNAL:
		return set_signal(p, value);
	default:
		return 0;
	}
}

/* `--name`, `--name=value`, `--name value`.  `*next` is moved past a value. */
static int
parse_long(struct parse *p, const char *name, char *const **next)
{
	size_t length = strcspn(name, "=");
	bool is_ambiguous;
	const struct option_spec *spec =
	    options_find_option(name, length, &is_ambiguous);
	const char *value = NULL;

	if (is_ambiguous)
		return refuse(
		    p, "option '--%.*s' is ambiguous", (int)length, name);
	if (!spec)
		return refuse_option(p, name, length);
	if (name[length])
		value = name + length + 1;
	if (value && !spec->value)
		return refuse(p, "--%s takes no value", spec->name);
	if (spec->value && !value && **next)
		value = *(*next)++;
	if (spec->value && !value)
		return refuse(p, "--%s wants %s", spec->name, spec->value);
	return apply_option(p, spec, value);
}

/* `-c FILE`, `-cFILE`, `-fc FILE`: letters joined. */
static int
parse_letters(struct parse *p, const char *letters, char *const **next)
{
	while (*letters) {
		const struct option_spec *spec =
		    options_find_letter(*letters, p->command);
		const char *value = NULL;

		if (!spec)
			return refuse(p, "no option '-%c'; see 'runner --help'",
			    *letters);
		letters++;
		if (spec->value) {
			if (*letters)
				value = letters;
			else if (**next)
				value = *(*next)++;
			else
				return refuse(p, "-%c wants %s", spec->letter,
				    spec->value);
			letters = "";
		}
		if (apply_option(p, spec, value))
			return -1;
	}
	return 0;
}

/* The first word is the command, save under the old name. */
static int
parse_word(struct parse *p, const char *word, const char **words)
{
	if (p->command) {
		words[p->o->word_count++] = word;
		return 0;
	}
	p->command = options_find_command(word);
	return p->command ? 0 : refuse_command(p, word);
}

static int
parse_all(struct parse *p, char *const *argv, const char **words)
{
	bool is_ended = false;

	while (*argv) {
		const char *arg = *argv++;

		if (is_ended || arg[0] != '-' || !arg[1]) {
			if (parse_word(p, arg, words))
				return -1;
		} else if (arg[1] != '-') {
			if (parse_letters(p, arg + 1, &argv))
				return -1;
		} else if (!arg[2]) {
			is_ended = true;
		} else if (parse_long(p, arg + 2, &argv)) {
			return -1;
		}
	}
	return 0;
}

/* `runner --help`, `runner run --help` and `runner --version`. */
static void
turn_to_help(struct parse *p, const char **words)
{
	const struct command_spec *asked = p->command;

	p->o->word_count = 0;
	words[0] = NULL;
	if (p->o->wants_version && !p->o->wants_help) {
		p->command = options_find_command("version");
		return;
	}
	p->command = options_find_command("help");
	if (asked && asked != p->command)
		words[p->o->word_count++] = asked->name;
	words[p->o->word_count] = NULL;
}

/* Do the options and words belong to the command? */
static int
check_command(struct parse *p)
{
	const struct command_spec *c = p->command;
	const struct options *o = p->o;

	for (int i = 0; i < OPTION_WORDS; i++) {
		const struct option_spec *spec =
		    options_spec((enum option_word)i);

		if ((p->seen & 1u << i) && !(spec->commands & 1u << c->command))
			return refuse(p,
			    "'%s' takes no --%s; see 'runner help %s'", c->name,
			    spec->name, c->name);
	}
	/* --name alone is a declared chain, which has its tasks. */
	if (o->word_count < c->words_min && !o->name)
		return refuse(p, "'%s' wants %s; see 'runner help %s'", c->name,
		    c->wants, c->name);
	if (o->word_count > c->words_max)
		return refuse(p, "'%s' does not take '%.64s'", c->name,
		    o->words[c->words_max]);
	if (o->exit_status >= 0 && o->signal)
		return refuse(
		    p, "a run ends by --exit or by --signal, not both");
	if (o->quiet && o->verbose)
		return refuse(p, "--quiet and --verbose exclude each other");
	if (o->run && o->follow)
		return refuse(p, "--run and --follow exclude each other");
	if (o->run && !o->task)
		return refuse(p, "--run wants --task NAME too");
	if (o->json + o->prometheus + o->watch > 1)
		return refuse(p, "--json, --prometheus and --watch exclude "
				 "each other");
	if (c->command == COMMAND_HELP && o->word_count &&
	    !options_help(o->words[0]))
		return refuse_command(p, o->words[0]);
	return 0;
}

static int
finish(struct parse *p, const char **words)
{
	bool is_asked = p->o->wants_help || p->o->wants_version;

	if (is_asked)
		turn_to_help(p, words);
	if (!p->command)
		return refuse(p, "a command is wanted; see 'runner --help'");
	p->o->command = p->command->command;
	/* Whoever asks for help is not told what else is wrong. */
	return is_asked ? 0 : check_command(p);
}

int
options_parse(
    struct options *o, int argc, char *const *argv, char *why, size_t why_size)
{
	struct parse p = {.o = o, .why = why, .why_size = why_size};
	const char *self = argc > 0 ? argv[0] : "runner";
	const char *slash = strrchr(self, '/');
	size_t room = (size_t)(argc > 0 ? argc : 1) + 2;
	const char **words;

	*o = (struct options){.exit_status = -1, .lines = -1};
	/* The sets, then the words, each NULL-ended: calloc ends them. */
	o->storage = calloc(2 * room, sizeof(*o->storage));
	if (!o->storage)
		return refuse(&p, "out of memory");
	words = o->storage + room;
	o->sets = o->storage;
	o->words = words;
	if (!strcmp(slash ? slash + 1 : self, "run_functions"))
		p.command = options_find_command("run");
	if ((argc > 0 && parse_all(&p, argv + 1, words)) || finish(&p, words)) {
		options_release(o);
		return -1;
	}
	return 0;
}

void
options_release(struct options *o)
{
	free(o->storage);
	o->storage = NULL;
	o->sets = o->words = NULL;
}
