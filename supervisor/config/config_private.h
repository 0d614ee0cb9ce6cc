/*
 * config_private: what the parts of config share and nobody else sees.
 */
#ifndef RUNNER_CONFIG_PRIVATE_H
#define RUNNER_CONFIG_PRIVATE_H

#include "conf_files.h"
#include "conf_tree.h"
#include "config.h"
#include "keys.h"
#include "values.h"

/* A word that was looked up. */
struct found_task {
	struct found_task *next; /* in the order of looking up */
	char *word;
	bool is_first;   /* of its settings' name */
	bool is_checked; /* for config_access */
	struct task_settings settings;
};

struct config_private {
	struct conf_tree tree; /* empty when there is no file */
	void *sections;        /* of the tree, by type and title: tsearch(3) */
	size_t set_count;
	struct conf_tree *sets; /* each one entry at its top level */
	char **task_names;
	struct found_task *found, **found_end;
	void *words, *names; /* of those found: tsearch(3) */
};

/* An empty one; NULL: no memory. */
struct config *config_new(void);

/* The section `task NAME`, or NULL. */
const struct conf_section *config_task_section(
    const struct config *c, const char *name);

/*
 * Notes a section.  Returns the one of its type and title that was noted
 * before, or NULL.
 */
const struct conf_section *config_note_section(
    struct config *c, const struct conf_section *s);

/*
 * The entry in force for a task key, in the order --set, section (may be NULL),
 * top level; NULL when only the default speaks.
 */
const struct conf_entry *config_entry(const struct config *c,
    const struct conf_section *section, const char *key);

/*
 * The last entry of that key in the sections of that type and title (NULL: of
 * those without one), or NULL.
 */
const struct conf_entry *config_find_entry(const struct config *c,
    enum keys_section type, const char *title, const char *key);

/* What --set says about a task key, the last of several; or NULL. */
const struct conf_entry *config_set(const struct config *c, const char *key);

/*
 * The settings of a task without a section (NULL) or with one: defaults, top
 * level, section, --set.  What is wrong in the section itself, or with it, is
 * added to `diagnostics` (NULL: it was said before).  The command is empty when
 * none is given, the name is left NULL. Returns 0, or -1 when there is no
 * memory; to be released in both cases.
 */
int task_settings_make(struct task_settings *t, const struct config *c,
    const struct conf_section *section, struct diagnostics *diagnostics);
void task_settings_release(struct task_settings *t);

/* Reads --set KEY=VALUE into config_private; complains as "--set KEY". */
void config_read_sets(
    struct config *c, const char *const *sets, struct diagnostics *diagnostics);

/* Makes the sections of the tree, and -r, into the config's settings. */
void config_interpret(
    struct config *c, const char *run_root, struct diagnostics *diagnostics);

/* The first of the mail urls that needs recipients, or NULL. */
const char *config_mail_server(const struct config *c);

/* The word that was looked up, or NULL. */
struct found_task *config_find_word(const struct config *c, const char *word);

/* Was a word looked up whose task has this name? */
bool config_has_task(const struct config *c, const char *name);

/* For tdestroy(3): who owns the node frees it elsewhere. */
void config_keep_node(void *node);

/* Frees the words that were looked up. */
void config_free_found(struct config_private *p);

/* Looks closer at what was read; see config_examine(). */
void config_check(
    struct config *c, struct diagnostics *errors, struct diagnostics *warnings);

#endif
