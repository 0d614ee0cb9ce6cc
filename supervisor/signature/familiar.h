/*
 * familiar: what was learned of a line is used when its like comes again.
 *
 * Lines are known by a key, the hash of their shape and of the state in which
 * they came.  Two things are remembered: that such a line does nothing new, and
 * what its normal form is.  Both tables forget by being written over, which
 * costs time and changes no answer; they begin small and grow with what is
 * added, so that a short run touches little memory.
 *
 * All zeros is valid for familiar_begin(), which forgets everything.
 */
#ifndef RUNNER_SIGNATURE_FAMILIAR_H
#define RUNNER_SIGNATURE_FAMILIAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "words.h"

enum {
	FAMILIAR_SLOTS_FIRST = 32,
	FAMILIAR_IDLE_SLOTS = 4096,
	FAMILIAR_FORM_SLOTS = 1024,
	FAMILIAR_TEXT_SIZE = 112,
};

/* A line that changes nothing when it comes again. */
struct familiar_idle {
	uint64_t key;
	uint32_t epoch;     /* another one: it has been forgotten */
	bool is_error;      /* lines may go on with it */
	bool is_remembered; /* it may be the header of a trace */
	uint8_t context;    /* what it is to the next line */
};

/* A line whose normal form, and whether it has letters, are known. */
struct familiar_form {
	uint64_t key;
	bool has_letters;
	bool is_bare;  /* nothing is peeled from it */
	uint8_t level; /* of a bare line */
	uint8_t size;
	char text[FAMILIAR_TEXT_SIZE];
};

struct familiar {
	uint64_t run; /* part of each key: older ones are not met again */
	uint32_t epoch;
	unsigned idle_slots, idle_count;
	unsigned form_slots, form_count;
	struct familiar_idle idle[FAMILIAR_IDLE_SLOTS];
	struct familiar_form forms[FAMILIAR_FORM_SLOTS];
};

void familiar_begin(struct familiar *k);

/* The key of a shape in a state. */
uint64_t familiar_key(const struct familiar *k, uint64_t shape, uint64_t state);

/* What is known, or NULL. */
const struct familiar_idle *familiar_idle(
    const struct familiar *k, uint64_t key);
const struct familiar_form *familiar_form(
    const struct familiar *k, uint64_t key);

/* What did nothing new may do so now, for what it repeated is gone. */
void familiar_forget_idle(struct familiar *k);

/* Adds `what`, except that its key and epoch are set here. */
void familiar_add_idle(
    struct familiar *k, uint64_t key, struct familiar_idle what);

/*
 * A place for the normal form of the line with this key, to be filled in; NULL
 * when it is too long to be remembered.
 */
struct familiar_form *familiar_add_form(
    struct familiar *k, uint64_t key, size_t size);

#endif
