/*
 * keep: which numbers are part of a failure.
 *
 * A position in code, an error code, a port below 32768 are kept; any other
 * number is masked.  Each question is a table of small functions that look at
 * what stands around the digits text[i, n).
 */
#ifndef RUNNER_SIGNATURE_KEEP_H
#define RUNNER_SIGNATURE_KEEP_H

#include "scan.h"

bool keep_is_place(const struct scan *s, size_t i, size_t n);
bool keep_is_code(const struct scan *s, size_t i, size_t n);
bool keep_is_port(struct scan *s, size_t i, size_t n);

/*
 * Where the last of the line's first positions in code ends, or 0.  It is the
 * number's end, or that of the file's name behind it.
 */
size_t keep_place_end(const char *line);

#endif
