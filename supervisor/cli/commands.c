#include "commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"

int
command_fails(int status, const char *fmt, ...)
{
	char raw[2048], line[4096];
	struct text what, printable;
	va_list ap;

	text_init(&what, raw, sizeof(raw));
	va_start(ap, fmt);
	text_vaddf(&what, fmt, ap);
	va_end(ap);
	text_init(&printable, line, sizeof(line) - 1);
	text_add_string(&printable, "runner: ");
	text_add_printable(&printable, raw, what.length);
	line[printable.length] = '\n';
	/* One write(2): runners that share a terminal do not mix lines. */
	if (write(STDERR_FILENO, line, printable.length + 1) < 0)
		return status;
	return status;
}

void
command_complain(const struct diagnostics *c)
{
	for (size_t i = 0; i < c->count; i++)
		command_fails(STATUS_USAGE, "%s", c->text[i]);
	if (c->left_out)
		command_fails(STATUS_USAGE, "and %zu more", c->left_out);
}

struct config *
command_config(const struct options *o)
{
	struct config_source source = {
	    .file = o->config_file,
	    .run_root = o->run_root,
	    .sets = o->sets,
	};
	struct diagnostics *diagnostics = calloc(1, sizeof(*diagnostics));
	struct config *c;

	if (!diagnostics) {
		command_fails(STATUS_FAILED, "out of memory");
		return NULL;
	}
	c = config_read(&source, diagnostics);
	if (!c)
		command_complain(diagnostics);
	free(diagnostics);
	return c;
}
