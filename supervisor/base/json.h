/*
 * json: writes JSON (RFC 8259); commas, quotes and nesting are right by
 * themselves and the output is valid whatever the bytes are.  Pure but for the
 * stream.
 *
 * Into a `struct text` it writes one line without blanks.  On a stream it
 * writes a blank after each comma and colon, and each object of a list on a
 * line of its own, indented by the lists around it.
 *
 * Each function takes the name of the member first; NULL in a list and for the
 * outermost value.  Names are ours and are not escaped.
 */
#ifndef RUNNER_JSON_H
#define RUNNER_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "text.h"

enum { JSON_DEPTH_MAX = 8, JSON_BUFFER_SIZE = 2048 };

struct json {
	struct text *text; /* what is written to; `own` for a stream */
	FILE *out;         /* or NULL */
	size_t depth;      /* how many objects and lists are open */
	struct {
		bool is_list;
		bool has_member;
	} open[JSON_DEPTH_MAX];
	struct text own;
	char buffer[JSON_BUFFER_SIZE];
};

/* `t` and `out` are borrowed until the outermost value is ended. */
void json_to_text(struct json *j, struct text *t);
void json_to_stream(struct json *j, FILE *out);

void json_object(struct json *j, const char *name);
void json_list(struct json *j, const char *name);

/* Ends the innermost object or list. */
void json_end(struct json *j);

/* NULL becomes null; a byte that is not UTF-8 becomes U+FFFD. */
void json_string(struct json *j, const char *name, const char *s);
void json_bytes(
    struct json *j, const char *name, const char *bytes, size_t size);

/*
 * The same; as many whole characters as encoded take no more than `budget`
 * bytes without their quotes.
 */
void json_string_within(
    struct json *j, const char *name, const char *s, size_t budget);

void json_null(struct json *j, const char *name);
void json_bool(struct json *j, const char *name, bool value);
void json_int(struct json *j, const char *name, int64_t value);
void json_uint(struct json *j, const char *name, uint64_t value);

/* The same; null when it is not known. */
void json_known(struct json *j, const char *name, bool is_known, int64_t value);

/* Seconds, "1.25"; a negative time is 0. */
void json_seconds(struct json *j, const char *name, int64_t ms);

/* RFC 3339 in quotes, or null for 0. */
void json_instant(struct json *j, const char *name, int64_t wall_ms);

/* Sixteen digits in quotes, or null for 0. */
void json_signature(struct json *j, const char *name, uint64_t signature);

/*
 * How many bytes the first character of `size` (at least 1) bytes takes when
 * encoded; its own length goes to `*length`.
 */
size_t json_width(const char *bytes, size_t size, size_t *length);

#endif
