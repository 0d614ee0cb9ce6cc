/*
 * scan_private: what the parts of scan share, and nobody else.
 *
 * A scanning function takes the index of a token, writes the token's normal
 * form and returns the index after it.
 */
#ifndef RUNNER_SIGNATURE_SCAN_PRIVATE_H
#define RUNNER_SIGNATURE_SCAN_PRIVATE_H

#include "scan.h"

/* The placeholders; their addresses are compared. */
extern const char mark_time[], mark_number[], mark_hex[], mark_id[],
    mark_uuid[], mark_ip[], mark_mac[], mark_temporary[], mark_email[],
    mark_bytes[];

/* The token is the last word, for what follows. */
static inline void
scan_remember(struct scan *s, size_t i, size_t size)
{
	s->earlier = s->word;
	s->word = (struct span){s->text + i, size};
}

/* Takes a token over as it is, as the last word. */
size_t scan_keep(struct scan *s, size_t i, size_t size);

/* Writes a placeholder for it; and after what stays of its start. */
size_t scan_mask(
    struct scan *s, size_t i, size_t size, const char *placeholder);
size_t scan_mask_after(struct scan *s, size_t i, size_t kept, size_t size,
    const char *placeholder);

/* A token that begins with a letter, or with a digit. */
size_t scan_word(struct scan *s, size_t i);
size_t scan_number(struct scan *s, size_t i);

/*
 * keep.c: which numbers are part of a failure.  A position in code, an error
 * code, a port below 32768 are kept; any other number is masked.  Each question
 * looks at what is around the digits text[i, n).
 */
bool keep_is_place(const struct scan *s, size_t i, size_t n);
bool keep_is_code(const struct scan *s, size_t i, size_t n);
bool keep_is_port(struct scan *s, size_t i, size_t n);

#endif
