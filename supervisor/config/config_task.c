#include "config_private.h"

#include <stdlib.h>
#include <string.h>

#include "command.h"

const struct document_section *
config_task_section(const struct config *c, const char *name)
{
	const struct document *d = &c->private->document;

	for (size_t i = 0; i < d->count; i++) {
		const struct document_section *s = &d->sections[i];

		if (s->depth == 1 && s->title && !strcmp(s->type, "task") &&
		    !strcmp(s->title, name))
			return s;
	}
	return NULL;
}

const struct document_entry *
config_set(const struct config *c, const char *key)
{
	for (size_t i = c->private->set_count; i > 0; i--) {
		const struct document_entry *e =
		    document_find(c->private->sets[i - 1].sections, key);

		if (e)
			return e;
	}
	return NULL;
}

/* What every task has when nothing is said. */
static int
set_defaults(struct task_settings *t, const struct config *c)
{
	*t = (struct task_settings){
	    .success_cooldown_ms = 5 * 60000,
	    .fail_cooldown_ms = 20 * 60000,
	    .fail_cooldown_max_ms = 20 * 60000,
	    .non_recoverable_downtime_ms = 12 * 3600000,
	    .stop_timeout_ms = 10000,
	    .success_exit = {[0] = true},
	    .umask = -1,
	    .limit_memory_bytes = -1,
	    .limit_files = -1,
	    .limit_cpu_s = -1,
	    .heal_after = 1,
	    .notify_after = {.count = 1},
	    .cwd = strdup(c->project_root),
	    .environment = calloc(1, sizeof(char *)),
	};
	return t->cwd && t->environment ? 0 : -1;
}

static void
apply(struct task_settings *t, const struct value_reader *r,
    const struct document_section *s, bool is_top)
{
	for (size_t i = 0; i < s->count; i++)
		/* What the top level means by itself is no task's default. */
		if (!is_top ||
		    !values_find_key(keys_of(KEYS_TOP), s->entries[i].key))
			values_read(r, keys_of(KEYS_TASK), &s->entries[i], t);
}

/* Where a key is given: 0 nowhere, 1 top level, 2 section, 3 --set. */
static int
rank_of(const struct config *c, const struct document_section *section,
    const char *key, const struct document_entry **entry)
{
	const struct document *d = &c->private->document;

	*entry = NULL;
	if ((*entry = config_set(c, key)))
		return 3;
	if (section && (*entry = document_find(section, key)))
		return 2;
	if (d->count && (*entry = document_find(&d->sections[0], key)))
		return 1;
	return 0;
}

const struct document_entry *
config_entry(const struct config *c, const struct document_section *section,
    const char *key)
{
	const struct document_entry *e;

	rank_of(c, section, key, &e);
	return e;
}

/*
 * The longest wait is never shorter than the first.  That is an error where
 * both were written by one hand; a general maximum gives way to a particular
 * cooldown.
 */
static void
settle_cooldowns(struct task_settings *t, const struct config *c,
    const struct document_section *section, const struct value_reader *r)
{
	const struct document_entry *cooldown, *max;
	int cooldown_rank = rank_of(c, section, "fail_cooldown", &cooldown);
	int max_rank = rank_of(c, section, "fail_cooldown_max", &max);

	if (max_rank && t->fail_cooldown_max_ms >= t->fail_cooldown_ms)
		return;
	if (max_rank && max_rank >= cooldown_rank)
		values_complain(r, max, "is shorter than fail_cooldown%s",
		    cooldown_rank ? "" : ", which is 20m by default");
	t->fail_cooldown_max_ms = t->fail_cooldown_ms;
}

int
task_settings_make(struct task_settings *t, const struct config *c,
    const struct document_section *section, struct diagnostics *found)
{
	const struct document *d = &c->private->document;
	const struct value_reader quiet = {NULL, c->project_root};
	const struct value_reader loud = {found, c->project_root};

	if (set_defaults(t, c))
		return -1;
	if (d->count)
		apply(t, section ? &quiet : &loud, &d->sections[0], true);
	if (section)
		apply(t, &loud, section, false);
	for (size_t i = 0; i < c->private->set_count; i++)
		apply(t, &quiet, c->private->sets[i].sections, false);
	settle_cooldowns(t, c, section, &loud);
	return 0;
}

static void
release_patterns(struct patterns *p)
{
	if (p)
		patterns_release(p);
	free(p);
}

void
task_settings_release(struct task_settings *t)
{
	free(t->name);
	command_release(&t->command);
	release_patterns(t->signature_ignore);
	release_patterns(t->signature_mask);
	release_patterns(t->signature_keep);
	free(t->cwd);
	value_list_free(t->environment);
	free(t->user);
	free(t->group);
	free(t->ping_url);
	value_list_free(t->admins);
	*t = (struct task_settings){0};
}
