#include "commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* What the line "run_root = VALUE" of a file says, however bad the rest is. */
static char *
scan_run_root(const char *file)
{
	FILE *in = file ? fopen(file, "re") : NULL;
	char line[4096], *found = NULL;

	while (in && fgets(line, sizeof(line), in)) {
		char *at = line + strspn(line, " \t"), *value;

		if (strncmp(at, "run_root", 8))
			continue;
		at += 8 + strspn(at + 8, " \t");
		if (*at++ != '=')
			continue;
		value = at + strspn(at, " \t\"'");
		value[strcspn(value, "\"'#\n")] = '\0';
		value[strcspn(value, " \t")] = '\0';
		if (!*value || strstr(value, "${"))
			continue;
		free(found);
		found = strdup(value);
	}
	if (in)
		fclose(in);
	return found;
}

/* As far as it can be read: whatever is wrong was said already. */
static struct config *
read_rest(struct config_source *source)
{
	static const char *const no_words[] = {NULL};
	struct diagnostics *ignored = calloc(1, sizeof(*ignored));
	struct config *c = NULL;

	if (ignored)
		c = config_examine(source, no_words, ignored, ignored);
	free(ignored);
	return c;
}

/* A file that cannot be read to its end may name the run_root all the same. */
static struct config *
read_with_run_root(struct config_source *source, struct config *c)
{
	char *value = source->run_root ? NULL : scan_run_root(c->file);
	char path[8192];
	int n;

	if (!value)
		return c;
	n = *value == '/'
		? snprintf(path, sizeof(path), "%s", value)
		: snprintf(path, sizeof(path), "%s/%s", c->project_root, value);
	free(value);
	if (n < 0 || (size_t)n >= sizeof(path) || !strcmp(path, c->run_root))
		return c;
	config_free(c);
	source->run_root = path;
	c = read_rest(source);
	source->run_root = NULL;
	return c;
}

struct config *
command_config_to_look(const struct options *o)
{
	struct config_source source = {
	    .file = o->config_file,
	    .run_root = o->run_root,
	};
	struct diagnostics *wrong = calloc(1, sizeof(*wrong));
	struct config *c = wrong ? config_read(&source, wrong) : NULL;
	struct config *rest;

	if (c) {
		free(wrong);
		return c;
	}
	rest = read_rest(&source);
	if (rest && rest->is_refused) {
		/* Nor is its word for where to look. */
		config_free(rest);
		rest = NULL;
	} else if (rest) {
		rest = read_with_run_root(&source, rest);
	}
	if (!rest && o->run_root) {
		/* Where to look was said, whatever the file is. */
		source.file = "/dev/null";
		rest = read_rest(&source);
	}
	for (size_t i = 0; wrong && i < wrong->count; i++)
		command_fails(STATUS_USAGE, "%s%s", rest ? "warning: " : "",
		    wrong->text[i]);
	free(wrong);
	return rest;
}
