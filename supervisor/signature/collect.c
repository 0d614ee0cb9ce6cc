#include "collect.h"

#include <string.h>

#include "chars.h"

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

void
collect_begin(struct collector *c, size_t head_max, size_t tail_max)
{
	c->head_max = head_max;
	c->tail_max = tail_max;
	collect_clear(c);
}

void
collect_clear(struct collector *c)
{
	hash_set_clear(&c->seen);
	c->count = 0;
}

/* Where the line that came as number `index` is, or was. */
static size_t
slot_of(const struct collector *c, size_t index)
{
	if (index < c->head_max)
		return index;
	return c->head_max + (index - c->head_max) % c->tail_max;
}

bool
collect_add(struct collector *c, const char *line, size_t size)
{
	if (!hash_set_add(&c->seen, hash_line(line, size)))
		return false;
	memcpy(c->lines[slot_of(c, c->count)], line, size + 1);
	c->count++;
	return true;
}

bool
collect_is_full(const struct collector *c)
{
	return c->seen.count == HASH_SET_MAX;
}

size_t
collect_count(const struct collector *c)
{
	size_t max = c->head_max + c->tail_max;

	return c->count < max ? c->count : max;
}

const char *
collect_line(const struct collector *c, size_t index)
{
	size_t max = c->head_max + c->tail_max;

	if (index >= collect_count(c))
		return NULL;
	if (c->count > max && index >= c->head_max)
		index += c->count - max;
	return c->lines[slot_of(c, index)];
}
