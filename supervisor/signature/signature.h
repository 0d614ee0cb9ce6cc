/*
 * signature: which failure is this, and what is its one line?
 *
 * Takes the standard error of one run as it arrives, in pieces cut anywhere,
 * and says at the end of the run the failure's name (64 bits) and its subject.
 * Two occurrences of one failure agree although time stamps, pids, addresses,
 * temporary names and counts in them differ; two failures do not.
 *
 * Invariants: one pass, O(bytes); all memory is reserved by signature_new(),
 * stays under 1 MiB whatever is fed and is only touched as far as it is used;
 * the answer does not depend on how the bytes were cut, on the locale, the time
 * or the machine.  No I/O, no clock.
 */
#ifndef RUNNER_SIGNATURE_H
#define RUNNER_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mask.h"
#include "base/outcome.h"
#include "base/patterns.h"

enum {
	/* Part of what is hashed and kept: another version, another name. */
	SIGNATURE_VERSION = 2,
	/* 160 characters of up to 4 bytes, an ellipsis, a NUL. */
	SIGNATURE_SUBJECT_SIZE = 648,
};

/* The user's patterns of one task; each may be NULL.  Borrowed. */
struct user_patterns {
	const struct patterns *keep;   /* what matches is never masked */
	const struct patterns *mask;   /* what matches becomes <*> */
	const struct patterns *ignore; /* a matching line is no evidence */
};

struct signature_result {
	uint64_t value;
	bool has_evidence; /* false: the way it ended alone decides */
	/* Valid UTF-8, one line, no control characters, never empty. */
	char subject[SIGNATURE_SUBJECT_SIZE];
};

struct signature;

/* Returns a new one to be freed with signature_free(), or NULL (ENOMEM). */
struct signature *signature_new(void);
void signature_free(struct signature *s);

/*
 * Gives the memory of the last run back to the kernel; it is then as new, and
 * its evidence is gone.
 */
void signature_give_back(struct signature *s);

/*
 * Forgets the last run and begins another.  `patterns` (may be NULL) is
 * borrowed until the next call of signature_begin().  A new one has begun,
 * without.
 */
void signature_begin(struct signature *s, const struct user_patterns *patterns);

/* Takes the next `size` bytes of standard error.  Never fails. */
void signature_feed(struct signature *s, const char *bytes, size_t size);

/* Ends the run that ended with `o` and fills in `result`. */
void signature_finish(struct signature *s, const struct outcome *o,
    struct signature_result *result);

/*
 * After signature_finish(): writes the subject again, as it is told.  It is
 * masked before it is cut, for half a secret is not known as one.
 */
void signature_mask_subject(struct signature *s, const struct mask *mask,
    struct signature_result *result);

/*
 * After signature_finish(): the evidence lines as normalised, in order of
 * appearance, for --explain.  signature_evidence() returns a string owned by
 * `s`, valid until the next signature_begin(); NULL when `index` is too large.
 */
size_t signature_evidence_count(const struct signature *s);
const char *signature_evidence(const struct signature *s, size_t index);

#endif
