/*
 * encode: strings and values as JSON, HTML and Prometheus want them, on a
 * stream.  Pure but for the stream; valid whatever the bytes are.
 */
#ifndef RUNNER_ENCODE_H
#define RUNNER_ENCODE_H

#include <stdint.h>
#include <stdio.h>

/* A JSON string with its quotes, or null for NULL. */
void encode_json(FILE *out, const char *s);

/* RFC 3339 in quotes, or null for 0. */
void encode_json_wall(FILE *out, int64_t wall_ms);

/* A number of seconds: "1.25". */
void encode_seconds(FILE *out, int64_t ms);

/* Sixteen digits in quotes, or null for 0. */
void encode_json_signature(FILE *out, uint64_t signature);

/* HTML text or an attribute's value. */
void encode_html(FILE *out, const char *s);

/*
 * A label's value in the Prometheus text format, without quotes: backslash,
 * quote and line end escaped, UTF-8.
 */
void encode_label(FILE *out, const char *s);

#endif
