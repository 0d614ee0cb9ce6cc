/*
 * scan_private: what the parts of scan share, and nobody else.
 *
 * A scanning function takes the index of a token, writes the token's normal
 * form and returns the index behind it.
 */
#ifndef RUNNER_SIGNATURE_SCAN_PRIVATE_H
#define RUNNER_SIGNATURE_SCAN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "chars.h"
#include "scan.h"

/* The placeholders; their addresses are compared, so each stands once. */
extern const char mark_time[], mark_number[], mark_hex[], mark_id[],
    mark_uuid[], mark_ip[], mark_mac[], mark_temporary[], mark_email[],
    mark_bytes[];

/* The placeholder of a hexadecimal id of so many digits. */
const char *scan_hex_mark(size_t size);

/* Writes a blank, unless one has just been written. */
void scan_blank(struct scan *s);

/* Keeps text[i, i + size) as a word, or writes a placeholder for it. */
size_t scan_keep(struct scan *s, size_t i, size_t size);
size_t scan_mask(
    struct scan *s, size_t i, size_t size, const char *placeholder);

/* The last word is now this one. */
void scan_remember(struct scan *s, size_t start, size_t size);

/* Is what looks like an e-mail address that of a user on a host? */
bool scan_is_login(const struct scan *s, size_t i, size_t size);

/*
 * The tokens that a group of `size` hexadecimal digits may begin: UUID, MAC,
 * IPv6, dump.  Returns 0 when there is none.
 */
size_t scan_groups(struct scan *s, size_t i, size_t size);

/* A word; its parts between underscores; what is neither word nor number. */
size_t scan_word(struct scan *s, size_t i);
size_t scan_segments(struct scan *s, size_t i, size_t size);
size_t scan_other(struct scan *s, size_t i);

/* Is it a word behind which a number is a code, or a port? */
bool scan_is_code_word(struct span word);
bool scan_is_port_word(struct span word);

/* May what stands in text[from, to) join a number to such a word? */
bool scan_is_joined(const char *text, size_t from, size_t to);

#endif
