#include "command.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "conf_files.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * Reads the quoted part that begins at `s` into `*out` and moves that.
 * Returns what follows the closing quote, or NULL when there is none.
 */
static const char *
take_quoted(const char *s, char **out)
{
	char quote = *s++;

	for (; *s && *s != quote; s++) {
		/* What a backslash takes the meaning from in double quotes. */
		if (quote == '"' && *s == '\\' && s[1] &&
		    strchr("\"\\$`\n", s[1])) {
			if (*++s == '\n')
				continue;
		}
		*(*out)++ = *s;
	}
	return *s ? s + 1 : NULL;
}

/*
 * Reads the word at `s` into `out`, which has room for the rest of the text.
 * `*is_bare` tells that nothing of it was quoted.  Returns what follows it, or
 * NULL with `*why` set.
 */
static const char *
take_word(const char *s, char *out, bool *is_bare, const char **why)
{
	*is_bare = true;
	while (*s && !is_blank(*s)) {
		if (*s == '\'' || *s == '"') {
			*is_bare = false;
			*why = *s == '"' ? "a double quote has no end"
					 : "a single quote has no end";
			s = take_quoted(s, &out);
			if (!s)
				return NULL;
		} else if (*s == '\\') {
			*is_bare = false;
			*why = "nothing follows the last backslash";
			if (!*++s)
				return NULL;
			if (*s != '\n')
				*out++ = *s;
			s++;
		} else {
			*out++ = *s++;
		}
	}
	*out = '\0';
	return s;
}

static char **
stage_add(struct command *c)
{
	char ***argv = realloc(c->argv, (c->count + 1) * sizeof(*argv));

	if (!argv)
		return NULL;
	c->argv = argv;
	argv[c->count] = calloc(1, sizeof(**argv));
	if (!argv[c->count])
		return NULL;
	return argv[c->count++];
}

/*
 * Adds a copy of `word` to the last stage; its first one is a path that may
 * begin with "~/".  Returns 0, or -1 (ENOMEM).
 */
static int
word_add(struct command *c, size_t *words, const char *word)
{
	char **argv =
	    realloc(c->argv[c->count - 1], (*words + 2) * sizeof(*argv));

	if (!argv)
		return -1;
	c->argv[c->count - 1] = argv;
	argv[*words] = *words || strncmp(word, "~/", 2)
			   ? strdup(word)
			   : conf_absolute("/", word);
	argv[*words + 1] = NULL;
	return argv[(*words)++] ? 0 : -1;
}

/* Does a shell take this word for itself without quotes? */
static bool
is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";

	return *word && !word[strspn(word, plain)];
}

static void
write_word(struct text *t, const char *word)
{
	if (is_plain(word)) {
		text_add_string(t, word);
		return;
	}
	text_add_string(t, "'");
	for (const char *end; (end = strchr(word, '\'')); word = end + 1) {
		text_add_printable(t, word, (size_t)(end - word));
		text_add_string(t, "'\\''");
	}
	text_add_printable(t, word, strlen(word));
	text_add_string(t, "'");
}

/* Fills in `written`: words that command_split() would split the same. */
static int
write_command(struct command *c)
{
	size_t size = 1;
	struct text t;

	for (size_t i = 0; i < c->count; i++, size += 3)
		for (char **w = c->argv[i]; *w; w++)
			size += 4 * strlen(*w) + 3;
	c->written = malloc(size);
	if (!c->written)
		return -1;
	text_init(&t, c->written, size);
	for (size_t i = 0; i < c->count; i++) {
		text_add_string(&t, i ? " |" : "");
		for (char **w = c->argv[i]; *w; w++) {
			text_add_string(&t, t.length ? " " : "");
			write_word(&t, *w);
		}
	}
	return 0;
}

/* Leaves an empty command and the reason. */
static int
refuse(struct command *c, char *why, size_t why_size, const char *reason)
{
	command_release(c);
	snprintf(why, why_size, "%s", reason);
	return -1;
}

static const char *
split_into(struct command *c, const char *s, char *word)
{
	const char *why = NULL;
	size_t words = 0;
	bool is_bare;

	if (!stage_add(c))
		return "out of memory";
	for (;;) {
		while (is_blank(*s))
			s++;
		if (!*s)
			break;
		s = take_word(s, word, &is_bare, &why);
		if (!s)
			return why;
		if (!is_bare || strcmp(word, "|")) {
			if (word_add(c, &words, word))
				return "out of memory";
			continue;
		}
		if (!words)
			return "there is no command before a '|'";
		words = 0;
		if (!stage_add(c))
			return "out of memory";
	}
	if (!words && c->count > 1)
		return "there is no command after the last '|'";
	return NULL;
}

/* What no program can be: no word at all, or an empty first one. */
static const char *
command_fault(const struct command *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (!c->argv[i][0] || !*c->argv[i][0])
			return "a command needs a program to execute";
	return NULL;
}

int
command_split(struct command *c, const char *text, char *why, size_t why_size)
{
	char *word = malloc(strlen(text) + 1);
	const char *fault;

	*c = (struct command){0};
	fault = word ? split_into(c, text, word) : "out of memory";
	free(word);
	if (!fault)
		fault = command_fault(c);
	if (!fault && write_command(c))
		fault = "out of memory";
	return fault ? refuse(c, why, why_size, fault) : 0;
}

int
command_from_list(
    struct command *c, const char *const *words, char *why, size_t why_size)
{
	size_t count = 0;
	const char *fault;

	*c = (struct command){0};
	if (!stage_add(c))
		return refuse(c, why, why_size, "out of memory");
	for (; *words; words++)
		if (word_add(c, &count, *words))
			return refuse(c, why, why_size, "out of memory");
	fault = command_fault(c);
	if (!fault && write_command(c))
		fault = "out of memory";
	return fault ? refuse(c, why, why_size, fault) : 0;
}

char *
command_expand(const char *text, char letter, const char *with)
{
	const char mark[] = {'%', letter, '\0'};
	size_t size = strlen(text) + 1;
	struct text t;
	char *out;

	for (const char *s = text; (s = strstr(s, mark)); s += 2)
		size += strlen(with);
	out = malloc(size);
	if (!out)
		return NULL;
	text_init(&t, out, size);
	for (const char *s; (s = strstr(text, mark)); text = s + 2) {
		text_add(&t, text, (size_t)(s - text));
		text_add_string(&t, with);
	}
	text_add_string(&t, text);
	return out;
}

static int
copy_stage(struct command *c, char *const *argv, const char *task)
{
	size_t words = 0;

	if (!stage_add(c))
		return -1;
	for (; *argv; argv++) {
		char *word =
		    task ? command_expand(*argv, 't', task) : strdup(*argv);
		int failed = !word || word_add(c, &words, word);

		free(word);
		if (failed)
			return -1;
	}
	return 0;
}

int
command_copy(struct command *c, const struct command *from, const char *task)
{
	int failed = 0;

	*c = (struct command){0};
	for (size_t i = 0; i < from->count && !failed; i++)
		failed = copy_stage(c, from->argv[i], task);
	if (failed || write_command(c)) {
		command_release(c);
		return errno = ENOMEM, -1;
	}
	return 0;
}

void
command_release(struct command *c)
{
	for (size_t i = 0; i < c->count; i++) {
		for (char **w = c->argv[i]; *w; w++)
			free(*w);
		free(c->argv[i]);
	}
	free(c->argv);
	free(c->written);
	*c = (struct command){0};
}
