/*
 * config_print: the settings in force, in the syntax of runner.conf.
 */
#include <stdlib.h>
#include <string.h>

#include "config_private.h"

/* A section with its heading, or nothing when nothing differs. */
static void
print_section(FILE *out, enum keys_section section, const char *title,
    const void *target, const void *than)
{
	char *text = NULL;
	size_t size = 0;
	FILE *lines = open_memstream(&text, &size);

	if (!lines)
		return;
	values_print(lines, "\t", keys_of(section)->keys, target, than);
	if (!fclose(lines) && size)
		fprintf(out, "\n%s%s%s {\n%s}\n", keys_of(section)->name,
		    title ? " " : "", title ? title : "", text);
	free(text);
}

/* What everything would be without a file, in the same directories. */
static struct config *
make_defaults(const struct config *c)
{
	struct config *d = config_new();

	if (!d)
		return NULL;
	d->project_root = strdup(c->project_root);
	if (d->project_root)
		config_interpret(d, c->run_root, NULL);
	/* Where things are is always of interest. */
	free(d->run_root);
	d->run_root = NULL;
	return d;
}

static void
print_all(const struct config *c, FILE *out, const struct config *than)
{
	struct config top = *c;
	struct task_settings tasks, plain = {0};
	struct webhook_settings webhook = {0};

	fprintf(out, "# configuration: %s\n# PROJECT_ROOT: %s\n\n",
	    c->file ? c->file : "none", c->project_root);
	/* if_running says what killconcurrent says, too. */
	top.has_if_running = true;
	top.has_killconcurrent = false;
	values_print(out, "", keys_of(KEYS_TOP)->keys, &top, than);
	if (!task_settings_make(&tasks, c, NULL, NULL) &&
	    !values_init(c->project_root, keys_of(KEYS_TASK)->keys, &plain)) {
		if (!than)
			fputs("\n# tasks, where they say nothing else\n", out);
		values_print(out, "", keys_of(KEYS_TASK)->keys, &tasks,
		    than ? &plain : NULL);
	}
	if (values_init(c->project_root, keys_of(KEYS_WEBHOOK)->keys, &webhook))
		than = NULL;
	print_section(out, KEYS_LOG, NULL, &c->log, than ? &than->log : NULL);
	print_section(
	    out, KEYS_MAIL, NULL, &c->mail, than ? &than->mail : NULL);
	for (size_t i = 0; i < c->webhook_count; i++)
		print_section(out, KEYS_WEBHOOK, c->webhooks[i].name,
		    &c->webhooks[i], than ? &webhook : NULL);
	for (const struct found_task *f = c->private->found; f; f = f->next)
		if (f->is_first)
			print_section(out, KEYS_TASK, f->settings.name,
			    &f->settings, than ? &tasks : NULL);
	for (size_t i = 0; i < c->chain_count; i++) {
		const struct chain_settings general = {
		    .if_running = c->if_running,
		    .lease_command = c->lease_command};

		print_section(out, KEYS_CHAIN, c->chains[i].name, &c->chains[i],
		    than ? &general : NULL);
	}
	task_settings_release(&tasks);
	task_settings_release(&plain);
	values_release(keys_of(KEYS_WEBHOOK)->keys, &webhook);
}

void
config_print(const struct config *c, FILE *out, bool is_all)
{
	struct config *defaults = is_all ? NULL : make_defaults(c);

	if (defaults)
		defaults->has_if_running = true;
	print_all(c, out, defaults);
	config_free(defaults);
}
