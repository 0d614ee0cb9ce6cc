/*
 * encode: strings and values as HTML and Prometheus want them, on a stream.
 * Pure but for the stream; valid whatever the bytes are.
 */
#ifndef RUNNER_ENCODE_H
#define RUNNER_ENCODE_H

#include <stdint.h>
#include <stdio.h>

/* A number of seconds: "1.25". */
void encode_seconds(FILE *out, int64_t ms);

/* HTML text or an attribute's value. */
void encode_html(FILE *out, const char *s);

/*
 * A label's value in the Prometheus text format, without quotes: backslash,
 * quote and line end escaped, UTF-8.
 */
void encode_label(FILE *out, const char *s);

#endif
