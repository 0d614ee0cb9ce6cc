/*
 * config: runner.conf read into settings, and task words into tasks.
 *
 * Alone includes confuse.h.  Says everything that is wrong, each complaint
 * with file and line, not just the first thing.  Never prints, never exits.
 */
#ifndef RUNNER_CONFIG_H
#define RUNNER_CONFIG_H

#include <stddef.h>
#include <stdio.h>

#include "base/diagnostics.h"
#include "settings.h"

/* Where and how to look; what the command line said.  All borrowed. */
struct config_source {
	const char *file;        /* -c, or NULL: look for it */
	const char *run_root;    /* -r, or NULL */
	const char *const *sets; /* --set KEY=VALUE, NULL-ended, or NULL */
};

struct config {
	char *file;            /* absolute; NULL: none was found */
	char *project_root;    /* absolute */
	char *run_root;        /* absolute */
	char *status_group;    /* or NULL: nobody else reads the state */
	char *metrics_dir;     /* absolute; or NULL: none */
	struct patterns *mask; /* or NULL: none */
	bool mask_secrets;
	bool has_killconcurrent, killconcurrent;
	bool has_if_running;
	bool is_shared;  /* with other processes: config_free() leaves it */
	bool is_refused; /* of config_examine(): who wrote `file` is unknown */
	struct log_settings log;
	struct mail_settings mail;
	size_t webhook_count;
	struct webhook_settings *webhooks; /* in file order */
	char **notify_command;             /* empty: none */
	enum if_running if_running; /* killconcurrent already folded in */
	char **lease_command;
	struct command default_command; /* %t not yet replaced */
	size_t chain_count;
	struct chain_settings *chains; /* the declared ones, in file order */
	char *chain_user; /* whose the last of them is; NULL: there is none */
	bool has_several_users;         /* they are not all one user's */
	struct config_private *private; /* sections not asked for yet */
};

/*
 * Finds runner.conf (-c, $RUNNER_CONF, upwards from the working
 * directory, /etc/runner.conf, none) and reads it.
 * Returns a config to be freed with config_free(); or NULL, and then at least
 * one complaint was added.
 */
struct config *config_read(
    const struct config_source *source, struct diagnostics *diagnostics);
void config_free(struct config *c);

/*
 * One TASK word (section, dotted name, path, bare name) made into
 * the settings of a task; --set is applied.  The answer is owned by `c` and the
 * same word gives the same answer.  NULL: diagnostics were added, which say
 * where it looked.
 */
const struct task_settings *config_task(
    struct config *c, const char *word, struct diagnostics *diagnostics);

/*
 * Calls `visit` with each environment_file, of the top level and of the
 * sections of tasks, whether they can be looked up or not.
 */
void config_environment_files(
    struct config *c, void (*visit)(const char *path, void *data), void *data);

/* The declared chain of that name, or NULL. */
const struct chain_settings *config_chain(
    const struct config *c, const char *name);

/*
 * Frees what only a word that was not looked up yet would need, and the chains
 * but those of these `names`: a runner keeps its own of a large file.
 */
void config_forget_others(struct config *c, char *const *names, size_t count);

/* Every `task NAME` section's name, in file order, NULL-ended, owned by c. */
const char *const *config_task_names(const struct config *c);

/*
 * For `runner check`: reads as config_read(), and looks closer.  Each of
 * `words` (NULL-ended), every declared task and every task of a declared chain
 * is looked up, files that are named are looked at.  Adds to `errors` what
 * cannot work and to `warnings` what is legal but probably a mistake.
 * Returns what could be read, whatever was complained of, to be freed with
 * config_free(); NULL when there is nothing to read.  With NULLs instead of
 * words and diagnostics it only does that.
 */
struct config *config_examine(const struct config_source *source,
    const char *const *words, struct diagnostics *errors,
    struct diagnostics *warnings);

/*
 * What no chain can have, though each of its tasks is good: two tasks of one
 * name; mail by a server and nobody to send it to.  The words were looked up;
 * `name` of a declared chain, or NULL; `admins` its own, or NULL.
 */
void config_check_chain(const struct config *c, const char *name,
    char *const *words, char *const *admins, struct diagnostics *diagnostics);

/* How many tasks, by their names, were looked up. */
size_t config_task_count(const struct config *c);

/*
 * Adds a complaint about a key that is set, "FILE:LINE: KEY: WHAT": of the
 * webhook, or of the top level (NULL).
 */
void config_complain(const struct config *c, const struct webhook_settings *w,
    const char *key, struct diagnostics *d, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Is nobody told of a failure: no person is named, and no channel but such as
 * get other reasons only?
 */
bool config_tells_nobody(const struct config *c);

/* Does `only` let failures through, at least some? */
bool config_webhook_gets_failures(const struct webhook_settings *w);

/*
 * Writes the settings in force in the syntax of runner.conf: what every task
 * has by default, each task that was looked up, each declared chain; all of
 * them, or those that differ from the defaults (of a task: from what every task
 * has).  What may be secret in a header, a URL or the environment is written
 * as ***.
 */
void config_print(const struct config *c, FILE *out, bool is_all);

#endif
