/* The types of keys that hold strings, lists, commands and patterns. */
#include "values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/patterns.h"
#include "base/text.h"
#include "base/units.h"
#include "command.h"
#include "conf_files.h"
#include "runner_notify.h"
#include "value_checks.h"

/*
 * Of a job: what is beside each word of a list; all that is no list; and what
 * is left for each of two lists.
 */
enum {
	JOB_LINE_MORE = sizeof("word \"\"\n"),
	JOB_REST = 4096,
	JOB_LIST = (RUNNER_NOTIFY_JOB_SIZE - JOB_REST) / 2
};

void
value_print_quoted(FILE *out, const struct key *k, const char *s)
{
	char shown[2048];

	if (k->hide)
		s = k->hide(s, shown, sizeof(shown));
	fputc('"', out);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\' || (c == '$' && s[1] == '{'))
			fprintf(out, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", out);
		else if (text_is_control(*s))
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static const char *
take_string(char **field, char *string)
{
	if (!string)
		return "is too much: out of memory";
	free(*field);
	*field = string;
	return NULL;
}

static const char *
parse_string(struct value_parse *p, const char *value, void *field)
{
	const char *fault = p->key->fault(value);

	return fault ? fault : take_string(field, strdup(value));
}

static const char *
parse_path(struct value_parse *p, const char *value, void *field)
{
	const char *fault = fault_of_nonempty(value);

	return fault
		   ? fault
		   : take_string(field, conf_absolute(p->project_root, value));
}

static bool
print_string(FILE *out, const struct key *k, const void *field)
{
	const char *s = *(char *const *)field;

	if (s)
		value_print_quoted(out, k, s);
	return s != NULL;
}

static void
release_string(void *field)
{
	free(*(char **)field);
	*(char **)field = NULL;
}

/* Up to `count` strings, or to a NULL. */
static bool
print_items(FILE *out, const struct key *k, char *const *list, size_t count)
{
	fputc('{', out);
	for (size_t i = 0; i < count && list[i]; i++) {
		fputs(i ? ", " : "", out);
		value_print_quoted(out, k, list[i]);
	}
	fputc('}', out);
	return true;
}

static int
refuse_memory(const struct value_reader *r, const struct conf_entry *e)
{
	values_complain(r, e, "out of memory");
	return -1;
}

void
value_list_free(char **list)
{
	if (!list)
		return;
	for (char **s = list; *s; s++)
		free(*s);
	free(list);
}

char **
value_list_copy(char *const *list)
{
	size_t count = 0;
	char **copy;

	while (list[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	for (size_t i = 0; copy && i < count; i++) {
		copy[i] = strdup(list[i]);
		if (!copy[i]) {
			value_list_free(copy);
			return NULL;
		}
	}
	return copy;
}

/* How long it is in a job at most: in JSON, what is no text as U+FFFD. */
static size_t
size_in_job(const char *word)
{
	size_t size = JOB_LINE_MORE;

	for (; *word; word++)
		size += *word == '"' || *word == '\\' ? 2
			: (unsigned char)*word < 0x20 ? 6
			: (unsigned char)*word > 0x7e ? 3
						      : 1;
	return size;
}

/* A delivery is told so many words, and no more bytes than a job has. */
static bool
fits_delivery(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, char *const *list)
{
	size_t count = 0, size = 0;

	for (; list[count]; count++)
		size += size_in_job(list[count]);
	if ((int64_t)count > k->max)
		values_complain(r, e,
		    "has %zu entries; a delivery takes %" PRId64, count,
		    k->max);
	else if (size > JOB_LIST)
		values_complain(r, e,
		    "is longer than a delivery takes, %d bytes in all",
		    JOB_LIST);
	else
		return true;
	return false;
}

/* Takes `with` over. */
static int
replace_list(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, char ***field, char **with)
{
	if (!with)
		return refuse_memory(r, e);
	if (k->max && !fits_delivery(r, k, e, with)) {
		value_list_free(with);
		return -1;
	}
	value_list_free(*field);
	*field = with;
	return 0;
}

static int
read_list(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	int failed = 0;

	if (e->count < (size_t)k->min) {
		values_complain(r, e, "the list is empty");
		return -1;
	}
	for (size_t i = 0; k->fault && i < e->count; i++)
		failed |=
		    value_check(r, e, e->values[i], k->fault(e->values[i]));
	return failed
		   ? -1
		   : replace_list(r, k, e, field, value_list_copy(e->values));
}

static bool
print_list(FILE *out, const struct key *k, const void *field)
{
	char *const *list = *(char **const *)field;

	return list && print_items(out, k, list, SIZE_MAX);
}

static int
clear_list(void *field)
{
	char **list = calloc(1, sizeof(*list));

	*(char ***)field = list;
	return list ? 0 : -1;
}

static void
release_list(void *field)
{
	value_list_free(*(char ***)field);
	*(char ***)field = NULL;
}

/* The path of "maildir:PATH" and "sendmail:PATH", made absolute. */
static char *
absolute_url(const char *directory, const char *url)
{
	const char *colon = strchr(url, ':');
	char *path, *out;

	if (!strncasecmp(url, "smtp", 4))
		return strdup(url);
	path = conf_absolute(directory, colon + 1);
	if (!path ||
	    asprintf(&out, "%.*s%s", (int)(colon + 1 - url), url, path) < 0)
		out = NULL;
	free(path);
	return out;
}

static int
read_mail_urls(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	if (read_list(r, k, e, field))
		return -1;
	for (char **url = *(char ***)field; *url; url++) {
		char *absolute = absolute_url(r->project_root, *url);

		if (!absolute)
			return refuse_memory(r, e);
		free(*url);
		*url = absolute;
	}
	return 0;
}

static int
read_command(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	struct command new;
	char why[128];
	int failed;

	if (e->is_list)
		failed = command_from_list(
		    &new, (const char *const *)e->values, why, sizeof(why));
	else
		failed = command_split(&new, e->values[0], why, sizeof(why));
	if (failed) {
		values_complain(r, e, "%s", why);
		return -1;
	}
	command_release(field);
	*(struct command *)field = new;
	return 0;
}

/* One stage is an argv; several are words for command_split(). */
static bool
print_command(FILE *out, const struct key *k, const void *field)
{
	const struct command *c = field;

	if (c->count == 1)
		return print_items(out, k, c->argv[0], SIZE_MAX);
	if (c->count)
		value_print_quoted(out, k, c->written);
	return c->count;
}

static void
release_command(void *field)
{
	command_release(field);
}

static int
read_argv(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	struct command c = {0};
	int result = -1;

	/* An empty list takes back what a more general section says. */
	if (e->is_list && !e->count)
		return read_list(r, k, e, field);
	if (read_command(r, k, e, &c))
		return -1;
	if (c.count > 1)
		values_complain(r, e, "a pipeline cannot be used here");
	else
		result =
		    replace_list(r, k, e, field, value_list_copy(c.argv[0]));
	command_release(&c);
	return result;
}

static void
release_patterns(void *field)
{
	struct patterns **patterns = field;

	if (*patterns)
		patterns_release(*patterns);
	free(*patterns);
	*patterns = NULL;
}

static int
read_patterns(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	/* They are large, and few tasks have any. */
	struct patterns *new = e->count ? calloc(1, sizeof(*new)) : NULL;
	char why[256];
	int failed = 0;

	if (e->count && !new)
		return refuse_memory(r, e);
	for (size_t i = 0; i < e->count; i++) {
		if (!patterns_add(new, e->values[i], why, sizeof(why)))
			continue;
		values_complain(r, e, "'%.100s': %s", e->values[i], why);
		failed = -1;
	}
	if (failed) {
		release_patterns(&new);
		return -1;
	}
	release_patterns(field);
	*(struct patterns **)field = new;
	return 0;
}

static bool
print_patterns(FILE *out, const struct key *k, const void *field)
{
	const struct patterns *patterns = *(struct patterns *const *)field;

	return print_items(out, k, patterns ? patterns->source : NULL,
	    patterns ? patterns->count : 0);
}

static int
read_exits(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	bool exits[256] = {false};
	int failed = 0;
	int64_t n;

	if (!e->count) {
		values_complain(r, e, "the list is empty");
		return -1;
	}
	for (size_t i = 0; i < e->count; i++) {
		if (units_parse_int(e->values[i], 0, 255, &n))
			failed = value_check(r, e, e->values[i],
			    "is not an exit status, 0 to 255");
		else
			exits[n] = true;
	}
	if (!failed)
		memcpy(field, exits, sizeof(exits));
	return failed;
}

static bool
print_exits(FILE *out, const struct key *k, const void *field)
{
	const bool *exits = field;
	const char *comma = "";

	fputc('{', out);
	for (int i = 0; i < 256; i++) {
		if (exits[i]) {
			fprintf(out, "%s%d", comma, i);
			comma = ", ";
		}
	}
	fputc('}', out);
	return true;
}

const struct value_type value_string = {parse_string, .print = print_string,
			    .release = release_string, .wants = "string"},
			value_user = {parse_string, .print = print_string,
			    .release = release_string, .wants = "user"},
			value_group = {parse_string, .print = print_string,
			    .release = release_string, .wants = "group"},
			value_path = {parse_path, .print = print_string,
			    .release = release_string, .wants = "path"},
			value_list = {.read = read_list,
			    .print = print_list,
			    .clear = clear_list,
			    .release = release_list,
			    .wants = "list"},
			value_own_list = {.read = read_list,
			    .print = print_list,
			    .release = release_list,
			    .wants = "list"},
			value_mail_urls = {.read = read_mail_urls,
			    .print = print_list,
			    .clear = clear_list,
			    .release = release_list,
			    .wants = "list"},
			value_command = {.read = read_command,
			    .print = print_command,
			    .release = release_command,
			    .wants = "command"},
			value_argv = {.read = read_argv,
			    .print = print_list,
			    .clear = clear_list,
			    .release = release_list,
			    .wants = "command"},
			value_patterns = {.read = read_patterns,
			    .print = print_patterns,
			    .release = release_patterns,
			    .wants = "list"},
			value_exits = {.read = read_exits,
			    .print = print_exits,
			    .wants = "list"};
