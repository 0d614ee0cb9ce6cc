/*
 * names: what the name of a file says about the lines in it.
 *
 * A line number in code is part of a failure, one in data is not.
 */
#ifndef RUNNER_SIGNATURE_NAMES_H
#define RUNNER_SIGNATURE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Is it the name, or path, of a file of code?  Of data, and not of a host? */
bool name_is_code(const char *p, size_t size);
bool name_is_data(const char *p, size_t size);

#endif
