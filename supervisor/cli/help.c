#include "options.h"

#include <string.h>

/* One screen of 24 lines of 80 columns. */
static const char overview[] =
    "usage: runner COMMAND [options] [words]\n"
    "\n"
    "  run TASK...        run the chain of tasks in the foreground, for ever\n"
    "  once TASK...       run the chain one time; exit 0 if all succeeded\n"
    "  start [CHAIN...]   start, or upgrade, the chains of runner.conf, "
    "detached\n"
    "  stop [CHAIN...]    stop them, and wait until nothing of theirs is left\n"
    "  status [CHAIN...]  how they are: --json, --prometheus, --watch\n"
    "  failures [TASK...] the distinct failures seen; --show SIGNATURE: one's "
    "stderr\n"
    "  history [TASK...]  the last runs: --json\n"
    "  logs [CHAIN...]    the chain's log; -f follows it\n"
    "  check [TASK...]    what is wrong in runner.conf, and the settings in "
    "force\n"
    "  signature [FILE]   the signature and subject of a captured stderr\n"
    "  report             one HTML page of everything; -o FILE\n"
    "  test-notify        send a real test message through every channel\n"
    "  help COMMAND       more about one command\n"
    "\n"
    "  -c, --config FILE  instead of the nearest runner.conf upwards\n"
    "  -r, --run-root DIR instead of run_root: pidfiles, state, outbox\n"
    "  -n, --name NAME    run, once: the chain's name\n"
    "  --set KEY=VALUE    run, once: override one task setting; repeatable\n"
    "  --if-running replace|refuse|allow; --no-killconcurrent; --version; "
    "--help\n"
    "\n"
    "Example: runner run --set fail_cooldown=30s fetch_mail send_mail\n";

#define COMMON_OPTIONS                                                         \
	"  -c, --config FILE    use this runner.conf; else $RUNNER_CONF, the " \
	"nearest\n"                                                            \
	"                       runner.conf from here upwards, or "            \
	"/etc/runner.conf\n"                                                   \
	"  -r, --run-root DIR   where pidfiles, state and outbox are\n"

#define RUN_OPTIONS                                                            \
	"  -n, --name NAME      the chain's name; else its tasks' names "      \
	"joined by '_'\n"                                                      \
	"  --if-running WORD    when that chain runs already: replace it "     \
	"(default),\n"                                                         \
	"                       refuse (exit 75), or allow both\n"             \
	"  --no-killconcurrent  the same as --if-running allow\n"              \
	"  --set KEY=VALUE      override one task setting for every task of "  \
	"this\n"                                                               \
	"                       chain; a list is written {a, b}; repeatable\n"

#define TASK_WORDS                                                             \
	"A TASK is, in this order: a `task TASK { }` section of runner.conf; " \
	"a dotted\n"                                                           \
	"name a.b.c, the executable a/b/c beside runner.conf; a word with a "  \
	"'/', that\n"                                                          \
	"executable; a bare name, the executable tasks/NAME beside "           \
	"runner.conf, else\n"                                                  \
	"default_command with %t replaced by the name.\n"

static const struct page {
	const char *command, *text;
} pages[] = {
    {"run", "usage: runner run [options] TASK...\n"
	    "\n"
	    "Runs the tasks in order, each followed by its cooldown "
	    "(success_cooldown or\n"
	    "fail_cooldown), and begins again after the last, for ever.  The "
	    "admins are\n"
	    "told of the first failure, of new ones, of long downtimes and of "
	    "healing.\n"
	    "\n" TASK_WORDS "\n" COMMON_OPTIONS RUN_OPTIONS "\n"
	    "Signals: TERM and INT stop the running task and end; HUP reads "
	    "runner.conf\n"
	    "again between two runs and reopens the log; USR1 ends the current "
	    "cooldown.\n"
	    "Exit status: 0 stopped or replaced; 1 it failed; 2 usage or "
	    "configuration;\n"
	    "75 it runs already and --if-running is refuse.\n"},
    {"once", "usage: runner once [options] TASK...\n"
	     "\n"
	     "Runs the tasks in order one time, without cooldowns, with the "
	     "same logging,\n"
	     "pidfile and messages as `runner run`.\n"
	     "\n" TASK_WORDS "\n" COMMON_OPTIONS RUN_OPTIONS "\n"
	     "Exit status: 0 all tasks succeeded; 1 one failed; 2 usage or "
	     "configuration;\n"
	     "75 the chain runs already and --if-running is refuse.\n"},
    {"start", "usage: runner start [options] [CHAIN...]\n"
	      "\n"
	      "Starts the chains that runner.conf declares (`chain NAME { "
	      "tasks = ... }`),\n"
	      "all of them or those named, each as a process of its own, "
	      "detached from the\n"
	      "terminal.  One that runs already is replaced: the new settings "
	      "and the new\n"
	      "runner take over.\n"
	      "\n" COMMON_OPTIONS "\n"
	      "Exit status: 0 all run; 1 one did not start; 2 usage or "
	      "configuration.\n"},
    {"stop",
	"usage: runner stop [options] [CHAIN...]\n"
	"\n"
	"Stops the declared chains, all of them or those named, and waits "
	"until\n"
	"neither the runner nor anything that its task started is left.\n"
	"\n"
	"  --forget             and takes the CHAINs named off the list of "
	"status\n" COMMON_OPTIONS "\n"
	"Exit status: 0 none runs any more; 1 one could not be stopped.\n"},
    {"status",
	"usage: runner status [options] [CHAIN...]\n"
	"\n"
	"A table of the chains that are named, or of those that runner.conf "
	"declares\n"
	"and those that have run here: which task runs or waits, the last "
	"result, the\n"
	"next run, since when it is down and of what, mails sent (+ held "
	"back), what\n"
	"waits in the outbox and why, the recent runs (x failed).\n"
	"\n"
	"  --json               the same as one JSON object\n"
	"  --prometheus         as metrics in the Prometheus text format\n"
	"  --watch              stay and draw it anew every second; q "
	"ends\n" COMMON_OPTIONS "\n"
	"Exit status: 0 all is well; 1 a chain that runs has a task whose last "
	"run\n"
	"failed or that is down, or a state file cannot be read; 3 a chain "
	"does not\n"
	"run that is declared or named, or whose runner died (this outweighs "
	"1),\n"
	"or there is none; 2 there is no such chain.  $NO_COLOR is "
	"respected.\n"},
    {"failures", "usage: runner failures [options] [TASK|CHAIN...]\n"
		 "\n"
		 "The distinct failures seen, of all tasks or of those named, "
		 "the newest last:\n"
		 "how often, first and last time, signature, task, message.\n"
		 "\n"
		 "  --show SIGNATURE     print the kept standard error of that "
		 "failure; its\n"
		 "                       first digits (at least 4) do\n"
		 "  --json               as one JSON object\n" COMMON_OPTIONS},
    {"history", "usage: runner history [options] [TASK|CHAIN...]\n"
		"\n"
		"The last runs, of all tasks or of those named, the newest "
		"last: start,\n"
		"duration, result.  On a terminal the last 20 and a plot of "
		"the durations;\n"
		"elsewhere all that are kept (1,024 of each chain).\n"
		"\n"
		"  --json               as one JSON object\n" COMMON_OPTIONS},
    {"logs", "usage: runner logs [options] [CHAIN...]\n"
	     "\n"
	     "The last 100 lines of the chains' logs, when runner.conf gives "
	     "them a file\n"
	     "(log_file in the chain's section, or log.file).\n"
	     "\n"
	     "  -f, --follow         stay, and print what is added, also when "
	     "the file is\n"
	     "                       rotated\n" COMMON_OPTIONS},
    {"check", "usage: runner check [options] [TASK...]\n"
	      "\n"
	      "Reads runner.conf, looks up every declared task, every task of "
	      "a declared\n"
	      "chain and every TASK given, and prints the settings in force in "
	      "the syntax\n"
	      "of runner.conf.  Everything that is wrong is said, each with "
	      "file and line;\n"
	      "what is legal but hardly meant is said as a warning.\n"
	      "\n" COMMON_OPTIONS "\n"
	      "Exit status: 0 it can be used; 2 something is wrong.\n"},
    {"signature",
	"usage: runner signature [options] [FILE]\n"
	"\n"
	"Prints SIGNATURE<TAB>SUBJECT for a captured standard error, read from "
	"FILE\n"
	"or from standard input, as if a run had ended with it.\n"
	"\n"
	"  --exit N             it ended with this exit status (default 1)\n"
	"  --signal N           it was ended by this signal, a number or a "
	"name\n"
	"  --task NAME          apply that task's signature_* patterns\n"
	"  --explain            add the evidence: the lines that count, as "
	"masked\n" COMMON_OPTIONS},
    {"report",
	"usage: runner report [options]\n"
	"\n"
	"One self-contained HTML page: each task's runs on a time line, "
	"durations,\n"
	"failures, downtimes.  No script, nothing is loaded.\n"
	"\n"
	"  -o, --output FILE    write it there instead of to standard output; "
	"the\n"
	"                       file is replaced as a whole\n" COMMON_OPTIONS},
    {"test-notify",
	"usage: runner test-notify [options]\n"
	"\n"
	"Sends one real test message through every channel that runner.conf\n"
	"configures (mail, webhook) and says what the server answered.\n"
	"\n" COMMON_OPTIONS "\n"
	"Exit status: 0 every channel took it; 1 one did not.\n"},
    {"version", "usage: runner --version\n"
		"\n"
		"Prints the version.\n"},
    {"help", "usage: runner help [COMMAND]\n"
	     "\n"
	     "Prints this overview, or more about one command.\n"},
};

const char *
options_help(const char *command)
{
	if (!command)
		return overview;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		if (!strcmp(pages[i].command, command))
			return pages[i].text;
	return NULL;
}
