/*
 * command: what a task executes, from a string or a list to argv.
 *
 * A string is split into words as a shell splits them (blanks, single and
 * double quotes, backslash) and nothing else of a shell is done: no variables,
 * no globs, no redirections.  A word that is a bare `|` parts the stages of a
 * pipeline.  A list is one argv, taken exactly.  "~/" at the start of a
 * program is our home, as of any path of runner.conf; else it is pure.
 */
#ifndef RUNNER_COMMAND_H
#define RUNNER_COMMAND_H

#include <stddef.h>

#include "settings.h"

/*
 * Splits `text`.  Returns 0 and a command to be freed with command_release();
 * or -1 with one line in `why`, and `c` is then empty.
 */
int command_split(
    struct command *c, const char *text, char *why, size_t why_size);

/* One stage of exactly these words, NULL-ended.  Returns as command_split(). */
int command_from_list(
    struct command *c, const char *const *words, char *why, size_t why_size);

/*
 * A copy of `from` in which `%t` is replaced by `task` in every word; with
 * `task` NULL an exact copy.  Returns 0, or -1 with errno ENOMEM and an empty
 * `c`.
 */
int command_copy(
    struct command *c, const struct command *from, const char *task);

/* Frees what the command holds, not `c` itself; it is empty afterwards. */
void command_release(struct command *c);

/*
 * `text` with every `%LETTER` replaced by `with`, newly allocated; NULL with
 * errno ENOMEM.
 */
char *command_expand(const char *text, char letter, const char *with);

#endif
