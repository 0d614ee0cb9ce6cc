/*
 * subject: the one line that an operator wants to read.
 *
 * These functions take lines as they were printed (without prefix, not
 * normalised) and cut them down to the message, by the custom of the language
 * or tool that wrote them.
 */
#ifndef RUNNER_SIGNATURE_SUBJECT_H
#define RUNNER_SIGNATURE_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

enum {
	SUBJECT_CHARACTERS_MAX = 160,
	/* A reason at the end is kept when it is not longer than this. */
	SUBJECT_REASON_MAX = 100,
	/*
	 * A candidate is kept longer than a subject, for it is cut when it is
	 * written; of a longer one the end goes on after so much of its start.
	 */
	SUBJECT_CANDIDATE_SIZE = 1024,
	SUBJECT_HEAD_SIZE = 4 * SUBJECT_CHARACTERS_MAX,
};

struct candidate {
	size_t size; /* 0: there is none */
	char text[SUBJECT_CANDIDATE_SIZE];
};

void candidate_clear(struct candidate *c);
void candidate_set(struct candidate *c, const char *text, size_t size);

/* The message of "Type: message", with what runtimes write before the type. */
void candidate_set_exception(struct candidate *c, const char *line);

/* The same by Python's custom: KeyError's message needs its type. */
void candidate_set_python(struct candidate *c, const char *line);

/*
 * Any other line: the message after "script: line N: ", before " at FILE line
 * N" and so on.  `is_usage` says that a usage text came before it.
 */
void candidate_set_line(struct candidate *c, const char *line, bool is_usage);

/*
 * The length of the message in Perl's "MESSAGE at FILE line N.", or 0 when the
 * line is not of this form.
 */
size_t subject_perl_length(const char *line);

/*
 * Writes what is shown: without control characters, and at most 160 characters.
 * What is longer is cut in the middle, before its reason: after its last
 * colon, or in brackets at its end; if there is no short one, at its end.
 */
void subject_write(const struct candidate *c, char *out, size_t size);

#endif
