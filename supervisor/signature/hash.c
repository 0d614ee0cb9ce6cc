#include "hash.h"

#include <string.h>

static const uint64_t mix_a = 0x9e3779b97f4a7c15ull;
static const uint64_t mix_b = 0xd6e8feb86659fd93ull;

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 32;
	h *= mix_b;
	h ^= h >> 32;
	h *= mix_b;
	return h ^ (h >> 32);
}

static uint64_t
load(const char *bytes, size_t size)
{
	uint64_t v = 0;

	memcpy(&v, bytes, size);
	return v;
}

uint64_t
hash_line(const char *bytes, size_t size)
{
	uint64_t h = mix_a ^ size, g = mix_b + size;

	for (; size >= 16; bytes += 16, size -= 16) {
		h = (h ^ load(bytes, 8)) * mix_a;
		g = (g ^ load(bytes + 8, 8)) * mix_b;
		h ^= h >> 29;
		g ^= g >> 31;
	}
	if (size >= 8) {
		h = (h ^ load(bytes, 8)) * mix_a;
		h ^= h >> 29;
		bytes += 8;
		size -= 8;
	}
	g = (g ^ load(bytes, size)) * mix_b;
	return mix(h + mix(g));
}

uint64_t
hash_start(void)
{
	return 0xcbf29ce484222325ull;
}

uint64_t
hash_add(uint64_t h, const void *bytes, size_t size)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < size; i++)
		h = (h ^ p[i]) * 0x100000001b3ull;
	return h;
}

uint64_t
hash_end(uint64_t h)
{
	return mix(h);
}

void
hash_set_clear(struct hash_set *set)
{
	set->count = set->slot_count = 0;
}

/* The slot that holds `h`, or the free one where it belongs. */
static uint16_t *
find_slot(struct hash_set *set, uint64_t h)
{
	unsigned mask = set->slot_count - 1, i = (unsigned)h & mask;

	while (set->slots[i] && set->hashes[set->slots[i] - 1] != h)
		i = (i + 1) & mask;
	return &set->slots[i];
}

static void
make_room(struct hash_set *set)
{
	set->slot_count =
	    set->slot_count ? set->slot_count * 2 : HASH_SET_SLOTS_FIRST;
	memset(set->slots, 0, set->slot_count * sizeof(*set->slots));
	for (unsigned i = 0; i < set->count; i++)
		*find_slot(set, set->hashes[i]) = (uint16_t)(i + 1);
}

bool
hash_set_add(struct hash_set *set, uint64_t h)
{
	uint16_t *slot;

	/* at most half full, so that a search is short and ends */
	if (set->count * 2 >= set->slot_count &&
	    set->slot_count < HASH_SET_SLOTS)
		make_room(set);
	slot = find_slot(set, h);
	if (*slot)
		return false;
	if (set->count < HASH_SET_MAX) {
		set->hashes[set->count++] = h;
		*slot = (uint16_t)set->count;
	}
	return true;
}
