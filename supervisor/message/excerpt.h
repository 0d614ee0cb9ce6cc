/*
 * excerpt: which of the kept bytes of a stream are shown, when not all are.
 *
 * Pure.  A stream is kept as a head and a tail, perhaps with a gap between; an
 * excerpt is a shorter head and tail of that, cut at line ends where one is
 * near, else at characters.  Offsets count the kept bytes, both as one.
 */
#ifndef RUNNER_EXCERPT_H
#define RUNNER_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/captured.h"

struct excerpt {
	const struct captured *kept; /* borrowed */
	size_t head_end;             /* [0, head_end) is shown, */
	size_t tail_start;           /* then what is from here on */
	uint64_t left_out;           /* bytes of the stream in between */
	bool is_cut;                 /* not all that is kept is shown */
};

/* At most `head_max` bytes from the start and `tail_max` from the end. */
struct excerpt excerpt_of(
    const struct captured *kept, size_t head_max, size_t tail_max);

/* How many bytes are kept. */
size_t excerpt_kept_size(const struct captured *kept);

/*
 * Copies kept bytes from `from` on, as many as there are and fit.  Returns how
 * many.
 */
size_t excerpt_copy(
    const struct captured *kept, size_t from, char *out, size_t size);

#endif
