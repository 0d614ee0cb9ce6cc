/*
 * config_private: what the parts of config share and nobody else sees.
 */
#ifndef RUNNER_CONFIG_PRIVATE_H
#define RUNNER_CONFIG_PRIVATE_H

#include "config.h"
#include "document.h"
#include "keys.h"

/* A word that was looked up. */
struct found_task {
	struct found_task *next;
	char *word;
	struct task_settings settings;
};

struct config_private {
	struct document document; /* empty when there is no file */
	bool is_cut;              /* it was not read to its end */
	size_t set_count;
	struct document *sets; /* each one entry at its top level */
	struct top_settings top;
	char **task_names;
	struct found_task *found;
};

/* The section `task NAME`, or NULL. */
const struct document_section *config_task_section(
    const struct config *c, const char *name);

/*
 * The entry in force for a task key, in the order --set, section (may be NULL),
 * top level; NULL when only the default speaks.
 */
const struct document_entry *config_entry(const struct config *c,
    const struct document_section *section, const char *key);

/* What --set says about a task key, the last of several; or NULL. */
const struct document_entry *config_set(
    const struct config *c, const char *key);

/*
 * The settings of a task without a section (NULL) or with one: defaults, top
 * level, section, --set.  What is wrong in the section itself, or with it, is
 * added to `found` (NULL: it was said before).  The command is empty when
 * none is given, the name is left NULL.
 * Returns 0, or -1 when there is no memory; to be released in both cases.
 */
int task_settings_make(struct task_settings *t, const struct config *c,
    const struct document_section *section, struct diagnostics *found);
void task_settings_release(struct task_settings *t);

/* Reads --set KEY=VALUE into config_private; complains as "--set KEY". */
void config_read_sets(
    struct config *c, const char *const *sets, struct diagnostics *found);

/* Makes the sections of the document, and -r, into the config's settings. */
void config_interpret(
    struct config *c, const char *run_root, struct diagnostics *found);

/* Looks closer at what was read; see config_examine(). */
void config_check(
    struct config *c, struct diagnostics *errors, struct diagnostics *warnings);

/* The folder in which we are, absolute; NULL with errno. */
char *config_working_folder(void);

/*
 * The configuration file to use, absolute, newly allocated; NULL when there is
 * none, and then a complaint was added if there should be one.
 */
char *config_find_file(const char *wanted, struct diagnostics *diagnostics);

#endif
