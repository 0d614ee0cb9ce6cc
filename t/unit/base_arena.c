/* An arena: what it gives is zero, aligned, and apart. */
#include "base/arena.h"

#include <stdint.h>

#include "tap.h"

int
main(void)
{
	static const size_t sizes[] = {1, 3, 16, 17, 4096, 300000, 2};
	struct arena a = {0};
	char *at[sizeof(sizes) / sizeof(*sizes)];
	size_t count = sizeof(sizes) / sizeof(*sizes), bad = 0;
	uint64_t *numbers = NULL;

	for (size_t i = 0; i < count; i++) {
		at[i] = arena_take(&a, sizes[i]);
		bad += !at[i] || (uintptr_t)at[i] % _Alignof(max_align_t);
		for (size_t k = 0; at[i] && k < sizes[i]; k++)
			bad += at[i][k] != 0;
		if (at[i])
			memset(at[i], (int)i + 1, sizes[i]);
	}
	tap_is_int((long long)bad, 0, "pieces are aligned zeros");
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sizes[i]; k++)
			bad += at[i][k] != (char)(i + 1);
	tap_is_int((long long)bad, 0, "and apart, in one chunk or several");
	tap_is(arena_string(&a, "text"), "text", "a string is copied");
	for (uint64_t i = 0; i < 10000; i++) {
		uint64_t *more =
		    arena_grow(&a, numbers, (size_t)i, sizeof(*numbers));

		if (!more)
			break;
		numbers = more;
		numbers[i] = i;
	}
	for (uint64_t i = 0; numbers && i < 10000; i++)
		bad += numbers[i] != i;
	tap_is_int((long long)bad, 0, "an array grows and keeps what it has");
	arena_release(&a);
	tap_ok(!a.chunk && !a.size, "all of it goes at once");
	return tap_done();
}
