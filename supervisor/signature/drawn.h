/*
 * drawn: was this identifier drawn by chance, or is it somebody's word?
 *
 * Each function looks at letters and digits of a NUL-ended text; a length is
 * that of the whole identifier, or 0.  Pure.
 */
#ifndef RUNNER_SIGNATURE_DRAWN_H
#define RUNNER_SIGNATURE_DRAWN_H

#include <stdbool.h>
#include <stddef.h>

/* How a run of letters and digits changes from one kind to another. */
struct texture {
	unsigned all; /* classes that occur */
	size_t digits;
	size_t changes; /* between letters and digits */
	size_t kinds;   /* between small letters, capitals and digits */
};
struct texture texture_of(const char *p, size_t size);

/* A digest or another bare hexadecimal; an identifier of letters and digits. */
bool drawn_is_hexadecimal(const char *p, size_t size);
bool drawn_is_random(const char *p, size_t size);

/* 40 characters and more of base64. */
size_t drawn_base64_length(const char *p);

/* The id that exim gives a message; one of postfix's queue. */
size_t drawn_exim_length(const char *p);
bool drawn_is_queue_id(const char *p, size_t size);

/* "tmp" and 8 of [a-z0-9_], as Python names temporary files. */
bool drawn_is_python(const char *p, size_t size);

/*
 * One component of a path of temporary names: how much of it is kept at the
 * start and at the end of its `size`; the middle is drawn, unless both together
 * are the whole.
 */
void drawn_split(const char *p, size_t size, size_t *head, size_t *tail);

#endif
