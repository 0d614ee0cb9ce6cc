#include "options_table.h"

#include <string.h>

#include "base/nearest.h"

#define BIT(command) (1u << (command))
#define RUNS (BIT(COMMAND_RUN) | BIT(COMMAND_ONCE))
#define ALL (~0u)

enum { WORDS_ANY = 1 << 20 };

#define TASK_WORDS                                                             \
	"\n\nA TASK is, in this order: a section `task TASK { }` of "          \
	"runner.conf; a dotted name a.b.c, the executable a/b/c beside "       \
	"runner.conf; a word with a '/', that executable; a bare name, the "   \
	"executable tasks/NAME beside runner.conf, else default_command with " \
	"%t replaced by the name."

static const struct command_spec commands[] = {
    {"run", COMMAND_RUN, 1, WORDS_ANY, WORD_TASK, "TASK...",
	"a TASK, or --name CHAIN",
	"run the chain of tasks in the foreground, for ever",
	"Runs the tasks in order, each followed by its cooldown "
	"(success_cooldown or fail_cooldown), and begins again after the last, "
	"for ever.  The admins are told of the first failure, of new ones, of "
	"long downtimes and of healing." TASK_WORDS
	"\n\nSignals: TERM and INT stop the running task and end; HUP reads "
	"runner.conf again between two runs and reopens the log; USR1 ends the "
	"current cooldown.",
	"0 stopped or replaced; 1 it failed; 2 usage or configuration; 75 it "
	"runs already and --if-running is refuse."},
    {"once", COMMAND_ONCE, 1, WORDS_ANY, WORD_TASK, "TASK...",
	"a TASK, or --name CHAIN",
	"run the chain one time; exit 0 if all succeeded",
	"Runs the tasks in order one time, without cooldowns, with the same "
	"pidfile and messages as `runner run`.  What the admins were told of "
	"is remembered from one `once` to the next.  Where standard error is "
	"no terminal it prints warnings, errors and failures of which nobody "
	"was told, so that cron mails only those." TASK_WORDS,
	"0 all tasks succeeded; 1 one failed; 2 usage or configuration; 75 "
	"another `once` of it runs, a chain that runs has one of the tasks, or "
	"it is paused."},
    {"start", COMMAND_START, 0, WORDS_ANY, WORD_CHAIN, "[CHAIN...]", NULL,
	"start, or upgrade, the chains of runner.conf, detached",
	"Starts the chains that runner.conf declares (`chain NAME { tasks = "
	"... }`), all of them or those named, each as a process of its own, "
	"detached from the terminal.  One that runs already is restarted "
	"with new code and settings, and its first task runs at once.",
	"0 all run; 1 one did not start; 2 usage or configuration."},
    {"stop", COMMAND_STOP, 0, WORDS_ANY, WORD_CHAIN, "[CHAIN...]", NULL,
	"stop them, and wait until nothing of theirs is left",
	"Stops the chains named, or all that are declared or known, and waits "
	"until no runner and nothing that its task started is left.",
	"0 none runs any more; 1 one does not stop; 2 no such chain."},
    {"ack", COMMAND_ACK, 0, WORDS_ANY, WORD_NAME, "[TASK...]", NULL,
	"the open downtime is known: it is not mailed again; -m TEXT",
	"Says that the open downtimes are known: of all tasks, or of the tasks "
	"and chains named.  No \"downtime\" is mailed for them until they "
	"heal. "
	" New failures and the healing are mailed as always.  `runner status` "
	"and later mails show who said so, and why.",
	"0 it is known; 1 nothing is down, or it could not be written; 2 there "
	"is no such task."},
    {"now", COMMAND_NOW, 0, 1, WORD_NOW, "[CHAIN[/TASK]|TASK]", NULL,
	"run that task, or the next one, at once",
	"The chain that runs runs that task at once, or, when only the chain "
	"is named (or nothing, when one chain runs), the task whose turn is "
	"next; a run in progress ends first.  Its output is shown.  When it "
	"was not its turn, the chain goes on where it was.",
	"0 the run succeeded; 1 it failed; 2 there is no such chain or task; 3 "
	"the chain does not run; 75 it is paused or waits for its lease."},
    {"pause", COMMAND_PAUSE, 1, WORDS_ANY, WORD_CHAIN_TASK, "CHAIN[/TASK]...",
	"a CHAIN or CHAIN/TASK", "no run of it begins until it is resumed",
	"No run of the chain, or of that task of it, begins until `runner "
	"resume`; one in progress ends.  The chain skips a paused "
	"task.  A pause outlives restarts, and can be made for a chain that "
	"does not run; status shows it.",
	NULL},
    {"resume", COMMAND_RESUME, 1, WORDS_ANY, WORD_CHAIN_TASK, "CHAIN[/TASK]...",
	"a CHAIN or CHAIN/TASK", "end a pause",
	"Ends the pause of the task, or all pauses of the chain.", NULL},
    {"reload", COMMAND_RELOAD, 0, WORDS_ANY, WORD_CHAIN, "[CHAIN...]", NULL,
	"read runner.conf again, between two runs",
	"The chains that run read runner.conf again when no run of theirs is "
	"in progress, and reopen their logs, as on HUP.  A file that cannot be "
	"used is complained of in the log, and the old settings stay.",
	"0 they were asked; 1 one cannot be asked; 2 runner.conf cannot be "
	"used; 3 one does not run."},
    {"status", COMMAND_STATUS, 0, WORDS_ANY, WORD_CHAIN, "[CHAIN...]", NULL,
	"how they are: --json, --prometheus, --watch",
	"A table of the chains that are named, or of those that runner.conf "
	"declares and those that have run here: which task runs or waits, the "
	"last result, the next run, since when it is down and of what, mails "
	"sent (+ held back), what waits in the outbox and why, the recent runs "
	"(x failed).  $NO_COLOR is respected.",
	"0 all is well; 1 a chain that runs has a task whose last run failed "
	"or that is down, or a state file cannot be read; 2 there is no such "
	"chain; 3 (before 1) a chain that is declared or named does not run, a "
	"runner died, or there is no chain at all."},
    {"failures", COMMAND_FAILURES, 0, WORDS_ANY, WORD_NAME, "[NAME...]", NULL,
	"the distinct failures seen; --show SIGNATURE: one's stderr",
	"The distinct failures seen, of all tasks or of the tasks and chains "
	"named, the newest last: how often, first and last time, signature, "
	"task, message.",
	NULL},
    {"history", COMMAND_HISTORY, 0, WORDS_ANY, WORD_NAME, "[NAME...]", NULL,
	"the last runs: --json",
	"The last runs, of all tasks or of the tasks and chains named, the "
	"newest last: "
	"start, duration, result.  On a terminal the last 20 and a plot of the "
	"durations; elsewhere all that are kept (1,024 of each chain).",
	NULL},
    {"logs", COMMAND_LOGS, 0, WORDS_ANY, WORD_CHAIN, "[CHAIN...]", NULL,
	"the chain's log; -f follows it",
	"The last 100 lines of the chains' logs, when runner.conf gives them a "
	"file (log_file in the chain's section, or log.file).",
	NULL},
    {"check", COMMAND_CHECK, 0, WORDS_ANY, WORD_TASK, "[TASK...]", NULL,
	"what is wrong in runner.conf, and the settings in force",
	"Reads runner.conf, looks up every declared task, every task of a "
	"declared chain and every TASK given, and looks at files as the users "
	"who will use them.  Everything that is wrong is said, each with file "
	"and line; what is legal but probably a mistake is a warning.  Then "
	"it prints the settings that differ from the defaults, in the syntax "
	"of runner.conf; the last line says whether it can be used.",
	"0 it can be used; 2 something is wrong."},
    {"signature", COMMAND_SIGNATURE, 0, 1, WORD_FILE, "[FILE]", NULL,
	"the signature and subject of a captured stderr",
	"Prints SIGNATURE<TAB>SUBJECT for a captured standard error, read from "
	"FILE or from standard input, as if a run had ended with it.",
	NULL},
    {"report", COMMAND_REPORT, 0, 0, WORD_NONE, "", NULL,
	"one HTML page of everything; -o FILE",
	"One self-contained HTML page: each task's runs on a time line, "
	"durations, failures, downtimes.  No script, nothing is loaded.",
	"0 it is written; 1 it is not, or some of it could not be read."},
    {"test-notify", COMMAND_TEST_NOTIFY, 0, 0, WORD_NONE, "", NULL,
	"send a real test message through every channel",
	"Sends one real test message by mail, to every webhook, to "
	"notify_command and to every ping URL, and says what was answered.",
	"0 every channel took it; 1 one did not."},
    {"help", COMMAND_HELP, 0, 1, WORD_COMMAND, "[COMMAND]", NULL,
	"more about one command",
	"Prints an overview, or more about one command.", NULL},
    {"version", COMMAND_VERSION, 0, 0, WORD_NONE, "", NULL, NULL,
	"Prints the version.", NULL},
    /* For the shells: the words so far, with the one that is typed. */
    {"complete", COMMAND_COMPLETE, 0, WORDS_ANY, WORD_NONE, "WORD...", NULL,
	NULL, "Prints what the last WORD can be completed to.", NULL},
    {.name = NULL},
};

#define BY_HAND SETS_BY_HAND, 0
#define FLAG(member) SETS_FLAG, offsetof(struct options, member)
#define STRING(member) SETS_STRING, offsetof(struct options, member)

static const struct option_spec specs[OPTION_WORDS] = {
    [OPTION_NAME] = {"name", 'n', OPTION_NAME, BY_HAND, "NAME", RUNS,
	"the chain's name; else its tasks' names joined by '_'", WORD_CHAIN},
    [OPTION_IF_RUNNING] = {"if-running", 0, OPTION_IF_RUNNING, BY_HAND, "WORD",
	RUNS,
	"when that chain runs already: replace it (default), refuse (exit 75), "
	"wait until its run in progress has ended and take over, or allow "
	"both",
	WORD_CHOICE, if_running_words, BIT(COMMAND_ONCE),
	"when another `once` of it runs already: refuse (exit 75, the "
	"default), replace it, wait until it has ended, or allow both"},
    [OPTION_NO_KILLCONCURRENT] = {"no-killconcurrent", 0,
	OPTION_NO_KILLCONCURRENT, BY_HAND, NULL, RUNS,
	"the same as --if-running allow"},
    [OPTION_SET] = {"set", 0, OPTION_SET, BY_HAND, "KEY=VALUE", RUNS,
	"override one task setting for every task of this chain; a list is "
	"written {a, b}; repeatable",
	WORD_SET},
    [OPTION_JSON] = {"json", 0, OPTION_JSON, FLAG(json), NULL,
	BIT(COMMAND_STATUS) | BIT(COMMAND_HISTORY) | BIT(COMMAND_FAILURES),
	"the same as one JSON object"},
    [OPTION_PROMETHEUS] = {"prometheus", 0, OPTION_PROMETHEUS, FLAG(prometheus),
	NULL, BIT(COMMAND_STATUS), "as metrics in the Prometheus text format"},
    [OPTION_WATCH] = {"watch", 0, OPTION_WATCH, FLAG(watch), NULL,
	BIT(COMMAND_STATUS), "stay, and draw it again every second; q ends"},
    [OPTION_QUIET] = {"quiet", 'q', OPTION_QUIET, FLAG(quiet), NULL,
	BIT(COMMAND_ONCE),
	"print only warnings and errors; the default when standard error is no "
	"terminal"},
    [OPTION_VERBOSE] = {"verbose", 'v', OPTION_VERBOSE, FLAG(verbose), NULL,
	BIT(COMMAND_ONCE), "print the log"},
    [OPTION_DRAIN] = {"drain", 0, OPTION_DRAIN, FLAG(drain), NULL,
	BIT(COMMAND_START) | BIT(COMMAND_STOP),
	"let a run in progress end first, however long it takes"},
    [OPTION_FOR] = {"for", 0, OPTION_FOR, BY_HAND, "DURATION",
	BIT(COMMAND_PAUSE), "the pause ends by itself after this time"},
    [OPTION_LINES] = {"lines", 'n', OPTION_LINES, BY_HAND, "LINES",
	BIT(COMMAND_LOGS), "how many of the last lines (default 100)"},
    [OPTION_RUN] = {"run", 0, OPTION_RUN, BY_HAND, "N", BIT(COMMAND_LOGS),
	"only the lines of that run (RUNNER_RUN) of the --task"},
    [OPTION_FORGET] = {"forget", 0, OPTION_FORGET, FLAG(forget), NULL,
	BIT(COMMAND_STOP),
	"and remove the named CHAINs from the list of status"},
    [OPTION_MESSAGE] = {"message", 'm', OPTION_MESSAGE, STRING(message), "TEXT",
	BIT(COMMAND_ACK), "why, for those who read it"},
    [OPTION_SHOW] = {"show", 0, OPTION_SHOW, STRING(show), "SIGNATURE",
	BIT(COMMAND_FAILURES),
	"print the kept standard error of that failure; its first digits are "
	"enough (at least 4)",
	WORD_SIGNATURE},
    [OPTION_FOLLOW] = {"follow", 'f', OPTION_FOLLOW, FLAG(follow), NULL,
	BIT(COMMAND_LOGS),
	"stay, and print what is added, also when the file is rotated"},
    [OPTION_EXIT] = {"exit", 0, OPTION_EXIT, BY_HAND, "N",
	BIT(COMMAND_SIGNATURE), "it ended with this exit status (default 1)"},
    [OPTION_SIGNAL] = {"signal", 0, OPTION_SIGNAL, BY_HAND, "N",
	BIT(COMMAND_SIGNATURE),
	"it was ended by this signal, a number or a name", WORD_SIGNAL},
    [OPTION_TASK] = {"task", 0, OPTION_TASK, STRING(task), "NAME",
	BIT(COMMAND_SIGNATURE) | BIT(COMMAND_LOGS),
	"apply that task's signature_* patterns", WORD_TASK, NULL,
	BIT(COMMAND_LOGS), "only the lines of that task"},
    [OPTION_EXPLAIN] = {"explain", 0, OPTION_EXPLAIN, FLAG(explain), NULL,
	BIT(COMMAND_SIGNATURE),
	"add the evidence: the lines that count, as masked"},
    [OPTION_OUTPUT] = {"output", 'o', OPTION_OUTPUT, STRING(output), "FILE",
	BIT(COMMAND_REPORT),
	"write it there instead of to standard output; the file is replaced as "
	"a whole, and keeps its mode and owner",
	WORD_FILE},
    [OPTION_ALL] = {"all", 'a', OPTION_ALL, FLAG(all), NULL, BIT(COMMAND_CHECK),
	"print also the settings that are as by default"},
    [OPTION_CONFIG] = {"config", 'c', OPTION_CONFIG, STRING(config_file),
	"FILE", ALL,
	"use this runner.conf; else $RUNNER_CONF, the nearest runner.conf from "
	"here upwards, or /etc/runner.conf",
	WORD_FILE},
    [OPTION_RUN_ROOT] = {"run-root", 'r', OPTION_RUN_ROOT, STRING(run_root),
	"DIR", ALL, "where pidfiles, state and outbox are", WORD_DIRECTORY},
    [OPTION_HELP] = {"help", 'h', OPTION_HELP, FLAG(wants_help), NULL, ALL,
	"print this, or more about one command"},
    [OPTION_VERSION] = {"version", 'V', OPTION_VERSION, FLAG(wants_version),
	NULL, ALL, "print the version"},
};

const struct command_spec *
options_commands(void)
{
	return commands;
}

const struct command_spec *
options_find_command(const char *word)
{
	for (size_t i = 0; commands[i].name; i++)
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
options_find_letter(char letter, const struct command_spec *command)
{
	const struct option_spec *first = NULL;

	for (size_t i = 0; i < OPTION_WORDS; i++) {
		if (specs[i].letter != letter)
			continue;
		if (command && (specs[i].commands & BIT(command->command)))
			return &specs[i];
		if (!first)
			first = &specs[i];
	}
	return first;
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

/* What others call it. */
static const struct {
	const char *word, *command;
} synonyms[] = {
    {"restart", "start"},
    {"upgrade", "start"},
    {"up", "start"},
    {"kill", "stop"},
    {"down", "stop"},
    {"list", "status"},
    {"ls", "status"},
    {"ps", "status"},
    {"show", "status"},
    {"top", "status"},
    {"tail", "logs"},
    {"log", "logs"},
    {"trigger", "now"},
    {"unpause", "resume"},
    {"continue", "resume"},
    {"suspend", "pause"},
    {"refresh", "reload"},
    {"test", "check"},
    {"configtest", "check"},
    {"validate", "check"},
};

const char *
options_nearest_command(const char *word)
{
	struct nearest n = nearest_to(word);

	for (size_t i = 0; i < sizeof(synonyms) / sizeof(*synonyms); i++)
		if (!strcmp(synonyms[i].word, word))
			return synonyms[i].command;
	for (size_t i = 0; commands[i].name; i++)
		if (commands[i].brief)
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
