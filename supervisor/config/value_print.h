/*
 * value_print: a field written as KEY = VALUE, as runner.conf would have it.
 *
 * What was not given is not written.  What may be secret is written as ***: the
 * user of a URL, a header's value, a variable whose name says so.
 */
#ifndef RUNNER_VALUE_PRINT_H
#define RUNNER_VALUE_PRINT_H

#include <stdio.h>

#include "values.h"

struct value_writer {
	FILE *out;
	const char *indent;
};

/* One line for the field of `target` that key `k` describes, or none. */
void value_print(
    const struct value_writer *w, const struct key *k, const void *target);

#endif
