/*
 * instant: dates, times of day and durations, recognised where they stand.
 *
 * `p` points into a NUL-ended text.  Ranges are checked (month 1..12, day
 * 1..31, hour 0..23, minute and second 0..60), for what does not hold them is
 * no date but a version, an address or a position.
 */
#ifndef RUNNER_SIGNATURE_INSTANT_H
#define RUNNER_SIGNATURE_INSTANT_H

#include <stddef.h>

/*
 * The length of the date, the time of day with seconds, or both with their
 * zone, that starts at `p` with a digit or with the name of a day or month;
 * or 0.  A year, a month or "12:04" alone are none.
 */
size_t instant_length(const char *p);

/*
 * The length of the unit of a duration, size, rate or share at `p`, behind a
 * number and at most one blank: "ms", "MiB", "%", "kB/s", "it/s"; or 0.
 */
size_t instant_unit_length(const char *p);

#endif
