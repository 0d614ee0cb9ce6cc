/*
 * values: one KEY = VALUE of a document made into a field of a struct.
 *
 * A table of struct key says for each key how it is read, into which field, and
 * what it may be.  Whatever cannot be is complained of at its place, and the
 * field is then left as it was.
 */
#ifndef RUNNER_VALUES_H
#define RUNNER_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "document.h"
#include "settings.h"

struct value_reader {
	struct diagnostics *found; /* NULL: say nothing, it was said before */
	const char *project_root;  /* what paths are relative to */
};

struct key {
	const char *name;
	/* Returns 0, or -1 and it was complained of. */
	int (*read)(const struct value_reader *r, const struct key *k,
	    const struct document_entry *e, void *field);
	size_t offset;     /* of the field in the struct */
	size_t has_offset; /* of a bool that says it was given; 0: none */
	int64_t min, max;  /* of a number, duration or size */
	const char *const *words; /* of a choice, in the enum's order */
	/* What is wrong with one string, or NULL. */
	const char *(*fault)(const char *value);
};

/*
 * Reads entry `e` into its field of `target`, by the key of `keys` (ended by a
 * name of NULL) that it names.  Returns 0, or -1; an unknown key is none of its
 * business, and gives 0.
 */
int values_read(const struct value_reader *r, const struct key *keys,
    const struct document_entry *e, void *target);

const struct key *values_find_key(const struct key *keys, const char *name);

/* Adds a complaint about an entry, "KEY: WHAT", unless they are not wanted. */
void values_complain(const struct value_reader *r,
    const struct document_entry *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * How a field of each kind is read.  An allocated field's old value is freed.
 * Fields: int64_t (milliseconds, bytes, seconds rounded up, numbers), int,
 * bool, enum, char *, char **, struct command, struct patterns *, bool[256].
 */
int value_duration(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_seconds(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_size(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_number(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_int(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_threshold(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field); /* struct threshold */
int value_umask(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_bool(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_choice(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_string(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_path(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_list(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field); /* min: how many */
int value_mail_urls(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_command(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_argv(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field); /* char **, one stage */
int value_patterns(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);
int value_exits(const struct value_reader *r, const struct key *k,
    const struct document_entry *e, void *field);

/* `path` made absolute: seen from `folder`.  NULL: no memory. */
char *value_absolute(const char *folder, const char *path);

/* Lists of strings, NULL-ended.  NULL: no memory. */
char **value_list_copy(const char *const *list);
void value_list_free(char **list);

#endif
