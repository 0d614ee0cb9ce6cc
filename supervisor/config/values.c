#include "values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "base/words.h"
#include "settings.h"
#include "values_private.h"

int
values_read(const struct value_reader *r, const struct key *keys,
    const struct conf_entry *e, void *target)
{
	const struct key *k = e->key;
	bool is_ours = false;

	for (; keys->name && !is_ours; keys++)
		is_ours = keys == k;
	if (!is_ours)
		return 0;
	if (e->is_bad || k->type->read(r, k, e, (char *)target + k->offset))
		return -1;
	if (k->has_offset)
		*(bool *)((char *)target + k->has_offset) = true;
	return 0;
}

int
values_init(const char *project_root, const struct key *keys, void *target)
{
	const struct value_reader quiet = {NULL, project_root};

	for (const struct key *k = keys; k->name; k++) {
		char *values[] = {(char *)k->initial, NULL};
		const struct conf_entry e = {
		    .key = k, .values = values, .count = 1};
		void *field = (char *)target + k->offset;

		if (k->type->clear && k->type->clear(field))
			return -1;
		if (k->initial && k->type->read(&quiet, k, &e, field))
			return -1;
	}
	return 0;
}

void
values_release(const struct key *keys, void *target)
{
	for (; keys->name; keys++)
		if (keys->type->release)
			keys->type->release((char *)target + keys->offset);
}

/* What is printed of a field; NULL: nothing.  To be freed. */
static char *
print_field(const struct key *k, const void *target)
{
	const char *base = target;
	char *text = NULL;
	size_t size;
	FILE *out;
	bool is_there;

	if (!target ||
	    (k->has_offset && !*(const bool *)(base + k->has_offset)))
		return NULL;
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	is_there = k->type->print(out, k, base + k->offset);
	if (!fclose(out) && is_there)
		return text;
	free(text);
	return NULL;
}

void
values_print(FILE *out, const char *indent, const struct key *keys,
    const void *target, const void *than)
{
	for (const struct key *k = keys; k->name; k++) {
		char *text = print_field(k, target);
		char *other = text ? print_field(k, than) : NULL;

		if (text && (!other || strcmp(text, other)))
			fprintf(out, "%s%s = %s\n", indent, k->name, text);
		free(text);
		free(other);
	}
}

void
values_complain(const struct value_reader *r, const struct conf_entry *e,
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
		    r->found, e->file, e->line, "%s: %s", e->key->name, text);
	else
		diagnostics_add_at(r->found, e->file, 0, "%s", text);
}

const char *
value_single(const struct value_reader *r, const struct conf_entry *e)
{
	if (!e->is_list)
		return e->values[0];
	values_complain(r, e, "takes one value, not a list");
	return NULL;
}

int
value_refuse(const struct value_reader *r, const struct conf_entry *e,
    const char *value, const char *what)
{
	values_complain(r, e, "'%.100s' %s", value, what);
	return -1;
}

static int
parse_duration(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, int64_t *ms)
{
	const char *value = value_single(r, e);

	if (!value)
		return -1;
	if (units_parse_duration(value, ms))
		return value_refuse(r, e, value,
		    errno == ERANGE ? "is more than 100 years"
				    : "is not a duration (such as 500ms, 90s, "
				      "15m, 1h30m or 2d)");
	if (*ms < k->min)
		return value_refuse(r, e, value, "is too short");
	return 0;
}

static int
read_duration(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	int64_t ms;

	if (parse_duration(r, k, e, &ms))
		return -1;
	*(int64_t *)field = ms;
	return 0;
}

static bool
print_duration(FILE *out, const struct key *k, const void *field)
{
	int64_t ms = *(const int64_t *)field;
	char text[UNITS_TEXT_SIZE];

	units_format_duration(ms, text);
	fputs(text, out);
	return ms || k->initial;
}

static int
read_seconds(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	int64_t ms;

	if (parse_duration(r, k, e, &ms))
		return -1;
	*(int64_t *)field = (ms + 999) / 1000;
	return 0;
}

/* -1: none. */
static bool
print_seconds(FILE *out, const struct key *k, const void *field)
{
	const int64_t ms = 1000 * *(const int64_t *)field;

	return ms >= 0 && print_duration(out, k, &ms);
}

static int
clear_number(void *field)
{
	*(int64_t *)field = -1;
	return 0;
}

static int
read_size(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	const char *value = value_single(r, e);
	int64_t bytes;

	if (!value)
		return -1;
	if (units_parse_size(value, &bytes))
		return value_refuse(r, e, value,
		    errno == ERANGE ? "is too large"
				    : "is not a size (such as 64k, 10M or 1G)");
	if (bytes < k->min)
		return value_refuse(r, e, value, "is too small");
	*(int64_t *)field = bytes;
	return 0;
}

static bool
print_size(FILE *out, const struct key *k, const void *field)
{
	int64_t bytes = *(const int64_t *)field;
	char text[UNITS_TEXT_SIZE];

	if (bytes < 0)
		return false;
	units_format_size(bytes, text);
	fputs(text, out);
	return true;
}

static int
read_number(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	const char *value = value_single(r, e);

	if (!value)
		return -1;
	if (!units_parse_int(value, k->min, k->max, field))
		return 0;
	values_complain(r, e, "'%.100s' is not a number from %lld to %lld",
	    value, (long long)k->min, (long long)k->max);
	return -1;
}

static bool
print_number(FILE *out, const struct key *k, const void *field)
{
	int64_t n = *(const int64_t *)field;

	fprintf(out, "%" PRId64, n);
	return n >= k->min;
}

static int
read_int(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	int64_t n;

	if (read_number(r, k, e, &n))
		return -1;
	*(int *)field = (int)n;
	return 0;
}

static bool
print_int(FILE *out, const struct key *k, const void *field)
{
	fprintf(out, "%d", *(const int *)field);
	return true;
}

static int
read_threshold(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	const char *value = value_single(r, e);
	struct threshold t = {0};

	if (!value)
		return -1;
	if (value[strspn(value, "0123456789")] == '\0'
		? read_number(r, k, e, &t.count)
		: read_duration(r, k, e, &t.ms))
		return -1;
	*(struct threshold *)field = t;
	return 0;
}

static bool
print_threshold(FILE *out, const struct key *k, const void *field)
{
	const struct threshold *t = field;

	return t->count ? print_number(out, k, &t->count)
			: print_duration(out, k, &t->ms);
}

/* A time, or how many times the usual one: "3x", "1.5x". */
static int
read_slow(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	const char *value = value_single(r, e);
	struct threshold t = {0};
	size_t length = value ? strlen(value) : 0;
	char *end;

	if (!value)
		return -1;
	if (!length || value[length - 1] != 'x') {
		if (read_duration(r, k, e, &t.ms))
			return -1;
	} else {
		double times = strtod(value, &end);

		if (end != value + length - 1 ||
		    strspn(value, "0123456789.") != length - 1 || times <= 1 ||
		    times > 1000)
			return value_refuse(r, e, value,
			    "is not a duration, or how many times the usual "
			    "one (such as 3x)");
		t.count = (int64_t)(times * 1000 + 0.5);
	}
	*(struct threshold *)field = t;
	return 0;
}

static bool
print_slow(FILE *out, const struct key *k, const void *field)
{
	const struct threshold *t = field;

	if (!t->count)
		return print_duration(out, k, &t->ms);
	fprintf(out, "%gx", (double)t->count / 1000);
	return true;
}

static int
read_umask(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	const char *value = value_single(r, e);

	if (!value)
		return -1;
	if (!*value || strlen(value) > 4 || value[strspn(value, "01234567")] ||
	    strtol(value, NULL, 8) > 0777)
		return value_refuse(r, e, value,
		    "is not a file mode mask (octal, such as 022)");
	*(int *)field = (int)strtol(value, NULL, 8);
	return 0;
}

static bool
print_umask(FILE *out, const struct key *k, const void *field)
{
	int mask = *(const int *)field;

	fprintf(out, "%03o", (unsigned)mask);
	return mask >= 0;
}

static int
clear_umask(void *field)
{
	*(int *)field = -1;
	return 0;
}

static int
read_bool(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	static const char *const words[] = {
	    "false", "true", "no", "yes", "off", "on"};
	const char *value = value_single(r, e);

	if (!value)
		return -1;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strcasecmp(words[i], value)) {
			*(bool *)field = i % 2;
			return 0;
		}
	}
	return value_refuse(
	    r, e, value, "is not true or false (or yes, no, on, off)");
}

static bool
print_bool(FILE *out, const struct key *k, const void *field)
{
	fputs(*(const bool *)field ? "true" : "false", out);
	return true;
}

static int
read_choice(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	const char *value = value_single(r, e);
	char known[256];
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
	text_add_string(&t, "is not ");
	words_list(&t, k->words);
	return value_refuse(r, e, value, known);
}

static bool
print_choice(FILE *out, const struct key *k, const void *field)
{
	unsigned choice;

	memcpy(&choice, field, sizeof(choice));
	fputs(k->words[choice], out);
	return true;
}

const struct value_type
    value_duration = {read_duration, print_duration, .wants = "duration"},
    value_seconds = {read_seconds, print_seconds, clear_number,
	.wants = "duration"},
    value_size = {read_size, print_size, clear_number, .wants = "size"},
    value_number = {read_number, print_number, clear_number, .wants = "number"},
    value_int = {read_int, print_int, .wants = "number"},
    value_threshold = {read_threshold, print_threshold, .wants = "number"},
    value_slow = {read_slow, print_slow, .wants = "duration"},
    value_umask = {read_umask, print_umask, clear_umask, .wants = "number"},
    value_bool = {read_bool, print_bool, .wants = "boolean"},
    value_choice = {.read = read_choice, .print = print_choice};
