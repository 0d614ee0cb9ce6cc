#include "values.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "command.h"
#include "base/units.h"

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
value_list_copy(const char *const *list)
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

static int
replace_list(const struct value_reader *r, const struct document_entry *e,
    char ***field, char **with)
{
	if (!with) {
		values_complain(r, e, "out of memory");
		return -1;
	}
	value_list_free(*field);
	*field = with;
	return 0;
}

/* Are there enough values, and is each of them right? */
static int
check_items(const struct value_reader *r, const struct key *k,
    const struct document_entry *e)
{
	int failed = 0;

	if (e->count < (size_t)k->min) {
		values_complain(r, e, "the list is empty");
		return -1;
	}
	for (size_t i = 0; k->fault && i < e->count; i++) {
		const char *fault = k->fault(e->values[i]);

		if (fault) {
			values_complain(
			    r, e, "'%.100s' %s", e->values[i], fault);
			failed = -1;
		}
	}
	return failed;
}

int
value_list(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	if (check_items(r, k, e))
		return -1;
	return replace_list(
	    r, e, field, value_list_copy((const char *const *)e->values));
}

/* The path of "maildir:PATH" and "sendmail:PATH", made absolute. */
static char *
absolute_url(const char *folder, const char *url)
{
	const char *colon = strchr(url, ':');
	size_t length = (size_t)(colon + 1 - url);
	char *path, *out;

	if (!strncasecmp(url, "smtp", 4))
		return strdup(url);
	path = value_absolute(folder, colon + 1);
	out = path ? malloc(length + strlen(path) + 1) : NULL;
	if (out) {
		memcpy(out, url, length);
		strcpy(out + length, path);
	}
	free(path);
	return out;
}

int
value_mail_urls(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	char **urls;

	if (check_items(r, k, e))
		return -1;
	urls = value_list_copy((const char *const *)e->values);
	for (char **url = urls; urls && *url; url++) {
		char *absolute = absolute_url(r->project_root, *url);

		if (!absolute) {
			value_list_free(urls);
			urls = NULL;
			break;
		}
		free(*url);
		*url = absolute;
	}
	return replace_list(r, e, field, urls);
}

int
value_command(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
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

int
value_argv(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	struct command c = {0};
	int result = -1;

	/* An empty list takes back what a more general place says. */
	if (e->is_list && !e->count)
		return value_list(r, k, e, field);
	if (value_command(r, k, e, &c))
		return -1;
	if (c.count > 1)
		values_complain(r, e, "a pipeline cannot be used here");
	else
		result = replace_list(r, e, field,
		    value_list_copy((const char *const *)c.argv[0]));
	command_release(&c);
	return result;
}

/* Takes the place of the old ones; NULL is none. */
static void
replace_patterns(struct patterns **field, struct patterns *with)
{
	if (*field)
		patterns_release(*field);
	free(*field);
	*field = with;
}

int
value_patterns(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	struct patterns *new = NULL;
	char why[256];
	int failed = 0;

	/* It is large, and few tasks have any. */
	if (e->count) {
		new = calloc(1, sizeof(*new));
		if (!new) {
			values_complain(r, e, "out of memory");
			return -1;
		}
	}
	for (size_t i = 0; i < e->count; i++) {
		if (patterns_add(new, e->values[i], why, sizeof(why))) {
			values_complain(
			    r, e, "'%.100s': %s", e->values[i], why);
			failed = -1;
		}
	}
	if (failed)
		replace_patterns(&new, NULL);
	else
		replace_patterns(field, new);
	return failed;
}

int
value_exits(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field)
{
	bool exits[256] = {false};
	int failed = 0;
	int64_t n;

	if (!e->count) {
		values_complain(r, e, "the list is empty");
		return -1;
	}
	for (size_t i = 0; i < e->count; i++) {
		if (!units_parse_int(e->values[i], 0, 255, &n)) {
			exits[n] = true;
			continue;
		}
		values_complain(r, e,
		    "'%.100s' is not an exit status, 0 to "
		    "255",
		    e->values[i]);
		failed = -1;
	}
	if (!failed)
		memcpy(field, exits, sizeof(exits));
	return failed;
}
