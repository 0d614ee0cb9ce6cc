/*
 * help: --help and `help COMMAND`, written out of the options table.
 */
#include <string.h>

#include "base/text.h"
#include "options_table.h"

enum { LINE_WIDTH = 79, OPTION_COLUMN = 23, BRIEF_COLUMN = 21 };

/*
 * Adds words of `s`, wrapped; further lines begin at `indent`, and `column` is
 * where the first one is now.  A newline in `s` stays.
 */
static void
add_wrapped(struct text *t, const char *s, size_t column, size_t indent)
{
	while (*s) {
		size_t blanks = strspn(s, " ");
		size_t length = strcspn(s + blanks, " \n");

		if (*s == '\n') {
			text_add_string(t, "\n");
			column = 0;
			s++;
			continue;
		}
		if (length && column + blanks + length > LINE_WIDTH) {
			text_addf(t, "\n%*s", (int)indent, "");
			column = indent;
			blanks = 0;
			s += strspn(s, " ");
		}
		text_add(t, s, blanks + length);
		column += blanks + length;
		s += blanks + length;
	}
	text_add_string(t, "\n");
}

/* "  -c, --config FILE    what it does". */
static void
add_option(struct text *t, const struct option_spec *o, const char *help)
{
	size_t start = t->length, width;

	text_add_string(t, "  ");
	if (o->letter)
		text_addf(t, "-%c, ", o->letter);
	text_addf(t, "--%s%s%s", o->name, o->value ? " " : "",
	    o->value ? o->value : "");
	width = t->length - start;
	if (width > OPTION_COLUMN - 2) {
		text_add_string(t, "\n");
		width = 0;
	}
	text_addf(t, "%*s", (int)(OPTION_COLUMN - width), "");
	add_wrapped(t, help, OPTION_COLUMN, OPTION_COLUMN);
}

static void
add_page(struct text *t, const struct command_spec *c)
{
	text_addf(t, "usage: runner %s%s%s%s\n\n", c->name,
	    c->command == COMMAND_HELP ? "" : " [options]",
	    *c->operands ? " " : "", c->operands);
	add_wrapped(t, c->text, 0, 0);
	text_add_string(t, "\n");
	for (int i = 0; i < OPTION_HELP; i++) {
		const struct option_spec *o = options_spec((enum option_word)i);
		unsigned self = 1u << c->command;

		if (o->commands & self)
			add_option(t, o,
			    o->other_commands & self ? o->other_help : o->help);
	}
	if (!c->exits)
		return;
	text_add_string(t, "\nExit status: ");
	add_wrapped(t, c->exits, strlen("Exit status: "), 0);
}

static void
add_overview(struct text *t)
{
	const struct command_spec *c = options_commands();

	text_add_string(t, "usage: runner COMMAND [options] [words]\n\n");
	for (; c->name; c++) {
		size_t start = t->length;

		if (!c->brief)
			continue;
		text_addf(t, "  %s %s", c->name, c->operands);
		if (t->length > start + BRIEF_COLUMN - 2) {
			text_add_string(t, "\n");
			start = t->length;
		}
		while (t->length < start + BRIEF_COLUMN)
			text_add_string(t, " ");
		add_wrapped(t, c->brief, BRIEF_COLUMN, BRIEF_COLUMN);
	}
	text_add_string(t, "\nOf every command:\n");
	for (int i = OPTION_CONFIG; i < OPTION_WORDS; i++) {
		const struct option_spec *o = options_spec((enum option_word)i);

		add_option(t, o, o->help);
	}
	text_add_string(t, "\nExample: runner run --set fail_cooldown=30s "
			   "fetch_mail send_mail\n");
}

const char *
options_help(const char *command)
{
	static char page[8192];
	const struct command_spec *c =
	    command ? options_find_command(command) : NULL;
	struct text t;

	if (command && !c)
		return NULL;
	text_init(&t, page, sizeof(page));
	if (c)
		add_page(&t, c);
	else
		add_overview(&t);
	return page;
}
