#include "document.h"

#include <stdlib.h>
#include <string.h>

static void
release_entry(struct document_entry *e)
{
	for (size_t i = 0; i < e->count; i++)
		free(e->values[i]);
	free(e->values);
	free(e->key);
}

static void
release_section(struct document_section *s)
{
	for (size_t i = 0; i < s->count; i++)
		release_entry(&s->entries[i]);
	free(s->entries);
	free(s->type);
	free(s->title);
}

void
document_release(struct document *d)
{
	for (size_t i = 0; i < d->count; i++)
		release_section(&d->sections[i]);
	free(d->sections);
	for (size_t i = 0; i < d->file_count; i++)
		free(d->files[i]);
	free(d->files);
	*d = (struct document){0};
}

const char *
document_file(struct document *d, const char *file)
{
	char **files;

	for (size_t i = 0; i < d->file_count; i++)
		if (!strcmp(d->files[i], file))
			return d->files[i];
	files = realloc(d->files, (d->file_count + 1) * sizeof(*files));
	if (!files)
		return NULL;
	d->files = files;
	files[d->file_count] = strdup(file);
	return files[d->file_count] ? files[d->file_count++] : NULL;
}

struct document_section *
document_add_section(struct document *d, const char *type, const char *title,
    size_t depth, const char *file, int line)
{
	struct document_section *s =
	    realloc(d->sections, (d->count + 1) * sizeof(*s));

	if (!s)
		return NULL;
	d->sections = s;
	s += d->count;
	*s = (struct document_section){.type = strdup(type),
	    .title = title ? strdup(title) : NULL,
	    .depth = depth,
	    .file = document_file(d, file),
	    .line = line};
	d->count++;
	return s->type && (s->title || !title) && s->file ? s : NULL;
}

/* The entry of `key`, made when there is none yet. */
static struct document_entry *
entry_of(struct document_section *s, const char *key, bool *is_new)
{
	struct document_entry *e;

	*is_new = false;
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->entries[i].key, key))
			return &s->entries[i];
	e = realloc(s->entries, (s->count + 1) * sizeof(*e));
	if (!e)
		return NULL;
	s->entries = e;
	e += s->count;
	*e = (struct document_entry){
	    .key = strdup(key), .values = calloc(1, sizeof(*e->values))};
	if (!e->key || !e->values) {
		free(e->key);
		free(e->values);
		return NULL;
	}
	s->count++;
	*is_new = true;
	return e;
}

static void
forget_values(struct document_entry *e)
{
	for (size_t i = 0; i < e->count; i++)
		free(e->values[i]);
	e->values[0] = NULL;
	e->count = 0;
	e->is_list = false;
}

/* The key's entry, without values, at its place. */
static struct document_entry *
begin_entry(struct document *d, size_t section, const char *key,
    const char *file, int line)
{
	bool is_new;
	struct document_entry *e =
	    entry_of(&d->sections[section], key, &is_new);
	const char *own_file = document_file(d, file);

	if (!e || !own_file)
		return NULL;
	forget_values(e);
	e->earlier_line = !is_new && e->file == own_file ? e->line : 0;
	e->file = own_file;
	e->line = line;
	return e;
}

struct document_entry *
document_add_value(struct document *d, size_t section, const char *key,
    const char *value, bool is_first, const char *file, int line)
{
	bool is_new = false;
	struct document_entry *e;
	char **values;

	if (is_first || !document_find(&d->sections[section], key))
		e = begin_entry(d, section, key, file, line);
	else
		e = entry_of(&d->sections[section], key, &is_new);
	if (!e)
		return NULL;
	values = realloc(e->values, (e->count + 2) * sizeof(*values));
	if (!values)
		return NULL;
	e->values = values;
	values[e->count] = strdup(value);
	values[e->count + 1] = NULL;
	return values[e->count] ? (e->count++, e) : NULL;
}

struct document_entry *
document_add_empty(struct document *d, size_t section, const char *key,
    const char *file, int line)
{
	struct document_entry *e = begin_entry(d, section, key, file, line);

	if (e)
		e->is_list = true;
	return e;
}

const struct document_entry *
document_find(const struct document_section *s, const char *key)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->entries[i].key, key))
			return &s->entries[i];
	return NULL;
}
