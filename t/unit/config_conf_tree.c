/* conf_tree: what a text of runner.conf is, key by key, with the line of each.
 */
#include "config/conf_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "tap.h"

static char file[] = "/tmp/conf-tree-XXXXXX";

static void
add_entry(struct text *t, const struct conf_entry *e)
{
	text_addf(t, "%s%s%d:%s=", t->length ? " " : "", e->is_bad ? "!" : "",
	    e->line, e->key->name);
	for (size_t i = 0; i < e->count; i++)
		text_addf(t, "%s%s", i ? "," : "", e->values[i]);
	text_add_string(t, e->is_list ? "}" : "");
	if (e->earlier_line)
		text_addf(t, "(%d)", e->earlier_line);
}

/* The tree, then what is wrong, as one text. */
static void
show(const struct conf_tree *t, const struct diagnostics *wrong,
    struct text *out)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct conf_section *s = &t->sections[i];

		if (i)
			text_addf(out, "%s%d:%s[%s]", out->length ? " " : "",
			    s->line, keys_of(s->type)->name,
			    s->title ? s->title : "");
		for (size_t j = 0; j < s->count; j++)
			add_entry(out, &s->entries[j]);
	}
	text_add_string(out, t->is_cut ? " CUT" : "");
	for (size_t i = 0; i < wrong->count; i++) {
		const char *what = wrong->text[i];

		if (!strncmp(what, file, strlen(file)))
			what += strlen(file) + 1;
		text_addf(out, " / %s", what);
	}
}

static const struct {
	const char *name, *text, *want;
} rows[] = {
    {"an empty file", "", ""},
    {"comments alone", "# a\n// b\n/* c\n */\n", ""},
    {"a key", "nice = 5", "1:nice=5"},
    {"a value of several lines, and the line of the next",
	"cwd = \"a\nb\"\nnice = 5", "1:cwd=a\nb 3:nice=5"},
    {"escapes and variables", "cwd = \"\\x41\\102\\n${NONE:-c}\"",
	"1:cwd=AB\nc"},
    {"single quotes take it as it is", "cwd = '${NONE}\\1'",
	"1:cwd=${NONE}\\1"},
    {"a list", "admins = {a, 'b',}\n", "1:admins=a,b}"},
    {"an empty list", "admins = {}", "1:admins=}"},
    {"added to", "admins = a\nadmins += {b, c}", "1:admins=a,b,c}"},
    {"added to nothing", "admins += a", "1:admins=a"},
    {"the last of two counts", "nice = 1\nnice = 2", "2:nice=2(1)"},
    {"an empty list takes all back", "admins = {a}\nadmins = {}",
	"2:admins=}(1)"},
    {"sections, in their order",
	"task b { nice = 1 }\nmail { url = x }\ntask a {\nnice = 2\n}\n"
	"webhook { url = 1 }\nwebhook z { url = 2 }\nnice = 3",
	"8:nice=3 1:task[b] 1:nice=1 2:mail[] 2:url=x 3:task[a] 4:nice=2 "
	"6:webhook[] 6:url=1 7:webhook[z] 7:url=2"},
    {"the same section twice is two",
	"task a { nice = 1 }\ntask a { nice = 2 }",
	"1:task[a] 1:nice=1 2:task[a] 2:nice=2"},
    {"a key of a task at the top level and in a section",
	"nice = 1\ntask a { nice = 2 }", "1:nice=1 2:task[a] 2:nice=2"},
    {"an unknown key hides no other", "nise = 1\nnice = 2",
	"2:nice=2 / 1: no such key: 'nise'; did you mean 'nice'?"},
    {"a bad value hides no other", "admins = {a b}\nnice = 2",
	"!1:admins=} 2:nice=2 / 1: a comma is missing before 'b'"},
    {"added to a bad one", "admins = {a b}\nadmins += {c}",
	"!1:admins=c} / 1: a comma is missing before 'b'"},
    {"a good one after a bad one", "admins = {a b}\nadmins = {c}",
	"2:admins=c}(1) / 1: a comma is missing before 'b'"},
    {"an unknown section is passed over", "tusk a { nice = 1 }\nnice = 2",
	"2:nice=2 / 1: no such section: 'tusk'; did you mean 'task'?"},
    {"what is before an open brace is read", "nice = 2\ntask a {\ncwd = x",
	"1:nice=2 2:task[a] 3:cwd=x CUT / 2: the brace that opens here is "
	"not closed"},
    {"an octal number that is no byte", "nice = 1\ncwd = \"\\400\"\nnice = 2",
	"1:nice=1 CUT / 2: bad escape sequence '\\400'"},
    {"digits that are not octal", "cwd = \"\\18\"",
	" CUT / 1: bad escape sequence '\\18'"},
    {"too many digits", "cwd = \"\\1234\"",
	" CUT / 1: bad escape sequence '\\1234'"},
    {"the greatest byte", "cwd = \"\\377\"", "1:cwd=\xff"},
};

static void
test_files(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct diagnostics wrong = {0};
		struct conf_tree t = {0};
		char bytes[2048];
		struct text out;
		FILE *f = fopen(file, "we");

		fputs(rows[i].text, f);
		fclose(f);
		text_init(&out, bytes, sizeof(bytes));
		conf_tree_read(&t, file, false, &wrong);
		show(&t, &wrong, &out);
		tap_is(bytes, rows[i].want, "%s", rows[i].name);
		conf_tree_release(&t);
	}
}

static void
test_texts(void)
{
	struct diagnostics wrong = {0};
	struct conf_tree t = {0};
	char bytes[256];
	struct text out;

	text_init(&out, bytes, sizeof(bytes));
	conf_tree_read_text(&t, "--set admins", "admins={a,b}", &wrong);
	show(&t, &wrong, &out);
	tap_is(bytes, "0:admins=a,b}", "a text of a person has no lines");
	conf_tree_release(&t);
	text_clear(&out);
	conf_tree_set(
	    &t, "--set cwd", keys_find(KEYS_TASK, "cwd"), "{\"${X}\\n");
	show(&t, &wrong, &out);
	tap_is(bytes, "0:cwd={\"${X}\\n", "one value is taken as it is");
	conf_tree_release(&t);
}

static void
test_no_file(void)
{
	struct diagnostics wrong = {0};
	struct conf_tree t = {0};

	conf_tree_read(&t, "/nonexistent/x", false, &wrong);
	tap_ok(t.is_cut && !t.is_refused && !t.count && wrong.count == 1,
	    "a file that is not there is an empty tree and a complaint");
	conf_tree_release(&t);
}

int
main(void)
{
	int fd = mkstemp(file);

	unsetenv("NONE");
	close(fd);
	test_files();
	test_texts();
	test_no_file();
	unlink(file);
	return tap_done();
}
