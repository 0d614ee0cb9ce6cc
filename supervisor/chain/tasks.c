#include "tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/identity.h"
#include "state/records.h"

int
tasks_open(struct tasks *t, struct config *config, char *const *words,
    struct diagnostics *diagnostics)
{
	size_t word_count = 0;
	gid_t group;

	*t = (struct tasks){0};
	while (words[word_count])
		word_count++;
	t->task = calloc(word_count + 1, sizeof(*t->task));
	t->order = calloc(word_count + 1, sizeof(*t->order));
	if (!t->task || !t->order)
		return -1;
	for (size_t i = 0; i < word_count; i++) {
		const struct task_settings *s =
		    config_task(config, words[i], diagnostics);
		size_t at = 0;

		if (!s)
			continue;
		while (at < t->count && t->task[at].settings != s)
			at++;
		if (at == t->count) {
			t->task[at].settings = s;
			t->task[at].user = geteuid();
			if (s->user)
				identity_find_user(s->user, &t->task[at].user,
				    &group, NULL, NULL, NULL);
			t->task[at].plan = spawn_plan_new(s);
			if (!t->task[at].plan)
				return -1;
			t->count++;
		}
		t->order[t->order_count++] = at;
	}
	return diagnostics->count ? -1 : 0;
}

void
tasks_close(struct tasks *t)
{
	for (size_t i = 0; i < t->count; i++)
		spawn_plan_free(t->task[i].plan);
	free(t->task);
	free(t->order);
	*t = (struct tasks){0};
}

int
tasks_replace(
    struct tasks *t, struct tasks *fresh, struct diagnostics *diagnostics)
{
	bool is_same =
	    fresh->count == t->count && fresh->order_count == t->order_count &&
	    !memcmp(fresh->order, t->order, t->order_count * sizeof(*t->order));

	for (size_t i = 0; is_same && i < t->count; i++)
		is_same = !strcmp(
		    fresh->task[i].settings->name, t->task[i].settings->name);
	if (!is_same)
		diagnostics_add(diagnostics,
		    "the chain has other tasks now: start it again");
	if (diagnostics->count)
		return -1;
	for (size_t i = 0; i < t->count; i++) {
		struct chain_task old = t->task[i];

		t->task[i] = fresh->task[i];
		t->task[i].tally = old.tally;
		t->task[i].usual = old.usual;
		fresh->task[i] = old;
	}
	return 0;
}

void
task_find_program(
    const struct task_settings *t, const char *root, char path[4096])
{
	size_t length = strlen(root);
	char missing[4096] = "";

	for (size_t i = 0; i < t->command.count; i++) {
		char **argv = t->command.argv[i];

		for (char **word = argv; *word; word++) {
			struct stat st;
			bool is_absolute = **word == '/';

			/* A bare program is looked for in PATH. */
			if (word == argv && !strchr(*word, '/'))
				continue;
			snprintf(path, 4096, "%s%s%s",
			    is_absolute ? "" : t->cwd, is_absolute ? "" : "/",
			    *word);
			if (strncmp(path, root, length) ||
			    path[length] != '/' || strstr(path, "/../"))
				continue;
			if (!stat(path, &st) && S_ISREG(st.st_mode))
				return;
			if (**word != '-' && !*missing)
				memcpy(missing, path, sizeof(missing));
		}
	}
	memcpy(path, missing, sizeof(missing));
}

void
tasks_learn(struct tasks *t, const struct snapshot *s)
{
	for (size_t i = 0; i < s->run_count; i++) {
		const struct run_record *run = &s->runs[i];

		if (!(run->flags & RUN_SUCCESS) || run->task >= s->task_count)
			continue;
		for (size_t j = 0; j < t->count; j++)
			if (!strcmp(t->task[j].settings->name,
				s->tasks[run->task].name))
				usual_note(&t->task[j].usual, run->duration_ms);
	}
}

void
tasks_describe(const struct tasks *t, struct records *records)
{
	int64_t longest_ms = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct task_settings *s = t->task[i].settings;
		struct task_record *r = &records->tasks[i];

		snprintf(r->name, sizeof(r->name), "%s", s->name);
		r->keeps_leftovers = s->leftovers == LEFTOVERS_KEEP;
		if (s->stop_timeout_ms > longest_ms)
			longest_ms = s->stop_timeout_ms;
	}
	records->chain.stop_timeout_ms = longest_ms;
}
