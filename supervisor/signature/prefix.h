/*
 * prefix: what a logger, a service manager or a terminal multiplexer put before
 * the message is split off, and its level remembered.
 *
 * Works in place: the text that is left is a part of the line that was given,
 * or is written over what was split off.  prefix.c is generated from prefix.re,
 * and README.md says how.
 */
#ifndef RUNNER_SIGNATURE_PREFIX_H
#define RUNNER_SIGNATURE_PREFIX_H

#include <stdbool.h>
#include <stddef.h>

#include "words.h"

/* A line and what was before its message. */
struct split {
	enum level level;
	bool has_time;    /* a time stamp was split off */
	bool is_checker;  /* ==PID== of valgrind and the sanitizers */
	bool is_request;  /* wget's line of what it fetches */
	bool is_boxed;    /* in a box of which the margin was split off */
	bool is_joined;   /* the text is not a part of the line */
	const char *text; /* what is evidence: with program and logger */
	size_t size;
	const char *body;    /* the message alone, with its indentation */
	const char *subject; /* what a person wants to read of it */
	size_t indent;       /* blanks before the body */
};

void split_prefix(char *line, size_t size, struct split *out);

/* Finds `body`'s indentation, and the subject after thread and logger. */
void split_find_subject(struct split *out);

#endif
