/*
 * template: the file that makes a notification into what a receiver wants.
 *
 * Pure.  A file has lines of attributes, then a JSON body that begins with the
 * line whose first character is { or [, and then perhaps other bodies:
 *
 *   # a comment
 *   url URL               used where the configuration names none
 *   header NAME: VALUE    any number
 *   markup none | slack | html | markdown
 *                         what is escaped in values, besides JSON; id and
 *                         thread are names and stay as they are
 *   size BYTES            no body is larger: long values are cut for it
 *   method POST | PUT
 *   path TEXT             goes after the path of the URL
 *   { ... }
 *   on REASON, REASON     another body, with its own method and path, which
 *   { ... }               these reasons have; `on any` is for all others
 *
 * %{FIELD} is replaced by a member of the notification's JSON document
 * (message.h). Within quotes it becomes text (null: nothing), elsewhere a JSON
 * value.
 * %{FIELD:N} takes at most N characters of it, %{FIELD:Nb} at most N bytes, of
 * stderr the last and of all else the first; a cut is marked with an ellipsis
 * that counts.  %{secret} and %{secret_2} are the lines of secret_file.
 * Whatever the values are, the body stays JSON and no value leaves its string.
 */
#ifndef RUNNER_TEMPLATE_H
#define RUNNER_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum {
	TEMPLATE_FILE_SIZE = 64 << 10,
	TEMPLATE_HEADERS_MAX = 8,
	TEMPLATE_BODIES_MAX = 8,
	TEMPLATE_SECRETS = 2,
	TEMPLATE_FAULTS_MAX = 16,
	TEMPLATE_LIMIT_MAX = 1 << 20, /* of a body, or a field */
};

/* A part of the file. */
struct template_span {
	const char *bytes; /* NULL: there is none */
	size_t size;
	unsigned line; /* of the file, from 1 */
};

struct template_body {
	struct template_span on; /* reasons with commas; none: any */
	struct template_span method, path, json;
};

enum template_markup {
	MARKUP_NONE,
	MARKUP_SLACK,
	MARKUP_HTML,
	MARKUP_MARKDOWN,
};

/* Everything points into the file's text. */
struct template
{
	struct template_span url;
	struct template_span headers[TEMPLATE_HEADERS_MAX];
	size_t header_count;
	enum template_markup markup;
	size_t size_max; /* 0: any */
	struct template_body bodies[TEMPLATE_BODIES_MAX];
	size_t body_count;
};

/* What is wrong with a file, in the order of its lines. */
struct template_faults {
	size_t count;
	struct template_fault {
		unsigned line;
		char words[120];
	} list[TEMPLATE_FAULTS_MAX];
};

/* What a template is filled with; all borrowed. */
struct template_values {
	const char *document; /* an object that json_check() approves of */
	size_t size;
	const char *secrets[TEMPLATE_SECRETS]; /* or NULL */
};

/*
 * Reads a file's text, which is lent to the template.  Returns 0; or -1 with at
 * least one fault, and the template is then of no use.
 */
int template_parse(struct template *t, const char *text, size_t size,
    struct template_faults *faults);

/* The body for a reason, or NULL: the file has none for it. */
const struct template_body *template_find(
    const struct template *t, const char *reason);

/*
 * Writes a body, filled in; -1 with faults: an unknown field, a list within
 * quotes, a result that is no JSON, or that no cut makes as small as `size`
 * says.
 */
int template_fill(const struct template *t, const struct template_body *body,
    const struct template_values *values, struct text *out,
    struct template_faults *faults);

/*
 * Writes one line, filled in as plain text, its line ends and tabs kept; for a
 * URL percent-encoded, for a header on one line.  As template_fill().
 */
enum template_line { TEMPLATE_WORD, TEMPLATE_URL, TEMPLATE_HEADER };
int template_fill_line(const struct template_span *line,
    enum template_line kind, const struct template_values *values,
    struct text *out, struct template_faults *faults);

/* Does any part of the file name %{secret...}? */
bool template_wants_secret(const struct template *t);

/* Adds a fault; harmless when the table is full. */
void template_fault(struct template_faults *f, unsigned line, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

#endif
