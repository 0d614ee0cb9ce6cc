#include "config.h"

#include <string.h>

#include "config_private.h"
#include "value_print.h"

static void
print_keys(FILE *out, const char *indent, enum keys_section section,
    const void *target)
{
	const struct value_writer w = {out, indent};

	for (const struct key *k = keys_of(section); k->name; k++)
		/* if_running says it already. */
		if (strcmp(k->name, "killconcurrent"))
			value_print(&w, k, target);
}

static void
print_section(
    FILE *out, enum keys_section section, const char *title, const void *target)
{
	fprintf(out, "\n%s%s%s {\n", keys_section_name(section),
	    title ? " " : "", title ? title : "");
	print_keys(out, "\t", section, target);
	fputs("}\n", out);
}

static void
print_top(const struct config *c, FILE *out)
{
	const struct top_settings top = {.run_root = c->run_root,
	    .admins = c->mail.admins,
	    .has_if_running = true,
	    .if_running = c->if_running,
	    .default_command = c->private->top.default_command,
	    .lease_command = c->lease_command};
	struct task_settings defaults;

	fprintf(out, "# configuration: %s\n# PROJECT_ROOT: %s\n\n",
	    c->file ? c->file : "none", c->project_root);
	print_keys(out, "", KEYS_TOP, &top);
	fputs("\n# tasks, where they say nothing else\n", out);
	if (!task_settings_make(&defaults, c, NULL, NULL))
		print_keys(out, "", KEYS_TASK, &defaults);
	task_settings_release(&defaults);
}

/* Was a task of that name looked up before `f`, by another word? */
static bool
is_repeated(const struct found_task *f)
{
	for (const struct found_task *o = f->next; o; o = o->next)
		if (!strcmp(o->settings.name, f->settings.name))
			return true;
	return false;
}

/* The list has the last one first; a person wants them in order. */
static void
print_tasks(const struct found_task *f, FILE *out)
{
	if (!f)
		return;
	print_tasks(f->next, out);
	if (!is_repeated(f))
		print_section(out, KEYS_TASK, f->settings.name, &f->settings);
}

void
config_print(const struct config *c, FILE *out)
{
	print_top(c, out);
	print_section(out, KEYS_LOG, NULL, &c->log);
	print_section(out, KEYS_MAIL, NULL, &c->mail);
	if (c->webhook.url)
		print_section(out, KEYS_WEBHOOK, NULL, &c->webhook);
	print_tasks(c->private->found, out);
	for (size_t i = 0; i < c->chain_count; i++)
		print_section(
		    out, KEYS_CHAIN, c->chains[i].name, &c->chains[i]);
}
