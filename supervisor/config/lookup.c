/*
 * lookup: from a TASK word to the task's settings and to what it executes
 * (runner(1), TASKS).
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "command.h"
#include "config_private.h"

/* A word being looked up. */
struct lookup {
	const struct config *c;
	const char *word;
	bool has_own_section; /* `task WORD { }`, which goes before all else */
	const struct conf_section *section; /* the settings'; or NULL */
	char *name;
	char *path;   /* of a word with a slash, else NULL */
	char *dotted; /* PROJECT_ROOT/a/b/c of a.b.c, else NULL */
	char *bare;   /* PROJECT_ROOT/tasks/WORD, else NULL */
	struct task_settings *task;
	struct text where; /* what was looked at and would not do */
	char where_bytes[DIAGNOSTIC_SIZE];
};

__attribute__((format(printf, 2, 3))) static void
add_where(struct lookup *l, const char *fmt, ...)
{
	va_list ap;

	text_add_string(&l->where, l->where.length ? "; " : "");
	va_start(ap, fmt);
	text_vaddf(&l->where, fmt, ap);
	va_end(ap);
}

/* Can it be executed?  If not, why is remembered. */
static bool
is_executable(struct lookup *l, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		add_where(l, errno == ENOENT ? "no %s" : "%s: %m", path);
	else if (!S_ISREG(st.st_mode))
		add_where(l, "%s is not a regular file", path);
	else if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS))
		add_where(l, "%s is not executable", path);
	else
		return true;
	return false;
}

static bool
is_regular_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

/* Takes the file for the command, if there is none yet and it will do. */
static int
try_file(struct lookup *l, const char *path)
{
	const char *const argv[] = {path, NULL};
	char why[64];

	if (!path || l->task->command.count || !is_executable(l, path))
		return 0;
	return command_from_list(&l->task->command, argv, why, sizeof(why));
}

static int
try_default_command(struct lookup *l)
{
	const struct command *c = &l->c->default_command;

	if (l->task->command.count)
		return 0;
	if (c->count)
		return command_copy(&l->task->command, c, l->name);
	add_where(l, "no default_command");
	return 0;
}

/*
 * Fills in the command.  A file that the word itself names goes before the
 * command of a section, but not before one given with --set.
 * Returns -1 when there is no memory.
 */
static int
find_command(struct lookup *l)
{
	struct command *command = &l->task->command;
	struct command given = {0};

	if (!l->has_own_section && !config_set(l->c, "command")) {
		given = *command;
		*command = (struct command){0};
	}
	if (try_file(l, l->path ? l->path : l->dotted)) {
		command_release(&given);
		return -1;
	}
	if (!command->count && !l->path) {
		*command = given;
		return try_file(l, l->bare) || try_default_command(l) ? -1 : 0;
	}
	command_release(&given);
	return 0;
}

/* PROJECT_ROOT/a/b/c for the word a.b.c. */
static char *
path_of_dotted(const char *root, const char *word)
{
	char *path = conf_absolute(root, word);
	size_t length = strlen(word);

	if (!path)
		return NULL;
	for (char *s = path + strlen(path) - length; *s; s++)
		if (*s == '.')
			*s = '/';
	return path;
}

static int
plan_path(struct lookup *l)
{
	char *directory = getcwd(NULL, 0);
	const char *base = strrchr(l->word, '/') + 1;
	const char *dot = strrchr(base, '.');

	if (!directory)
		return -1;
	l->path = conf_absolute(directory, l->word);
	free(directory);
	l->name = strndup(
	    base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
	return l->path && l->name ? 0 : -1;
}

static int
plan_name(struct lookup *l)
{
	const char *root = l->c->project_root;
	const char *name = l->word;
	char *tasks = conf_absolute(root, "tasks");

	l->bare = tasks ? conf_absolute(tasks, l->word) : NULL;
	free(tasks);
	if (!l->bare)
		return -1;
	/* a.b, with something between all dots */
	if (strchr(l->word, '.') && *l->word != '.' && !strstr(l->word, "..") &&
	    l->word[strlen(l->word) - 1] != '.') {
		l->dotted = path_of_dotted(root, l->word);
		if (!l->dotted)
			return -1;
		/* A file tasks/NAME.sh is no dotted name. */
		if (!l->has_own_section &&
		    (is_regular_file(l->dotted) || !is_regular_file(l->bare)))
			name = strrchr(l->word, '.') + 1;
	}
	l->name = strdup(name);
	return l->name ? 0 : -1;
}

/* What the word means: its name, its settings' section, its candidates. */
static int
plan(struct lookup *l)
{
	l->section = config_task_section(l->c, l->word);
	l->has_own_section = l->section != NULL;
	if (strchr(l->word, '/') ? plan_path(l) : plan_name(l))
		return -1;
	if (!l->section)
		l->section = config_task_section(l->c, l->name);
	return 0;
}

static void
complain(const struct lookup *l, struct diagnostics *diagnostics)
{
	if (l->has_own_section)
		diagnostics_add(diagnostics, "task '%.64s' has no command: %s",
		    l->word, l->where_bytes);
	else if (l->path)
		diagnostics_add(diagnostics, "no task '%.64s': %s", l->word,
		    l->where_bytes);
	else
		diagnostics_add(diagnostics,
		    "no task '%.64s': no section 'task %.64s'; %s", l->word,
		    l->word, l->where_bytes);
}

/* Fills in l->task.  Returns 0, or -1 with a complaint. */
static int
look_up(struct lookup *l, struct diagnostics *diagnostics)
{
	if (plan(l)) {
		diagnostics_add(diagnostics, "task '%.64s': %m", l->word);
		return -1;
	}
	if (!text_is_name(l->name)) {
		diagnostics_add(diagnostics,
		    "'%.64s' is not a name for a task (letters, digits, '_', "
		    "'.' and '-', at most 200)",
		    l->name);
		return -1;
	}
	if (task_settings_make(l->task, l->c, l->section, NULL) ||
	    find_command(l)) {
		diagnostics_add(diagnostics, "out of memory");
		return -1;
	}
	if (!l->task->command.count) {
		complain(l, diagnostics);
		return -1;
	}
	l->task->name = l->name;
	l->name = NULL;
	return 0;
}

static int
compare_words(const void *a, const void *b)
{
	const struct found_task *x = a, *y = b;

	return strcmp(x->word, y->word);
}

static int
compare_names(const void *a, const void *b)
{
	const struct found_task *x = a, *y = b;

	return strcmp(x->settings.name, y->settings.name);
}

struct found_task *
config_find_word(const struct config *c, const char *word)
{
	const struct found_task key = {.word = (char *)word};
	struct found_task *const *node =
	    tfind(&key, &c->private->words, compare_words);

	return node ? *node : NULL;
}

bool
config_has_task(const struct config *c, const char *name)
{
	const struct found_task key = {.settings.name = (char *)name};

	return tfind(&key, &c->private->names, compare_names);
}

static void
free_found(struct found_task *f)
{
	task_settings_release(&f->settings);
	free(f->word);
	free(f);
}

/* Looks the word up and notes what was found.  NULL with a complaint. */
static const struct found_task *
find_new(struct config *c, const char *word, struct diagnostics *diagnostics)
{
	struct found_task *f = calloc(1, sizeof(*f));
	struct lookup l = {.c = c, .word = word};
	struct found_task **first;
	int failed;

	if (f)
		f->word = strdup(word);
	if (!f || !f->word) {
		free(f);
		diagnostics_add(diagnostics, "out of memory");
		return NULL;
	}
	l.task = &f->settings;
	text_init(&l.where, l.where_bytes, sizeof(l.where_bytes));
	failed = look_up(&l, diagnostics);
	free(l.name);
	free(l.path);
	free(l.dotted);
	free(l.bare);
	if (!failed && !tsearch(f, &c->private->words, compare_words)) {
		diagnostics_add(diagnostics, "out of memory");
		failed = -1;
	}
	if (failed) {
		free_found(f);
		return NULL;
	}
	first = tsearch(f, &c->private->names, compare_names);
	f->is_first = first && *first == f;
	*(c->private->found_end ? c->private->found_end : &c->private->found) =
	    f;
	c->private->found_end = &f->next;
	return f;
}

const struct task_settings *
config_task(struct config *c, const char *word, struct diagnostics *diagnostics)
{
	const struct found_task *f = config_find_word(c, word);

	if (!f)
		f = find_new(c, word, diagnostics);
	return f ? &f->settings : NULL;
}

size_t
config_task_count(const struct config *c)
{
	size_t count = 0;

	for (struct found_task *f = c->private->found; f; f = f->next)
		count += f->is_first;
	return count;
}

void
config_keep_node(void *node)
{
}

void
config_free_found(struct config_private *p)
{
	tdestroy(p->words, config_keep_node);
	tdestroy(p->names, config_keep_node);
	while (p->found) {
		struct found_task *next = p->found->next;

		free_found(p->found);
		p->found = next;
	}
}
