#include "config_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"

/* A config being made out of its document. */
struct making {
	struct config *c;
	struct diagnostics *found;
	struct value_reader reader;
	const struct document_entry *mail_url; /* the last one given */
	size_t task_count;
};

static void
say_no_memory(struct making *m)
{
	diagnostics_add_at(m->found, m->c->file ? m->c->file : "runner.conf", 0,
	    "out of memory");
}

/* Is the key known in this section (at the top level: or to tasks)? */
static bool
is_known_key(enum keys_section section, const char *key)
{
	return values_find_key(keys_of(section), key) ||
	       (section == KEYS_TOP &&
		   values_find_key(keys_of(KEYS_TASK), key));
}

/* The section that has a key of this name, or NULL. */
static const char *
home_of_key(const char *key)
{
	/* A mail has a timeout too, but one looks for that of a task. */
	if (values_find_key(keys_of(KEYS_TASK), key))
		return "task";
	for (int s = KEYS_LOG; s < KEYS_SECTIONS; s++)
		if (values_find_key(keys_of((enum keys_section)s), key))
			return keys_section_name((enum keys_section)s);
	return NULL;
}

static void
complain_of_key(
    struct making *m, enum keys_section section, const struct document_entry *e)
{
	const char *nearest = keys_nearest(section, e->key);
	const char *home = home_of_key(e->key);
	const char *here = keys_section_name(section);

	if (values_find_key(keys_of(KEYS_TOP), e->key))
		diagnostics_add_at(m->found, e->file, e->line,
		    "the key '%s' belongs at the top level, not in '%s'",
		    e->key, here);
	else if (home)
		diagnostics_add_at(m->found, e->file, e->line,
		    "the key '%s' belongs in '%s { }'", e->key, home);
	else if (nearest)
		diagnostics_add_at(m->found, e->file, e->line,
		    "no such key: '%.64s'; did you mean '%s'?", e->key,
		    nearest);
	else
		diagnostics_add_at(
		    m->found, e->file, e->line, "no such key: '%.64s'", e->key);
}

/* Reads a section into `target`; complains of the keys that it cannot have. */
static void
read_section(struct making *m, const struct document_section *s,
    enum keys_section section, void *target)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct document_entry *e = &s->entries[i];

		if (!is_known_key(section, e->key))
			complain_of_key(m, section, e);
		else if (target)
			values_read(&m->reader, keys_of(section), e, target);
	}
}

static void
complain_of_section(struct making *m, const struct document_section *s)
{
	const char *nearest = keys_nearest(KEYS_TOP, s->type);

	if (s->depth > 1)
		diagnostics_add_at(m->found, s->file, s->line,
		    "no section can stand within another: '%.64s'", s->type);
	else if (nearest && keys_find_section(nearest) != KEYS_SECTIONS)
		diagnostics_add_at(m->found, s->file, s->line,
		    "no such section: '%.64s'; did you mean '%s'?", s->type,
		    nearest);
	else
		diagnostics_add_at(m->found, s->file, s->line,
		    "no such section: '%.64s'", s->type);
}

/* Is the section's title a name, and the first of its kind?  Complains. */
static bool
check_title(struct making *m, const struct document_section *s)
{
	const struct document_section *all = m->c->private->document.sections;

	if (!text_is_name(s->title)) {
		diagnostics_add_at(m->found, s->file, s->line,
		    "'%.64s' is not a name for a %s (letters, digits, '_', "
		    "'.' and '-', at most 200)",
		    s->title, s->type);
		return false;
	}
	for (const struct document_section *o = all; o < s; o++) {
		if (o->depth == 1 && o->title && !strcmp(o->type, s->type) &&
		    !strcmp(o->title, s->title)) {
			diagnostics_add_at(m->found, s->file, s->line,
			    "%s '%s' stands already at %s:%d", s->type,
			    s->title, o->file, o->line);
			return false;
		}
	}
	return true;
}

static void
check_task(struct making *m, const struct document_section *s)
{
	struct task_settings scratch;

	read_section(m, s, KEYS_TASK, NULL);
	check_title(m, s);
	if (task_settings_make(&scratch, m->c, s, m->found))
		say_no_memory(m);
	task_settings_release(&scratch);
	m->c->private->task_names[m->task_count++] = s->title;
}

static void
add_chain(struct making *m, const struct document_section *s)
{
	struct config *c = m->c;
	struct chain_settings *chain = &c->chains[c->chain_count];
	bool is_good = check_title(m, s);

	*chain = (struct chain_settings){.name = strdup(s->title),
	    .is_name_given = true,
	    .if_running = c->if_running};
	c->chain_count++;
	read_section(m, s, KEYS_CHAIN, chain);
	if (is_good && !c->private->is_cut && !document_find(s, "tasks"))
		diagnostics_add_at(m->found, s->file, s->line,
		    "chain '%s' has no tasks", s->title);
	if (!chain->lease_command)
		chain->lease_command =
		    value_list_copy((const char *const *)c->lease_command);
	if (!chain->name || !chain->lease_command)
		say_no_memory(m);
}

/* Does it stand in a section that was complained of as a whole? */
static bool
is_within_unknown(const struct document_section *s)
{
	const struct document_section *parent = s;

	if (s->depth == 1)
		return false;
	while (parent->depth >= s->depth)
		parent--;
	return parent->depth > 1 ||
	       keys_find_section(parent->type) == KEYS_SECTIONS;
}

static void
read_one_section(struct making *m, const struct document_section *s)
{
	enum keys_section section = keys_find_section(s->type);

	if (s->depth != 1 || section == KEYS_SECTIONS) {
		if (!is_within_unknown(s))
			complain_of_section(m, s);
		return;
	}
	switch (section) {
	case KEYS_TASK:
		check_task(m, s);
		break;
	case KEYS_CHAIN:
		add_chain(m, s);
		break;
	case KEYS_LOG:
		read_section(m, s, section, &m->c->log);
		break;
	case KEYS_MAIL:
		read_section(m, s, section, &m->c->mail);
		if (document_find(s, "url"))
			m->mail_url = document_find(s, "url");
		break;
	default:
		read_section(m, s, section, &m->c->webhook);
	}
}

/* The host's full name, as far as the host itself knows it: no DNS. */
static void
find_host(char *host, size_t size)
{
	char line[512], *save, *word;
	size_t length;
	FILE *hosts;

	if (gethostname(host, size))
		snprintf(host, size, "localhost");
	host[size - 1] = '\0';
	length = strlen(host);
	hosts = strchr(host, '.') ? NULL : fopen("/etc/hosts", "re");
	while (hosts && fgets(line, sizeof(line), hosts)) {
		line[strcspn(line, "#\n")] = '\0';
		for (word = strtok_r(line, " \t", &save); word;
		     word = strtok_r(NULL, " \t", &save)) {
			if (strncasecmp(word, host, length) ||
			    word[length] != '.' || strlen(word) >= size)
				continue;
			strcpy(host, word);
			fclose(hosts);
			return;
		}
	}
	if (hosts)
		fclose(hosts);
}

static int
set_mail_defaults(struct config *c)
{
	struct mail_settings *m = &c->mail;
	char host[256];

	m->tls = TLS_OPPORTUNISTIC;
	m->timeout_ms = 30000;
	m->max_per_hour = 20;
	m->subject_prefix = strdup("");
	m->urls = calloc(2, sizeof(*m->urls));
	if (!m->urls ||
	    asprintf(&m->urls[0], "maildir:%s/mail", c->run_root) < 0)
		return -1;
	find_host(host, sizeof(host));
	return asprintf(&m->from, "runner@%s", host) < 0 ? -1 : 0;
}

static int
set_defaults(struct config *c)
{
	c->log.level = LOG_LEVEL_DEBUG;
	c->log.format = LOG_FORMAT_TIMESTAMP;
	c->log.max_size_bytes = 10 << 20;
	c->log.keep = 5;
	c->webhook.max_per_hour = 20;
	c->webhook.headers = calloc(1, sizeof(char *));
	c->private->top.admins = calloc(1, sizeof(char *));
	c->private->top.lease_command = calloc(1, sizeof(char *));
	c->private->top.killconcurrent = true;
	c->private->task_names =
	    calloc(c->private->document.count + 1, sizeof(char *));
	c->chains = calloc(c->private->document.count + 1, sizeof(*c->chains));
	return c->webhook.headers && c->private->top.admins &&
		       c->private->top.lease_command &&
		       c->private->task_names && c->chains
		   ? 0
		   : -1;
}

/* The top level comes first: chains take their defaults from it. */
static void
read_top(struct making *m)
{
	struct top_settings *top = &m->c->private->top;
	struct task_settings scratch;

	if (m->c->private->document.count)
		read_section(
		    m, m->c->private->document.sections, KEYS_TOP, top);
	if (task_settings_make(&scratch, m->c, NULL, m->found))
		say_no_memory(m);
	task_settings_release(&scratch);
	m->c->mail.admins = top->admins;
	m->c->lease_command = top->lease_command;
	top->admins = top->lease_command = NULL;
	if (top->has_if_running)
		m->c->if_running = top->if_running;
	else if (!top->killconcurrent)
		m->c->if_running = IF_RUNNING_ALLOW;
}

/* Everything but a Maildir needs somebody to send to. */
static void
check_recipients(struct making *m)
{
	char *const *url = m->c->mail.urls;

	if (m->c->mail.admins[0] || !m->mail_url)
		return;
	for (; *url; url++) {
		if (strncasecmp(*url, "maildir:", 8)) {
			values_complain(&m->reader, m->mail_url,
			    "'%.100s' needs recipients; name them with "
			    "admins, at the top level",
			    *url);
			return;
		}
	}
}

/* -r is seen from the working directory, run_root from PROJECT_ROOT. */
static int
place_run_root(struct config *c, const char *wanted)
{
	char *folder;

	if (wanted) {
		folder = config_working_folder();
		if (!folder)
			return -1;
		c->run_root = value_absolute(folder, wanted);
		free(folder);
	} else if (c->private->top.run_root) {
		c->run_root = c->private->top.run_root;
		c->private->top.run_root = NULL;
	} else {
		c->run_root = value_absolute(c->project_root, "var/run");
	}
	return c->run_root ? 0 : -1;
}

void
config_interpret(
    struct config *c, const char *run_root, struct diagnostics *found)
{
	struct making m = {
	    .c = c, .found = found, .reader = {found, c->project_root}};
	const struct document *d = &c->private->document;

	if (set_defaults(c)) {
		say_no_memory(&m);
		return;
	}
	read_top(&m);
	if (place_run_root(c, run_root) || set_mail_defaults(c)) {
		say_no_memory(&m);
		return;
	}
	for (size_t i = 1; i < d->count; i++)
		read_one_section(&m, &d->sections[i]);
	check_recipients(&m);
}
