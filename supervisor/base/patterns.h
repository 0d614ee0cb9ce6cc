/*
 * patterns: a list of compiled POSIX extended regular expressions, as
 * signature_ignore, signature_mask and signature_keep have them.
 *
 * Number and length are capped, so that no configuration makes capturing slow.
 * Most lines match none: a filter says so at once.  It is PCRE2's compiled code
 * of all patterns together, of those whose syntax means the same there, and
 * there is none when one of them is of another kind.
 */
#ifndef RUNNER_PATTERNS_H
#define RUNNER_PATTERNS_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

enum { PATTERNS_MAX = 32, PATTERN_LENGTH_MAX = 512 };

struct patterns {
	size_t count;
	char *source[PATTERNS_MAX];     /* owned, as the user wrote them */
	regex_t compiled[PATTERNS_MAX]; /* REG_EXTENDED, with matches */
	struct pattern_filter *filter;  /* or NULL: any text may match */
};

/*
 * Compiles `source` and adds it.  Returns 0, or -1 with the reason (one line,
 * no newline) in `why`, of `why_size` bytes; `p` is then untouched.
 */
int patterns_add(
    struct patterns *p, const char *source, char *why, size_t why_size);

/*
 * Could one of the patterns match in text[0, size), or in what follows from any
 * byte of it to its end?  False is certain.  Allocates nothing.
 */
bool patterns_may_match(
    const struct patterns *p, const char *text, size_t size);

/* Frees what the patterns hold, not `p` itself; it is empty afterwards. */
void patterns_release(struct patterns *p);

#endif
