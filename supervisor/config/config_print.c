/*
 * config_print: the settings in force, in the syntax of runner.conf.
 */
#include "config_private.h"

static void
print_section(FILE *out, enum keys_section section, const char *title,
    const void *target, const void *than)
{
	fprintf(out, "\n%s%s%s {\n", keys_of(section)->name, title ? " " : "",
	    title ? title : "");
	values_print(out, "\t", keys_of(section)->keys, target, than);
	fputs("}\n", out);
}

void
config_print(const struct config *c, FILE *out)
{
	struct config top = *c;
	struct task_settings defaults;

	fprintf(out, "# configuration: %s\n# PROJECT_ROOT: %s\n\n",
	    c->file ? c->file : "none", c->project_root);
	/* if_running says what killconcurrent says, too. */
	top.has_if_running = true;
	top.has_killconcurrent = false;
	values_print(out, "", keys_of(KEYS_TOP)->keys, &top, NULL);
	fputs("\n# tasks, where they say nothing else\n", out);
	if (!task_settings_make(&defaults, c, NULL, NULL))
		values_print(
		    out, "", keys_of(KEYS_TASK)->keys, &defaults, NULL);
	task_settings_release(&defaults);
	print_section(out, KEYS_LOG, NULL, &c->log, NULL);
	print_section(out, KEYS_MAIL, NULL, &c->mail, NULL);
	for (size_t i = 0; i < c->webhook_count; i++)
		print_section(out, KEYS_WEBHOOK, c->webhooks[i].name,
		    &c->webhooks[i], NULL);
	for (const struct found_task *f = c->private->found; f; f = f->next)
		if (f->is_first)
			print_section(out, KEYS_TASK, f->settings.name,
			    &f->settings, NULL);
	for (size_t i = 0; i < c->chain_count; i++)
		print_section(
		    out, KEYS_CHAIN, c->chains[i].name, &c->chains[i], NULL);
}
