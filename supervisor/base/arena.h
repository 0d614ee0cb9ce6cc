/*
 * arena: memory that is taken piece by piece and given back as a whole.
 *
 * A configuration's tree is large and lives for a moment: apart from the heap
 * it leaves no holes there for what lives as long as the runner.
 */
#ifndef RUNNER_ARENA_H
#define RUNNER_ARENA_H

#include <stddef.h>

/* Empty when it is all zero. */
struct arena {
	struct arena_chunk *chunk; /* the newest */
	size_t used, size;         /* of it, in bytes */
};

/* Zeroed memory, or NULL with errno ENOMEM. */
void *arena_take(struct arena *a, size_t size);

/* A copy of the string, or NULL with errno ENOMEM. */
char *arena_string(struct arena *a, const char *s);

/*
 * Room for one more after the `count` items of an array that this has made
 * (NULL: none yet).  Returns the array, perhaps moved; or NULL, and it stays.
 */
void *arena_grow(struct arena *a, void *array, size_t count, size_t item_size);

void arena_release(struct arena *a);

#endif
