#include "ring.h"

#include <string.h>

void
ring_init(struct ring *r, char *data, size_t size)
{
	*r = (struct ring){.data = data, .size = size};
}

void
ring_clear(struct ring *r)
{
	ring_init(r, r->data, r->size);
}

void
ring_add(struct ring *r, const char *bytes, size_t size)
{
	size_t room;

	if (size >= r->size) {
		memcpy(r->data, bytes + size - r->size, r->size);
		r->used = r->size;
		r->next = 0;
		return;
	}
	room = r->size - r->next;
	if (size < room) {
		memcpy(r->data + r->next, bytes, size);
		r->next += size;
	} else {
		memcpy(r->data + r->next, bytes, room);
		memcpy(r->data, bytes + room, size - room);
		r->next = size - room;
	}
	r->used = r->used + size < r->size ? r->used + size : r->size;
}

static void
reverse(char *bytes, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		char c = bytes[i];

		bytes[i] = bytes[size - 1 - i];
		bytes[size - 1 - i] = c;
	}
}

/* Turning both parts round and then the whole swaps them, without a buffer. */
void
ring_straighten(struct ring *r)
{
	if (r->used < r->size || !r->next)
		return;
	reverse(r->data, r->next);
	reverse(r->data + r->next, r->size - r->next);
	reverse(r->data, r->size);
	r->next = 0;
}
