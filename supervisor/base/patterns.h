/*
 * patterns: a list of compiled POSIX extended regular expressions, the levers
 * that a user has on signatures (signature_ignore, _mask, _keep).
 *
 * Number and length are capped, so that no configuration makes capturing slow.
 */
#ifndef RUNNER_PATTERNS_H
#define RUNNER_PATTERNS_H

#include <regex.h>
#include <stddef.h>

enum { PATTERNS_MAX = 32, PATTERN_LENGTH_MAX = 512 };

struct patterns {
	size_t count;
	char *source[PATTERNS_MAX];     /* owned, as the user wrote them */
	regex_t compiled[PATTERNS_MAX]; /* REG_EXTENDED, with matches */
};

/*
 * Compiles `source` and adds it.  Returns 0, or -1 with the reason (one line,
 * no newline) in `why`, of `why_size` bytes; `p` is then untouched.
 */
int patterns_add(
    struct patterns *p, const char *source, char *why, size_t why_size);

/* Frees what the patterns hold, not `p` itself; it is empty afterwards. */
void patterns_release(struct patterns *p);

#endif
