#include "config_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Moves what is wrong with a list over, without line numbers. */
static void
pass_on(struct diagnostics *from, struct diagnostics *to, const char *place)
{
	for (size_t i = 0; i < from->count; i++)
		diagnostics_add_at(to, place, 0, "%s",
		    from->text[i] + from->at[i].place_length +
			strcspn(from->text[i] + from->at[i].place_length, " ") +
			1);
}

/* `{a, b}` in libconfuse's syntax. */
static int
read_list(struct document *d, const char *place, const char *key,
    const char *set, struct diagnostics *found)
{
	const char *const keys[] = {key, NULL};
	const struct document_shape shapes[] = {{"", false, keys}, {0}};
	struct diagnostics own = {0};
	int failed = document_read_text(d, place, set, shapes, &own);

	pass_on(&own, found, place);
	if (failed)
		return -1;
	if (d->count != 1 || d->sections[0].count != 1 ||
	    strcmp(d->sections[0].entries[0].key, key)) {
		diagnostics_add_at(
		    found, place, 0, "that is more than one list, or none");
		return -1;
	}
	d->sections[0].entries[0].line = 0;
	return 0;
}

static int
read_value(struct document *d, const char *place, const char *key,
    const char *value, struct diagnostics *found)
{
	if (document_add_section(d, "", NULL, 0, place, 0) &&
	    document_add_value(d, 0, key, value, true, place, 0))
		return 0;
	diagnostics_add_at(found, place, 0, "out of memory");
	return -1;
}

static void
complain_of_key(const char *place, const char *key, struct diagnostics *found)
{
	const char *nearest = keys_nearest(KEYS_TASK, key);

	if (values_find_key(keys_of(KEYS_TOP), key))
		diagnostics_add_at(found, place, 0,
		    "that is no key of a task; only runner.conf says it");
	else if (nearest)
		diagnostics_add_at(found, place, 0,
		    "there is no such task key; did you mean %s?", nearest);
	else
		diagnostics_add_at(
		    found, place, 0, "there is no such task key");
}

static void
read_set(struct config *c, const char *set, struct diagnostics *found)
{
	struct document *d = &c->private->sets[c->private->set_count++];
	const char *equals = strchr(set, '=');
	char key[64], place[80];
	int failed;

	snprintf(key, sizeof(key), "%.*s", (int)(equals - set), set);
	snprintf(place, sizeof(place), "--set %s", key);
	if (!values_find_key(keys_of(KEYS_TASK), key)) {
		complain_of_key(place, key, found);
		failed = -1;
	} else if (equals[1] == '{') {
		failed = read_list(d, place, key, set, found);
	} else {
		failed = read_value(d, place, key, equals + 1, found);
	}
	if (failed) {
		document_release(d);
		c->private->set_count--;
	}
}

void
config_read_sets(
    struct config *c, const char *const *sets, struct diagnostics *found)
{
	const struct value_reader r = {found, c->project_root};
	struct task_settings scratch = {0};
	size_t count = 0;

	while (sets && sets[count])
		count++;
	if (!count)
		return;
	c->private->sets = calloc(count, sizeof(*c->private->sets));
	for (size_t i = 0; c->private->sets && i < count; i++)
		read_set(c, sets[i], found);
	for (size_t i = 0; i < c->private->set_count; i++)
		values_read(&r, keys_of(KEYS_TASK),
		    &c->private->sets[i].sections[0].entries[0], &scratch);
	task_settings_release(&scratch);
}
