/*
 * user_patterns: the user's patterns, applied to a line without its prefix.
 *
 * Order: what `keep` matches is taken over as it is, what `mask` matches of
 * the rest becomes <*>; a line that `ignore` matches is no evidence.  A line is
 * matched in its first 512 bytes only and in a bounded number of places, so
 * that no pattern makes capturing slow.
 */
#ifndef RUNNER_SIGNATURE_USER_PATTERNS_H
#define RUNNER_SIGNATURE_USER_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

#include "scan.h"
#include "signature.h"

/* Is the line to be ignored?  `patterns` may be NULL. */
bool user_patterns_ignore(
    const struct user_patterns *patterns, const char *text);

/* scan_line() with these patterns; the line is restored when it returns. */
size_t user_patterns_scan(const struct user_patterns *patterns,
    const char *text, size_t size, char *out, struct scan *s);

#endif
