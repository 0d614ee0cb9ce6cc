#include "conf_tree.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_files.h"
#include "conf_scan.h"

void
conf_tree_release(struct conf_tree *t)
{
	arena_release(&t->memory);
	*t = (struct conf_tree){0};
}

const struct conf_entry *
conf_find(const struct conf_section *s, const char *key)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->entries[i].key->name, key))
			return &s->entries[i];
	return NULL;
}

const char *
conf_tree_file(struct conf_tree *t, const char *file)
{
	char **files;

	for (size_t i = 0; i < t->file_count; i++)
		if (!strcmp(t->files[i], file))
			return t->files[i];
	files = arena_grow(&t->memory, t->files, t->file_count, sizeof(*files));
	if (!files)
		return NULL;
	t->files = files;
	files[t->file_count] = arena_string(&t->memory, file);
	return files[t->file_count] ? files[t->file_count++] : NULL;
}

struct conf_section *
conf_tree_add_section(struct conf_tree *t, enum keys_section type,
    const char *title, const char *file, int line)
{
	struct conf_section *s =
	    arena_grow(&t->memory, t->sections, t->count, sizeof(*s));

	if (!s)
		return NULL;
	t->sections = s;
	s += t->count++;
	*s = (struct conf_section){.type = type,
	    .title = title ? arena_string(&t->memory, title) : NULL,
	    .file = conf_tree_file(t, file),
	    .line = line};
	return s->file && (s->title || !title) ? s : NULL;
}

struct conf_entry *
conf_tree_add_entry(struct conf_tree *t, size_t section, const struct key *key,
    const char *file, int line)
{
	struct conf_section *s = &t->sections[section];
	struct conf_entry *e =
	    arena_grow(&t->memory, s->entries, s->count, sizeof(*e));

	if (!e)
		return NULL;
	s->entries = e;
	e += s->count;
	*e = (struct conf_entry){.key = key,
	    .values = arena_take(&t->memory, sizeof(*e->values)),
	    .file = conf_tree_file(t, file),
	    .line = line};
	if (!e->values || !e->file)
		return NULL;
	s->count++;
	return e;
}

static int
add_value(struct conf_tree *t, struct conf_entry *e, const char *value)
{
	/* The one after the last is the NULL. */
	char **values =
	    arena_grow(&t->memory, e->values, e->count + 1, sizeof(*values));

	if (!values)
		return -1;
	e->values = values;
	values[e->count] = arena_string(&t->memory, value);
	if (!values[e->count])
		return -1;
	values[++e->count] = NULL;
	return 0;
}

/* What libconfuse says of a text that the scan let through. */
static char refusal[256];

static void
on_error(cfg_t *cfg, const char *format, va_list ap)
{
	vsnprintf(refusal, sizeof(refusal), format, ap);
}

/* Is there an entry of that key, in any section of that type? */
static bool
is_used(const struct conf_tree *t, enum keys_section type, const struct key *k)
{
	for (size_t i = 0; i < t->count; i++)
		for (size_t j = 0; j < t->sections[i].count; j++)
			if (t->sections[i].type == type &&
			    t->sections[i].entries[j].key == k)
				return true;
	return false;
}

/* Declares the keys that are used: each section has its own copy of all. */
static cfg_opt_t *
declare_keys(cfg_opt_t *options, const struct conf_tree *t,
    enum keys_section type, const struct key *keys)
{
	for (; keys->name; keys++) {
		const cfg_opt_t key =
		    CFG_STR_LIST(keys->name, NULL, CFGF_NODEFAULT);

		if (is_used(t, type, keys))
			*options++ = key;
	}
	return options;
}

static int
take_values(struct conf_tree *t, struct conf_entry *e, cfg_opt_t *opt)
{
	for (unsigned i = 0; i < cfg_opt_size(opt); i++)
		if (add_value(t, e, cfg_opt_getnstr(opt, i)))
			return -1;
	return 0;
}

/* The sections of a type come in the order of the tree. */
static const char *
take_sections(struct conf_tree *t, cfg_t *cfg)
{
	unsigned seen[KEYS_SECTIONS] = {0};

	for (size_t i = 0; i < t->count; i++) {
		struct conf_section *s = &t->sections[i];
		cfg_t *own = s->type == KEYS_TOP
				 ? cfg
				 : cfg_getnsec(cfg, keys_of(s->type)->name,
				       seen[s->type]++);

		for (size_t j = 0; j < s->count; j++) {
			struct conf_entry *e = &s->entries[j];

			if (take_values(t, e, cfg_getopt(own, e->key->name)))
				return "out of memory";
		}
	}
	return NULL;
}

/* Returns what is wrong with the text, or NULL. */
static const char *
let_libconfuse_read(struct conf_tree *t, const char *text)
{
	/* More than there are: a list for each section, after each its end. */
	enum { KEYS_MAX = 256 };
	cfg_opt_t options[KEYS_MAX], sections[KEYS_SECTIONS];
	cfg_opt_t *end = options, *top;
	const char *wrong = NULL;
	cfg_t *cfg;

	memset(options, 0, sizeof(options));
	for (enum keys_section i = KEYS_TASK; i < KEYS_SECTIONS; i++) {
		const cfg_opt_t section =
		    CFG_SEC(keys_of(i)->name, end, CFGF_MULTI);

		sections[i] = section;
		end = declare_keys(end, t, i, keys_of(i)->keys) + 1;
	}
	/* The top level has its own keys, the tasks', and the sections. */
	top = end;
	end = declare_keys(end, t, KEYS_TOP, keys_of(KEYS_TOP)->keys);
	end = declare_keys(end, t, KEYS_TOP, keys_of(KEYS_TASK)->keys);
	memcpy(end, &sections[KEYS_TASK],
	    (KEYS_SECTIONS - KEYS_TASK) * sizeof(*end));
	cfg = cfg_init(top, CFGF_NONE);
	if (!cfg)
		return "out of memory";
	cfg_set_error_function(cfg, on_error);
	strcpy(refusal, "libconfuse cannot read it");
	wrong = cfg_parse_buf(cfg, text) ? refusal : take_sections(t, cfg);
	cfg_free(cfg);
	return wrong;
}

/* What the scan let through gets its values. */
static void
read_text(struct conf_scan *s, const char *file, const char *text, size_t size)
{
	char *out = NULL;
	size_t out_size;
	const char *wrong = "out of memory";

	s->writer = open_memstream(&out, &out_size);
	if (s->writer) {
		s->tree->is_cut |= conf_scan(s, file, text, size) < 0;
		if (!fclose(s->writer))
			wrong = let_libconfuse_read(s->tree, out);
	}
	free(out);
	if (!wrong)
		return;
	diagnostics_add_at(s->diagnostics, file, 0, "%s", wrong);
	s->tree->is_cut = true;
	for (size_t i = 0; i < s->tree->count; i++)
		for (size_t j = 0; j < s->tree->sections[i].count; j++)
			s->tree->sections[i].entries[j].is_bad = true;
}

void
conf_tree_read(struct conf_tree *t, const char *file, bool is_found,
    struct diagnostics *diagnostics)
{
	struct conf_scan s = {
	    .tree = t, .diagnostics = diagnostics, .is_found = is_found};
	char why[256];
	size_t size;
	char *text = conf_load_file(file, is_found, &size, why, sizeof(why));

	t->is_refused = !text && errno == EPERM;
	conf_include_enter(&s, file);
	t->is_cut = !text;
	if (text)
		read_text(&s, file, text, size);
	else
		diagnostics_add_at(diagnostics, file, 0, "%s", why);
	free(text);
}

void
conf_tree_read_text(struct conf_tree *t, const char *file, const char *text,
    struct diagnostics *diagnostics)
{
	struct conf_scan s = {
	    .tree = t, .diagnostics = diagnostics, .has_no_lines = true};

	read_text(&s, file, text, strlen(text));
}

struct conf_entry *
conf_tree_set(struct conf_tree *t, const char *file, const struct key *key,
    const char *value)
{
	struct conf_entry *e;

	if (!conf_tree_add_section(t, KEYS_TOP, NULL, file, 0))
		return NULL;
	e = conf_tree_add_entry(t, 0, key, file, 0);
	return e && !add_value(t, e, value) ? e : NULL;
}
