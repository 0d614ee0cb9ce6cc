/*
 * words: what single words, names of files and the openings of lines say.
 *
 * line.c is generated from line.re, and README.md says how.  Texts are
 * NUL-ended lines or parts of one.
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

/* What a number after this word is. */
enum word_kind {
	WORD_OTHER,
	WORD_CODE,
	WORD_STATUS, /* a code, whatever follows */
	WORD_ANSWER, /* a status of HTTP, if it looks like one */
	WORD_PORT,
	WORD_LINK,  /* "code of 3": what the word before says */
	WORD_LEVEL, /* "level: 30" of a JSON line, "line 3" */
};
enum word_kind word_kind(struct span word);

/* Is it a word after which a number is no port? */
bool word_is_counted(struct span word);

/* "line", as shells say it in their languages. */
bool word_is_line(struct span word);

/* Does it end as the name of an exception does? */
bool word_is_exception(struct span word);

/* Words before what is drawn for each request or thread. */
enum id_word { ID_NONE, ID_THREAD, ID_REQUEST, ID_PART, ID_WHOLE };
enum id_word word_of_id(struct span word);

/* The length of a name of Java's that a number ends, without it; or 0. */
size_t word_generated(const char *p);

/* Is it the name, or path, of a file of code?  Of data, and not of a host? */
bool name_is_code(const char *p, size_t size);
bool name_is_data(const char *p, size_t size);

/* The same by its ending alone. */
bool name_is_data_file(const char *p, size_t size);

/* Does the line hold a word of failure, of the network? */
bool line_tells_failure(const char *line);
bool line_is_of_network(const char *line);

/*
 * Does the line open with an error, as `error: ...`, `Fatal ...`, `E: ...` or
 * `SomeError: ...`, or say so right after `prog: ` or a place in code?
 */
bool line_opens_failure(const char *line);

/*
 * The level that an unprefixed line claims by its opening, or after a place
 * in code: "warning: ", "x.c:3:5: note: ", "x.py:3: UserWarning: ".
 */
enum level line_level(const char *line);

/*
 * Does it say why what the next line tells of has failed: a status of HTTP, the
 * line that was read, or is it the text of an errno?
 */
bool line_has_cause(const char *line);

/* Is it a closing or helping line that must not be a subject? */
bool line_is_closing(const char *line);

/* Does the line only announce the message that is on the next one? */
bool line_is_heading(const char *line);

/*
 * The value in a line of indented JSON, and whether its key says that it is a
 * message; NULL when the line is no pair.
 */
const char *line_json_value(const char *line, bool *is_message);

/* Is it SQL Server's header of an error?  Such a line is a heading. */
bool line_is_sql_header(const char *line);

/* Does a usage text begin? */
bool line_is_usage(const char *line);

/* Does it tell of no failure whatever its words, and comes only sometimes? */
bool line_is_chatter(const char *line);

/* DETAIL:, what(), Caused by and their like: it goes on with an error. */
bool line_continues(const char *line);

/* "DETAIL:  ", as PostgreSQL goes on with an error. */
bool line_is_labelled(const char *line);

/* The length of FILE:N[:N]: or FILE(N[,N]): at the start of a line, or 0. */
size_t line_place_length(const char *line);

/* The length of `prog: ` at the start of a line, or 0. */
size_t line_program_length(const char *line);

/* Does the line open with TYPE: whose name ends as an exception's does? */
size_t line_exception_length(const char *line);

/* What a key of a JSON object or of logfmt says of its value. */
enum field_kind {
	FIELD_OTHER, /* identifiers, times and the like: no evidence */
	FIELD_MESSAGE,
	FIELD_LEVEL,
	FIELD_ERROR,
	FIELD_STACK,
	FIELD_LOGGER,
	FIELD_GROUP, /* an object whose own keys count */
	FIELD_NAMED, /* where it is, or a thing */
};
enum field_kind field_of(struct span key);

/* Does the line open with a pair as logfmt writes its first one? */
bool line_is_logfmt(const char *line);

#endif
