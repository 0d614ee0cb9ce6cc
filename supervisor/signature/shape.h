/*
 * shape: a hash by which a line is known for one whose like was seen.
 *
 * Two lines of one shape differ only in numbers, times, addresses and
 * hexadecimal ids that stand alone, and these are of the same kinds.  When the
 * first was normalised without keeping any of those, then the second has the
 * same normal form, and everything else that is asked of a line has the same
 * answer: a log of a million lines costs little more than its few shapes.
 */
#ifndef RUNNER_SIGNATURE_SHAPE_H
#define RUNNER_SIGNATURE_SHAPE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The hash of the shape of a clean line (NUL-ended).  `scratch` has room for
 * `size` bytes.
 */
uint64_t shape_hash(const char *line, size_t size, char *scratch);

#endif
