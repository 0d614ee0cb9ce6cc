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

void
values_complain(const struct value_reader *r, const struct conf_entry *e,
    const char *fmt, ...)
{
	va_list ap;

	/* What is said of a --set names the key already. */
	va_start(ap, fmt);
	diagnostics_vadd_at(r->diagnostics, e->file, e->line,
	    e->line ? e->key->name : NULL, fmt, ap);
	va_end(ap);
}

int
value_check(const struct value_reader *r, const struct conf_entry *e,
    const char *value, const char *fault)
{
	if (!fault)
		return 0;
	values_complain(r, e, "'%.100s' %s", value, fault);
	return -1;
}

static int
read_entry(const struct value_reader *r, const struct key *k,
    const struct conf_entry *e, void *field)
{
	struct value_parse parse = {.key = k, .project_root = r->project_root};

	if (k->type->read)
		return k->type->read(r, k, e, field);
	if (!e->is_list)
		return value_check(r, e, e->values[0],
		    k->type->parse(&parse, e->values[0], field));
	values_complain(r, e, "takes one value, not a list");
	return -1;
}

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
	if (e->is_bad || read_entry(r, k, e, (char *)target + k->offset))
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
		if (k->initial && read_entry(&quiet, k, &e, field))
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

static const char *
parse_duration(struct value_parse *p, const char *value, void *field)
{
	int64_t ms;

	if (units_parse_duration(value, &ms))
		return errno == ERANGE ? "is more than 100 years"
				       : "is not a duration (such as 500ms, "
					 "90s, 15m, 1h30m or 2d)";
	if (ms < p->key->min)
		return "is too short";
	*(int64_t *)field = ms;
	return NULL;
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

static const char *
parse_seconds(struct value_parse *p, const char *value, void *field)
{
	int64_t ms;
	const char *fault = parse_duration(p, value, &ms);

	if (!fault)
		*(int64_t *)field = (ms + 999) / 1000;
	return fault;
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

static const char *
parse_size(struct value_parse *p, const char *value, void *field)
{
	int64_t bytes;

	if (units_parse_size(value, &bytes))
		return errno == ERANGE
			   ? "is too large"
			   : "is not a size (such as 64k, 10M or 1G)";
	if (bytes < p->key->min)
		return "is too small";
	*(int64_t *)field = bytes;
	return NULL;
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

static const char *
parse_number(struct value_parse *p, const char *value, void *field)
{
	int64_t min = p->key->min, max = p->key->max;

	if (!units_parse_int(value, min, max, field))
		return NULL;
	snprintf(p->why, sizeof(p->why),
	    "is not a number from %" PRId64 " to %" PRId64, min, max);
	return p->why;
}

static bool
print_number(FILE *out, const struct key *k, const void *field)
{
	int64_t n = *(const int64_t *)field;

	fprintf(out, "%" PRId64, n);
	return n >= k->min;
}

static const char *
parse_int(struct value_parse *p, const char *value, void *field)
{
	int64_t n;
	const char *fault = parse_number(p, value, &n);

	if (!fault)
		*(int *)field = (int)n;
	return fault;
}

static bool
print_int(FILE *out, const struct key *k, const void *field)
{
	fprintf(out, "%d", *(const int *)field);
	return true;
}

static const char *
parse_threshold(struct value_parse *p, const char *value, void *field)
{
	bool is_count = value[strspn(value, "0123456789")] == '\0';
	struct threshold t = {0};
	const char *fault = is_count ? parse_number(p, value, &t.count)
				     : parse_duration(p, value, &t.ms);

	if (!fault)
		*(struct threshold *)field = t;
	return fault;
}

static bool
print_threshold(FILE *out, const struct key *k, const void *field)
{
	const struct threshold *t = field;

	return t->count ? print_number(out, k, &t->count)
			: print_duration(out, k, &t->ms);
}

/* A time, or how many times the usual one: "3x", "1.5x". */
static const char *
parse_slow(struct value_parse *p, const char *value, void *field)
{
	size_t digits = strspn(value, "0123456789.");
	struct threshold t = {0};
	double times = strtod(value, NULL);
	const char *fault = NULL;

	if (!*value || value[strlen(value) - 1] != 'x')
		fault = parse_duration(p, value, &t.ms);
	else if (strcmp(value + digits, "x") != 0 ||
		 strchr(value, '.') != strrchr(value, '.') || times <= 1 ||
		 times > 1000)
		fault = "is not a duration, or how many times the usual one "
			"(such as 3x)";
	else
		t.count = (int64_t)(times * 1000 + 0.5);
	if (!fault)
		*(struct threshold *)field = t;
	return fault;
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

static const char *
parse_umask(struct value_parse *p, const char *value, void *field)
{
	if (!*value || strlen(value) > 4 || value[strspn(value, "01234567")] ||
	    strtol(value, NULL, 8) > 0777)
		return "is not a file mode mask (octal, such as 022)";
	*(int *)field = (int)strtol(value, NULL, 8);
	return NULL;
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

static const char *
parse_bool(struct value_parse *p, const char *value, void *field)
{
	static const char *const words[] = {
	    "false", "true", "no", "yes", "off", "on"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strcasecmp(words[i], value)) {
			*(bool *)field = i % 2;
			return NULL;
		}
	}
	return "is not true or false (or yes, no, on, off)";
}

static bool
print_bool(FILE *out, const struct key *k, const void *field)
{
	fputs(*(const bool *)field ? "true" : "false", out);
	return true;
}

static const char *
parse_choice(struct value_parse *p, const char *value, void *field)
{
	int choice = words_find(p->key->words, value);
	struct text t;

	if (choice >= 0) {
		memcpy(field, &choice, sizeof(choice));
		return NULL;
	}
	text_init(&t, p->why, sizeof(p->why));
	text_add_string(&t, "is not ");
	words_list(&t, p->key->words);
	return p->why;
}

static bool
print_choice(FILE *out, const struct key *k, const void *field)
{
	unsigned choice;

	memcpy(&choice, field, sizeof(choice));
	fputs(k->words[choice], out);
	return true;
}

const struct value_type value_duration = {parse_duration,
			    .print = print_duration, .wants = "duration"},
			value_seconds = {parse_seconds, .print = print_seconds,
			    .clear = clear_number, .wants = "duration"},
			value_size = {parse_size, .print = print_size,
			    .clear = clear_number, .wants = "size"},
			value_number = {parse_number, .print = print_number,
			    .clear = clear_number, .wants = "number"},
			value_int = {parse_int, .print = print_int,
			    .wants = "number"},
			value_threshold = {parse_threshold,
			    .print = print_threshold, .wants = "number"},
			value_slow = {parse_slow, .print = print_slow,
			    .wants = "duration"},
			value_umask = {parse_umask, .print = print_umask,
			    .clear = clear_umask, .wants = "number"},
			value_bool = {parse_bool, .print = print_bool,
			    .wants = "boolean"},
			value_choice = {parse_choice, .print = print_choice};
