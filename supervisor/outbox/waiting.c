#include "waiting.h"

#include <string.h>

#include "base/hash.h"

struct waiting *
waiting_of(struct waiting_table *t, const struct outbox_entry *e)
{
	size_t at = (size_t)((const char *)e - (const char *)t->slots);

	return &t->slots[at / sizeof(struct waiting)];
}

struct waiting *
waiting_at(struct waiting_table *t, size_t i)
{
	return &t->slots[t->order[i]];
}

struct waiting *
waiting_find_free(struct waiting_table *t)
{
	for (size_t i = 0; i < WAITING_MAX; i++)
		if (!t->slots[i].is_used)
			return &t->slots[i];
	return NULL;
}

void
waiting_insert(struct waiting_table *t, struct waiting *w)
{
	size_t i = t->count++;

	w->is_used = true;
	/* That two tasks may share a lane only makes one of them wait. */
	w->lane = hash_fnv64_string(
	    hash_fnv64_string(HASH_FNV64, w->entry.channel), w->entry.task);
	for (; i && strcmp(waiting_at(t, i - 1)->name, w->name) > 0; i--)
		t->order[i] = t->order[i - 1];
	t->order[i] = (uint16_t)(w - t->slots);
}

void
waiting_remove(struct waiting_table *t, struct waiting *w)
{
	size_t i = 0;

	while (waiting_at(t, i) != w)
		i++;
	t->count--;
	memmove(&t->order[i], &t->order[i + 1],
	    (t->count - i) * sizeof(t->order[0]));
	*w = (struct waiting){.lock_fd = -1};
}

bool
waiting_has_name(struct waiting_table *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(waiting_at(t, i)->name, name))
			return true;
	return false;
}

bool
waiting_is_behind(struct waiting_table *t, size_t i)
{
	uint64_t lane = waiting_at(t, i)->lane;

	for (size_t k = 0; k < i; k++)
		if (waiting_at(t, k)->lane == lane)
			return true;
	return false;
}
