#include "vocabulary.h"

#include <stdlib.h>
#include <string.h>

struct word *
vocabulary_find(const struct word *w, const char *name)
{
	for (size_t i = 0; i < w->count; i++)
		if (!strcmp(w->inner[i].name, name))
			return &w->inner[i];
	return NULL;
}

struct word *
vocabulary_add(struct word *w, const char *name, enum word_kind kind)
{
	struct word *new = realloc(w->inner, (w->count + 1) * sizeof(*new));

	if (!new)
		return NULL;
	w->inner = new;
	new += w->count;
	*new = (struct word){.name = strdup(name), .kind = kind};
	if (!new->name)
		return NULL;
	w->count++;
	return new;
}

void
vocabulary_release(struct word *w)
{
	for (size_t i = 0; i < w->count; i++) {
		vocabulary_release(&w->inner[i]);
		free(w->inner[i].name);
	}
	free(w->inner);
	w->inner = NULL;
	w->count = 0;
}

static int
add_shape(struct word *root, const struct document_shape *shape)
{
	struct word *w = root;

	if (*shape->type)
		w = vocabulary_add(root, shape->type,
		    shape->has_title ? WORD_TITLED : WORD_SECTION);
	for (const char *const *key = shape->keys; w && *key; key++)
		if (!vocabulary_add(w, *key, WORD_KEY))
			return -1;
	return w ? 0 : -1;
}

int
vocabulary_fill(struct word *root, const struct document_shape *shapes)
{
	for (; shapes->type; shapes++)
		if (add_shape(root, shapes))
			return -1;
	return 0;
}

/* What libconfuse says, and what can be learned from it. */
static const struct lesson {
	const char *format;
	bool is_new;
	enum word_kind kind; /* what it was taken for */
} lessons[] = {
    {"no such option '%s'", true, WORD_KEY},
    {"missing equal sign after option '%s'", false, WORD_KEY},
    {"missing opening brace for section '%s'", false, WORD_SECTION},
    {"missing title for section '%s'", false, WORD_TITLED},
};

static bool
learn(struct word *w, const char *name, const struct lesson *lesson)
{
	struct word *known = vocabulary_find(w, name);

	if (lesson->is_new) {
		known = known ? NULL : vocabulary_add(w, name, WORD_KEY);
		if (known)
			known->is_learned = true;
		return known != NULL;
	}
	if (!known || !known->is_learned || known->kind != lesson->kind)
		return false;
	known->kind++;
	return true;
}

bool
vocabulary_learn(struct word *w, const char *format, va_list ap)
{
	for (size_t i = 0; i < sizeof(lessons) / sizeof(*lessons); i++)
		if (!strcmp(lessons[i].format, format))
			return learn(w, va_arg(ap, char *), &lessons[i]);
	return false;
}
