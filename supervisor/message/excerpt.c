#include "excerpt.h"

#include <string.h>

#include "base/text.h"

/* How far a cut may move to fall on a line end. */
enum { LINE_NEAR = 512 };

size_t
excerpt_kept_size(const struct captured *kept)
{
	return kept->head_size + kept->tail_size;
}

size_t
excerpt_copy(const struct captured *kept, size_t from, char *out, size_t size)
{
	size_t n = 0;

	if (from < kept->head_size) {
		n = kept->head_size - from;
		n = n < size ? n : size;
		memcpy(out, kept->head + from, n);
		from += n;
	}
	from -= kept->head_size;
	if (n < size && from < kept->tail_size) {
		size_t more = kept->tail_size - from;

		more = more < size - n ? more : size - n;
		memcpy(out + n, kept->tail + from, more);
		n += more;
	}
	return n;
}

/* Moves the end of a head back to a line end, or to a whole character. */
static size_t
trim_head(const struct captured *kept, size_t end)
{
	char near[LINE_NEAR + 4];
	size_t back = end < LINE_NEAR ? end : LINE_NEAR;
	size_t n = excerpt_copy(kept, end - back, near, back + 4);
	const char *newline = memrchr(near, '\n', back);

	if (newline)
		return end - back + (size_t)(newline - near) + 1;
	return end - back + text_cut(near, n, back);
}

/* Moves the start of a tail forward to after a line end, or to a whole
 * character. */
static size_t
trim_tail(const struct captured *kept, size_t start)
{
	char near[LINE_NEAR];
	size_t n = excerpt_copy(kept, start, near, sizeof(near)), i = 0;
	const char *newline = memchr(near, '\n', n);

	/* A tail of only one line stays. */
	if (newline &&
	    start + (size_t)(newline - near) + 1 < excerpt_kept_size(kept))
		return start + (size_t)(newline - near) + 1;
	while (i < n && i < 3 && (near[i] & 0xc0) == 0x80)
		i++;
	return start + i;
}

struct excerpt
excerpt_of(const struct captured *kept, size_t head_max, size_t tail_max)
{
	size_t size = excerpt_kept_size(kept);
	size_t edge = kept->left_out ? kept->head_size : size;
	struct excerpt x = {.kept = kept};

	x.is_cut = size > head_max + tail_max;
	x.head_end = edge;
	x.tail_start = edge;
	if (x.is_cut) {
		x.head_end = edge < head_max ? edge : head_max;
		if (size - tail_max > x.tail_start || !kept->left_out)
			x.tail_start = size - tail_max;
	}
	if (x.is_cut || kept->left_out) {
		/* Between the kept parts, a piece of a line tells nothing. */
		size_t start = trim_tail(kept, x.tail_start);

		if (x.head_end < edge)
			x.head_end = trim_head(kept, x.head_end);
		x.left_out = kept->left_out + (x.tail_start - x.head_end) +
			     (start - x.tail_start);
		x.tail_start = start;
	}
	return x;
}
