#include "secrets.h"

#include <string.h>

#include "os/envfile.h"
#include "os/pages.h"

int
secrets_open(struct secrets *s)
{
	s->values = pages_new_private(sizeof(*s->values));
	return s->values ? 0 : -1;
}

void
secrets_close(struct secrets *s)
{
	pages_free(s->values, sizeof(*s->values));
}

void
secrets_forget(struct secrets *s)
{
	if (s->is_read)
		pages_give_back(s->values, sizeof(*s->values), 0);
	s->is_read = false;
}

static void
add_secret(const char *name, const char *value, void *values)
{
	(void)name;
	mask_add_value(values, value);
}

struct mask
secrets_mask(struct secrets *s, const struct config *config,
    const struct chain_task *task)
{
	const char *file = task->settings->environment_file;
	char why[256];

	secrets_forget(s);
	s->is_read = config->mask_secrets && file;
	if (s->is_read)
		envfile_read(
		    file, task->user, add_secret, s->values, why, sizeof(why));
	return (struct mask){.patterns = config->mask,
	    .has_rules = config->mask_secrets,
	    .values = s->values};
}

/* Of a line that is longer, so much next to what is left out. */
enum { BORDER_MAX = 4096 };

/*
 * Lines of which a part was left out, for half a secret is not known as one.
 */
static void
drop_part_lines(struct captured *c)
{
	const char *end = memrchr(c->head, '\n', c->head_size);
	size_t of_head =
	    end ? (size_t)(c->head + c->head_size - end) - 1 : c->head_size;
	size_t of_tail = c->tail_size / 2;

	if (!c->tail_size || (!c->left_out && !of_head))
		return;
	of_head = of_head < BORDER_MAX ? of_head : BORDER_MAX;
	of_tail = of_tail < BORDER_MAX ? of_tail : BORDER_MAX;
	end = memchr(c->tail, '\n', of_tail);
	if (end)
		of_tail = (size_t)(end - c->tail) + 1;
	c->head_size -= of_head;
	c->tail += of_tail;
	c->tail_size -= of_tail;
	c->left_out += of_head + of_tail;
}

void
secrets_mask_captured(const struct mask *m, struct captured *c)
{
	if (m->has_rules || (m->patterns && m->patterns->count))
		drop_part_lines(c);
	c->head_size = mask_bytes(m, (char *)c->head, c->head_size);
	c->tail_size = mask_bytes(m, (char *)c->tail, c->tail_size);
}
