/*
 * words: what single words and line openings say about a line.
 *
 * Levels as loggers write them, the vocabulary of failure, and the closing
 * lines with which tools end that tell nothing new.
 */
#ifndef RUNNER_SIGNATURE_WORDS_H
#define RUNNER_SIGNATURE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "chars.h"

enum level {
	LEVEL_UNKNOWN,
	LEVEL_DEBUG,
	LEVEL_INFO,
	LEVEL_NOTE,
	LEVEL_WARNING,
	LEVEL_ERROR,
	LEVEL_FATAL,
};

/* The level that this word names in any case, or LEVEL_UNKNOWN. */
enum level level_of_word(struct span word);

/* The level of a number as pino, syslog and Python write it. */
enum level level_of_number(long number);

/*
 * Which pairs of first letters a word of the vocabulary has, so that most other
 * words are passed over at once.  The same for all; made at start.
 */
struct words_filter {
	uint32_t second[26]; /* by first letter; bit 26: no second letter */
};

void words_filter_init(struct words_filter *f);

/* Does the line hold a word of the vocabulary of failure? */
bool words_tell_failure(
    const struct words_filter *f, const char *line, size_t size);

/*
 * Does the line open with an error, as `error: ...`, `Fatal ...`, `E: ...` or
 * `SomeError: ...`, or say so right behind `prog: ` or a place in code?
 */
bool words_open_failure(const char *line);

/*
 * The level that an unprefixed line claims by its opening, or behind a place
 * in code: "warning: ", "x.c:3:5: note: ", "x.py:3: UserWarning: ".
 */
enum level words_opening_level(const char *line);

/* Is it a closing or helping line that must not be a subject? */
bool words_are_closing(const char *line);

/* Does the line only announce the message that stands on the next one? */
bool words_are_hollow(const char *line);

/* Is it SQL Server's header of an error?  Such a line is hollow. */
bool words_are_sql_header(const char *line);

/* Does it tell of no failure whatever its words, and comes only sometimes? */
bool words_are_chatter(const char *line);

/* The length of FILE:N[:N]: or FILE(N[,N]): at the start of a line, or 0. */
size_t words_place_length(const char *line);

/* The length of `prog: ` at the start of a line, or 0. */
size_t words_program_length(const char *line);

/* Does the line open with TYPE: whose name ends as an exception's does? */
size_t words_exception_length(const char *line);

/* Do these letters end as the name of an exception does? */
bool words_are_exception(const char *p, size_t n);

#endif
