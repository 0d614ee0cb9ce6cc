#include "config.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/words.h"
#include "config_private.h"
#include "os/pages.h"

/* Sets file and project_root.  Returns -1 with a complaint. */
static int
find_place(struct config *c, const struct config_source *source, bool *is_found,
    struct diagnostics *diagnostics)
{
	if (conf_find_file(source->file, &c->file, is_found, diagnostics))
		return -1;
	if (c->file)
		c->project_root = strndup(
		    c->file, c->file == strrchr(c->file, '/')
				 ? 1
				 : (size_t)(strrchr(c->file, '/') - c->file));
	else
		c->project_root = getcwd(NULL, 0);
	if (!c->project_root)
		diagnostics_add(
		    diagnostics, "the working directory: %s", strerror(errno));
	else if (!strpbrk(c->project_root, "\r\n"))
		return 0;
	else /* what is given to a helper is one line */
		diagnostics_add(diagnostics,
		    "the directory %s has a line break in its name",
		    c->project_root);
	return -1;
}

struct config *
config_new(void)
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
	struct config *c = config_new();
	bool is_found;

	if (!c) {
		diagnostics_add(diagnostics, "out of memory");
		return NULL;
	}
	if (find_place(c, source, &is_found, diagnostics)) {
		config_free(c);
		return NULL;
	}
	if (c->file)
		conf_tree_read(
		    &c->private->tree, c->file, is_found, diagnostics);
	c->is_refused = c->private->tree.is_refused;
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
	return c;
}

struct config *
config_examine(const struct config_source *source, const char *const *words,
    struct diagnostics *errors, struct diagnostics *warnings)
{
	struct config *c = read_all(source, errors);

	/* Half a file has not half of the faults, but others. */
	if (c && errors && !c->private->tree.is_cut) {
		for (; *words; words++)
			config_task(c, *words, errors);
		config_check(c, errors, warnings);
	}
	diagnostics_sort(errors);
	diagnostics_sort(warnings);
	return c;
}

bool
config_tells_nobody(const struct config *c)
{
	static const char *const words[] = {
	    "admins", "url", "notify_command", NULL};
	const struct conf_tree *t = &c->private->tree;

	for (size_t i = 0; i < c->webhook_count; i++)
		if (config_webhook_gets_failures(&c->webhooks[i]))
			return false;
	for (size_t i = 0; i < t->count; i++) {
		const struct conf_section *s = &t->sections[i];

		for (size_t j = 0; words[j]; j++) {
			const struct conf_entry *e = conf_find(s, words[j]);

			if (e && e->count && s->type != KEYS_WEBHOOK)
				return false;
		}
	}
	return true;
}

bool
config_webhook_gets_failures(const struct webhook_settings *w)
{
	static const char *const failures[] = {
	    "first", "new", "downtime", "downtime again", NULL};
	char *const *only = w->only;

	while (*only && words_find(failures, *only) < 0)
		only++;
	return !w->only[0] || *only;
}

const struct conf_entry *
config_find_entry(const struct config *c, enum keys_section type,
    const char *title, const char *key)
{
	const struct conf_tree *t = &c->private->tree;
	const struct conf_entry *found = NULL;

	for (size_t i = 0; i < t->count; i++) {
		const struct conf_section *s = &t->sections[i];

		if (s->type == type && conf_find(s, key) &&
		    (title ? s->title && !strcmp(s->title, title) : !s->title))
			found = conf_find(s, key);
	}
	return found;
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

void
config_forget_others(struct config *c, char *const *names, size_t count)
{
	struct config_private *p = c->private;
	struct chain_settings *chains;
	struct webhook_settings *webhooks;
	size_t kept = 0;

	for (size_t i = 0; i < c->chain_count; i++) {
		size_t n = 0;

		while (n < count && strcmp(c->chains[i].name, names[n]))
			n++;
		if (n < count) {
			c->chains[kept++] = c->chains[i];
			continue;
		}
		values_release(keys_of(KEYS_CHAIN)->keys, &c->chains[i]);
		free(c->chains[i].name);
	}
	c->chain_count = kept;
	/* Each had room for all sections; what cannot shrink is no fault. */
	chains = realloc(c->chains, (kept + 1) * sizeof(*chains));
	if (chains)
		c->chains = chains;
	webhooks =
	    realloc(c->webhooks, (c->webhook_count + 1) * sizeof(*webhooks));
	if (webhooks)
		c->webhooks = webhooks;
	tdestroy(p->sections, config_keep_node);
	p->sections = NULL;
	conf_tree_release(&p->tree);
	for (size_t i = 0; i < p->set_count; i++)
		conf_tree_release(&p->sets[i]);
	p->set_count = 0;
	free(p->task_names);
	p->task_names = NULL;
	/* The reading took far more memory than what was read. */
	pages_trim();
}

void
config_free(struct config *c)
{
	if (!c || c->is_shared)
		return;
	config_forget_others(c, NULL, 0);
	values_release(keys_of(KEYS_TOP)->keys, c);
	values_release(keys_of(KEYS_LOG)->keys, &c->log);
	values_release(keys_of(KEYS_MAIL)->keys, &c->mail);
	for (size_t i = 0; i < c->webhook_count; i++) {
		values_release(keys_of(KEYS_WEBHOOK)->keys, &c->webhooks[i]);
		free(c->webhooks[i].name);
	}
	free(c->webhooks);
	free(c->chains);
	free(c->chain_user);
	config_free_found(c->private);
	free(c->private->sets);
	free(c->private);
	free(c->file);
	free(c->project_root);
	free(c);
}
