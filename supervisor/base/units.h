/*
 * units: durations, sizes and instants as people write them.
 *
 * Pure, independent of locale and time zone.  Inside runner a duration or an
 * instant is a number of milliseconds (int64_t) and a size a number of bytes.
 */
#ifndef RUNNER_UNITS_H
#define RUNNER_UNITS_H

#include <stddef.h>
#include <stdint.h>

enum { UNITS_TEXT_SIZE = 40 };

/*
 * Reads "500ms", "90s", "15m", "1h30m", "12h", "2d", "1w", "1.5s" or a bare
 * number of seconds into `*ms`.
 * Returns 0, or -1 with errno EINVAL (not a duration, negative, finer than a
 * millisecond) or ERANGE (more than 100 years); `*ms` is then untouched.
 */
int units_parse_duration(const char *text, int64_t *ms);

/*
 * Reads "64k", "10M", "1G" (powers of 1024, either case, "B" or "iB" may
 * follow) or a bare number of bytes.  Returns as units_parse_duration().
 */
int units_parse_size(const char *text, int64_t *bytes);

/* Reads a whole number of [min, max].  Returns as units_parse_duration(). */
int units_parse_int(const char *text, int64_t min, int64_t max, int64_t *value);

/* The same of `size` bytes, which no NUL ends. */
int units_parse_digits(
    const char *bytes, size_t size, int64_t min, int64_t max, int64_t *value);

/* "0", "1", "0.25": seconds, with no more decimals than needed. */
void units_format_seconds(int64_t ms, char text[UNITS_TEXT_SIZE]);

/* "0s", "250ms", "1.5s", "1h30m", "2d": what units_parse_duration() reads. */
void units_format_duration(int64_t ms, char text[UNITS_TEXT_SIZE]);

/*
 * For people: the two largest units, "3 s", "4 m 10 s", "2 d 3 h"; with a
 * tenth below ten seconds, "1.7 s"; "250 ms" below a second.
 */
void units_format_span(int64_t ms, char text[UNITS_TEXT_SIZE]);

/* "10M", "64k", "1500": what units_parse_size() reads. */
void units_format_size(int64_t bytes, char text[UNITS_TEXT_SIZE]);

/* RFC 3339 in UTC: "2026-11-24T03:06:04.479Z". */
void units_format_wall(int64_t wall_ms, char text[UNITS_TEXT_SIZE]);

/* "2026-11-24 03:06:04": the same for people, to the second. */
void units_format_time(int64_t wall_ms, char text[UNITS_TEXT_SIZE]);

/* The same in the time zone of this machine, with its offset. */
void units_format_local(int64_t wall_ms, char text[UNITS_TEXT_SIZE]);

/* RFC 5322, 3.3, in UTC: "Tue, 24 Nov 2026 03:06:04 +0000". */
void units_format_date(int64_t wall_ms, char text[UNITS_TEXT_SIZE]);

#endif
