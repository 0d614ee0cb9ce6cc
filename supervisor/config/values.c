#include "values.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "base/text.h"
#include "base/units.h"
#include "base/words.h"

const struct key *
values_find_key(const struct key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, name))
			return keys;
	return NULL;
}

int
values_read(const struct value_reader *r, const struct key *keys,
    const struct document_entry *e, void *target)
{
	const struct key *k = values_find_key(keys, e->key);

	if (!k)
		return 0;
	if (k->read(r, k, e, (char *)target + k->offset))
		return -1;
	if (k->has_offset)
		*(bool *)((char *)target + k->has_offset) = true;
	return 0;
}

void
values_complain(const struct value_reader *r, const struct document_entry *e,
    const char *fmt, ...)
{
	char text[DIAGNOSTIC_SIZE];
	va_list ap;

	if (!r->found)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* The place of a --set names the key already. */
	if (e->line)
		diagnostics_add_at(
		    r->found, e->file, e->line, "%s: %s", e->key, text);
	else
		diagnostics_add_at(r->found, e->file, 0, "%s", text);
}

/* The one value of an entry; NULL when it has another number of them. */
static const char *
single(const struct value_reader *r, const struct document_entry *e)
{
	if (!e->is_list)
		return e->values[0];
	values_complain(r, e, "takes one value, not a list");
	return NULL;
}

static int
complain_of(const struct value_reader *r, const struct document_entry *e,
    const char *value, const char *what)
{
	values_complain(r, e, "'%.100s' %s", value, what);
	return -1;
}

static int
complain_of_range(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, const char *value)
{
	values_complain(r, e, "'%.100s' is not a number from %lld to %lld",
	    value, (long long)k->min, (long long)k->max);
	return -1;
}

static int
parse_duration(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, int64_t *ms)
{
	const char *value = single(r, e);

	if (!value)
		return -1;
	if (units_parse_duration(value, ms))
		return complain_of(r, e, value,
		    errno == ERANGE ? "is more than 100 years"
				    : "is not a duration (such as 500ms, 90s, "
				      "15m, 1h30m or 2d)");
	if (*ms < k->min)
		return complain_of(r, e, value, "is too short");
	return 0;
}

int
value_duration(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	int64_t ms;

	if (parse_duration(r, k, e, &ms))
		return -1;
	*(int64_t *)field = ms;
	return 0;
}

int
value_seconds(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	int64_t ms;

	if (parse_duration(r, k, e, &ms))
		return -1;
	*(int64_t *)field = (ms + 999) / 1000;
	return 0;
}

int
value_size(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	const char *value = single(r, e);
	int64_t bytes;

	if (!value)
		return -1;
	if (units_parse_size(value, &bytes))
		return complain_of(r, e, value,
		    errno == ERANGE ? "is too large"
				    : "is not a size (such as 64k, 10M or 1G)");
	if (bytes < k->min)
		return complain_of(r, e, value, "is too small");
	*(int64_t *)field = bytes;
	return 0;
}

int
value_number(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	const char *value = single(r, e);

	if (!value)
		return -1;
	if (units_parse_int(value, k->min, k->max, field))
		return complain_of_range(r, k, e, value);
	return 0;
}

int
value_int(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	int64_t n;

	if (value_number(r, k, e, &n))
		return -1;
	*(int *)field = (int)n;
	return 0;
}

int
value_threshold(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	const char *value = single(r, e);
	struct threshold t = {0};

	if (!value)
		return -1;
	if (value[strspn(value, "0123456789")] == '\0'
		? value_number(r, k, e, &t.count)
		: parse_duration(r, k, e, &t.ms))
		return -1;
	*(struct threshold *)field = t;
	return 0;
}

int
value_umask(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	const char *value = single(r, e);

	if (!value)
		return -1;
	if (!*value || strlen(value) > 4 || value[strspn(value, "01234567")] ||
	    strtol(value, NULL, 8) > 0777)
		return complain_of(r, e, value,
		    "is not a file mode mask (octal, such as 022)");
	*(int *)field = (int)strtol(value, NULL, 8);
	return 0;
}

int
value_bool(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	static const char *const words[] = {
	    "false", "true", "no", "yes", "off", "on"};
	const char *value = single(r, e);

	if (!value)
		return -1;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strcasecmp(words[i], value)) {
			*(bool *)field = i % 2;
			return 0;
		}
	}
	return complain_of(
	    r, e, value, "is not true or false (or yes, no, on, off)");
}

int
value_choice(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	const char *value = single(r, e);
	char known[128];
	struct text t;
	int choice;

	if (!value)
		return -1;
	choice = words_find(k->words, value);
	if (choice >= 0) {
		memcpy(field, &choice, sizeof(choice));
		return 0;
	}
	text_init(&t, known, sizeof(known));
	words_list(&t, k->words);
	values_complain(r, e, "'%.100s' is not %s", value, known);
	return -1;
}

static int
replace(const struct value_reader *r, const struct document_entry *e,
    char **field, char *with)
{
	if (!with) {
		values_complain(r, e, "out of memory");
		return -1;
	}
	free(*field);
	*field = with;
	return 0;
}

int
value_string(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	const char *value = single(r, e);
	const char *fault;

	if (!value)
		return -1;
	fault = k->fault(value);
	if (fault)
		return complain_of(r, e, value, fault);
	return replace(r, e, field, strdup(value));
}

char *
value_absolute(const char *folder, const char *path)
{
	char *out;

	while (path[0] == '.' && path[1] == '/') {
		for (path += 2; *path == '/';)
			path++;
	}
	if (*path == '/')
		return strdup(path);
	if (!*path || !strcmp(path, "."))
		return strdup(folder);
	if (asprintf(&out, "%s%s%s", folder,
		folder[strlen(folder) - 1] == '/' ? "" : "/", path) < 0)
		return NULL;
	return out;
}

int
value_path(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	const char *value = single(r, e);
	const char *fault;

	if (!value)
		return -1;
	fault = k->fault(value);
	if (fault)
		return complain_of(r, e, value, fault);
	return replace(r, e, field, value_absolute(r->project_root, value));
}
