#include "value_print.h"

#include <inttypes.h>
#include <string.h>

#include "base/units.h"

/* As libconfuse reads it back. */
static void
print_quoted(const struct value_writer *w, const char *s)
{
	fputc('"', w->out);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\' || (c == '$' && s[1] == '{'))
			fprintf(w->out, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", w->out);
		else if (c < 0x20 || c == 0x7f)
			fprintf(w->out, "\\x%02x", c);
		else
			fputc(c, w->out);
	}
	fputc('"', w->out);
}

static void
print_key(const struct value_writer *w, const struct key *k)
{
	fprintf(w->out, "%s%s = ", w->indent, k->name);
}

static void
print_duration(
    const struct value_writer *w, const struct key *k, const void *field)
{
	char text[UNITS_TEXT_SIZE];

	units_format_duration(*(const int64_t *)field, text);
	print_key(w, k);
	fprintf(w->out, "%s\n", text);
}

/* -1: it was not given. */
static void
print_seconds(
    const struct value_writer *w, const struct key *k, const void *field)
{
	const int64_t ms = 1000 * *(const int64_t *)field;

	if (ms >= 0)
		print_duration(w, k, &ms);
}

static void
print_size(const struct value_writer *w, const struct key *k, const void *field)
{
	int64_t bytes = *(const int64_t *)field;
	char text[UNITS_TEXT_SIZE];

	if (bytes < 0)
		return;
	units_format_size(bytes, text);
	print_key(w, k);
	fprintf(w->out, "%s\n", text);
}

static void
print_number(
    const struct value_writer *w, const struct key *k, const void *field)
{
	int64_t n = *(const int64_t *)field;

	if (n < k->min)
		return;
	print_key(w, k);
	fprintf(w->out, "%" PRId64 "\n", n);
}

static void
print_int(const struct value_writer *w, const struct key *k, const void *field)
{
	print_key(w, k);
	fprintf(w->out, "%d\n", *(const int *)field);
}

static void
print_threshold(
    const struct value_writer *w, const struct key *k, const void *field)
{
	const struct threshold *t = field;

	if (t->count)
		print_number(w, k, &t->count);
	else
		print_duration(w, k, &t->ms);
}

static void
print_umask(
    const struct value_writer *w, const struct key *k, const void *field)
{
	int mask = *(const int *)field;

	if (mask < 0)
		return;
	print_key(w, k);
	fprintf(w->out, "%03o\n", (unsigned)mask);
}

static void
print_bool(const struct value_writer *w, const struct key *k, const void *field)
{
	print_key(w, k);
	fprintf(w->out, "%s\n", *(const bool *)field ? "true" : "false");
}

static void
print_choice(
    const struct value_writer *w, const struct key *k, const void *field)
{
	unsigned choice;

	memcpy(&choice, field, sizeof(choice));
	print_key(w, k);
	fprintf(w->out, "%s\n", k->words[choice]);
}

/* The user and password of scheme://user:password@host are nobody's to see. */
static const char *
hide_in_url(const char *s, char *out, size_t size)
{
	const char *authority = strstr(s, "://");
	const char *at;

	if (!authority)
		return s;
	authority += 3;
	at = memchr(authority, '@', strcspn(authority, "/?#"));
	if (!at)
		return s;
	snprintf(out, size, "%.*s***%s", (int)(authority - s), s, at);
	return out;
}

static void
print_string(
    const struct value_writer *w, const struct key *k, const void *field)
{
	const char *s = *(char *const *)field;
	char shown[2048];

	if (!s)
		return;
	print_key(w, k);
	print_quoted(w, hide_in_url(s, shown, sizeof(shown)));
	fputc('\n', w->out);
}

/* A variable whose name says that its value is secret. */
static bool
is_secret_name(const char *variable)
{
	static const char *const marks[] = {
	    "PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "AUTH", NULL};
	size_t name = strcspn(variable, "=");

	for (size_t i = 0; marks[i]; i++) {
		const char *found = strcasestr(variable, marks[i]);

		if (found && found < variable + name)
			return true;
	}
	return false;
}

/* What of a list's item is shown: a header's value only when it is a file. */
static const char *
hide_in_item(const struct key *k, const char *s, char *out, size_t size)
{
	size_t head = strcspn(s, ":=");

	if (!strcmp(k->name, "header")) {
		const char *value = s + head + (s[head] == ':');

		if (value[strspn(value, " \t")] == '@')
			return s;
		snprintf(out, size, "%.*s: ***", (int)head, s);
		return out;
	}
	if (!strcmp(k->name, "environment") && is_secret_name(s)) {
		snprintf(out, size, "%.*s=***", (int)strcspn(s, "="), s);
		return out;
	}
	return hide_in_url(s, out, size);
}

static void
print_items(
    const struct value_writer *w, const struct key *k, char *const *list)
{
	char shown[2048];

	print_key(w, k);
	fputc('{', w->out);
	for (char *const *s = list; *s; s++) {
		fputs(s == list ? "" : ", ", w->out);
		print_quoted(w, hide_in_item(k, *s, shown, sizeof(shown)));
	}
	fputs("}\n", w->out);
}

static void
print_list(const struct value_writer *w, const struct key *k, const void *field)
{
	char *const *list = *(char **const *)field;

	if (list)
		print_items(w, k, list);
}

/* One stage is an argv; several are words for command_split(). */
static void
print_command(
    const struct value_writer *w, const struct key *k, const void *field)
{
	const struct command *c = field;

	if (!c->count)
		return;
	if (c->count == 1) {
		print_items(w, k, c->argv[0]);
		return;
	}
	print_key(w, k);
	print_quoted(w, c->written);
	fputc('\n', w->out);
}

static void
print_patterns(
    const struct value_writer *w, const struct key *k, const void *field)
{
	const struct patterns *patterns = *(struct patterns *const *)field;

	print_key(w, k);
	fputc('{', w->out);
	for (size_t i = 0; patterns && i < patterns->count; i++) {
		fputs(i ? ", " : "", w->out);
		print_quoted(w, patterns->source[i]);
	}
	fputs("}\n", w->out);
}

static void
print_exits(
    const struct value_writer *w, const struct key *k, const void *field)
{
	const bool *exits = field;
	const char *comma = "";

	print_key(w, k);
	fputc('{', w->out);
	for (int i = 0; i < 256; i++) {
		if (exits[i]) {
			fprintf(w->out, "%s%d", comma, i);
			comma = ", ";
		}
	}
	fputs("}\n", w->out);
}

/* How a field is written is known from how it is read. */
static const struct printer {
	int (*read)(const struct value_reader *, const struct key *,
	    const struct document_entry *, void *);
	void (*print)(
	    const struct value_writer *, const struct key *, const void *);
} printers[] = {
    {value_duration, print_duration},
    {value_seconds, print_seconds},
    {value_size, print_size},
    {value_number, print_number},
    {value_int, print_int},
    {value_threshold, print_threshold},
    {value_umask, print_umask},
    {value_bool, print_bool},
    {value_choice, print_choice},
    {value_string, print_string},
    {value_path, print_string},
    {value_list, print_list},
    {value_mail_urls, print_list},
    {value_argv, print_list},
    {value_command, print_command},
    {value_patterns, print_patterns},
    {value_exits, print_exits},
};

void
value_print(
    const struct value_writer *w, const struct key *k, const void *target)
{
	const char *base = target;

	if (k->has_offset && !*(const bool *)(base + k->has_offset))
		return;
	for (size_t i = 0; i < sizeof(printers) / sizeof(*printers); i++)
		if (printers[i].read == k->read)
			printers[i].print(w, k, base + k->offset);
}
