#include "config.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "config_private.h"

static const struct document_shape *
list_keys(const char **keys, struct document_shape *shapes)
{
	for (int s = 0; s < KEYS_SECTIONS; s++) {
		const struct key *k = keys_of((enum keys_section)s);

		shapes[s] = (struct document_shape){
		    .type = keys_section_name((enum keys_section)s),
		    .has_title = s == KEYS_TASK || s == KEYS_CHAIN,
		    .keys = keys};
		for (; k->name; k++)
			*keys++ = k->name;
		/* Every task key stands at the top level too. */
		for (k = keys_of(KEYS_TASK); s == KEYS_TOP && k->name; k++)
			if (!values_find_key(keys_of(KEYS_TOP), k->name))
				*keys++ = k->name;
		*keys++ = NULL;
	}
	shapes[KEYS_SECTIONS] = (struct document_shape){0};
	return shapes;
}

static void
read_file(struct config *c, struct diagnostics *found)
{
	enum { KEYS_MAX = 512 };
	const char *keys[KEYS_MAX];
	struct document_shape shapes[KEYS_SECTIONS + 1];

	c->private->is_cut =
	    c->file && document_read(&c->private->document, c->file,
			   list_keys(keys, shapes), found);
}

/* Sets file and project_root.  Returns -1 with a complaint. */
static int
find_place(struct config *c, const struct config_source *source,
    struct diagnostics *diagnostics)
{
	size_t complained = diagnostics->count;

	c->file = config_find_file(source->file, diagnostics);
	if (!c->file && diagnostics->count > complained)
		return -1;
	if (c->file)
		c->project_root = strndup(
		    c->file, c->file == strrchr(c->file, '/')
				 ? 1
				 : (size_t)(strrchr(c->file, '/') - c->file));
	else
		c->project_root = config_working_folder();
	if (c->project_root)
		return 0;
	diagnostics_add(
	    diagnostics, "the working directory: %s", strerror(errno));
	return -1;
}

static struct config *
new_config(void)
{
	struct config *c = calloc(1, sizeof(*c));

	if (c)
		c->private = calloc(1, sizeof(*c->private));
	if (!c || c->private)
		return c;
	free(c);
	return NULL;
}

/* Reads all there is.  NULL: it was complained why there is nothing. */
static struct config *
read_all(const struct config_source *source, struct diagnostics *diagnostics)
{
	struct config *c = new_config();

	if (!c) {
		diagnostics_add(diagnostics, "out of memory");
		return NULL;
	}
	if (find_place(c, source, diagnostics)) {
		config_free(c);
		return NULL;
	}
	read_file(c, diagnostics);
	config_read_sets(c, source->sets, diagnostics);
	config_interpret(c, source->run_root, diagnostics);
	return c;
}

struct config *
config_read(const struct config_source *source, struct diagnostics *diagnostics)
{
	size_t complained = diagnostics->count;
	struct config *c = read_all(source, diagnostics);

	diagnostics_sort(diagnostics);
	if (c && diagnostics->count > complained) {
		config_free(c);
		c = NULL;
	}
	/* The reading took far more memory than what was read. */
	malloc_trim(0);
	return c;
}

struct config *
config_examine(const struct config_source *source, const char *const *words,
    struct diagnostics *errors, struct diagnostics *warnings)
{
	struct config *c = read_all(source, errors);

	/* Half a file has not half of the faults, but others. */
	if (c && !c->private->is_cut) {
		for (; *words; words++)
			config_task(c, *words, errors);
		config_check(c, errors, warnings);
	}
	diagnostics_sort(errors);
	diagnostics_sort(warnings);
	return c;
}

const char *const *
config_task_names(const struct config *c)
{
	return (const char *const *)c->private->task_names;
}

const struct chain_settings *
config_chain(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->chain_count; i++)
		if (!strcmp(c->chains[i].name, name))
			return &c->chains[i];
	return NULL;
}

static void
free_mail(struct mail_settings *m)
{
	value_list_free(m->admins);
	value_list_free(m->urls);
	free(m->from);
	free(m->username);
	free(m->password_file);
	free(m->ca_file);
	free(m->subject_prefix);
}

static void
free_chains(struct config *c)
{
	for (size_t i = 0; i < c->chain_count; i++) {
		struct chain_settings *chain = &c->chains[i];

		free(chain->name);
		value_list_free(chain->words);
		free(chain->user);
		free(chain->group);
		free(chain->log_file);
		value_list_free(chain->lease_command);
	}
	free(c->chains);
}

static void
free_private(struct config_private *p)
{
	while (p->found) {
		struct found_task *next = p->found->next;

		task_settings_release(&p->found->settings);
		free(p->found->word);
		free(p->found);
		p->found = next;
	}
	for (size_t i = 0; i < p->set_count; i++)
		document_release(&p->sets[i]);
	free(p->sets);
	document_release(&p->document);
	free(p->top.run_root);
	value_list_free(p->top.admins);
	command_release(&p->top.default_command);
	value_list_free(p->top.lease_command);
	free(p->task_names);
	free(p);
}

void
config_free(struct config *c)
{
	if (!c)
		return;
	free(c->file);
	free(c->project_root);
	free(c->run_root);
	free(c->log.file);
	free_mail(&c->mail);
	free(c->webhook.url);
	value_list_free(c->webhook.headers);
	value_list_free(c->lease_command);
	free_chains(c);
	free_private(c->private);
	free(c);
}
