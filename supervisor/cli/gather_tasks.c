/* The tasks that a command is asked about, by the words of its command line. */
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

/*
 * What a word of the command line selects.  Returns false after complaining.
 */
static bool
select_word(struct selector *to, struct config *config, const struct view *v,
    const struct failure_list *failures, const char *word)
{
	struct diagnostics *unheard;
	const struct task_settings *task = NULL;
	struct search s = {.nearest = nearest_to(word)};
	char hint[NEAREST_HINT_SIZE];

	*to = (struct selector){.task = word};
	consider_all(&s, config, v, failures);
	if (s.is_found)
		return true;
	for (size_t i = 0; i < v->count; i++) {
		consider(&s, v->chains[i].name);
		if (!strcmp(v->chains[i].name, word)) {
			*to = (struct selector){.chain = word};
			return true;
		}
	}
	/* A dotted name or a path, as it was given to `run`. */
	unheard = calloc(1, sizeof(*unheard));
	if (unheard)
		task = config_task(config, word, unheard);
	free(unheard);
	if (task) {
		to->task = task->name;
		return true;
	}
	nearest_hint(&s.nearest, hint);
	command_say("there is no task or chain '%s'%s", word, hint);
	return false;
}

struct selector *
gather_selectors(struct config *config, const struct view *v,
    const struct failure_list *failures, const char *const *words)
{
	size_t count = 0, unknown = 0;
	struct selector *all;

	while (words[count])
		count++;
	all = calloc(count + 1, sizeof(*all));
	for (size_t i = 0; all && i < count; i++)
		unknown += !select_word(&all[i], config, v, failures, words[i]);
	if (!unknown)
		return all;
	free(all);
	return NULL;
}

bool
selector_takes(const struct selector *all, const char *chain, const char *task)
{
	if (!all || (!all->chain && !all->task))
		return true;
	for (; all->chain || all->task; all++)
		if (all->chain ? !strcmp(all->chain, chain)
			       : !strcmp(all->task, task))
			return true;
	return false;
}
