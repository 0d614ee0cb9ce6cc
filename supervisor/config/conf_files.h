/*
 * conf_files: which runner.conf is used, whether it can be trusted, and the
 * bytes of it and of what it includes.
 *
 * Whoever can write a configuration says what is executed.  So a file that was
 * found by looking upwards has to be ours or root's and writable by no other,
 * with all that it includes; and root takes from nowhere a file that others
 * than its owner can write.
 */
#ifndef RUNNER_CONF_FILES_H
#define RUNNER_CONF_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diagnostics.h"

extern const char conf_system_file[]; /* /etc/runner.conf */

/*
 * The file to use (runner(1), FILES), absolute and newly allocated, a link
 * followed; NULL: there is none.  `*is_found`: it was found upwards, not named.
 * Returns 0, or -1 and it was complained why the file cannot be used.
 */
int conf_find_file(const char *wanted, char **path, bool *is_found,
    struct diagnostics *diagnostics);

/*
 * Reads `file` whole.  Returns its bytes and their number; or NULL with what is
 * wrong in `why`, to be said after the file's name: "cannot be read: ...", and
 * errno, EPERM when others can write the file.
 */
char *conf_load_file(
    const char *file, bool is_found, size_t *size, char *why, size_t why_size);

/*
 * `path` made absolute, seen from `directory`; "~/" is our home.  NULL: no
 * memory.
 */
char *conf_absolute(const char *directory, const char *path);

#endif
