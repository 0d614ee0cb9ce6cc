/*
 * config_access: can whoever will use them read, write and execute the files
 * that a configuration names?  Looked at with the effective ids of each chain's
 * and task's user, when we are root.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_check.h"
#include "os/envfile.h"
#include "os/identity.h"
#include "os/program.h"
#include "value_checks.h"

/* A look at files, as somebody. */
struct access_check {
	const struct check *k;
	const char *user, *group; /* as whom we look now; NULL: ourselves */
	bool is_able;             /* to look as them */
	char suffix[280];         /* " (as USER)", or "" */
};

static bool
is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* From here on we look as that user and group. */
static void
look_as(struct access_check *a, const char *user, const char *group)
{
	if (is_same(a->user, user) && is_same(a->group, group))
		return;
	a->user = user;
	a->group = group;
	a->is_able = !identity_act_as(user, group);
	*a->suffix = '\0';
	if (user || group)
		snprintf(a->suffix, sizeof(a->suffix), " (as %s)",
		    user ? user : group);
}

static bool
can(const char *path, int mode)
{
	return !faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

static void
warn(const struct access_check *a, const struct conf_entry *e, const char *what)
{
	check_find(a->k, a->k->warnings, e, "%s%s", what, a->suffix);
}

/* A file that a delivery needs; a secret one is nobody else's to read. */
static void
look_at_file(struct access_check *a, const char *path,
    const struct conf_entry *e, bool is_secret)
{
	char what[4200];
	struct stat st;

	if (!path || !a->is_able)
		return;
	if (!stat(path, &st) && is_secret &&
	    (st.st_mode & (S_IRWXG | S_IRWXO))) {
		check_find(a->k, a->k->errors, e,
		    "%s is open to others (mode %04o); 0600 is wanted", path,
		    st.st_mode & 07777u);
	} else if (!can(path, R_OK)) {
		snprintf(what, sizeof(what), "%s: %s", path, strerror(errno));
		if (errno == ENOENT)
			check_find(a->k, a->k->errors, e, "%s", what);
		else
			warn(a, e, what);
	}
}

/* A secret file whose first line is a URL that will do. */
static void
look_at_url_file(struct access_check *a, const char *path,
    const struct conf_entry *e, const char *(*fault)(const char *))
{
	size_t errors = a->k->errors->count;
	char url[4096];
	FILE *file;

	look_at_file(a, path, e, true);
	if (!path || !a->is_able || a->k->errors->count > errors ||
	    !(file = fopen(path, "re")))
		return;
	if (!fgets(url, sizeof(url), file))
		*url = '\0';
	url[strcspn(url, "\r\n")] = '\0';
	fclose(file);
	if (fault(url))
		check_find(a->k, a->k->errors, e, "the first line of %s %s",
		    path, fault(url));
}

/* What will be written to, or made, at `path`. */
static void
look_at_output(struct access_check *a, const char *path, bool is_directory,
    const struct conf_entry *e)
{
	char what[4200], parent[4096];
	char *slash;

	if (!path || !a->is_able)
		return;
	if (can(path, is_directory ? W_OK | X_OK : W_OK))
		return;
	/* Root makes what is not there, for whom it is. */
	if (errno == ENOENT && !getuid())
		return;
	snprintf(parent, sizeof(parent), "%s", path);
	/* What is not there is made, with the directories above it. */
	while (errno == ENOENT && (slash = strrchr(parent, '/'))) {
		*slash = '\0';
		if (can(*parent ? parent : "/", W_OK | X_OK))
			return;
	}
	snprintf(what, sizeof(what), "%s cannot be written: %s", path,
	    strerror(errno));
	warn(a, e, what);
}

static void
look_at_webhook(struct access_check *a, const struct webhook_settings *w)
{
	look_at_url_file(a, w->url_file,
	    config_find_entry(a->k->c, KEYS_WEBHOOK, w->name, "url_file"),
	    fault_of_http_url);
	look_at_file(a, w->secret_file,
	    config_find_entry(a->k->c, KEYS_WEBHOOK, w->name, "secret_file"),
	    true);
	look_at_file(a, w->body,
	    config_find_entry(a->k->c, KEYS_WEBHOOK, w->name, "body"), false);
	for (char *const *h = w->headers; *h; h++) {
		const char *value = strchr(*h, ':') + 1;
		char *path;

		value += strspn(value, " \t");
		if (*value != '@')
			continue;
		path = conf_absolute(a->k->c->project_root, value + 1);
		look_at_file(a, path,
		    config_find_entry(a->k->c, KEYS_WEBHOOK, w->name, "header"),
		    true);
		free(path);
	}
}

/* The program of a command that is not a task's. */
static void
look_at_argv(struct access_check *a, char *const *argv, const char *cwd,
    const struct conf_entry *e)
{
	char why[PROGRAM_WHY_SIZE];
	int dir_fd;

	if (!argv || !argv[0] || !a->is_able)
		return;
	dir_fd = open(cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return;
	if (program_look(dir_fd, argv[0], getenv("PATH"), why))
		warn(a, e, why);
	close(dir_fd);
}

/* What every delivery of this user needs. */
static void
look_at_delivery(struct access_check *a)
{
	const struct mail_settings *m = &a->k->c->mail;
	const struct conf_entry *url =
	    config_find_entry(a->k->c, KEYS_MAIL, NULL, "url");
	char what[4200];

	look_at_file(a, m->password_file,
	    config_find_entry(a->k->c, KEYS_MAIL, NULL, "password_file"), true);
	look_at_file(a, m->ca_file,
	    config_find_entry(a->k->c, KEYS_MAIL, NULL, "ca_file"), false);
	for (size_t i = 0; i < a->k->c->webhook_count; i++)
		look_at_webhook(a, &a->k->c->webhooks[i]);
	look_at_argv(a, a->k->c->notify_command, a->k->c->project_root,
	    config_find_entry(a->k->c, KEYS_TOP, NULL, "notify_command"));
	for (char *const *u = m->urls; *u; u++) {
		const char *path = *u + strlen("sendmail:");

		if (url && !strncasecmp(*u, "maildir:", strlen("maildir:")))
			look_at_output(a, *u + strlen("maildir:"), true, url);

		if (strncasecmp(*u, "sendmail:", strlen("sendmail:")) != 0 ||
		    !a->is_able || can(path, X_OK))
			continue;
		snprintf(what, sizeof(what), "%s: %s", path, strerror(errno));
		warn(a, url, what);
	}
}

/* The PATH with which the task's program is looked for. */
static const char *
find_path(const struct task_settings *t)
{
	const char *path = getenv("PATH");

	for (char *const *v = t->environment; *v; v++)
		if (!strncmp(*v, "PATH=", 5))
			path = *v + 5;
	return path;
}

/* Files that the runner reads for a task. */
static void
look_at_task_files(struct access_check *a, const struct task_settings *t)
{
	const struct config *c = a->k->c;
	const struct conf_section *s = config_task_section(c, t->name);
	char why[4096 + 128], what[4500];

	if (t->environment_file && a->is_able &&
	    envfile_read(
		t->environment_file, geteuid(), NULL, NULL, why, sizeof(why))) {
		snprintf(what, sizeof(what), "task '%s': %s", t->name, why);
		warn(a, config_entry(c, s, "environment_file"), what);
	}
	look_at_url_file(a, t->ping_url_file,
	    config_entry(c, s, "ping_url_file"), fault_of_ping_url);
}

/* Is the program of each stage there, seen from the task's directory? */
static void
look_at_programs(struct access_check *a, const struct task_settings *t)
{
	const struct config *c = a->k->c;
	const struct conf_section *s = config_task_section(c, t->name);
	const struct conf_entry *e = config_entry(c, s, "command");
	char what[4200], why[PROGRAM_WHY_SIZE];
	int dir_fd;

	if (!a->is_able)
		return;
	dir_fd = open(t->cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0 || faccessat(dir_fd, ".", X_OK, AT_EACCESS)) {
		snprintf(what, sizeof(what), "task '%s': cwd %s: %s", t->name,
		    t->cwd, strerror(errno));
		warn(a, config_entry(c, s, "cwd"), what);
	}
	for (size_t i = 0; i < t->command.count && dir_fd >= 0; i++) {
		if (!program_look(
			dir_fd, t->command.argv[i][0], find_path(t), why))
			continue;
		snprintf(what, sizeof(what), "task '%s': %s", t->name, why);
		warn(a, e, what);
	}
	if (dir_fd >= 0)
		close(dir_fd);
}

static void
look_at_chain(struct access_check *a, const struct chain_settings *chain)
{
	const struct config *c = a->k->c;
	const struct conf_entry *lease =
	    config_find_entry(c, KEYS_CHAIN, chain->name, "lease_command");
	bool has_own_log = chain->log_file != NULL;
	char what[4200];

	look_as(a, chain->user, chain->group);
	look_at_output(a, c->run_root, true,
	    config_find_entry(a->k->c, KEYS_TOP, NULL, "run_root"));
	look_at_output(a, has_own_log ? chain->log_file : c->log.file, false,
	    has_own_log
		? config_find_entry(c, KEYS_CHAIN, chain->name, "log_file")
		: config_find_entry(a->k->c, KEYS_LOG, NULL, "file"));
	if (c->metrics_dir) {
		snprintf(what, sizeof(what), "%s/.", c->metrics_dir);
		if (a->is_able && !can(what, W_OK | X_OK)) {
			snprintf(what, sizeof(what), "%s: %s", c->metrics_dir,
			    strerror(errno));
			warn(a,
			    config_find_entry(c, KEYS_TOP, NULL, "metrics_dir"),
			    what);
		}
	}
	look_at_argv(a, chain->lease_command, c->project_root,
	    lease ? lease
		  : config_find_entry(c, KEYS_TOP, NULL, "lease_command"));
	look_at_delivery(a);
	for (char *const *w = chain->words; w && *w; w++) {
		struct found_task *f = config_find_word(c, *w);

		if (!f)
			continue;
		f->is_checked = true;
		/* The runner reads files for the task, which then runs. */
		look_as(a, chain->user, chain->group);
		look_at_task_files(a, &f->settings);
		if (f->settings.user || f->settings.group)
			look_as(a, f->settings.user, f->settings.group);
		look_at_programs(a, &f->settings);
	}
}

void
check_access(const struct check *k)
{
	const struct config *c = k->c;
	struct access_check a = {.k = k, .is_able = true};

	for (size_t i = 0; i < c->chain_count; i++)
		look_at_chain(&a, &c->chains[i]);
	look_as(&a, NULL, NULL);
	if (!c->chain_count)
		look_at_delivery(&a);
	for (struct found_task *f = c->private->found; f; f = f->next) {
		if (f->is_checked)
			continue;
		look_as(&a, NULL, NULL);
		look_at_task_files(&a, &f->settings);
		look_as(&a, f->settings.user, f->settings.group);
		look_at_programs(&a, &f->settings);
	}
	look_as(&a, NULL, NULL);
}
