/*
 * token: the classes of volatile tokens that have a shape of their own.
 *
 * Each function looks at a NUL-ended text at the start of a token and returns
 * the length of the whole token of that class, or 0.  None of them looks at
 * what stands before `p`; the caller has seen to it that a token starts there.
 */
#ifndef RUNNER_SIGNATURE_TOKEN_H
#define RUNNER_SIGNATURE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

size_t token_uuid_length(const char *p);
size_t token_mac_length(const char *p);

/* Dotted quad; a version of four numbers is one too. */
size_t token_ipv4_length(const char *p);

/* With "::" or seven colons, and a digit. */
size_t token_ipv6_length(const char *p);

/* Four and more two-digit groups with blank, colon, bar or bracket between. */
size_t token_dump_length(const char *p);

/* local@domain.tld, but not the git@host:path of a repository. */
size_t token_email_length(const char *p);

/* 40 characters and more of base64 that look like chance, not like a path. */
size_t token_base64_length(const char *p);

/* Are these alphanumeric characters a digest or another bare hexadecimal? */
bool token_is_hexadecimal(const char *p, size_t size);

/* Are they an identifier that was drawn by chance? */
bool token_is_random(const char *p, size_t size);

/* "tmp" and 8 of [a-z0-9_], as Python names temporary files. */
bool token_is_python_temporary(const char *p, size_t size);

/* The same under a folder of temporary files, where any shape is chance. */
bool token_is_python_under_temporary(const char *p, size_t size);

/* "tmp." and 10 of chance, as mktemp names by itself, from its dot on. */
size_t token_mktemp_length(const char *p);

/* The id that exim gives a message: "1rBcDe-0004xY-2a". */
size_t token_exim_length(const char *p);

/* Is it a long id of postfix's queue?  They are drawn without vowels. */
bool token_is_queue_id(const char *p, size_t size);

/* "eyJ", the start of a JSON object in base64, and the parts behind it. */
size_t token_jwt_length(const char *p);

/* The end of a pod's name in a set of daemons, from its dash on: "-x2k9p". */
size_t token_daemon_length(const char *p);

/* The generated end of a pod's name, from its dash on: "-7d4b9c6f5-x2x1z". */
size_t token_pod_length(const char *p);

/* ".AbC123": six mixed characters behind a dot, as mkstemp and rsync draw. */
size_t token_suffix_length(const char *p);

/*
 * The length of a path's opening under which names are temporary: "/tmp/",
 * "/var/tmp/", "/dev/shm/", "/run/user/N/", "/var/folders/X/Y/".
 */
size_t token_temporary_root_length(const char *p);

/*
 * One component of a path below such a folder: how much of it is kept at the
 * start and at the end of its `size`; the middle is temporary, unless both
 * together are the whole.
 */
void token_temporary_name(
    const char *p, size_t size, size_t *head, size_t *tail);

#endif
