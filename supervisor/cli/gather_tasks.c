#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "gather.h"
#include "base/text.h"

/* A name that is known, or the nearest one to it so far. */
struct search {
	const char *word;
	bool is_found;
	const char *nearest;
	size_t distance;
};

static void
consider(struct search *s, const char *name)
{
	size_t d = text_distance(s->word, name);

	if (!strcmp(s->word, name))
		s->is_found = true;
	if (d < s->distance && d < strlen(s->word)) {
		s->distance = d;
		s->nearest = name;
	}
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
	struct search s = {.word = word, .distance = 3};

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
	command_fails(STATUS_USAGE, "there is no task '%s'%s%s%s", word,
	    s.nearest ? "; did you mean '" : "", s.nearest ? s.nearest : "",
	    s.nearest ? "'?" : "");
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
