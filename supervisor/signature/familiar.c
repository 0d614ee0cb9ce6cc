#include "familiar.h"

static const uint64_t spread = 0x9e3779b97f4a7c15ull;

void
familiar_begin(struct familiar *k)
{
	k->run++;
	k->epoch++;
	k->idle_slots = k->form_slots = FAMILIAR_SLOTS_FIRST;
	k->idle_count = k->form_count = 0;
}

uint64_t
familiar_key(const struct familiar *k, uint64_t shape, uint64_t state)
{
	uint64_t key = shape ^ (state ^ k->run << 32) * spread;

	return key + !key; /* 0 is that of an empty slot */
}

const struct familiar_idle *
familiar_idle(const struct familiar *k, uint64_t key)
{
	const struct familiar_idle *p = &k->idle[key & (k->idle_slots - 1)];

	return p->key == key && p->epoch == k->epoch ? p : NULL;
}

void
familiar_forget_idle(struct familiar *k)
{
	k->epoch++;
}

const struct familiar_form *
familiar_form(const struct familiar *k, uint64_t key)
{
	const struct familiar_form *p = &k->forms[key & (k->form_slots - 1)];

	return p->key == key ? p : NULL;
}

/* Twice the slots: what belongs into the upper half now goes there. */
static void
grow_idle(struct familiar *k)
{
	unsigned half = k->idle_slots;

	k->idle_slots *= 2;
	for (unsigned i = 0; i < half; i++)
		if (k->idle[i].key & half) {
			k->idle[i + half] = k->idle[i];
			k->idle[i].key = 0;
		}
}

void
familiar_add_idle(struct familiar *k, uint64_t key, struct familiar_idle what)
{
	if (++k->idle_count * 2 > k->idle_slots &&
	    k->idle_slots < FAMILIAR_IDLE_SLOTS)
		grow_idle(k);
	what.key = key;
	what.epoch = k->epoch;
	k->idle[key & (k->idle_slots - 1)] = what;
}

static void
grow_forms(struct familiar *k)
{
	unsigned half = k->form_slots;

	k->form_slots *= 2;
	for (unsigned i = 0; i < half; i++)
		if (k->forms[i].key & half) {
			k->forms[i + half] = k->forms[i];
			k->forms[i].key = 0;
		}
}

struct familiar_form *
familiar_add_form(struct familiar *k, uint64_t key, size_t size)
{
	struct familiar_form *form;

	if (size >= FAMILIAR_TEXT_SIZE)
		return NULL;
	if (++k->form_count * 2 > k->form_slots &&
	    k->form_slots < FAMILIAR_FORM_SLOTS)
		grow_forms(k);
	form = &k->forms[key & (k->form_slots - 1)];
	form->key = key;
	form->size = (uint8_t)size;
	return form;
}
