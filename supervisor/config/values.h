/*
 * values: the types of keys: how an entry is read into a field, and how a field
 * is printed, compared and released.
 *
 * Whatever cannot be is complained of with file and line, and the field is then
 * left as it was.
 */
#ifndef RUNNER_VALUES_H
#define RUNNER_VALUES_H

#include <stdio.h>

#include "conf_tree.h"

struct value_reader {
	struct diagnostics
	    *diagnostics;         /* NULL: say nothing, it was said before */
	const char *project_root; /* what paths are relative to */
};

/* One value being read. */
struct value_parse {
	const struct key *key;
	const char *project_root;
	char why[256]; /* room for what is wrong */
};

/* A type has `parse` when it takes one value, `read` when it takes a list. */
struct value_type {
	/* Returns NULL, or what is wrong: "is not ...". */
	const char *(*parse)(
	    struct value_parse *p, const char *value, void *field);
	/* Returns 0, or -1 and it was complained of. */
	int (*read)(const struct value_reader *r, const struct key *k,
	    const struct conf_entry *e, void *field);
	/* Writes it as libconfuse reads it; false: there is none. */
	bool (*print)(FILE *out, const struct key *k, const void *field);
	/* The field when nothing is given and there is no default; -1: no
	 * memory.  NULL: it stays 0. */
	int (*clear)(void *field);
	void (*release)(void *field); /* NULL: it owns nothing */
	const char *wants; /* for completion: "duration", "path"; or NULL */
};

/*
 * Fields: int64_t (milliseconds; seconds rounded up; bytes; numbers; -1: none),
 * int, struct threshold, bool, enum, char *, char **, struct command, struct
 * patterns *, bool[256].  A list that was not given is empty, an own list is
 * NULL.
 */
extern const struct value_type value_duration, value_seconds, value_size,
    value_number, value_int, value_threshold, value_slow, value_umask,
    value_bool, value_choice, value_string, value_user, value_group, value_path,
    value_list, value_own_list, value_mail_urls, value_command, value_argv,
    value_patterns, value_exits;

/*
 * Reads entry `e` into its field of `target`; one that is bad, or that is not
 * of these keys, is passed over.  Returns 0, or -1.
 */
int values_read(const struct value_reader *r, const struct key *keys,
    const struct conf_entry *e, void *target);

/* Sets every field to its default.  Returns 0, or -1: no memory. */
int values_init(const char *project_root, const struct key *keys, void *target);

/* Frees what the fields hold, not `target` itself. */
void values_release(const struct key *keys, void *target);

/*
 * Writes "INDENT KEY = VALUE" lines, of the fields that differ from those of
 * `than` (NULL: of all that there are).  What may be secret is written as ***.
 */
void values_print(FILE *out, const char *indent, const struct key *keys,
    const void *target, const void *than);

/* Adds a complaint about an entry, "KEY: WHAT", unless they are not wanted. */
void values_complain(const struct value_reader *r, const struct conf_entry *e,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * What is wrong with a value (NULL: nothing) is complained of as
 * "'VALUE' FAULT".  Returns 0, or -1: there was something.
 */
int value_check(const struct value_reader *r, const struct conf_entry *e,
    const char *value, const char *fault);

/* A string in quotes, as libconfuse reads it back; what is secret as ***. */
void value_print_quoted(FILE *out, const struct key *k, const char *s);

/* Lists of strings, NULL-ended.  NULL: no memory. */
char **value_list_copy(char *const *list);
void value_list_free(char **list);

#endif
