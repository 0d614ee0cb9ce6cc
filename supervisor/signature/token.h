/*
 * token: the classes of volatile tokens that have a form of their own.
 *
 * Each function looks at a NUL-ended text at the start of a token and returns
 * the length of the whole token of that class, or 0.  None looks at what stands
 * before it.  token.c is generated from token.re: README.md says how.
 */
#ifndef RUNNER_SIGNATURE_TOKEN_H
#define RUNNER_SIGNATURE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

/* What a group of hexadecimal digits may begin. */
enum group { GROUP_NONE, GROUP_UUID, GROUP_MAC, GROUP_IP, GROUP_DUMP };

/* A time, a date, or both. */
size_t token_time(const char *p);

/* The name of a day, with the blanks behind it. */
size_t token_weekday(const char *p);

/* The unit behind a number, with the blank before it. */
size_t token_unit(const char *p);

/* A duration of several units, 1m02.5s, or as ISO 8601 has it, PT31M4.2S. */
size_t token_duration(const char *p);

/* An elapsed time in brackets. */
size_t token_elapsed(const char *p);

/* UUID, MAC, IPv6, and four or more bytes of a dump. */
size_t token_group(const char *p, enum group *kind);
size_t token_ipv4(const char *p);

/* local@domain.tld, but not the git@host:path of a repository. */
size_t token_email(const char *p);

/* A JSON web token. */
size_t token_drawn(const char *p);

/* Two ids that the caller has to judge, and a pod's end from its dash on. */
size_t token_exim(const char *p);
size_t token_pod(const char *p);

/* A program's own name for a temporary file; *kept bytes always agree. */
size_t token_program_name(const char *p, size_t *kept);

/* The drawn end of a temporary name, from its dot on. */
size_t token_suffix(const char *p, bool *is_mktemp);

/* A folder of temporary names; the first *kept bytes of it always agree. */
size_t token_temporary_root(const char *p, size_t *kept);

#endif
