#include "conf_tree.h"

#include <confuse.h>
#include <stdio.h>
#include <string.h>

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
	/* The one behind the last is the NULL. */
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

static void
clear_values(struct conf_entry *e)
{
	e->count = 0;
	e->values[0] = NULL;
}

/*
 * What libconfuse reads now.  It hands its callbacks no pointer of ours, and
 * has state of its own that lets only one text be read at a time.
 */
static struct reading {
	struct conf_scan *scan;
	size_t at;    /* of the assignment that is being read */
	size_t count; /* of its values that were read */
	struct diagnostics *found;
	bool has_failed;
} reading;

/* The entry that assignment `at` is about. */
static struct conf_entry *
entry_at(size_t at)
{
	const struct assignment *a = &reading.scan->assignments[at];

	return &reading.scan->tree->sections[a->section].entries[a->entry];
}

/* Passes over assignments whose values all came; empty lists have none. */
static void
advance(void)
{
	struct conf_scan *s = reading.scan;

	while (reading.at < s->assignment_count &&
	       reading.count == s->assignments[reading.at].count) {
		struct conf_entry *e = entry_at(reading.at);

		if (!reading.count && !s->assignments[reading.at].is_added)
			clear_values(e);
		reading.at++;
		reading.count = 0;
	}
}

static void
fail(const char *what)
{
	const struct conf_entry *e = reading.at < reading.scan->assignment_count
					 ? entry_at(reading.at)
					 : NULL;

	if (reading.has_failed)
		return;
	reading.has_failed = true;
	diagnostics_add_at(reading.found,
	    e ? e->file : reading.scan->tree->files[0], e ? e->line : 0, "%s",
	    what);
}

static int
on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct conf_entry *e;

	/* What libconfuse keeps of it; we have our own. */
	*(const char **)result = "";
	if (reading.has_failed)
		return -1;
	advance();
	e = reading.at < reading.scan->assignment_count ? entry_at(reading.at)
							: NULL;
	if (!e || strcmp(e->key->name, opt->name)) {
		fail("libconfuse reads it otherwise");
		return -1;
	}
	if (!reading.count && !reading.scan->assignments[reading.at].is_added)
		clear_values(e);
	if (add_value(reading.scan->tree, e, value)) {
		fail("out of memory");
		return -1;
	}
	reading.count++;
	return 0;
}

static void
on_error(cfg_t *cfg, const char *format, va_list ap)
{
	char text[256];

	advance();
	vsnprintf(text, sizeof(text), format, ap);
	fail(text);
}

/* Declares the keys of a section that the scan has met. */
static size_t
declare_keys(cfg_opt_t *options, const bool *is_met, enum keys_section section)
{
	const struct key *keys = keys_of(section)->keys;
	size_t count = 0;

	for (size_t i = 0; keys[i].name; i++) {
		const cfg_opt_t key = CFG_STR_LIST_CB(
		    keys[i].name, NULL, CFGF_NODEFAULT, on_value);

		if (is_met[i])
			options[count++] = key;
	}
	return count;
}

static void
let_libconfuse_read(struct conf_scan *s, const char *text)
{
	/* The top level has its own keys, the tasks', and the sections. */
	cfg_opt_t options[KEYS_SECTIONS][2 * KEYS_MAX + KEYS_SECTIONS + 1];
	size_t count;
	cfg_t *cfg;

	memset(options, 0, sizeof(options));
	for (int i = KEYS_TASK; i < KEYS_SECTIONS; i++)
		declare_keys(options[i], s->is_met[i], (enum keys_section)i);
	count = declare_keys(options[KEYS_TOP], s->is_met[KEYS_TOP], KEYS_TOP);
	count +=
	    declare_keys(&options[KEYS_TOP][count], s->is_met_above, KEYS_TASK);
	for (int i = KEYS_TASK; i < KEYS_SECTIONS; i++) {
		const cfg_opt_t section = CFG_SEC(
		    keys_of((enum keys_section)i)->name, options[i], CFGF_NONE);

		options[KEYS_TOP][count++] = section;
	}
	cfg = cfg_init(options[KEYS_TOP], CFGF_NONE);
	if (cfg) {
		cfg_set_error_function(cfg, on_error);
		if (cfg_parse_buf(cfg, text))
			fail("libconfuse cannot read it");
		advance();
		cfg_free(cfg);
	} else {
		fail("out of memory");
	}
}

/* What the scan let through gets its values. */
static void
read_values(struct conf_scan *s, const char *text, struct diagnostics *found)
{
	reading = (struct reading){.scan = s, .found = found};
	if (text && *text)
		let_libconfuse_read(s, text);
	if (!text)
		fail("out of memory");
	if (!reading.has_failed && reading.at < s->assignment_count)
		fail("libconfuse reads less of it");
	s->tree->is_cut |= reading.has_failed;
	for (; reading.at < s->assignment_count; reading.at++)
		entry_at(reading.at)->is_bad = true;
	reading = (struct reading){0};
}

void
conf_tree_read(struct conf_tree *t, const char *file, bool is_found,
    struct diagnostics *found)
{
	struct conf_scan s = {.tree = t, .found = found, .is_found = is_found};

	conf_scan_file(&s, file);
	read_values(&s, s.out, found);
	conf_scan_release(&s);
}

void
conf_tree_read_text(struct conf_tree *t, const char *place, const char *text,
    struct diagnostics *found)
{
	struct conf_scan s = {.tree = t, .found = found, .has_no_lines = true};

	conf_scan_text(&s, place, text);
	read_values(&s, s.out, found);
	conf_scan_release(&s);
}

struct conf_entry *
conf_tree_set(struct conf_tree *t, const char *place, const struct key *key,
    const char *value)
{
	struct conf_entry *e;

	if (!conf_tree_add_section(t, KEYS_TOP, NULL, place, 0))
		return NULL;
	e = conf_tree_add_entry(t, 0, key, place, 0);
	return e && !add_value(t, e, value) ? e : NULL;
}
