#include "collect.h"

#include <string.h>

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

/* Where the line that came as number `index` stands, or stood. */
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
