/* What a task executes: strings split as a shell would, lists taken exactly. */
#include "config/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "tap.h"

/* Argv as "[a][b c]", stages joined by " | ". */
static void
show(const struct command *c, char *out, size_t size)
{
	struct text t;

	text_init(&t, out, size);
	for (size_t i = 0; i < c->count; i++) {
		text_add_string(&t, i ? " | " : "");
		for (char **w = c->argv[i]; *w; w++)
			text_addf(&t, "[%s]", *w);
	}
}

static const struct {
	const char *text;
	const char *want; /* what show() gives; or the complaint */
	bool is_wrong;
} splits[] = {
    {"ls", "[ls]", false},
    {"ls -l /tmp", "[ls][-l][/tmp]", false},
    {"  ls\t-l \n /tmp  ", "[ls][-l][/tmp]", false},
    {"echo 'a b'", "[echo][a b]", false},
    {"echo \"a b\"", "[echo][a b]", false},
    {"echo a\\ b", "[echo][a b]", false},
    {"echo ''", "[echo][]", false},
    {"echo \"\"", "[echo][]", false},
    {"echo a'b'\"c\"d", "[echo][abcd]", false},
    {"echo 'a\\b'", "[echo][a\\b]", false},
    {"echo \"a\\b\"", "[echo][a\\b]", false},
    {"echo \"a\\\"b\\\\c\\$d\\`e\"", "[echo][a\"b\\c$d`e]", false},
    {"echo a\\\"b", "[echo][a\"b]", false},
    {"echo 'it'\\''s'", "[echo][it's]", false},
    {"echo \"it's\"", "[echo][it's]", false},
    {"echo '\"'", "[echo][\"]", false},
    {"echo a\\\nb", "[echo][ab]", false},
    {"echo \"a\\\nb\"", "[echo][ab]", false},
    {"echo 'a\nb'", "[echo][a\nb]", false},
    {"echo $HOME *.c ~ `x` # y", "[echo][$HOME][*.c][~][`x`][#][y]", false},
    {"a > b; c && d &", "[a][>][b;][c][&&][d][&]", false},
    {"a | b", "[a] | [b]", false},
    {"a 1 | b 2 | c 3", "[a][1] | [b][2] | [c][3]", false},
    {"a|b", "[a|b]", false},
    {"a '|' b", "[a][|][b]", false},
    {"a \\| b", "[a][|][b]", false},
    {"a \"|\" b", "[a][|][b]", false},
    {"a || b", "[a][||][b]", false},
    {"echo \xc3\xa9", "[echo][\xc3\xa9]", false},
    {"", "a command needs a program to execute", true},
    {"   ", "a command needs a program to execute", true},
    {"'' a", "a command needs a program to execute", true},
    {"a | '' b", "a command needs a program to execute", true},
    {"|", "there is no command before a '|'", true},
    {"| a", "there is no command before a '|'", true},
    {"a | | b", "there is no command before a '|'", true},
    {"a |", "there is no command after the last '|'", true},
    {"a 'b", "a single quote has no end", true},
    {"a \"b", "a double quote has no end", true},
    {"a \"b\\\"", "a double quote has no end", true},
    {"it's", "a single quote has no end", true},
    {"a \\", "nothing follows the last backslash", true},
};

static void
test_splits(void)
{
	for (size_t i = 0; i < sizeof(splits) / sizeof(*splits); i++) {
		struct command c;
		char why[128] = "", got[256];
		int result =
		    command_split(&c, splits[i].text, why, sizeof(why));

		show(&c, got, sizeof(got));
		tap_is(splits[i].is_wrong ? why : got, splits[i].want,
		    "split: <%s>", splits[i].text);
		tap_ok(result == (splits[i].is_wrong ? -1 : 0) &&
			   !c.count == splits[i].is_wrong,
		    "split: and it is %s",
		    splits[i].is_wrong ? "refused" : "taken");
		command_release(&c);
	}
}

static const struct {
	const char *words[6];
	const char *want, *written;
} lists[] = {
    {{"a b"}, "[a b]", "'a b'"},
    {{"ls", "-l"}, "[ls][-l]", "ls -l"},
    {{"a", "|", "b"}, "[a][|][b]", "a '|' b"},
    {{"a", ""}, "[a][]", "a ''"},
    {{"a", "it's"}, "[a][it's]", "a 'it'\\''s'"},
    {{"a", "'", "\"", "\\"}, "[a]['][\"][\\]", "a ''\\''' '\"' '\\'"},
    {{"./manage.py", "%t"}, "[./manage.py][%t]", "./manage.py %t"},
};

static void
test_lists(void)
{
	static const char *const nothing[] = {NULL};
	static const char *const empty[] = {"", "a", NULL};
	struct command c;
	char why[128], got[256];

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		command_from_list(&c, lists[i].words, why, sizeof(why));
		show(&c, got, sizeof(got));
		tap_is(got, lists[i].want, "list: %s is one argv, exactly",
		    lists[i].want);
		tap_is(c.written, lists[i].written, "list: and is written %s",
		    lists[i].written);
		command_release(&c);
	}
	tap_ok(command_from_list(&c, nothing, why, sizeof(why)) == -1,
	    "list: an empty one is refused");
	tap_ok(command_from_list(&c, empty, why, sizeof(why)) == -1,
	    "list: one without a program is refused");
}

static const struct {
	const char *text, *want;
} copies[] = {
    {"./manage.py %t", "[./manage.py][job]"},
    {"%t", "[job]"},
    {"x %t%t a%tb | y %t", "[x][jobjob][ajobb] | [y][job]"},
    {"x % %% %s %T t", "[x][%][%%][%s][%T][t]"},
    {"x 100%", "[x][100%]"},
};

static void
test_copies(void)
{
	for (size_t i = 0; i < sizeof(copies) / sizeof(*copies); i++) {
		struct command c, copy;
		char why[128], got[256], as_it_was[256];

		command_split(&c, copies[i].text, why, sizeof(why));
		command_copy(&copy, &c, "job");
		show(&copy, got, sizeof(got));
		tap_is(
		    got, copies[i].want, "copy: <%s> for job", copies[i].text);
		command_release(&copy);
		command_copy(&copy, &c, NULL);
		show(&copy, got, sizeof(got));
		show(&c, as_it_was, sizeof(as_it_was));
		tap_is(got, as_it_was, "copy: <%s> as it is", copies[i].text);
		command_release(&copy);
		command_release(&c);
	}
}

static unsigned long seed = 1;

static int
next_random(int below)
{
	seed = seed * 6364136223846793005ul + 1442695040888963407ul;
	return (int)(seed >> 33) % below;
}

/* A random text of what means something, and a little of what does not. */
static void
make_text(char *out, int length)
{
	static const char letters[] = "a b|\\'\"\t\n$%";

	for (int i = 0; i < length; i++)
		out[i] = letters[next_random(sizeof(letters) - 1)];
	out[length] = '\0';
}

static bool
is_same(const struct command *a, const struct command *b)
{
	char x[1024], y[1024];

	show(a, x, sizeof(x));
	show(b, y, sizeof(y));
	return a->count == b->count && !strcmp(x, y);
}

/* What is written of a command is split into the same command again. */
static void
test_written(void)
{
	int failed = 0, taken = 0;

	for (int i = 0; i < 100000; i++) {
		struct command c, again = {0};
		char text[32], why[128];

		make_text(text, next_random(24));
		if (command_split(&c, text, why, sizeof(why)))
			continue;
		taken++;
		/* A control character is written for people, not for us. */
		if (strpbrk(c.written, "\n") ||
		    (!strstr(c.written, "\\x0a") &&
			(command_split(&again, c.written, why, sizeof(why)) ||
			    !is_same(&c, &again)))) {
			printf("# <%s> is written <%s>\n", text, c.written);
			failed++;
		}
		command_release(&again);
		command_release(&c);
	}
	tap_ok(!failed && taken > 10000,
	    "written: %d random commands are split again as they were", taken);
}

/*
 * The shell itself splits each text as we do, where it holds nothing but
 * blanks, quotes, backslashes and letters.
 */
static void
test_like_a_shell(void)
{
	int failed = 0, compared = 0;

	for (int i = 0; i < 300; i++) {
		char text[32], why[128], script[128], ours[1024] = "";
		char theirs[1024] = "";
		struct command c;
		FILE *shell;

		make_text(text, 2 + next_random(14));
		for (char *s = text; *s; s++)
			if (strchr("|$%\n", *s))
				*s = 'c';
		if (command_split(&c, text, why, sizeof(why)))
			continue;
		show(&c, ours, sizeof(ours));
		snprintf(script, sizeof(script),
		    "set -- %s\nprintf '[%%s]' \"$@\"", text);
		setenv("SCRIPT", script, 1);
		shell = popen("exec sh -c \"$SCRIPT\"", "r");
		if (!shell || !fgets(theirs, sizeof(theirs), shell))
			theirs[0] = '\0';
		if (shell)
			pclose(shell);
		compared++;
		if (strcmp(ours, theirs)) {
			printf("# <%s>: %s, sh: %s\n", text, ours, theirs);
			failed++;
		}
		command_release(&c);
	}
	tap_ok(!failed && compared > 30,
	    "split: %d random texts are split as sh does", compared);
}

static void
test_expand(void)
{
	char *got = command_expand("runner/%c-%c", 'c', "nightly");

	tap_is(got, "runner/nightly-nightly", "expand: every %%c");
	free(got);
	got = command_expand("%c", 'c', "%c");
	tap_is(got, "%c", "expand: what was put in is left alone");
	free(got);
}

int
main(void)
{
	test_splits();
	test_lists();
	test_copies();
	test_written();
	test_like_a_shell();
	test_expand();
	return tap_done();
}
