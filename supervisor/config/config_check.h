/*
 * config_check: the parts of config_examine(), which looks closer.
 */
#ifndef RUNNER_CONFIG_CHECK_H
#define RUNNER_CONFIG_CHECK_H

#include "config_private.h"

/* One look at everything. */
struct check {
	struct config *c;
	struct diagnostics *errors, *warnings;
};

/* Adds to `f`, at an entry's place, or at the file's when there is none. */
void check_find(const struct check *k, struct diagnostics *f,
    const struct conf_entry *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A file that a delivery needs; a secret one is nobody else's to read. */
void check_file(const struct check *k, const char *path,
    const struct conf_entry *e, bool is_secret);

/* Warns of what is legal in a task that was found, and hardly meant. */
void check_task(const struct check *k, const struct task_settings *t);

#endif
