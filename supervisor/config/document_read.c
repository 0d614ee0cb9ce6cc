#include "document.h"

#include <confuse.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_text.h"
#include "sources.h"
#include "vocabulary.h"

enum {
	INCLUDE_DEPTH_MAX = 10,
	SECTION_DEPTH_MAX = 32, /* more than config_text lets through */
	PASSES_MAX = 200,       /* one for each unknown word, or three */
};

/*
 * A list with a default value, in every section: libconfuse gives us that value
 * when the section begins, which it tells in no other way.
 */
static const char begin_key[] = "the section begins";

/* A section that is open. */
struct frame {
	cfg_t *cfg;
	struct word *word; /* what it is, and may hold */
	size_t section;    /* its index in the document */
};

struct reading {
	struct document *document;
	struct diagnostics *found;
	struct word root;
	struct sources sources;
	size_t depth; /* of sections; frames[0] is the top level */
	struct frame frames[SECTION_DEPTH_MAX];
	int include_depth;
	bool is_fresh;    /* a value came, its end was not told yet */
	bool has_learned; /* this pass ends, another one knows more */
	bool has_failed;  /* this pass ends, and that was said */
};

/*
 * libconfuse hands its callbacks no pointer of ours, and has state of its own
 * that lets only one text be read at a time.
 */
static struct reading *reading;

static struct frame *
top_frame(void)
{
	return &reading->frames[reading->depth - 1];
}

/* There is no memory: the pass ends. */
static int
fail_for_memory(cfg_t *cfg)
{
	reading->has_failed = true;
	diagnostics_add_at(
	    reading->found, cfg->filename, cfg->line, "out of memory");
	return -1;
}

/* Has libconfuse read a source as `cfg`.  Returns 0, or what it returned. */
static int
parse_source(cfg_t *cfg, size_t index)
{
	const struct source *s = &reading->sources.list[index];
	FILE *in;
	int result;

	if (!s->size)
		return 0;
	in = fmemopen(s->text, s->size, "r");
	if (!in)
		return fail_for_memory(cfg);
	result = cfg_parse_fp(cfg, in);
	fclose(in);
	return result;
}

/* `name` seen from the folder of `from`; "~/" is the home folder. */
static char *
resolve_include(const char *from, const char *name)
{
	const char *slash = strrchr(from, '/');
	char *path;

	if (!strncmp(name, "~/", 2))
		return cfg_tilde_expand(name);
	if (*name == '/' || !slash)
		return strdup(name);
	if (asprintf(&path, "%.*s/%s", (int)(slash - from), from, name) < 0)
		return NULL;
	return path;
}

/* Reads `path` in place of the include; takes it over. */
static int
include_file(cfg_t *cfg, char *path)
{
	char *file = cfg->filename;
	int line = cfg->line, result = 0;
	ssize_t index =
	    sources_load(&reading->sources, path, file, line, reading->found);

	if (index < 0) {
		free(path);
		return 0;
	}
	cfg->filename = path;
	reading->include_depth++;
	result = parse_source(cfg, (size_t)index);
	reading->include_depth--;
	free(cfg->filename);
	cfg->filename = file;
	cfg->line = line;
	return result;
}

static int
on_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	char *path;

	if (argc != 1 || !*argv[0]) {
		diagnostics_add_at(reading->found, cfg->filename, cfg->line,
		    "include takes the name of one file");
		return 0;
	}
	if (reading->include_depth == INCLUDE_DEPTH_MAX) {
		diagnostics_add_at(reading->found, cfg->filename, cfg->line,
		    "files include each other more than %d deep",
		    INCLUDE_DEPTH_MAX);
		reading->has_failed = true;
		return -1;
	}
	path = resolve_include(cfg->filename, argv[0]);
	return path ? include_file(cfg, path) : fail_for_memory(cfg);
}

/* A function that nobody knows: it is kept as a key, to be complained of. */
static int
on_function(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	if (!document_add_empty(reading->document, top_frame()->section,
		opt->name, cfg->filename, cfg->line))
		return fail_for_memory(cfg);
	return 0;
}

/*
 * libconfuse would end the program if this failed, so it does not: the pass
 * fails at the next value.
 */
static void
begin_section(cfg_t *cfg)
{
	struct document *d = reading->document;
	struct frame *parent = top_frame(), *f = parent + 1;

	*f = (struct frame){.cfg = cfg,
	    .word = vocabulary_find(parent->word, cfg->name),
	    .section = d->count};
	if (!f->word || !document_add_section(d, cfg->name, cfg->title,
			    reading->depth, cfg->filename, cfg->line)) {
		fail_for_memory(cfg);
		f->word = parent->word;
		f->section = parent->section;
	}
	reading->depth++;
}

static int
on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	/* What libconfuse keeps of it; we have our own. */
	*(const char **)result = "";
	if (!strcmp(opt->name, begin_key) && top_frame()->cfg != cfg) {
		begin_section(cfg);
		return 0;
	}
	reading->is_fresh = true;
	if (reading->has_failed)
		return -1;
	if (!document_add_value(reading->document, top_frame()->section,
		opt->name, value, opt->nvalues == 1, cfg->filename, cfg->line))
		return fail_for_memory(cfg);
	return 0;
}

/* Called behind each value, and once more at the brace that ends a list. */
static int
on_value_end(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct document_section *s =
	    &reading->document->sections[top_frame()->section];

	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->entries[i].key, opt->name))
			s->entries[i].is_list |=
			    !reading->is_fresh || s->entries[i].count > 1;
	reading->is_fresh = false;
	return 0;
}

/*
 * Keys of the section whose list is empty: no callback tells of them, nor
 * where they stand.  One that the file ends with has no value at all.
 */
static int
find_empty_lists(const struct frame *f)
{
	const struct document_section *s =
	    &reading->document->sections[f->section];
	const struct source *source = sources_find(&reading->sources, s->file);
	const char *file = s->file;
	int first = s->line;

	for (const cfg_opt_t *opt = f->cfg->opts; opt->name; opt++) {
		int line;

		if (opt->type != CFGT_STR || opt->nvalues ||
		    !(opt->flags & CFGF_MODIFIED))
			continue;
		line = config_text_find_empty(
		    source->text, source->size, opt->name, first, f->cfg->line);
		if (!line && reading->has_failed)
			continue;
		if (!document_add_empty(reading->document, f->section,
			opt->name, file, line ? line : first))
			return fail_for_memory(f->cfg);
	}
	return 0;
}

static int
on_section_end(cfg_t *cfg, cfg_opt_t *opt)
{
	if (find_empty_lists(top_frame()))
		return -1;
	reading->depth--;
	return 0;
}

/*
 * Was it stopped by a word that nobody knows and that is neither key nor
 * section?  Then that is what is wrong: a value with blanks, a ':' for '='.
 */
static bool
complain_of_stray(cfg_t *cfg, const struct source *s)
{
	const struct word *w = top_frame()->word;

	for (size_t i = w->count; i-- > 0;) {
		int line = w->inner[i].is_learned
			       ? config_text_find_stray(s->text, s->size,
				     w->inner[i].name, cfg->line)
			       : 0;

		if (!line)
			continue;
		diagnostics_add_at(reading->found, cfg->filename, line,
		    "'%.64s' stands here by itself: a key is set by '=', "
		    "and a value with blanks wants quotes",
		    w->inner[i].name);
		return true;
	}
	return false;
}

static void
on_error(cfg_t *cfg, const char *format, va_list ap)
{
	const struct source *s = sources_find(&reading->sources, cfg->filename);
	bool is_end = !strcmp(format, "premature end of file");
	char text[256];
	va_list copy;
	bool has_learned;

	if (reading->has_failed || reading->has_learned)
		return;
	va_copy(copy, ap);
	has_learned = vocabulary_learn(top_frame()->word, format, copy);
	va_end(copy);
	reading->has_learned = has_learned;
	reading->has_failed = !has_learned;
	if (has_learned)
		return;
	/* A text that was cut ends too early; that was said. */
	if ((is_end && s && s->is_cut) || (s && complain_of_stray(cfg, s)))
		return;
	vsnprintf(text, sizeof(text), format, ap);
	diagnostics_add_at(reading->found, cfg->filename,
	    is_end && s ? config_text_last_line(s->text, s->size) : cfg->line,
	    "%s", text);
}

static void
free_options(cfg_opt_t *options)
{
	if (!options)
		return;
	for (cfg_opt_t *o = options; o->name; o++)
		free_options(o->subopts);
	free(options);
}

static cfg_opt_t *options_of(const struct word *w, bool is_root);

static int
fill_option(cfg_opt_t *o, const struct word *w)
{
	const cfg_opt_t key =
	    CFG_STR_LIST_CB(w->name, NULL, CFGF_NODEFAULT, on_value);
	const cfg_opt_t function = CFG_FUNC(w->name, on_function);
	cfg_opt_t section = CFG_SEC(w->name, NULL, CFGF_MULTI);

	if (w->kind == WORD_KEY) {
		*o = key;
		o->validcb = on_value_end;
		return 0;
	}
	if (w->kind == WORD_FUNCTION) {
		*o = function;
		return 0;
	}
	section.subopts = options_of(w, false);
	if (w->kind == WORD_TITLED)
		section.flags |= CFGF_TITLE;
	section.validcb = on_section_end;
	*o = section;
	return section.subopts ? 0 : -1;
}

/* The node's words as libconfuse wants to be told of them. */
static cfg_opt_t *
options_of(const struct word *w, bool is_root)
{
	static char begin_default[] = "x";
	const cfg_opt_t include = CFG_FUNC("include", on_include);
	const cfg_opt_t begin =
	    CFG_STR_LIST_CB(begin_key, begin_default, CFGF_NONE, on_value);
	cfg_opt_t *options = calloc(w->count + 3, sizeof(*options));
	size_t count = 0;

	if (!options)
		return NULL;
	options[count++] = include;
	if (!is_root)
		options[count++] = begin;
	for (size_t i = 0; i < w->count; i++) {
		if (fill_option(&options[count++], &w->inner[i])) {
			free_options(options);
			return NULL;
		}
	}
	return options;
}

/* One reading of everything, with what is known by now. */
static void
run_pass(size_t source)
{
	cfg_opt_t *options = options_of(&reading->root, true);
	cfg_t *cfg = options ? cfg_init(options, CFGF_NONE) : NULL;
	struct reading *r = reading;

	free_options(options);
	document_release(r->document);
	r->has_learned = false;
	r->has_failed = !cfg || !document_add_section(r->document, "", NULL, 0,
				    r->sources.list[source].file, 1);
	if (!r->has_failed) {
		cfg_set_error_function(cfg, on_error);
		cfg->filename = strdup(r->sources.list[source].file);
		r->frames[0] = (struct frame){.cfg = cfg, .word = &r->root};
		r->depth = 1;
		if (!cfg->filename || parse_source(cfg, source))
			r->has_failed = !r->has_learned;
		while (r->depth > 0)
			find_empty_lists(&r->frames[--r->depth]);
	}
	if (cfg)
		cfg_free(cfg);
}

/* Reads again and again until nothing is learned any more. */
static int
read_source(ssize_t source, const struct document_shape *shapes)
{
	int passes = 0;

	if (source < 0 || vocabulary_fill(&reading->root, shapes))
		return -1;
	do
		run_pass((size_t)source);
	while (reading->has_learned && ++passes < PASSES_MAX);
	if (reading->has_learned)
		diagnostics_add_at(reading->found,
		    reading->sources.list[source].file, 0,
		    "too many unknown words; reading on makes no sense");
	if (reading->has_learned || reading->has_failed)
		return -1;
	for (size_t i = 0; i < reading->sources.count; i++)
		if (reading->sources.list[i].is_cut)
			return -1;
	return 0;
}

static void
release_reading(struct reading *r)
{
	vocabulary_release(&r->root);
	sources_release(&r->sources);
	reading = NULL;
}

int
document_read(struct document *d, const char *file,
    const struct document_shape *shapes, struct diagnostics *found)
{
	struct reading r = {.document = d, .found = found};
	int result;

	*d = (struct document){0};
	reading = &r;
	result =
	    read_source(sources_load(&r.sources, file, file, 0, found), shapes);
	release_reading(&r);
	return result;
}

int
document_read_text(struct document *d, const char *place, const char *text,
    const struct document_shape *shapes, struct diagnostics *found)
{
	struct reading r = {.document = d, .found = found};
	int result;

	*d = (struct document){0};
	reading = &r;
	result =
	    read_source(sources_add(&r.sources, place, text, found), shapes);
	release_reading(&r);
	return result;
}
