#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "gather.h"
#include "base/nearest.h"

struct search {
	bool is_found;
	struct nearest nearest;
};

static void
consider(struct search *s, const char *name)
{
	if (!strcmp(s->nearest.word, name))
		s->is_found = true;
	nearest_try(&s->nearest, name);
}

static void
consider_all(struct search *s, const struct config *config,
    const struct view *v, const struct failure_list *failures)
{
	const char *const *names = config_task_names(config);

	for (; *names; names++)
		consider(s, *names);
	for (size_t i = 0; i < v->count; i++) {
		const struct chain_view *c = &v->chains[i];
		const struct snapshot *at = c->snapshot;

		for (size_t j = 0; at && j < at->task_count; j++)
			consider(s, at->tasks[j].name);
		names = c->task_names;
		while (names && *names)
			consider(s, *names++);
	}
	for (size_t i = 0; i < failures->count; i++)
		consider(s, failures->list[i].task);
}

/* The task's name for a word of the command line, or NULL after complaining. */
static const char *
name_of(struct config *config, const struct view *v,
    const struct failure_list *failures, const char *word)
{
	struct diagnostics *unheard;
	const struct task_settings *task = NULL;
	struct search s = {.nearest = nearest_to(word)};
	char hint[NEAREST_HINT_SIZE];

	consider_all(&s, config, v, failures);
	if (s.is_found)
		return word;
	/* A dotted name or a path, as it was given to `run`. */
	unheard = calloc(1, sizeof(*unheard));
	if (unheard)
		task = config_task(config, word, unheard);
	free(unheard);
	if (task)
		return task->name;
	nearest_hint(&s.nearest, hint);
	command_fails(STATUS_USAGE, "there is no task '%s'%s", word, hint);
	return NULL;
}

char **
gather_task_names(struct config *config, const struct view *v,
    const struct failure_list *failures, const char *const *words)
{
	size_t count = 0, unknown = 0;
	char **names;

	while (words[count])
		count++;
	names = calloc(count + 1, sizeof(*names));
	for (size_t i = 0; names && i < count; i++) {
		names[i] = (char *)name_of(config, v, failures, words[i]);
		unknown += !names[i];
	}
	if (!unknown)
		return names;
	free(names);
	return NULL;
}
