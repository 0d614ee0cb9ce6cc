/*
 * config_text: the text of a configuration file made fit for libconfuse.
 *
 * libconfuse 3.3 counts lines wrongly after comments, drops characters that it
 * does not know without a word, and answers an open string with "premature end
 * of file".  So comments (and a comma before a closing brace, which hides that
 * a list of one is a list) are overwritten with blanks, line by line as they
 * were, and what would be dropped is complained of where it stands.  Pure.
 */
#ifndef RUNNER_CONFIG_TEXT_H
#define RUNNER_CONFIG_TEXT_H

#include <stddef.h>

/*
 * Returns 0; or -1 with what is wrong in `why` and the place in `*line`.
 */
int config_text_prepare(
    char *text, size_t size, int *line, char *why, size_t why_size);

/*
 * The line, within [from, to], at which `key` is last given a value; `from`
 * when there is none.  The text is a prepared one.
 */
int config_text_find_key(
    const char *text, size_t size, const char *key, int from, int to);

#endif
