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
	/* As whom files are looked at now; NULL: as ourselves. */
	const char *user, *group;
	bool is_able;     /* to look as them */
	char suffix[280]; /* " (as USER)", or "" */
};

/* Adds to `f`, where the entry is, or of the whole file when there is none. */
void check_find(const struct check *k, struct diagnostics *f,
    const struct conf_entry *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Looks at files as those who will use them; ends as ourselves. */
void check_access(struct check *k);

#endif
