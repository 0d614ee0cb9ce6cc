/*
 * peel: what a logger, a service manager or a terminal multiplexer put before
 * the message is taken off, and its level remembered.
 *
 * Works in place: the peeled text is a part of the line that was given, or is
 * written over what was peeled.
 */
#ifndef RUNNER_SIGNATURE_PEEL_H
#define RUNNER_SIGNATURE_PEEL_H

#include <stdbool.h>
#include <stddef.h>

#include "words.h"

struct peeled {
	enum level level;
	bool has_time;    /* a time stamp was peeled */
	bool is_checker;  /* ==PID== of valgrind and the sanitizers */
	bool is_request;  /* wget's line of what it fetches */
	bool is_boxed;    /* in a box of which the margin was peeled */
	bool is_joined;   /* the text is not a part of the line */
	bool is_go_log;   /* the time stamp of Go's log package, no level */
	const char *text; /* what is evidence: with program and logger */
	size_t size;
	const char *body;    /* the message alone, with its indentation */
	const char *subject; /* what a person wants to read of it */
	size_t indent;       /* blanks before the body */
};

void peel_line(char *line, size_t size, struct peeled *out);

/* Was nothing peeled from `line` that peel_line() took? */
bool peeled_is_bare(const struct peeled *p, const char *line);

/* What peel_line() makes of a line from which nothing is peeled. */
void peel_bare(
    const char *line, size_t size, enum level level, struct peeled *out);

/* Finds `body`'s indentation, and the subject behind thread and logger. */
void peel_settle(struct peeled *out);

#endif
