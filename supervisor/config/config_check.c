/* What `runner check` finds in a configuration. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "config_check.h"

/* Where the entry is, or of the whole file when there is none. */
__attribute__((format(printf, 4, 0))) static void
complain_at(const struct config *c, struct diagnostics *f,
    const struct conf_entry *e, const char *fmt, va_list ap)
{
	if (e)
		diagnostics_vadd_at(f, e->file, e->line,
		    e->line ? e->key->name : NULL, fmt, ap);
	else
		diagnostics_vadd_at(
		    f, c->file ? c->file : c->project_root, 0, NULL, fmt, ap);
}

void
check_find(const struct check *k, struct diagnostics *f,
    const struct conf_entry *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain_at(k->c, f, e, fmt, ap);
	va_end(ap);
}

void
config_complain(const struct config *c, const struct webhook_settings *w,
    const char *key, struct diagnostics *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain_at(c, d,
	    config_find_entry(
		c, w ? KEYS_WEBHOOK : KEYS_TOP, w ? w->name : NULL, key),
	    fmt, ap);
	va_end(ap);
}

/* Is its command one that was complained of already? */
static bool
is_command_bad(const struct check *k, const char *word)
{
	const struct conf_section *s = config_task_section(k->c, word);
	const struct conf_entry *e = config_entry(k->c, s, "command");
	struct task_settings t;
	bool is_bad;

	if (!e)
		return false;
	is_bad = task_settings_make(&t, k->c, s, NULL) || !t.command.count;
	task_settings_release(&t);
	return is_bad;
}

/* Looks a word up; what is wrong with it is said of that file and line. */
static void
check_word(struct check *k, const char *word, const char *file, int line,
    const char *what)
{
	static struct diagnostics own; /* large */

	own.count = 0;
	if (is_command_bad(k, word) || config_task(k->c, word, &own))
		return;
	for (size_t i = 0; i < own.count; i++)
		diagnostics_add_at(
		    k->errors, file, line, "%s%s", what, own.text[i]);
}

/*
 * The words of chains come first: a section that only has the settings of such
 * a task, c of a.b.c, needs no command.
 */
static void
check_words(struct check *k)
{
	const struct conf_tree *d = &k->c->private->tree;

	for (size_t i = 1; i < d->count; i++) {
		const struct conf_entry *e =
		    conf_find(&d->sections[i], "tasks");

		for (size_t j = 0; e && j < e->count; j++)
			check_word(
			    k, e->values[j], e->file, e->line, "tasks: ");
	}
	for (size_t i = 1; i < d->count; i++) {
		const struct conf_section *s = &d->sections[i];

		if (s->type == KEYS_TASK && s->title &&
		    text_is_name(s->title) &&
		    (conf_find(s, "command") ||
			!config_has_task(k->c, s->title)))
			check_word(k, s->title, s->file, s->line, "");
	}
}

/* One of a chain: where its tasks are named, or as it is. */
__attribute__((format(printf, 4, 5))) static void
complain_of_chain(const struct config *c, const char *name,
    struct diagnostics *d, const char *fmt, ...)
{
	const struct conf_entry *e =
	    name ? config_find_entry(c, KEYS_CHAIN, name, "tasks") : NULL;
	va_list ap;

	va_start(ap, fmt);
	if (e)
		complain_at(c, d, e, fmt, ap);
	else
		diagnostics_vadd_at(d, "", 0, NULL, fmt, ap);
	va_end(ap);
}

/* A word that is its task's name is known; the others are few. */
static const char *
find_namesake(
    const struct config *c, char *const *words, const struct found_task *t)
{
	for (; !t->is_first && *words; words++) {
		const struct found_task *o = config_find_word(c, *words);

		if (o && o != t && o->is_first &&
		    !strcmp(o->settings.name, t->settings.name))
			return *words;
	}
	return NULL;
}

void
config_check_chain(const struct config *c, const char *name, char *const *words,
    char *const *admins, struct diagnostics *d)
{
	const char *url = config_mail_server(c);

	if ((admins ? admins : c->mail.admins)[0])
		url = NULL;
	for (char *const *w = words; *w; w++) {
		const struct found_task *t = config_find_word(c, *w);
		const char *other = t ? find_namesake(c, words, t) : NULL;

		if (other)
			complain_of_chain(c, name, d,
			    "'%.64s' and '%.64s' are both called '%s': give "
			    "one a section, task NAME { command = ... }",
			    other, *w, t->settings.name);
		if (t && url && !t->settings.admins)
			complain_of_chain(c, name, d,
			    "the task '%.64s' has no admins, and the url "
			    "'%.100s' needs recipients",
			    *w, url);
	}
}

/* The same key twice in one section of one file: the last one counts. */
static void
check_repeats(struct check *k)
{
	const struct conf_tree *d = &k->c->private->tree;

	for (size_t i = 0; i < d->count; i++) {
		const struct conf_section *s = &d->sections[i];

		for (size_t j = 0; j < s->count; j++)
			if (s->entries[j].earlier_line)
				check_find(k, k->warnings, &s->entries[j],
				    "replaces the value that line %d gives",
				    s->entries[j].earlier_line);
	}
}

/* Servers refuse senders whose host they cannot know. */
static void
check_sender(struct check *k)
{
	const char *host = strchr(k->c->mail.from, '@') + 1;

	for (char *const *url = k->c->mail.urls; *url; url++)
		if (!strncasecmp(*url, "smtp", 4) &&
		    !config_find_entry(k->c, KEYS_MAIL, NULL, "from") &&
		    *host == '[')
			check_find(k, k->warnings,
			    config_find_entry(k->c, KEYS_MAIL, NULL, "url"),
			    "this host has no name, so mail is from '%s': "
			    "set from in mail { }",
			    k->c->mail.from);
}

static void
check_unused(struct check *k)
{
	const struct mail_settings *m = &k->c->mail;

	if (m->username && !m->password_file)
		check_find(k, k->warnings,
		    config_find_entry(k->c, KEYS_MAIL, NULL, "username"),
		    "without password_file it is not used");
	if (m->password_file && !m->username)
		check_find(k, k->warnings,
		    config_find_entry(k->c, KEYS_MAIL, NULL, "password_file"),
		    "without username it is not used");
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

/* Is `word` in `text` by itself, outside of quotes? */
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
				    "argument as it is; "
				    "{\"sh\", \"-c\", \"...\"} has a shell",
				    *w);
}

static void
check_task(const struct check *k, const struct task_settings *t)
{
	const struct config *c = k->c;
	const struct conf_section *s = config_task_section(c, t->name);
	const struct conf_entry *e = config_entry(c, s, "command");

	check_shell_words(k, t, e);
	if (!t->success_cooldown_ms && !t->fail_cooldown_ms)
		check_find(k, k->warnings, config_entry(c, s, "fail_cooldown"),
		    "task '%s' has no cooldown at all: it runs again at once",
		    t->name);
	if (t->user && geteuid())
		check_find(k, k->warnings, config_entry(c, s, "user"),
		    "only root can run task '%s' as %s", t->name, t->user);
	e = config_entry(c, s, "environment");
	for (char *const *v = t->environment; *v; v++)
		if (!strncmp(*v, "RUNNER_", 7))
			check_find(k, k->warnings, e,
			    "'%.100s': runner itself sets RUNNER_ names", *v);
}

static void
check_run_root(struct check *k)
{
	const struct conf_entry *e =
	    config_find_entry(k->c, KEYS_TOP, NULL, "run_root");
	struct stat st;

	if (stat(k->c->run_root, &st)) {
		if (errno != ENOENT)
			check_find(k, k->errors, e, "%s: %m", k->c->run_root);
	} else if (!S_ISDIR(st.st_mode)) {
		check_find(
		    k, k->errors, e, "%s is not a directory", k->c->run_root);
	} else if (st.st_mode & S_IWOTH) {
		check_find(k, k->warnings, e,
		    "%s can be written to by others (mode %04o)",
		    k->c->run_root, st.st_mode & 07777u);
	}
}

void
config_check(
    struct config *c, struct diagnostics *errors, struct diagnostics *warnings)
{
	struct check k = {.c = c, .errors = errors, .warnings = warnings};

	check_words(&k);
	for (size_t i = 0; i < c->chain_count; i++)
		config_check_chain(c, c->chains[i].name, c->chains[i].words,
		    c->chains[i].admins, errors);
	for (struct found_task *f = c->private->found; f; f = f->next)
		check_task(&k, &f->settings);
	check_repeats(&k);
	check_unused(&k);
	check_sender(&k);
	check_run_root(&k);
	check_access(&k);
	if (config_tells_nobody(c))
		check_find(&k, warnings, NULL,
		    "nobody is told when a task fails: no admins, no channel; "
		    "mail is only written to %s/mail",
		    c->run_root);
}
