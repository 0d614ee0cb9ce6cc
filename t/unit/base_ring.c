#include "base/ring.h"

#include <stdlib.h>

#include "tap.h"

enum { SIZE = 7, ROUNDS = 20000, STREAM = 64 };

/* Adds the same stream in random pieces: the end of it must be what is kept. */
static bool
keeps_the_end(size_t total)
{
	char data[SIZE], stream[STREAM];
	struct ring r;
	size_t want = total < SIZE ? total : SIZE;

	for (size_t i = 0; i < total; i++)
		stream[i] = (char)('A' + i);
	ring_init(&r, data, sizeof(data));
	for (size_t i = 0; i < total;) {
		size_t n = 1 + (size_t)random() % (2 * SIZE);

		n = n < total - i ? n : total - i;
		ring_add(&r, stream + i, n);
		i += n;
	}
	ring_straighten(&r);
	if (r.used == want && !memcmp(r.data, stream + total - want, want))
		return true;
	printf("# of %zu bytes: %.*s\n", total, (int)r.used, r.data);
	return false;
}

int
main(void)
{
	char data[SIZE];
	struct ring r;
	int wrong = 0;

	srandom(1);
	for (int i = 0; i < ROUNDS; i++)
		wrong += !keeps_the_end((size_t)random() % (STREAM + 1));
	tap_is_int(wrong, 0,
	    "the last bytes are kept in order however they were added");
	ring_init(&r, data, sizeof(data));
	ring_straighten(&r);
	tap_is_int((long long)r.used, 0, "a new ring is empty");
	ring_add(&r, "0123456789", 10);
	ring_clear(&r);
	ring_add(&r, "ab", 2);
	ring_straighten(&r);
	tap_ok(r.used == 2 && !memcmp(r.data, "ab", 2),
	    "a cleared ring has forgotten what was added before");
	ring_add(&r, "", 0);
	tap_is_int((long long)r.used, 2, "adding nothing changes nothing");
	return tap_done();
}
