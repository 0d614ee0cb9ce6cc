/* The command line as values: what is taken, and what each mistake is told. */
#include "cli/options.h"

#include <stdlib.h>

#include "base/text.h"
#include "tap.h"

enum { ARGS_MAX = 16 };

/* What was understood, as "run -c x -n y --if-running 1 --set a=1: w1 w2". */
static void
show(const struct options *o, char *out, size_t size)
{
	static const char *const words[] = {"run", "once", "start", "stop",
	    "ack", "now", "pause", "resume", "reload", "status", "failures",
	    "history", "logs", "check", "signature", "report", "test-notify",
	    "version", "help"};
	struct text t;

	text_init(&t, out, size);
	text_add_string(&t, words[o->command]);
	if (o->config_file)
		text_addf(&t, " c=%s", o->config_file);
	if (o->run_root)
		text_addf(&t, " r=%s", o->run_root);
	if (o->name)
		text_addf(&t, " n=%s", o->name);
	if (o->has_if_running)
		text_addf(&t, " if=%d", (int)o->if_running);
	for (size_t i = 0; o->sets[i]; i++)
		text_addf(&t, " set=%s", o->sets[i]);
	text_addf(&t, "%s%s%s%s%s", o->json ? " json" : "",
	    o->prometheus ? " prometheus" : "", o->watch ? " watch" : "",
	    o->follow ? " follow" : "", o->explain ? " explain" : "");
	if (o->message)
		text_addf(&t, " m=%s", o->message);
	text_addf(&t, "%s%s%s%s", o->quiet ? " quiet" : "",
	    o->verbose ? " verbose" : "", o->drain ? " drain" : "",
	    o->forget ? " forget" : "");
	if (o->pause_ms)
		text_addf(&t, " for=%d", (int)o->pause_ms);
	if (o->lines >= 0)
		text_addf(&t, " lines=%d", (int)o->lines);
	if (o->run)
		text_addf(&t, " run=%d", (int)o->run);
	if (o->show)
		text_addf(&t, " show=%s", o->show);
	if (o->task)
		text_addf(&t, " task=%s", o->task);
	if (o->exit_status != -1)
		text_addf(&t, " exit=%d", o->exit_status);
	if (o->signal)
		text_addf(&t, " signal=%d", o->signal);
	if (o->output)
		text_addf(&t, " o=%s", o->output);
	for (size_t i = 0; i < o->word_count; i++)
		text_addf(&t, " <%s>", o->words[i]);
	if (o->words[o->word_count])
		text_add_string(&t, " and no end");
}

static const struct {
	const char *args[ARGS_MAX];
	const char *want; /* what show() gives, or "!" and the complaint */
} rows[] = {
    /* Every command, with the words that it takes. */
    {{"runner", "run", "a", "b"}, "run <a> <b>"},
    {{"runner", "once", "a"}, "once <a>"},
    {{"runner", "start"}, "start"},
    {{"runner", "start", "x", "y"}, "start <x> <y>"},
    {{"runner", "stop"}, "stop"},
    {{"runner", "status"}, "status"},
    {{"runner", "ack"}, "ack"},
    {{"runner", "ack", "t", "-m", "it is known"}, "ack m=it is known <t>"},
    {{"runner", "ack", "--message=x", "t", "u"}, "ack m=x <t> <u>"},
    {{"runner", "failures", "a"}, "failures <a>"},
    {{"runner", "history"}, "history"},
    {{"runner", "logs", "x"}, "logs <x>"},
    {{"runner", "check"}, "check"},
    {{"runner", "check", "a"}, "check <a>"},
    {{"runner", "signature"}, "signature"},
    {{"runner", "signature", "f"}, "signature <f>"},
    {{"runner", "report"}, "report"},
    {{"runner", "test-notify"}, "test-notify"},
    {{"runner", "help"}, "help"},
    {{"runner", "help", "run"}, "help <run>"},
    {{"runner", "version"}, "version"},
    {{"runner", "--version"}, "version"},
    {{"runner", "-V"}, "version"},
    {{"runner", "--help"}, "help"},
    {{"runner", "-h"}, "help"},
    {{"runner", "run", "--help"}, "help <run>"},
    {{"runner", "--help", "status"}, "help <status>"},
    {{"runner", "run", "-h", "a"}, "help <run>"},
    {{"/usr/bin/runner", "run", "a"}, "run <a>"},

    /* The old name. */
    {{"run_functions", "a", "b"}, "run <a> <b>"},
    {{"./build/run_functions", "run", "a"}, "run <run> <a>"},
    {{"run_functions", "-c", "f", "tasks.a"}, "run c=f <tasks.a>"},
    {{"run_functions", "--version"}, "version"},
    {{"run_functions", "--help"}, "help <run>"},
    {{"run_functions"},
	"!'run' wants a TASK, or --name CHAIN; see 'runner help run'"},

    /* Options stand anywhere. */
    {{"runner", "-c", "f", "run", "a"}, "run c=f <a>"},
    {{"runner", "run", "-c", "f", "a"}, "run c=f <a>"},
    {{"runner", "run", "a", "-c", "f"}, "run c=f <a>"},
    {{"runner", "-cf", "run", "a"}, "run c=f <a>"},
    {{"runner", "--config=f", "run", "a"}, "run c=f <a>"},
    {{"runner", "--config", "f", "run", "a"}, "run c=f <a>"},
    {{"runner", "--config=", "run", "a"}, "!--config wants FILE"},
    {{"runner", "--config=a=b", "run", "a"}, "run c=a=b <a>"},
    {{"runner", "run", "-r", "d", "a"}, "run r=d <a>"},
    {{"runner", "run", "--run-root=d", "a"}, "run r=d <a>"},
    {{"runner", "run", "-c", "x", "-c", "y", "a"}, "run c=y <a>"},
    {{"runner", "run", "-c", "-n", "a"}, "run c=-n <a>"},
    {{"runner", "run", "--", "-c", "f"}, "run <-c> <f>"},
    {{"runner", "--", "run", "--help"}, "run <--help>"},
    {{"runner", "run", "a", "--", "--"}, "run <a> <-->"},
    {{"runner", "run", "-"}, "run <->"},
    {{"runner", "signature", "-"}, "signature <->"},
    {{"runner", "logs", "-f"}, "logs follow"},
    {{"runner", "logs", "-fc", "f"}, "logs c=f follow"},
    {{"runner", "logs", "-fcf", "x"}, "logs c=f follow <x>"},

    /* Abbreviations. */
    {{"runner", "run", "--conf=f", "a"}, "run c=f <a>"},
    {{"runner", "run", "--na", "x", "a"}, "run n=x <a>"},
    {{"runner", "status", "--j"}, "status json"},
    {{"runner", "status", "--s"}, "!option '--s' is ambiguous"},
    {{"runner", "run", "--se", "k=v", "a"}, "run set=k=v <a>"},

    /* Of run and once. */
    {{"runner", "run", "-n", "x", "a"}, "run n=x <a>"},
    {{"runner", "once", "--name=x", "a"}, "once n=x <a>"},
    {{"runner", "run", "-n", "a/b", "a"},
	"!--name: 'a/b' is not a name (letters, digits, '_', '.' and '-'; "
	"at most 200)"},
    {{"runner", "run", "--if-running", "replace", "a"}, "run if=0 <a>"},
    {{"runner", "run", "--if-running=refuse", "a"}, "run if=1 <a>"},
    {{"runner", "run", "--if-running=allow", "a"}, "run if=3 <a>"},
    {{"runner", "run", "--if-running=wait", "a"}, "run if=2 <a>"},
    {{"runner", "run", "--if-running=kill", "a"},
	"!--if-running: 'kill' is not replace, refuse, wait or "
	"allow"},
    {{"runner", "run", "--no-killconcurrent", "a"}, "run if=3 <a>"},
    {{"runner", "run", "--set", "a=1", "--set=b={x, y}", "t"},
	"run set=a=1 set=b={x, y} <t>"},
    {{"runner", "run", "--set", "a=", "t"}, "run set=a= <t>"},
    {{"runner", "run", "--set", "a", "t"}, "!--set: 'a' is not KEY=VALUE"},
    {{"runner", "run", "--set", "=a", "t"}, "!--set: '=a' is not KEY=VALUE"},
    {{"runner", "run", "t", "--set"}, "!--set wants KEY=VALUE"},

    {{"runner", "once", "-q", "a"}, "once quiet <a>"},
    {{"runner", "once", "-v", "a"}, "once verbose <a>"},
    {{"runner", "once", "-qv", "a"},
	"!--quiet and --verbose exclude each other"},
    {{"runner", "run", "-q", "a"},
	"!'run' takes no --quiet; see 'runner help run'"},

    /* Of the hands. */
    {{"runner", "start", "--drain", "a"}, "start drain <a>"},
    {{"runner", "stop", "--drain", "--forget", "a"}, "stop drain forget <a>"},
    {{"runner", "now"}, "now"},
    {{"runner", "now", "a/b"}, "now <a/b>"},
    {{"runner", "now", "a", "b"}, "!'now' does not take 'b'"},
    {{"runner", "pause", "a", "b/c"}, "pause <a> <b/c>"},
    {{"runner", "pause", "--for", "1m", "a"}, "pause for=60000 <a>"},
    {{"runner", "pause", "--for", "0", "a"},
	"!--for: '0' is not a duration, as 90s, 15m or 1h30m"},
    {{"runner", "pause"},
	"!'pause' wants a CHAIN or CHAIN/TASK; see 'runner help pause'"},
    {{"runner", "resume", "a"}, "resume <a>"},
    {{"runner", "reload", "a", "b"}, "reload <a> <b>"},
    {{"runner", "logs", "-n", "5"}, "logs lines=5"},
    {{"runner", "logs", "-n0", "c"}, "logs lines=0 <c>"},
    {{"runner", "logs", "-n", "x"}, "!--lines: 'x' is not a number"},
    {{"runner", "logs", "--task=t", "--run=3"}, "logs run=3 task=t"},
    {{"runner", "logs", "--run=3"}, "!--run wants --task NAME too"},
    {{"runner", "logs", "--task=t", "--run=3", "-f"},
	"!--run and --follow exclude each other"},

    /* What others call it. */
    {{"runner", "restart"}, "!no command 'restart'; did you mean 'start'?"},
    {{"runner", "list"}, "!no command 'list'; did you mean 'status'?"},
    {{"runner", "tail"}, "!no command 'tail'; did you mean 'logs'?"},
    {{"runner", "kill"}, "!no command 'kill'; did you mean 'stop'?"},

    /* Of the others. */
    {{"runner", "status", "--json"}, "status json"},
    {{"runner", "history", "--json"}, "history json"},
    {{"runner", "failures", "--json"}, "failures json"},
    {{"runner", "status", "--prometheus"}, "status prometheus"},
    {{"runner", "status", "--watch", "x"}, "status watch <x>"},
    {{"runner", "status", "--json", "--prometheus"},
	"!--json, --prometheus and --watch exclude each other"},
    {{"runner", "failures", "--show", "ba4d70237fb2e50f"},
	"failures show=ba4d70237fb2e50f"},
    {{"runner", "signature", "--exit", "0"}, "signature exit=0"},
    {{"runner", "signature", "--exit=255"}, "signature exit=255"},
    {{"runner", "signature", "--exit=256"},
	"!--exit: '256' is not an exit status, 0 to 255"},
    {{"runner", "signature", "--exit=-1"},
	"!--exit: '-1' is not an exit status, 0 to 255"},
    {{"runner", "signature", "--exit=x"},
	"!--exit: 'x' is not an exit status, 0 to 255"},
    {{"runner", "signature", "--signal", "9"}, "signature signal=9"},
    {{"runner", "signature", "--signal", "64"}, "signature signal=64"},
    {{"runner", "signature", "--signal=SIGKILL"}, "signature signal=9"},
    {{"runner", "signature", "--signal=term"}, "signature signal=15"},
    {{"runner", "signature", "--signal=0"},
	"!--signal: '0' is not a signal, 1 to 64 or a name"},
    {{"runner", "signature", "--signal=65"},
	"!--signal: '65' is not a signal, 1 to 64 or a name"},
    {{"runner", "signature", "--signal=NOPE"},
	"!--signal: 'NOPE' is not a signal, 1 to 64 or a name"},
    {{"runner", "signature", "--exit=1", "--signal=9"},
	"!a run ends by --exit or by --signal, not both"},
    {{"runner", "signature", "--task", "t", "--explain", "f"},
	"signature explain task=t <f>"},
    {{"runner", "report", "-o", "x.html"}, "report o=x.html"},
    {{"runner", "report", "--output=x.html"}, "report o=x.html"},

    /* Mistakes. */
    {{"runner"}, "!a command is wanted; see 'runner --help'"},
    {{"runner", "-c", "f"}, "!a command is wanted; see 'runner --help'"},
    {{"runner", "-c"}, "!-c wants FILE"},
    {{"runner", "run"},
	"!'run' wants a TASK, or --name CHAIN; see 'runner help run'"},
    {{"runner", "once", "-n", "x"}, "once n=x"},
    {{"runner", "staus"}, "!no command 'staus'; did you mean 'status'?"},
    {{"runner", "rnu", "a"}, "!no command 'rnu'; did you mean 'run'?"},
    {{"runner", "divide_by_zero"},
	"!no command 'divide_by_zero'; see 'runner --help'"},
    {{"runner", ""}, "!no command ''; see 'runner --help'"},
    {{"runner", "help", "stats"},
	"!no command 'stats'; did you mean 'status'?"},
    {{"runner", "help", "a", "b"}, "!'help' does not take 'b'"},
    {{"runner", "signature", "a", "b"}, "!'signature' does not take 'b'"},
    {{"runner", "report", "x"}, "!'report' does not take 'x'"},
    {{"runner", "run", "--jsn", "a"},
	"!no option '--jsn'; did you mean '--json'?"},
    {{"runner", "run", "--confg=f", "a"},
	"!no option '--confg'; did you mean '--config'?"},
    {{"runner", "run", "--xyzzy"}, "!no option '--xyzzy'; see 'runner --help'"},
    {{"runner", "run", "-x"}, "!no option '-x'; see 'runner --help'"},
    {{"runner", "run", "--json", "a"},
	"!'run' takes no --json; see 'runner help run'"},
    {{"runner", "start", "-n", "x"},
	"!'start' takes no --name; see 'runner help start'"},
    {{"runner", "check", "--set", "a=1"},
	"!'check' takes no --set; see 'runner help check'"},
    {{"runner", "history", "--watch"},
	"!'history' takes no --watch; see 'runner help history'"},
    {{"runner", "status", "--json=yes"}, "!--json takes no value"},
};

static void
test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *const *argv = (char *const *)rows[i].args;
		char got[256] = "!", line[256];
		struct options o;
		struct text t;
		int argc = 0;

		text_init(&t, line, sizeof(line));
		for (; argv[argc]; argc++)
			text_addf(&t, "%s%s", argc ? " " : "", argv[argc]);
		if (!options_parse(&o, argc, argv, got + 1, sizeof(got) - 1))
			show(&o, got, sizeof(got));
		tap_is(got, rows[i].want, "%s", line);
		options_release(&o);
	}
}

static void
test_every_exit_and_signal(void)
{
	int failed = 0;

	for (int n = -2; n <= 300; n++) {
		char value[32];
		const char *const args[] = {"runner", "signature", value, NULL};
		char *const *argv = (char *const *)args;
		char why[256];
		struct options o;
		bool is_taken;

		snprintf(value, sizeof(value), "--exit=%d", n);
		is_taken = !options_parse(&o, 3, argv, why, sizeof(why));
		failed += is_taken != (n >= 0 && n <= 255) ||
			  (is_taken && o.exit_status != n);
		options_release(&o);
		snprintf(value, sizeof(value), "--signal=%d", n);
		is_taken = !options_parse(&o, 3, argv, why, sizeof(why));
		failed += is_taken != (n >= 1 && n <= 64) ||
			  (is_taken && o.signal != n);
		options_release(&o);
	}
	tap_is_int(failed, 0, "--exit takes 0 to 255, --signal 1 to 64");
}

/* How many lines a text has, and whether none is too wide or ends in blanks. */
static int
count_lines(const char *text, bool *is_tidy)
{
	int lines = 0;

	*is_tidy = true;
	for (; *text; lines++) {
		size_t width = strcspn(text, "\n");

		if (width > 80 || text[width] != '\n' ||
		    (width && text[width - 1] == ' '))
			*is_tidy = false;
		text += width + (text[width] == '\n');
	}
	return lines;
}

static void
test_help(void)
{
	static const char *const commands[] = {"run", "once", "start", "stop",
	    "ack", "now", "pause", "resume", "reload", "status", "failures",
	    "history", "logs", "check", "signature", "report", "test-notify",
	    "version", "help"};
	char *overview = strdup(options_help(NULL));
	bool is_tidy;
	int lines = count_lines(overview, &is_tidy);

	tap_ok(lines <= 40 && is_tidy,
	    "--help fits a screen of 40 lines of 80 columns (%d lines)", lines);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		const char *page = options_help(commands[i]);
		char usage[64];

		tap_ok(page && (count_lines(page, &is_tidy), is_tidy),
		    "help %s is a page of 80 columns", commands[i]);
		if (!strcmp(commands[i], "version"))
			continue;
		snprintf(usage, sizeof(usage), "usage: runner %s", commands[i]);
		tap_ok(page && !strncmp(page, usage, strlen(usage)),
		    "help %s begins with its usage", commands[i]);
		tap_ok(strstr(overview, commands[i]) != NULL, "--help names %s",
		    commands[i]);
	}
	free(overview);
	tap_ok(!options_help("nosuch"), "there is no page of what is none");
}

/* No command line, however odd, does anything but an answer in one line. */
static void
test_anything(void)
{
	static const char *const words[] = {"run", "status", "signature",
	    "help", "--", "-", "-c", "-n", "-cx", "--set", "--set=a=b",
	    "--set=", "--exit", "-1", "256", "--json", "--jso", "--=", "--help",
	    "-hV", "", "\n", "--\x1b[0m", "-\xff", "--no", "--name=a b", "x"};
	int failed = 0;

	srandom(1);
	for (int i = 0; i < 200000; i++) {
		const char *args[10] = {"runner"};
		char why[128] = "";
		struct options o;
		int argc = 1 + (int)(random() % 8);

		for (int j = 1; j < argc; j++)
			args[j] = words[(size_t)random() %
					(sizeof(words) / sizeof(*words))];
		if (options_parse(
			&o, argc, (char *const *)args, why, sizeof(why)))
			failed += !*why;
		else
			failed += o.word_count > 8;
		options_release(&o);
	}
	tap_is_int(failed, 0, "200000 odd command lines are answered");
}

int
main(void)
{
	test_rows();
	test_every_exit_and_signal();
	test_help();
	test_anything();
	return tap_done();
}
