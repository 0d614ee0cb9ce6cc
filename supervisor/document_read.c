#include "document.h"

#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_text.h"
#include "text.h"

enum {
	FILE_SIZE_MAX = 16 << 20,
	INCLUDE_DEPTH_MAX = 10,
	SECTION_DEPTH_MAX = 8,
	PASSES_MAX = 200, /* one for each unknown word, or three */
};

/*
 * A list with a default value, in every section: libconfuse gives us that value
 * when the section begins, which it tells in no other way.
 */
static const char begin_key[] = "the section begins";

/* A word of the configuration: one that is expected, or one that was learned
 * by stumbling over it. */
enum node_kind { NODE_KEY, NODE_SECTION, NODE_TITLED, NODE_FUNCTION };

struct node {
	char *name;
	enum node_kind kind;
	bool is_learned;
	size_t count;
	struct node *children;
};

/* A file's prepared text, kept for the passes after the first. */
struct source {
	char *file;
	char *text;
	size_t size;
	bool is_bad; /* complained of already */
};

/* A section that is open. */
struct frame {
	cfg_t *cfg;
	struct node *node;
	size_t section; /* its index in the document */
};

struct reading {
	struct document *document;
	struct findings *findings;
	struct node root;
	size_t source_count;
	struct source *sources;
	size_t depth; /* of sections; frames[0] is the top level */
	struct frame frames[SECTION_DEPTH_MAX];
	int include_depth;
	bool is_fresh;   /* a value came, its end was not told yet */
	bool has_learned; /* this pass ends, another one knows more */
	bool has_failed; /* this pass ends, and that was said */
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

static struct node *
find_child(const struct node *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++)
		if (!strcmp(n->children[i].name, name))
			return &n->children[i];
	return NULL;
}

static struct node *
add_child(struct node *n, const char *name, enum node_kind kind)
{
	struct node *c = realloc(n->children, (n->count + 1) * sizeof(*c));

	if (!c)
		return NULL;
	n->children = c;
	c += n->count;
	*c = (struct node){.name = strdup(name), .kind = kind};
	return c->name ? (n->count++, c) : NULL;
}

static void
release_children(struct node *n)
{
	for (size_t i = 0; i < n->count; i++) {
		release_children(&n->children[i]);
		free(n->children[i].name);
	}
	free(n->children);
	n->children = NULL;
	n->count = 0;
}

static int
plant_shape(struct node *root, const struct document_shape *shape)
{
	struct node *n = root;

	if (*shape->type)
		n = add_child(root, shape->type,
		    shape->has_title ? NODE_TITLED : NODE_SECTION);
	for (const char *const *key = shape->keys; n && *key; key++)
		if (!add_child(n, *key, NODE_KEY))
			return -1;
	return n ? 0 : -1;
}

/* There is no memory: the pass ends. */
static int
fail_for_memory(cfg_t *cfg)
{
	reading->has_failed = true;
	findings_add(
	    reading->findings, cfg->filename, cfg->line, "out of memory");
	return -1;
}

/* Reads a whole file.  Returns NULL with the reason in `why`. */
static char *
load_text(const char *file, size_t *size, char *why, size_t why_size)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char *text = NULL, *grown;
	size_t room = 0;
	ssize_t n = -1;

	*size = 0;
	while (fd >= 0 && *size <= FILE_SIZE_MAX) {
		if (*size == room) {
			room = room ? 2 * room : 8192;
			grown = realloc(text, room);
			if (!grown)
				break;
			text = grown;
		}
		n = read(fd, text + *size, room - *size);
		if (n <= 0)
			break;
		*size += (size_t)n;
	}
	if (n)
		snprintf(why, why_size, "%s", *size > FILE_SIZE_MAX
			? "it is larger than 16 MiB"
			: strerror(errno));
	if (fd >= 0)
		close(fd);
	if (n) {
		free(text);
		text = NULL;
	}
	return text;
}

/* The file's text from where we have it, or from the disk; or NULL. */
static struct source *
find_source(const char *file)
{
	struct source *s;

	for (size_t i = 0; i < reading->source_count; i++)
		if (!strcmp(reading->sources[i].file, file))
			return &reading->sources[i];
	s = realloc(
	    reading->sources, (reading->source_count + 1) * sizeof(*s));
	if (!s)
		return NULL;
	reading->sources = s;
	s += reading->source_count;
	*s = (struct source){.file = strdup(file)};
	return s->file ? (reading->source_count++, s) : NULL;
}

/*
 * Makes the source's text fit to read.  Returns 0; or -1 when that is
 * impossible, which was then said.
 */
static int
prepare_source(struct source *s)
{
	char why[256];
	int line;

	if (config_text_prepare(s->text, s->size, &line, why, sizeof(why))) {
		findings_add(reading->findings, s->file, line, "%s", why);
		s->is_bad = true;
	}
	return s->is_bad ? -1 : 0;
}

/*
 * Loads a file at its first use.  `place` and `line` say who wants it.
 * Returns its index, or -1 when it was complained of.
 */
static ssize_t
load_source(const char *file, const char *place, int line)
{
	struct source *s = find_source(file);
	char why[256];

	if (!s)
		return -1;
	if (!s->text && !s->is_bad) {
		s->text = load_text(file, &s->size, why, sizeof(why));
		if (!s->text) {
			s->is_bad = true;
			findings_add(reading->findings, place, line,
			    "cannot read %s%s%s", line ? file : "it",
			    ": ", why);
			return -1;
		}
		prepare_source(s);
	}
	return s->is_bad ? -1 : s - reading->sources;
}

/* Has libconfuse read a source as `cfg`.  Returns 0, or what it returned. */
static int
parse_source(cfg_t *cfg, size_t index)
{
	const struct source *s = &reading->sources[index];
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
	ssize_t index = load_source(path, file, line);

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
		findings_add(reading->findings, cfg->filename, cfg->line,
		    "include takes the name of one file");
		return 0;
	}
	if (reading->include_depth == INCLUDE_DEPTH_MAX) {
		findings_add(reading->findings, cfg->filename, cfg->line,
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

static int
begin_section(cfg_t *cfg)
{
	struct frame *f = top_frame() + 1;

	if (reading->depth == SECTION_DEPTH_MAX) {
		findings_add(reading->findings, cfg->filename, cfg->line,
		    "sections are nested too deep");
		reading->has_failed = true;
		return -1;
	}
	*f = (struct frame){.cfg = cfg,
	    .node = find_child(top_frame()->node, cfg->name),
	    .section = reading->document->count};
	if (!f->node ||
	    !document_add_section(reading->document, cfg->name, cfg->title,
		reading->depth, cfg->filename, cfg->line))
		return fail_for_memory(cfg);
	reading->depth++;
	return 0;
}

static int
on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	/* What libconfuse keeps of it; we have our own. */
	*(const char **)result = "";
	if (!strcmp(opt->name, begin_key) && top_frame()->cfg != cfg)
		return begin_section(cfg);
	reading->is_fresh = true;
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

/* Keys of the section whose list is empty: no callback tells of them. */
static int
find_empty_lists(const struct frame *f)
{
	const struct document_section *s =
	    &reading->document->sections[f->section];
	const char *file = s->file;
	int from = s->line, to = f->cfg->line;

	for (const cfg_opt_t *opt = f->cfg->opts; opt->name; opt++) {
		const struct source *source;

		if (opt->type != CFGT_STR || opt->nvalues ||
		    !(opt->flags & CFGF_MODIFIED))
			continue;
		source = find_source(file);
		if (!source)
			return fail_for_memory(f->cfg);
		if (!document_add_empty(reading->document, f->section,
			opt->name, file,
			config_text_find_key(source->text, source->size,
			    opt->name, from, to)))
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
 * libconfuse stumbled over `word`, which it knows as a node of `kind` or, with
 * is_new, not at all: the next pass takes it for the next thing it can be.
 * Returns whether there is one.
 */
static bool
learn(const char *word, bool is_new, enum node_kind kind)
{
	struct node *parent = top_frame()->node;
	struct node *n = find_child(parent, word);

	if (is_new && !n && strcmp(word, "include")) {
		n = add_child(parent, word, NODE_KEY);
		if (n)
			n->is_learned = reading->has_learned = true;
		return n != NULL;
	}
	if (is_new || !n || !n->is_learned || n->kind != kind)
		return false;
	n->kind++;
	return reading->has_learned = true;
}

/* What libconfuse says, and what can be learned from it. */
static const struct lesson {
	const char *format;
	bool is_new;
	enum node_kind kind;
} lessons[] = {
	{"no such option '%s'", true, NODE_KEY},
	{"missing equal sign after option '%s'", false, NODE_KEY},
	{"missing opening brace for section '%s'", false, NODE_SECTION},
	{"missing title for section '%s'", false, NODE_TITLED},
};

static bool
learn_from(const char *format, va_list ap)
{
	for (size_t i = 0; i < sizeof(lessons) / sizeof(*lessons); i++)
		if (!strcmp(lessons[i].format, format))
			return learn(va_arg(ap, char *), lessons[i].is_new,
			    lessons[i].kind);
	return false;
}

static void
say_premature_end(const cfg_t *cfg)
{
	const struct frame *f = top_frame();
	const struct document_section *s =
	    &reading->document->sections[f->section];

	if (reading->depth > 1)
		findings_add(reading->findings, cfg->filename, cfg->line,
		    "the file ends within '%s%s%s', which begins at line %d",
		    s->type, s->title ? " " : "", s->title ? s->title : "",
		    s->line);
	else
		findings_add(reading->findings, cfg->filename, cfg->line,
		    "the file ends within a list or without a value");
}

static void
on_error(cfg_t *cfg, const char *format, va_list ap)
{
	char text[256];
	va_list copy;
	bool has_learned;

	if (reading->has_failed || reading->has_learned)
		return;
	va_copy(copy, ap);
	has_learned = learn_from(format, copy);
	va_end(copy);
	if (has_learned)
		return;
	reading->has_failed = true;
	if (!strcmp(format, "premature end of file")) {
		say_premature_end(cfg);
		return;
	}
	vsnprintf(text, sizeof(text), format, ap);
	findings_add(reading->findings, cfg->filename, cfg->line, "%s", text);
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

static cfg_opt_t *options_of(const struct node *n, bool is_root);

static int
fill_option(cfg_opt_t *o, const struct node *n)
{
	const cfg_opt_t key =
	    CFG_STR_LIST_CB(n->name, NULL, CFGF_NODEFAULT, on_value);
	const cfg_opt_t function = CFG_FUNC(n->name, on_function);
	cfg_opt_t section = CFG_SEC(n->name, NULL, CFGF_MULTI);

	if (n->kind == NODE_KEY) {
		*o = key;
		o->validcb = on_value_end;
		return 0;
	}
	if (n->kind == NODE_FUNCTION) {
		*o = function;
		return 0;
	}
	section.subopts = options_of(n, false);
	if (n->kind == NODE_TITLED)
		section.flags |= CFGF_TITLE;
	section.validcb = on_section_end;
	*o = section;
	return section.subopts ? 0 : -1;
}

/* The node's words as libconfuse wants to be told of them. */
static cfg_opt_t *
options_of(const struct node *n, bool is_root)
{
	static char begin_default[] = "x";
	const cfg_opt_t include = CFG_FUNC("include", on_include);
	const cfg_opt_t begin =
	    CFG_STR_LIST_CB(begin_key, begin_default, CFGF_NONE, on_value);
	cfg_opt_t *options = calloc(n->count + 3, sizeof(*options));
	size_t count = 0;

	if (!options)
		return NULL;
	options[count++] = include;
	if (!is_root)
		options[count++] = begin;
	for (size_t i = 0; i < n->count; i++) {
		if (fill_option(&options[count++], &n->children[i])) {
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
	r->has_failed = !cfg ||
	    !document_add_section(
		r->document, "", NULL, 0, r->sources[source].file, 1);
	if (!r->has_failed) {
		cfg_set_error_function(cfg, on_error);
		cfg->filename = strdup(r->sources[source].file);
		r->frames[0] = (struct frame){.cfg = cfg, .node = &r->root};
		r->depth = 1;
		if (!cfg->filename || parse_source(cfg, source))
			r->has_failed = !r->has_learned;
		while (r->depth > 0)
			find_empty_lists(&r->frames[--r->depth]);
	}
	if (cfg)
		cfg_free(cfg);
}

static int
read_source(ssize_t source, const struct document_shape *shapes)
{
	int passes = 0;

	if (source < 0)
		return -1;
	for (; shapes->type; shapes++)
		if (plant_shape(&reading->root, shapes))
			return -1;
	do
		run_pass((size_t)source);
	while (reading->has_learned && ++passes < PASSES_MAX);
	if (reading->has_learned)
		findings_add(reading->findings, reading->sources[source].file,
		    0, "too many unknown words; reading on makes no sense");
	return reading->has_learned || reading->has_failed ? -1 : 0;
}

static void
release_reading(struct reading *r)
{
	release_children(&r->root);
	for (size_t i = 0; i < r->source_count; i++) {
		free(r->sources[i].file);
		free(r->sources[i].text);
	}
	free(r->sources);
}

int
document_read(struct document *d, const char *file,
    const struct document_shape *shapes, struct findings *findings)
{
	struct reading r = {.document = d, .findings = findings};
	int result;

	*d = (struct document){0};
	reading = &r;
	result = read_source(load_source(file, file, 0), shapes);
	reading = NULL;
	release_reading(&r);
	return result;
}

int
document_read_text(struct document *d, const char *place, const char *text,
    const struct document_shape *shapes, struct findings *findings)
{
	struct reading r = {.document = d, .findings = findings};
	struct source *s;
	int result = -1;

	*d = (struct document){0};
	reading = &r;
	s = find_source(place);
	if (s)
		s->text = strdup(text);
	if (s && s->text) {
		s->size = strlen(text);
		if (!prepare_source(s))
			result = read_source(0, shapes);
	}
	reading = NULL;
	release_reading(&r);
	return result;
}
