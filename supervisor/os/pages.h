/*
 * pages: buffers that cost nothing until they are written to.
 *
 * A supervisor lives for months and mostly waits; what it holds dirty while it
 * waits is paid once per chain, and once more at each fork.  So large buffers
 * are mappings of their own: the kernel gives a page when it is first touched,
 * and takes it back when the burst that needed it is over.
 */
#ifndef RUNNER_PAGES_H
#define RUNNER_PAGES_H

#include <stddef.h>

enum { PAGES_UNIT = 4096 }; /* sizes and offsets are multiples of this */

/* Zeroed memory, or NULL with errno ENOMEM; freed with pages_free(). */
void *pages_new(size_t size);
void pages_free(void *pages, size_t size);

/* As pages_new(), but a forked child does not see it: forking stays cheap. */
void *pages_new_private(size_t size);

/*
 * Gives back what is after the first `keep` bytes, rounded up to a whole
 * page; it reads as zeros from then on.
 */
void pages_give_back(void *pages, size_t size, size_t keep);

/*
 * Gives back what start-up has used and nobody uses now: free memory of the
 * heap, and the stack below the caller.  No other mapping can lie so near below
 * a stack (the kernel keeps a gap of 1 MiB).
 */
void pages_trim(void);

/*
 * Before many are forked that share the heap: uses up its holes, so that what
 * each allocates lies side by side, in few pages that it has alone.
 */
void pages_plug(void);

#endif
