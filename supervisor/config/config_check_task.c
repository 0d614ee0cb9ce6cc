/* What `runner check` finds in one task: its program and its words. */
#include "config_check.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/envfile.h"

/* Does `folder`/`name` name a program?  A PATH of nothing is the folder. */
static bool
is_program(int folder_fd, const char *name, size_t length)
{
	char path[4096];

	snprintf(path, sizeof(path), "%.*s", (int)length, name);
	return !faccessat(folder_fd, path, X_OK, AT_EACCESS);
}

static bool
is_in_path(const char *name)
{
	const char *path = getenv("PATH");
	char file[4096];

	for (path = path ? path : "/usr/bin:/bin"; *path;) {
		size_t length = strcspn(path, ":");

		snprintf(
		    file, sizeof(file), "%.*s/%s", (int)length, path, name);
		if (is_program(AT_FDCWD, file, strlen(file)))
			return true;
		path += length + (path[length] == ':');
	}
	return false;
}

/* Is the program of each stage there, seen from the task's folder? */
static void
check_program(const struct check *k, const struct task_settings *t,
    const struct conf_entry *e)
{
	int folder_fd = open(t->cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < t->command.count && folder_fd >= 0; i++) {
		const char *program = t->command.argv[i][0];

		if (strchr(program, '/')
			? is_program(folder_fd, program, strlen(program))
			: is_in_path(program))
			continue;
		check_find(k, k->warnings, e,
		    "task '%s': there is no program '%.200s'", t->name,
		    program);
	}
	if (folder_fd < 0)
		check_find(k, k->warnings, NULL, "task '%s': cwd %s: %m",
		    t->name, t->cwd);
	else
		close(folder_fd);
}

/* Would a shell have done something with this word? */
static bool
is_for_a_shell(const char *word)
{
	static const char *const words[] = {"<", ">", ">>", "2>", "2>&1", "&",
	    "&&", "||", ";", "&>", "|&", NULL};

	for (size_t i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return true;
	return *word == '$' &&
	       (word[1] == '(' || word[1] == '{' || word[1] == '_' ||
		   (word[1] >= 'A' && word[1] <= 'Z'));
}

/* Does `word` stand in `text` by itself, outside of quotes? */
static bool
is_written_bare(const char *text, const char *word)
{
	size_t length = strlen(word);
	char quote = '\0', last = ' ';

	for (const char *s = text; *s; last = *s++) {
		/* strchr() finds the NUL at the end as well. */
		if (!quote && strchr(" \t\n", last) &&
		    !strncmp(s, word, length) && strchr(" \t\n", s[length]))
			return true;
		if (*s == quote)
			quote = '\0';
		else if (!quote && (*s == '"' || *s == '\''))
			quote = *s;
		else if (*s == '\\' && quote != '\'' && s[1])
			s++;
	}
	return false;
}

static void
check_shell_words(const struct check *k, const struct task_settings *t,
    const struct conf_entry *e)
{
	if (!e || e->is_list)
		return;
	for (size_t i = 0; i < t->command.count; i++)
		for (char *const *w = t->command.argv[i]; *w; w++)
			if (is_for_a_shell(*w) &&
			    is_written_bare(e->values[0], *w))
				check_find(k, k->warnings, e,
				    "no shell reads this: '%.100s' is an "
				    "argument as it stands",
				    *w);
}

static void
check_environment_file(const struct check *k, const struct task_settings *t,
    const struct conf_entry *e)
{
	const struct passwd *pw = t->user ? getpwnam(t->user) : NULL;
	char why[4096 + 128];

	if (t->environment_file &&
	    envfile_read(t->environment_file, pw ? pw->pw_uid : geteuid(), NULL,
		NULL, why, sizeof(why)))
		check_find(k, k->warnings, e, "task '%s': %s", t->name, why);
}

void
check_task(const struct check *k, const struct task_settings *t)
{
	const struct config *c = k->c;
	const struct conf_section *s = config_task_section(c, t->name);
	const struct conf_entry *e = config_entry(c, s, "command");

	check_program(k, t, e);
	check_shell_words(k, t, e);
	if (!t->success_cooldown_ms && !t->fail_cooldown_ms)
		check_find(k, k->warnings, config_entry(c, s, "fail_cooldown"),
		    "task '%s' has no cooldown at all: it runs again at once",
		    t->name);
	if (t->user && geteuid())
		check_find(k, k->warnings, config_entry(c, s, "user"),
		    "only root can run task '%s' as %s", t->name, t->user);
	check_environment_file(k, t, config_entry(c, s, "environment_file"));
	if (t->ping_url_file)
		check_file(k, t->ping_url_file,
		    config_entry(c, s, "ping_url_file"), true);
	e = config_entry(c, s, "environment");
	for (char *const *v = t->environment; *v; v++)
		if (!strncmp(*v, "RUNNER_", 7))
			check_find(k, k->warnings, e,
			    "'%.100s': runner itself sets RUNNER_ names", *v);
}
