/*
 * config_access: can whoever will use them read, write and execute the files
 * that a configuration names?  Looked at with the effective ids of each chain's
 * and task's user, when we are root.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "config_check.h"
#include "os/envfile.h"
#include "os/file.h"
#include "os/identity.h"
#include "os/program.h"
#include "value_checks.h"

static bool
is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* From here on we look as that user and group. */
static void
look_as(struct check *k, const char *user, const char *group)
{
	if (is_same(k->user, user) && is_same(k->group, group))
		return;
	k->user = user;
	k->group = group;
	k->is_able = !identity_act_as(user, group);
	*k->suffix = '\0';
	if (user || group)
		snprintf(k->suffix, sizeof(k->suffix), " (as %s)",
		    user ? user : group);
}

static bool
can(const char *path, int mode)
{
	return !faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

__attribute__((format(printf, 3, 4))) static void
warn(const struct check *k, const struct conf_entry *e, const char *fmt, ...)
{
	char what[DIAGNOSTIC_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	check_find(k, k->warnings, e, "%s%s", what, k->suffix);
}

/* A file that a delivery needs; a secret one is nobody else's to read. */
static void
look_at_file(struct check *k, const char *path, const struct conf_entry *e,
    bool is_secret)
{
	struct stat st;

	if (!path || !k->is_able)
		return;
	if (!stat(path, &st) && is_secret &&
	    (st.st_mode & (S_IRWXG | S_IRWXO))) {
		check_find(k, k->errors, e,
		    "%s is open to others (mode %04o); 0600 is wanted", path,
		    st.st_mode & 07777u);
	} else if (!can(path, R_OK) && errno == ENOENT) {
		check_find(k, k->errors, e, "%s: %m", path);
	} else if (!can(path, R_OK)) {
		warn(k, e, "%s: %m", path);
	}
}

/* A secret file whose first line is a URL that will do. */
static void
look_at_url_file(struct check *k, const char *path, const struct conf_entry *e,
    const char *(*fault)(const char *))
{
	size_t errors = k->errors->count;
	char url[4096];
	FILE *file;

	look_at_file(k, path, e, true);
	if (!path || !k->is_able || k->errors->count > errors ||
	    !(file = file_open_stream(path, FILE_NAMED)))
		return;
	if (!fgets(url, sizeof(url), file))
		*url = '\0';
	url[strcspn(url, "\r\n")] = '\0';
	fclose(file);
	if (fault(url))
		check_find(k, k->errors, e, "the first line of %s %s", path,
		    fault(url));
}

/* Nothing can be made there, though root may write everywhere. */
static bool
is_of_the_kernel(const char *directory)
{
	struct statfs fs;

	return !statfs(directory, &fs) &&
	       (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC);
}

/* What will be written to, or made, at `path`. */
static void
look_at_output(struct check *k, const char *path, bool is_directory,
    const struct conf_entry *e)
{
	char parent[4096];
	struct stat st;

	if (!path || !k->is_able)
		return;
	if (can(path, is_directory ? W_OK | X_OK : W_OK)) {
		if (!is_directory && !stat(path, &st) && S_ISDIR(st.st_mode))
			warn(k, e, "%s is a directory", path);
		return;
	}
	/* What is not there is made, with the directories above it. */
	snprintf(parent, sizeof(parent), "%s", path);
	while (errno == ENOENT && parent[1]) {
		char *slash = strrchr(parent, '/');

		if (!slash)
			return;
		slash[slash == parent] = '\0';
		if (!can(parent, F_OK))
			continue;
		if (is_of_the_kernel(parent)) {
			warn(k, e, "%s: nothing can be made in %s", path,
			    parent);
			return;
		}
		/* Root makes it, for whom it is. */
		if (can(parent, W_OK | X_OK) || (errno == EACCES && !getuid()))
			return;
	}
	warn(k, e, "%s cannot be written: %m", path);
}

static void
look_at_webhook(struct check *k, const struct webhook_settings *w)
{
	look_at_url_file(k, w->url_file,
	    config_find_entry(k->c, KEYS_WEBHOOK, w->name, "url_file"),
	    fault_of_http_url);
	look_at_file(k, w->secret_file,
	    config_find_entry(k->c, KEYS_WEBHOOK, w->name, "secret_file"),
	    true);
	look_at_file(k, w->body,
	    config_find_entry(k->c, KEYS_WEBHOOK, w->name, "body"), false);
	for (char *const *h = w->headers; *h; h++) {
		const char *value = strchr(*h, ':') + 1;
		char *path;

		value += strspn(value, " \t");
		if (*value != '@')
			continue;
		path = conf_absolute(k->c->project_root, value + 1);
		look_at_file(k, path,
		    config_find_entry(k->c, KEYS_WEBHOOK, w->name, "header"),
		    true);
		free(path);
	}
}

/* The program of a command that is not a task's. */
static void
look_at_argv(struct check *k, char *const *argv, const char *cwd,
    const struct conf_entry *e)
{
	char why[PROGRAM_WHY_SIZE];
	int dir_fd;

	if (!argv || !argv[0] || !k->is_able)
		return;
	dir_fd = open(cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return;
	if (program_look(dir_fd, argv[0], getenv("PATH"), why))
		warn(k, e, "%s", why);
	close(dir_fd);
}

/* What every delivery of this user needs. */
static void
look_at_delivery(struct check *k)
{
	const struct mail_settings *m = &k->c->mail;
	const struct conf_entry *url =
	    config_find_entry(k->c, KEYS_MAIL, NULL, "url");

	look_at_file(k, m->password_file,
	    config_find_entry(k->c, KEYS_MAIL, NULL, "password_file"), true);
	look_at_file(k, m->ca_file,
	    config_find_entry(k->c, KEYS_MAIL, NULL, "ca_file"), false);
	for (size_t i = 0; i < k->c->webhook_count; i++)
		look_at_webhook(k, &k->c->webhooks[i]);
	look_at_argv(k, k->c->notify_command, k->c->project_root,
	    config_find_entry(k->c, KEYS_TOP, NULL, "notify_command"));
	for (char *const *u = m->urls; *u; u++) {
		const char *path = *u + strlen("sendmail:");

		if (url && !strncasecmp(*u, "maildir:", strlen("maildir:")))
			look_at_output(k, *u + strlen("maildir:"), true, url);
		if (!strncasecmp(*u, "sendmail:", strlen("sendmail:")) &&
		    k->is_able && !can(path, X_OK))
			warn(k, url, "%s: %m", path);
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
look_at_task_files(struct check *k, const struct task_settings *t)
{
	const struct config *c = k->c;
	const struct conf_section *s = config_task_section(c, t->name);
	char why[4096 + 128];

	if (t->environment_file && k->is_able &&
	    envfile_read(
		t->environment_file, geteuid(), NULL, NULL, why, sizeof(why)))
		warn(k, config_entry(c, s, "environment_file"), "task '%s': %s",
		    t->name, why);
	look_at_url_file(k, t->ping_url_file,
	    config_entry(c, s, "ping_url_file"), fault_of_ping_url);
}

/* Is the program of each stage there, seen from the task's directory? */
static void
look_at_programs(struct check *k, const struct task_settings *t)
{
	const struct config *c = k->c;
	const struct conf_section *s = config_task_section(c, t->name);
	const struct conf_entry *e = config_entry(c, s, "command");
	char why[PROGRAM_WHY_SIZE];
	int dir_fd;

	if (!k->is_able)
		return;
	dir_fd = open(t->cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0 || faccessat(dir_fd, ".", X_OK, AT_EACCESS))
		warn(k, config_entry(c, s, "cwd"), "task '%s': cwd %s: %m",
		    t->name, t->cwd);
	for (size_t i = 0; i < t->command.count && dir_fd >= 0; i++)
		if (program_look(
			dir_fd, t->command.argv[i][0], find_path(t), why))
			warn(k, e, "task '%s': %s", t->name, why);
	if (dir_fd >= 0)
		close(dir_fd);
}

static void
look_at_chain(struct check *k, const struct chain_settings *chain)
{
	const struct config *c = k->c;
	const struct conf_entry *lease =
	    config_find_entry(c, KEYS_CHAIN, chain->name, "lease_command");
	bool has_own_log = chain->log_file != NULL;
	char metrics[4200];

	look_as(k, chain->user, chain->group);
	for (size_t i = 0; k->is_able && i < c->private->tree.file_count; i++)
		if (!can(c->private->tree.files[i], R_OK))
			warn(k,
			    config_find_entry(c, KEYS_CHAIN, chain->name,
				chain->user ? "user" : "group"),
			    "%s: %m: the chain cannot read it again",
			    c->private->tree.files[i]);
	look_at_output(k, c->run_root, true,
	    config_find_entry(k->c, KEYS_TOP, NULL, "run_root"));
	look_at_output(k, has_own_log ? chain->log_file : c->log.file, false,
	    has_own_log
		? config_find_entry(c, KEYS_CHAIN, chain->name, "log_file")
		: config_find_entry(k->c, KEYS_LOG, NULL, "file"));
	snprintf(metrics, sizeof(metrics), "%s/.",
	    c->metrics_dir ? c->metrics_dir : "");
	if (c->metrics_dir && k->is_able && !can(metrics, W_OK | X_OK))
		warn(k, config_find_entry(c, KEYS_TOP, NULL, "metrics_dir"),
		    "%s: %m", c->metrics_dir);
	look_at_argv(k, chain->lease_command, c->project_root,
	    lease ? lease
		  : config_find_entry(c, KEYS_TOP, NULL, "lease_command"));
	look_at_delivery(k);
	for (char *const *w = chain->words; w && *w; w++) {
		struct found_task *f = config_find_word(c, *w);

		if (!f)
			continue;
		f->is_checked = true;
		/* The runner reads files for the task, which then runs. */
		look_as(k, chain->user, chain->group);
		look_at_task_files(k, &f->settings);
		if (f->settings.user || f->settings.group)
			look_as(k, f->settings.user, f->settings.group);
		look_at_programs(k, &f->settings);
	}
}

void
check_access(struct check *k)
{
	const struct config *c = k->c;

	k->is_able = true;
	for (size_t i = 0; i < c->chain_count; i++)
		look_at_chain(k, &c->chains[i]);
	look_as(k, NULL, NULL);
	if (!c->chain_count)
		look_at_delivery(k);
	for (struct found_task *f = c->private->found; f; f = f->next) {
		if (f->is_checked)
			continue;
		look_as(k, NULL, NULL);
		look_at_task_files(k, &f->settings);
		look_as(k, f->settings.user, f->settings.group);
		look_at_programs(k, &f->settings);
	}
	look_as(k, NULL, NULL);
}
