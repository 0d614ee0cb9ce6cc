/*
 * token: the classes of volatile tokens that have a form of their own.
 *
 * Each function looks at a NUL-ended text at the start of a token and returns
 * the length of the whole token of that class, or 0.  None looks at what is
 * before it.  token.c is generated from token.re: README.md says how.
 */
#ifndef RUNNER_SIGNATURE_TOKEN_H
#define RUNNER_SIGNATURE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

/* What a group of hexadecimal digits may begin. */
enum group {
	GROUP_NONE,
	GROUP_UUID,
	GROUP_MAC,
	GROUP_IP,
	GROUP_DIGEST,
	GROUP_DUMP
};

/* A time, a date, or both. */
size_t token_time(const char *p);

/* The name of a day, with the blanks after it. */
size_t token_weekday(const char *p);

/* The unit after a number, with the blank before it. */
size_t token_unit(const char *p);

/* A duration of several units, 1m02.5s, PT31M4.2S; and 3rd, 1e6. */
size_t token_duration(const char *p);

/* What is sometimes there: an elapsed time, a bar, a count of warnings. */
size_t token_left_out(const char *p);

/* UUID, MAC, IPv6, and four or more bytes of a dump. */
size_t token_group(const char *p, enum group *kind);
size_t token_ipv4(const char *p);

/* local@domain.tld, but not the git@host:path of a repository. */
size_t token_email(const char *p);

/* The start of a name in a maildir: 1772424607.M811552P2516306. */
size_t token_maildir(const char *p);

/* Two ids that the caller has to judge, and a pod's end from its dash on. */
size_t token_exim(const char *p);
size_t token_pod(const char *p);

/* A program's own name for a temporary file; *kept bytes always agree. */
size_t token_program_name(const char *p, size_t *kept);

/* The drawn end of a temporary name, from its dot on. */
size_t token_suffix(const char *p);

/* The word that opens a temporary name, if it is somebody's and not chance. */
size_t token_plain_word(const char *p);

/* Does the name say that it is temporary, and has more than that? */
bool token_is_temporary(const char *p);

/* A directory of temporary names; the first *kept bytes of it always agree. */
size_t token_temporary_root(const char *p, size_t *kept);

/*
 * drawn.c: was an identifier of letters and digits drawn by chance, or is it
 * somebody's word?  A length is that of the whole identifier, or 0.
 */

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
