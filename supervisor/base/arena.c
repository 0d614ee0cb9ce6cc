#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* malloc(3) makes so large a chunk a mapping of its own. */
enum { CHUNK_SIZE = 256 << 10 };

struct arena_chunk {
	struct arena_chunk *older;
	_Alignas(max_align_t) char bytes[];
};

void *
arena_take(struct arena *a, size_t size)
{
	size_t align = _Alignof(max_align_t);
	char *bytes;

	size = (size + align - 1) / align * align;
	if (!a->chunk || a->size - a->used < size) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
		struct arena_chunk *new = calloc(1, sizeof(*new) + room);

		if (!new)
			return NULL;
		new->older = a->chunk;
		*a = (struct arena){.chunk = new, .size = room};
	}
	bytes = a->chunk->bytes + a->used;
	a->used += size;
	return bytes;
}

char *
arena_string(struct arena *a, const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = arena_take(a, size);

	return copy ? memcpy(copy, s, size) : NULL;
}

void *
arena_grow(struct arena *a, void *array, size_t count, size_t item_size)
{
	void *larger;

	/* There is room up to the next power of two. */
	if (count & (count - 1))
		return array;
	larger = arena_take(a, (count ? 2 * count : 1) * item_size);
	return larger && count ? memcpy(larger, array, count * item_size)
			       : larger;
}

void
arena_release(struct arena *a)
{
	while (a->chunk) {
		struct arena_chunk *older = a->chunk->older;

		free(a->chunk);
		a->chunk = older;
	}
	*a = (struct arena){0};
}
