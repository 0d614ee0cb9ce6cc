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

struct config_text_fault {
	size_t offset; /* what stands before it can be read */
	int line;
	char why[128];
};

/*
 * Returns 0; or -1 with what is wrong, and where, in `fault`.
 */
int config_text_prepare(
    char *text, size_t size, struct config_text_fault *fault);

/*
 * The line, within [from, to], at which `key` is last given an empty list; 0
 * when there is none.  The text is a prepared one.
 */
int config_text_find_empty(
    const char *text, size_t size, const char *key, int from, int to);

/*
 * The last line, up to `to`, at which `word` stands by itself, with nothing
 * behind it that would make it a key, section or function; 0: there is none.
 */
int config_text_find_stray(
    const char *text, size_t size, const char *word, int to);

/* The line of the last character that is no blank. */
int config_text_last_line(const char *text, size_t size);

#endif
