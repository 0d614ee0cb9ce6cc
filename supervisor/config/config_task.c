/*
 * config_task: the settings of a task, out of the defaults, the top level, its
 * section and --set.
 */
#include "config_private.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static int
compare_sections(const void *a, const void *b)
{
	const struct conf_section *x = a, *y = b;
	int order = (int)x->type - (int)y->type;

	return order
		   ? order
		   : strcmp(x->title ? x->title : "", y->title ? y->title : "");
}

const struct conf_section *
config_note_section(struct config *c, const struct conf_section *s)
{
	const struct conf_section *const *node =
	    tsearch(s, &c->private->sections, compare_sections);

	return node && *node != s ? *node : NULL;
}

const struct conf_section *
config_task_section(const struct config *c, const char *name)
{
	const struct conf_section key = {
	    .type = KEYS_TASK, .title = (char *)name};
	const struct conf_section *const *node =
	    tfind(&key, &c->private->sections, compare_sections);

	return node ? *node : NULL;
}

const struct conf_entry *
config_set(const struct config *c, const char *key)
{
	for (size_t i = c->private->set_count; i > 0; i--) {
		const struct conf_entry *e =
		    conf_find(c->private->sets[i - 1].sections, key);

		if (e)
			return e;
	}
	return NULL;
}

static void
apply(struct task_settings *t, const struct value_reader *r,
    const struct conf_section *s)
{
	for (size_t i = 0; i < s->count; i++)
		values_read(r, keys_of(KEYS_TASK)->keys, &s->entries[i], t);
}

/* Where a key is given: 0 nowhere, 1 top level, 2 section, 3 --set. */
static int
rank_of(const struct config *c, const struct conf_section *section,
    const char *key, const struct conf_entry **entry)
{
	const struct conf_tree *t = &c->private->tree;

	*entry = NULL;
	if ((*entry = config_set(c, key)))
		return 3;
	if (section && (*entry = conf_find(section, key)))
		return 2;
	if (t->count && (*entry = conf_find(&t->sections[0], key)))
		return 1;
	return 0;
}

const struct conf_entry *
config_entry(
    const struct config *c, const struct conf_section *section, const char *key)
{
	const struct conf_entry *e;

	rank_of(c, section, key, &e);
	return e;
}

/*
 * The longest wait is never shorter than the first.  That is an error where
 * both were written in one place; else the maximum means nothing.
 */
static void
limit_cooldowns(struct task_settings *t, const struct config *c,
    const struct conf_section *section, const struct value_reader *r)
{
	const struct conf_entry *cooldown, *max;
	int cooldown_rank = rank_of(c, section, "fail_cooldown", &cooldown);
	int max_rank = rank_of(c, section, "fail_cooldown_max", &max);

	if (max_rank && t->fail_cooldown_max_ms >= t->fail_cooldown_ms)
		return;
	if (max_rank && max_rank == cooldown_rank && !max->is_bad)
		values_complain(r, max, "is shorter than fail_cooldown");
	t->fail_cooldown_max_ms = t->fail_cooldown_ms;
}

int
task_settings_make(struct task_settings *t, const struct config *c,
    const struct conf_section *section, struct diagnostics *diagnostics)
{
	const struct conf_tree *tree = &c->private->tree;
	const struct value_reader quiet = {NULL, c->project_root};
	const struct value_reader loud = {diagnostics, c->project_root};

	*t = (struct task_settings){0};
	if (values_init(c->project_root, keys_of(KEYS_TASK)->keys, t))
		return -1;
	if (tree->count)
		apply(t, section ? &quiet : &loud, &tree->sections[0]);
	if (section)
		apply(t, &loud, section);
	for (size_t i = 0; i < c->private->set_count; i++)
		apply(t, &quiet, c->private->sets[i].sections);
	limit_cooldowns(t, c, section, &loud);
	return 0;
}

void
config_environment_files(
    struct config *c, void (*visit)(const char *path, void *data), void *data)
{
	const struct conf_tree *tree = &c->private->tree;
	struct task_settings t;

	for (size_t i = 0; i < tree->count; i++) {
		const struct conf_section *s = &tree->sections[i];

		if (!conf_find(s, "environment_file"))
			continue;
		if (!task_settings_make(&t, c, i ? s : NULL, NULL) &&
		    t.environment_file)
			visit(t.environment_file, data);
		task_settings_release(&t);
	}
}

void
task_settings_release(struct task_settings *t)
{
	values_release(keys_of(KEYS_TASK)->keys, t);
	free(t->name);
	*t = (struct task_settings){0};
}

static void
refuse_set(const char *where, const char *key, struct diagnostics *diagnostics)
{
	const char *nearest = keys_nearest(KEYS_TASK, key);

	if (keys_find(KEYS_TOP, key))
		diagnostics_add_at(diagnostics, where, 0,
		    "no key of a task: set it in runner.conf instead");
	else if (nearest)
		diagnostics_add_at(diagnostics, where, 0,
		    "there is no such task key; did you mean %s?", nearest);
	else
		diagnostics_add_at(
		    diagnostics, where, 0, "there is no such task key");
}

/* One KEY=VALUE, as a tree with one entry. */
static int
read_set(struct conf_tree *t, const char *set, struct diagnostics *diagnostics)
{
	const char *equals = strchr(set, '=');
	size_t complained = diagnostics->count;
	char name[64], where[80];
	const struct key *key;

	snprintf(name, sizeof(name), "%.*s", (int)(equals - set), set);
	snprintf(where, sizeof(where), "--set %s", name);
	key = keys_find(KEYS_TASK, name);
	if (!key) {
		refuse_set(where, name, diagnostics);
	} else if (equals[1] == '{') {
		conf_tree_read_text(t, where, set, diagnostics);
		if (diagnostics->count > complained)
			return -1;
		if (t->count != 1 || t->sections[0].count != 1 ||
		    strcmp(t->sections[0].entries[0].key->name, name))
			diagnostics_add_at(diagnostics, where, 0,
			    "that is more than one list, or none");
		else /* The top level may have a key of that name too. */
			t->sections[0].entries[0].key = key;
	} else if (!conf_tree_set(t, where, key, equals + 1)) {
		diagnostics_add_at(diagnostics, where, 0, "out of memory");
	}
	return diagnostics->count > complained ? -1 : 0;
}

void
config_read_sets(
    struct config *c, const char *const *sets, struct diagnostics *diagnostics)
{
	const struct value_reader r = {diagnostics, c->project_root};
	struct config_private *p = c->private;
	struct task_settings scratch = {0};
	size_t count = 0;

	while (sets && sets[count])
		count++;
	p->sets = count ? calloc(count, sizeof(*p->sets)) : NULL;
	for (size_t i = 0; p->sets && i < count; i++) {
		struct conf_tree *t = &p->sets[p->set_count];

		if (read_set(t, sets[i], diagnostics))
			conf_tree_release(t);
		else
			p->set_count++;
	}
	for (size_t i = 0; p->sets && i < p->set_count; i++)
		apply(&scratch, &r, p->sets[i].sections);
	task_settings_release(&scratch);
}
