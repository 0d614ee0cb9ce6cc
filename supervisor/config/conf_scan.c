#include "conf_scan.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf_token.h"

/* What follows cannot be understood; the reading of this text ends. */
__attribute__((format(printf, 3, 4))) static int
give_up(struct input *in, int line, const char *fmt, ...)
{
	va_list ap;

	/* A fault in a word was said. */
	if (in->token.kind != TOKEN_FAULT) {
		va_start(ap, fmt);
		token_vcomplain(in, line, fmt, ap);
		va_end(ap);
	}
	in->scan->tree->is_cut = true;
	return -1;
}

static int
run_out_of_memory(struct input *in)
{
	return give_up(in, in->line, "out of memory");
}

/* The values of a statement, and how they are written. */
struct value_list {
	size_t count;
	bool is_list, is_added, is_bad;
};

/*
 * Enters `key = list` into the tree, and into the text for libconfuse with the
 * words between its braces.
 */
static int
add_entry(struct input *in, size_t section, const struct key *key, int line,
    const struct value_list *list, const char *words)
{
	struct conf_tree *t = in->scan->tree;
	struct conf_section *s = &t->sections[section];
	struct conf_entry *e = NULL;

	for (size_t i = 0; i < s->count && !e; i++)
		if (s->entries[i].key == key)
			e = &s->entries[i];
	if (!e) {
		e = conf_tree_add_entry(t, section, key, in->file,
		    in->scan->has_no_lines ? 0 : line);
		if (!e)
			return run_out_of_memory(in);
		e->is_list = list->is_list;
	} else if (list->is_added) {
		e->is_list = true;
	} else {
		e->earlier_line = e->file == in->file ? e->line : 0;
		e->file = in->file;
		e->line = line;
		e->is_list = list->is_list;
	}
	e->is_bad = list->is_bad || (e->is_bad && list->is_added);
	if (!list->is_bad)
		fprintf(in->scan->writer, "%s %s {%s}\n", key->name,
		    list->is_added ? "+=" : "=", words);
	return 0;
}

/* Passes over `[...]`, which other languages write. */
static int
refuse_brackets(struct input *in)
{
	bool is_last = false;

	token_complain(
	    in, in->token.line, "a list is written {...}, not [...]");
	while (!is_last && (token_is_value(in) || token_is_mark(in, ','))) {
		/* The next key, where no bracket closes. */
		if (token_is_ahead(in, "=+{("))
			break;
		is_last = in->token.start[in->token.size - 1] == ']';
		token_next(in);
	}
	return 0;
}

/* The values between braces; the brace was met at `line`. */
static int
read_list(struct input *in, struct value_list *list, FILE *words, int line)
{
	bool wants_comma = false;

	for (token_next(in); !token_is_mark(in, '}'); token_next(in)) {
		if (token_is_mark(in, ',') && wants_comma) {
			wants_comma = false;
			continue;
		}
		if (token_is_mark(in, '{') || token_is_mark(in, '('))
			return give_up(in, in->token.line,
			    "a list cannot be inside another list");
		if (in->token.kind == TOKEN_END)
			return give_up(in, line,
			    "the brace that opens here is not closed");
		if (!token_is_value(in))
			return give_up(in, in->token.line,
			    "'%.2s' cannot be in a list", in->token.start);
		if (token_is_ahead(in, "=+{"))
			return give_up(in, line,
			    "the brace that opens here is not closed");
		if (wants_comma) {
			token_complain(in, in->token.line,
			    "a comma is missing before '%.*s'",
			    TOKEN_SHOWN(&in->token));
			list->is_bad = true;
		}
		fputs(list->count++ ? ", " : "", words);
		fwrite(in->token.start, 1, in->token.size, words);
		list->is_bad |= in->token.is_unset;
		wants_comma = true;
	}
	token_next(in);
	return 0;
}

/* What follows the `=` that is looked at, by what `key` is. */
static int
read_values(struct input *in, const struct token *name, struct value_list *list,
    FILE *words, size_t depth)
{
	list->is_added = token_is_mark(in, '+');
	token_next(in);
	if (token_is_mark(in, '{')) {
		if (depth == CONF_DEPTH_MAX)
			return give_up(in, in->token.line,
			    "braces are nested more than %d deep",
			    CONF_DEPTH_MAX);
		list->is_list = true;
		return read_list(in, list, words, in->token.line);
	}
	if (in->token.kind == TOKEN_WORD && *in->token.start == '[') {
		list->is_bad = true;
		return refuse_brackets(in);
	}
	/* KEY = at the end of a line, and the next key. */
	if (token_is_value(in) && !token_is_ahead(in, "=+")) {
		list->count = 1;
		list->is_bad = in->token.is_unset;
		fwrite(in->token.start, 1, in->token.size, words);
		token_next(in);
		return 0;
	}
	if (!token_is_value(in) && in->token.kind != TOKEN_END &&
	    !token_is_mark(in, '}'))
		return give_up(
		    in, name->line, "'%.*s' has no value", TOKEN_SHOWN(name));
	token_complain(
	    in, name->line, "'%.*s' has no value", TOKEN_SHOWN(name));
	list->is_bad = true;
	return 0;
}

/* Says why a key cannot be in a section. */
static void
refuse_key(const struct input *in, enum keys_section section, const char *key,
    int line)
{
	const char *nearest = keys_nearest(section, key);
	const char *home = keys_home(key);

	if (section == KEYS_TOP && keys_find_section(key) != KEYS_SECTIONS)
		token_complain(
		    in, line, "'%s' is a section: %s { ... }", key, key);
	else if (keys_find(KEYS_TOP, key) && !keys_find(KEYS_TASK, key))
		token_complain(in, line,
		    "the key '%s' belongs at the top level, not in '%s'", key,
		    keys_of(section)->name);
	else if (home)
		token_complain(
		    in, line, "the key '%s' belongs in '%s { }'", key, home);
	else if (nearest)
		token_complain(in, line,
		    "no such key: '%.64s'; did you mean '%s'?", key, nearest);
	else
		token_complain(in, line, "no such key: '%.64s'", key);
}

/* `KEY = ...`, at its `=`.  A section of -1 is not looked at. */
static int
read_key(
    struct input *in, ssize_t section, const struct token *name, size_t depth)
{
	struct value_list list = {0};
	char *words = NULL, *key_name;
	size_t size = 0;
	FILE *out = open_memstream(&words, &size);
	int failed = out ? read_values(in, name, &list, out, depth)
			 : run_out_of_memory(in);

	if (out && fclose(out))
		failed = run_out_of_memory(in);
	key_name =
	    section >= 0 && !name->is_unset ? token_name(in, name) : NULL;
	if (key_name) {
		enum keys_section type = in->scan->tree->sections[section].type;
		const struct key *key = keys_find(type, key_name);

		if (!key)
			refuse_key(in, type, key_name, name->line);
		else if (!failed)
			failed = add_entry(
			    in, (size_t)section, key, name->line, &list, words);
	}
	free(key_name);
	free(words);
	return failed;
}

static void
refuse_section(
    const struct input *in, ssize_t section, const char *name, int line)
{
	const char *nearest = keys_nearest(KEYS_TOP, name);

	if (in->scan->tree->sections[section].type != KEYS_TOP)
		token_complain(in, line,
		    "a section cannot be inside another: '%.64s'", name);
	else if (keys_find(KEYS_TOP, name))
		token_complain(in, line, "'%s' is a key: %s = ...", name, name);
	else if (nearest && keys_find_section(nearest) != KEYS_SECTIONS)
		token_complain(in, line,
		    "no such section: '%.64s'; did you mean '%s'?", name,
		    nearest);
	else
		token_complain(in, line, "no such section: '%.64s'", name);
}

static int read_statements(
    struct input *in, ssize_t section, size_t depth, int opened);

/* `TYPE { ... }` or `TYPE TITLE { ... }`, at its brace. */
static int
read_section(struct input *in, ssize_t parent, const struct token *name,
    const struct token *title, size_t depth)
{
	struct conf_tree *t = in->scan->tree;
	char *type_name =
	    parent >= 0 && !name->is_unset ? token_name(in, name) : NULL;
	char *title_name = title && type_name && !title->is_unset
			       ? token_name(in, title)
			       : NULL;
	enum keys_section type =
	    type_name && t->sections[parent].type == KEYS_TOP && *type_name
		? keys_find_section(type_name)
		: KEYS_SECTIONS;
	int opened = in->token.line, failed;
	ssize_t section = -1;

	if (depth == CONF_DEPTH_MAX) {
		failed = give_up(in, opened,
		    "braces are nested more than %d deep", CONF_DEPTH_MAX);
	} else if (type != KEYS_SECTIONS && (title_name || !title) &&
		   !conf_tree_add_section(
		       t, type, title_name, in->file, name->line)) {
		failed = run_out_of_memory(in);
	} else {
		if (type != KEYS_SECTIONS && (title_name || !title)) {
			section = (ssize_t)t->count - 1;
			fprintf(in->scan->writer, "%s {\n", type_name);
		}
		token_next(in);
		failed = read_statements(in, section, depth + 1, opened);
		if (section >= 0)
			fputs("}\n", in->scan->writer);
	}
	if (type_name && type == KEYS_SECTIONS)
		refuse_section(in, parent, type_name, name->line);
	free(type_name);
	free(title_name);
	return failed;
}

/* `NAME(...)`, at its parenthesis: only include is one. */
static int
read_call(
    struct input *in, ssize_t section, const struct token *name, size_t depth)
{
	struct token argument = {0};
	size_t count = 0;
	bool is_include = name->size == 7 && !memcmp(name->start, "include", 7);
	char *word;

	for (token_next(in); !token_is_mark(in, ')'); token_next(in)) {
		if (token_is_value(in)) {
			argument = in->token;
			count++;
		} else if (!token_is_mark(in, ',')) {
			return give_up(in, name->line,
			    "the parenthesis that opens here is not closed");
		}
	}
	token_next(in);
	if (section < 0)
		return 0;
	if (!is_include) {
		word = token_name(in, name);
		if (word)
			refuse_key(in, in->scan->tree->sections[section].type,
			    word, name->line);
		free(word);
		return 0;
	}
	if (in->scan->include_depth == CONF_INCLUDES_MAX) {
		token_complain(in, name->line,
		    "files include each other more than %d deep",
		    CONF_INCLUDES_MAX);
		return 0;
	}
	word = count == 1 ? token_name(in, &argument) : NULL;
	if (word && *word && !argument.is_unset)
		conf_include(in, section, depth, name->line, word);
	else if (!argument.is_unset && (count != 1 || word))
		token_complain(in, name->line,
		    "include takes the name of one file, or a pattern");
	free(word);
	return 0;
}

/* A word that is followed by nothing that makes it a statement. */
static int
refuse_stray(struct input *in, const struct token *name)
{
	if (name->size == 7 && !memcmp(name->start, "include", 7))
		token_complain(
		    in, name->line, "an include is written include(\"FILE\")");
	else
		token_complain(in, name->line,
		    "'%.*s' is not a setting: write KEY = VALUE, with quotes "
		    "around "
		    "a value that has blanks",
		    TOKEN_SHOWN(name));
	while (token_is_value(in) && in->token.line == name->line)
		token_next(in);
	return 0;
}

static bool
is_section_word(const struct token *t)
{
	char word[32];

	snprintf(word, sizeof(word), "%.*s", (int)t->size, t->start);
	return keys_find_section(word) != KEYS_SECTIONS;
}

static int
read_statement(struct input *in, ssize_t section, size_t depth)
{
	struct token name = in->token;

	if (token_is_mark(in, '}'))
		return give_up(in, name.line, "a '}' too many");
	if (!token_is_value(in))
		return give_up(in, name.line, "'%.*s' is not expected here",
		    (int)name.size, name.start);
	token_next(in);
	if (token_is_mark(in, '=') || token_is_mark(in, '+'))
		return read_key(in, section, &name, depth);
	if (token_is_mark(in, '{'))
		return read_section(in, section, &name, NULL, depth);
	if (token_is_mark(in, '('))
		return read_call(in, section, &name, depth);
	if (token_is_value(in) &&
	    (in->token.line == name.line || is_section_word(&name))) {
		struct token title = in->token;

		if (token_is_ahead(in, "{")) {
			token_next(in);
			return read_section(in, section, &name, &title, depth);
		}
	}
	if (in->token.kind == TOKEN_FAULT)
		return give_up(in, name.line, "%s", "");
	return refuse_stray(in, &name);
}

/*
 * Reads up to the end of the text, or (`opened` is the line of a brace) after
 * the closing one.  Returns -1 when the rest cannot be understood.
 */
static int
read_statements(struct input *in, ssize_t section, size_t depth, int opened)
{
	for (;;) {
		if (in->token.kind == TOKEN_END)
			return opened ? give_up(in, opened,
					    "the brace that opens here is not "
					    "closed")
				      : 0;
		if (opened && token_is_mark(in, '}')) {
			token_next(in);
			return 0;
		}
		if (read_statement(in, section, depth))
			return -1;
	}
}

/*
 * The commands that look have to know where also after a fault: a line that
 * gives the run_root is read wherever it is.
 */
static void
find_run_root(struct input in, const char *text)
{
	static const char key[] = "run_root";
	const size_t size = sizeof(key) - 1;

	in.diagnostics = NULL;
	for (in.line = 1; text < in.end; in.line++) {
		struct input line = in;
		const char *end = memchr(text, '\n', (size_t)(in.end - text));

		while (text < in.end && (*text == ' ' || *text == '\t'))
			text++;
		line.at = text;
		line.token = (struct token){0};
		if ((size_t)(in.end - text) > size && !memcmp(text, key, size))
			token_next(&line);
		if (token_is_value(&line) && token_is_ahead(&line, "="))
			read_statement(&line, 0, 0);
		text = end ? end + 1 : in.end;
	}
}

int
conf_scan_text(struct conf_scan *s, ssize_t section, size_t depth,
    const char *file, const char *text, size_t size)
{
	static const char mark[] = "\xef\xbb\xbf"; /* UTF-8's, from an editor */
	struct input in = {.scan = s,
	    .diagnostics = s->diagnostics,
	    .has_no_lines = s->has_no_lines,
	    .file = conf_tree_file(s->tree, file),
	    .at = text,
	    .end = text + size,
	    .line = 1};

	if (!in.file)
		return -1;
	if (size >= 3 && !memcmp(text, mark, 3))
		in.at += 3;
	token_next(&in);
	if (!read_statements(&in, section, depth, 0))
		return 0;
	if (!section)
		find_run_root(in, text);
	return -1;
}

int
conf_scan(struct conf_scan *s, const char *file, const char *text, size_t size)
{
	if (conf_tree_add_section(
		s->tree, KEYS_TOP, NULL, file, s->has_no_lines ? 0 : 1))
		return conf_scan_text(s, 0, 0, file, text, size);
	diagnostics_add_at(s->diagnostics, file, 0, "out of memory");
	return -1;
}
