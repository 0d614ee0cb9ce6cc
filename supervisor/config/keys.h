/*
 * keys: every key of runner.conf, one row each: name, type, where its value
 * goes, its default, what it may be, and how it is printed.
 *
 * Reading, `check`, `--set`, completion and the test of the manual all read
 * these rows.  runner.conf(5) and runner.conf.example say the same to users.
 */
#ifndef RUNNER_KEYS_H
#define RUNNER_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct value_type;

struct key {
	const char *name;
	const struct value_type *type; /* see values.h */
	size_t offset;                 /* of the field in the struct */
	const char *initial; /* the default, as it would be written; or NULL */
	size_t has_offset;   /* of a bool that says it was given; 0: none */
	int64_t min, max; /* of a number, duration, size; entries of a list */
	const char *const *words; /* of a choice, in the enum's order */
	const char *(*fault)(const char *); /* what is wrong with a string */
	/* What is shown of a string that may hold a secret, in `out`. */
	const char *(*hide)(const char *s, char *out, size_t size);
};

/* A section's keys and the struct that they fill in. */
enum keys_section {
	KEYS_TOP,     /* struct config */
	KEYS_TASK,    /* struct task_settings; also at the top level */
	KEYS_LOG,     /* struct log_settings */
	KEYS_MAIL,    /* struct mail_settings */
	KEYS_WEBHOOK, /* struct webhook_settings */
	KEYS_CHAIN,   /* struct chain_settings */
	KEYS_SECTIONS
};

enum keys_title { TITLE_NONE, TITLE_WANTED, TITLE_OPTIONAL };

struct section_spec {
	const char *name; /* "task", "mail"; "" for KEYS_TOP */
	enum keys_title title;
	const struct key *keys; /* ended by a name of NULL */
};

const struct section_spec *keys_of(enum keys_section section);

/* The section of that name, or KEYS_SECTIONS: there is none. */
enum keys_section keys_find_section(const char *name);

/* The key of that name which may be in the section, or NULL. */
const struct key *keys_find(enum keys_section section, const char *name);

/* What a value of the key is: "duration", "path", "user" ...; or "". */
const char *keys_wants(const struct key *k);

/* The name of the section that has a key of this name, or NULL. */
const char *keys_home(const char *name);

/*
 * The word nearest to `word` among the keys and, at the top level, the
 * sections that may be in `section`; NULL when none is near.
 */
const char *keys_nearest(enum keys_section section, const char *word);

#endif
