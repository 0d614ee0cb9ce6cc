/*
 * fields: log lines that are JSON objects or logfmt pairs.
 *
 * Tolerant: a line that was cut, or is no valid JSON further on, gives what
 * was read.  Kept are the level, the message, the error and what names where
 * or a thing; identifiers, times and the like are not evidence.
 */
#ifndef RUNNER_SIGNATURE_FIELDS_H
#define RUNNER_SIGNATURE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "clean.h"
#include "words.h"

enum { FIELDS_MAX = 16, FIELDS_BUFFER = CLEAN_LINE_MAX + 256 };

struct field {
	struct span key;
	struct span value;
};

struct fields {
	enum level level;
	struct span message;
	struct span error;   /* the best of error, err, cause, exception */
	struct span subject; /* the message, else the error */
	struct span logger;
	struct span stack; /* a value of several lines with frames in it */
	size_t count;
	struct field others[FIELDS_MAX];
	size_t used;                /* of `values` */
	char values[FIELDS_BUFFER]; /* unescaped, each ended by a NUL */
	/* What is evidence: "LOGGER: MESSAGE KEY=VALUE ..." */
	size_t size;
	char line[FIELDS_BUFFER];
};

/* Reads such a line into `f`.  Returns false when it is none. */
bool fields_parse(struct fields *f, const char *text);

#endif
