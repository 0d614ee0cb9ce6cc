/*
 * config_interpret: the tree made into the settings of struct config.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "config_private.h"
#include "os/host.h"

/* A chain has a bounded table of channels; see state.h. */
enum { WEBHOOKS_MAX = 14, WEBHOOK_NAME_MAX = 60 };

/* A config being made out of its tree. */
struct making {
	struct config *c;
	struct diagnostics *diagnostics;
	struct value_reader reader;
	const struct conf_entry *mail_url; /* the last one given */
	size_t task_count;
};

static void
say_no_memory(struct making *m)
{
	diagnostics_add_at(m->diagnostics,
	    m->c->file ? m->c->file : "runner.conf", 0, "out of memory");
}

static void
read_section(struct making *m, const struct conf_section *s, void *target)
{
	for (size_t i = 0; i < s->count; i++)
		values_read(
		    &m->reader, keys_of(s->type)->keys, &s->entries[i], target);
}

/* Has it the name that it needs, and is it the first of its kind? */
static bool
check_title(struct making *m, const struct conf_section *s)
{
	const struct section_spec *spec = keys_of(s->type);
	const struct conf_section *earlier;

	if (spec->title == TITLE_NONE && s->title)
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    "'%s' takes no name: %s { ... }", spec->name, spec->name);
	if (spec->title == TITLE_WANTED && !s->title) {
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    "a %s has a name: %s NAME { ... }", spec->name, spec->name);
		return false;
	}
	if (s->title && !text_is_name(s->title)) {
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    "'%.64s' is not a name for a %s (letters, digits, '_', "
		    "'.' and '-', at most 200)",
		    s->title, spec->name);
		return false;
	}
	earlier = config_note_section(m->c, s);
	if (earlier)
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    s->title ? "%s '%s' is already at %s:%d"
			     : "%s%s is already at %s:%d",
		    spec->name, s->title ? s->title : "", earlier->file,
		    earlier->line);
	return !earlier;
}

static void
check_task(struct making *m, const struct conf_section *s)
{
	struct task_settings scratch;

	if (task_settings_make(&scratch, m->c, s, m->diagnostics))
		say_no_memory(m);
	task_settings_release(&scratch);
	if (s->title)
		m->c->private->task_names[m->task_count++] = s->title;
}

static void
add_chain(struct making *m, const struct conf_section *s, bool is_good)
{
	struct config *c = m->c;
	struct chain_settings *chain = &c->chains[c->chain_count++];

	*chain = (struct chain_settings){.is_name_given = true};
	if (values_init(c->project_root, keys_of(KEYS_CHAIN)->keys, chain))
		say_no_memory(m);
	chain->name = strdup(s->title ? s->title : "");
	chain->if_running = c->if_running;
	read_section(m, s, chain);
	if (is_good && !c->private->tree.is_cut && !conf_find(s, "tasks"))
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    "chain '%s' has no tasks", s->title);
	for (size_t i = 0; chain->words[i]; i++)
		if (i == CHAIN_TASKS_MAX && conf_find(s, "tasks"))
			values_complain(&m->reader, conf_find(s, "tasks"),
			    "a chain has at most %d tasks", CHAIN_TASKS_MAX);
	if (!conf_find(s, "lease_command")) {
		value_list_free(chain->lease_command);
		chain->lease_command = value_list_copy(c->lease_command);
	}
	if (!chain->name || !chain->lease_command)
		say_no_memory(m);
}

static void
add_webhook(struct making *m, const struct conf_section *s)
{
	struct config *c = m->c;
	struct webhook_settings *w = &c->webhooks[c->webhook_count++];

	if (values_init(c->project_root, keys_of(KEYS_WEBHOOK)->keys, w))
		say_no_memory(m);
	w->name = s->title ? strdup(s->title) : NULL;
	read_section(m, s, w);
	if (s->title && strlen(s->title) > WEBHOOK_NAME_MAX)
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    "the name of a webhook has at most %d characters",
		    WEBHOOK_NAME_MAX);
	if (c->webhook_count == WEBHOOKS_MAX + 1)
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    "more than %d webhooks", WEBHOOKS_MAX);
	if (w->has_preset && w->body)
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    "preset and body are both given");
	if (w->url && w->url_file)
		diagnostics_add_at(m->diagnostics, s->file, s->line,
		    "url and url_file are both given");
	if (!conf_find(s, "url") && !conf_find(s, "url_file") &&
	    !w->has_preset && !w->body)
		diagnostics_add_at(
		    m->diagnostics, s->file, s->line, "the webhook has no url");
}

static void
read_one_section(struct making *m, const struct conf_section *s)
{
	bool is_good = check_title(m, s);

	switch (s->type) {
	case KEYS_TASK:
		check_task(m, s);
		break;
	case KEYS_CHAIN:
		add_chain(m, s, is_good);
		break;
	case KEYS_LOG:
		read_section(m, s, &m->c->log);
		break;
	case KEYS_MAIL:
		read_section(m, s, &m->c->mail);
		if (conf_find(s, "url"))
			m->mail_url = conf_find(s, "url");
		break;
	case KEYS_WEBHOOK:
		add_webhook(m, s);
		break;
	case KEYS_TOP:
	case KEYS_SECTIONS:
		break;
	}
}

/* The defaults that only this host and run_root know. */
static int
set_mail_defaults(struct config *c)
{
	struct mail_settings *m = &c->mail;
	char own[HOST_NAME_SIZE] = "", host[HOST_NAME_SIZE];

	value_list_free(m->urls);
	m->urls = calloc(2, sizeof(*m->urls));
	if (!m->urls ||
	    asprintf(&m->urls[0], "maildir:%s/mail", c->run_root) < 0)
		return -1;
	gethostname(own, sizeof(own) - 1);
	if (!host_full_name(own, "/etc/hosts", host)) {
		if (host_is_name(own))
			strcpy(host, own);
		else
			host_address(NULL, host);
	}
	return asprintf(&m->from, "runner@%s", host) < 0 ? -1 : 0;
}

static int
set_defaults(struct config *c)
{
	size_t sections = c->private->tree.count;

	c->private->task_names = calloc(sections + 1, sizeof(char *));
	c->chains = calloc(sections + 1, sizeof(*c->chains));
	c->webhooks = calloc(sections + 1, sizeof(*c->webhooks));
	if (!c->private->task_names || !c->chains || !c->webhooks ||
	    values_init(c->project_root, keys_of(KEYS_TOP)->keys, c) ||
	    values_init(c->project_root, keys_of(KEYS_LOG)->keys, &c->log))
		return -1;
	return values_init(c->project_root, keys_of(KEYS_MAIL)->keys, &c->mail);
}

/* The top level comes first: chains take their defaults from it. */
static void
read_top(struct making *m)
{
	struct config *c = m->c;
	struct task_settings scratch;

	if (c->private->tree.count)
		read_section(m, c->private->tree.sections, c);
	if (task_settings_make(&scratch, c, NULL, m->diagnostics))
		say_no_memory(m);
	task_settings_release(&scratch);
	if (!c->has_if_running && !c->killconcurrent)
		c->if_running = IF_RUNNING_ALLOW;
}

const char *
config_mail_server(const struct config *c)
{
	char *const *url = c->mail.urls;

	while (*url && !strncasecmp(*url, "maildir:", 8))
		url++;
	return *url;
}

/* Who has admins of his own is known when the chain is. */
static void
check_recipients(struct making *m)
{
	const struct conf_tree *t = &m->c->private->tree;
	const char *url = config_mail_server(m->c);
	bool has_some = m->c->mail.admins[0] || config_set(m->c, "admins");

	for (size_t i = 1; i < t->count && !has_some; i++)
		has_some = conf_find(&t->sections[i], "admins");
	if (url && !has_some && m->mail_url)
		values_complain(&m->reader, m->mail_url,
		    "'%.100s' needs recipients; name them with admins, at the "
		    "top level",
		    url);
}

/* -r is seen from the working directory, run_root from PROJECT_ROOT. */
static int
place_run_root(struct config *c, const char *wanted)
{
	char *directory;

	if (wanted) {
		directory = getcwd(NULL, 0);
		if (!directory)
			return -1;
		free(c->run_root);
		c->run_root = conf_absolute(directory, wanted);
		free(directory);
	} else if (!c->run_root) {
		c->run_root = c->file && !strcmp(c->file, conf_system_file)
				  ? strdup("/var/lib/runner")
				  : conf_absolute(c->project_root, "var/run");
	}
	return c->run_root ? 0 : -1;
}

/* The users of the declared chains: one and the same, or several. */
static void
note_users(struct making *m)
{
	struct config *c = m->c;
	const char *user = NULL;

	for (size_t i = 0; i < c->chain_count; i++) {
		const char *own =
		    c->chains[i].user ? c->chains[i].user : "root";

		c->has_several_users |= user && strcmp(user, own) != 0;
		user = own;
	}
	c->chain_user = user ? strdup(user) : NULL;
	if (user && !c->chain_user)
		say_no_memory(m);
}

void
config_interpret(
    struct config *c, const char *run_root, struct diagnostics *diagnostics)
{
	struct making m = {.c = c,
	    .diagnostics = diagnostics,
	    .reader = {diagnostics, c->project_root}};
	const struct conf_tree *t = &c->private->tree;

	if (set_defaults(c)) {
		say_no_memory(&m);
		return;
	}
	read_top(&m);
	if (place_run_root(c, run_root) || set_mail_defaults(c)) {
		say_no_memory(&m);
		return;
	}
	for (size_t i = 1; i < t->count; i++)
		read_one_section(&m, &t->sections[i]);
	check_recipients(&m);
	note_users(&m);
}
