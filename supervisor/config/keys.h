/*
 * keys: every key of runner.conf, section by section, with what it may be.
 *
 * INTERFACE 4 is the source; runner.conf.example says the same to users.
 */
#ifndef RUNNER_KEYS_H
#define RUNNER_KEYS_H

#include "command.h"
#include "values.h"

/* What only the top level says, on its way into struct config. */
struct top_settings {
	char *run_root;
	char **admins;
	bool killconcurrent;
	bool has_if_running;
	enum if_running if_running;
	struct command default_command;
	char **lease_command;
};

/* A section's keys and the struct that they fill in. */
enum keys_section {
	KEYS_TOP,     /* struct top_settings */
	KEYS_TASK,    /* struct task_settings; also at the top level */
	KEYS_LOG,     /* struct log_settings */
	KEYS_MAIL,    /* struct mail_settings */
	KEYS_WEBHOOK, /* struct webhook_settings */
	KEYS_CHAIN,   /* struct chain_settings */
	KEYS_SECTIONS
};

/* Ended by a name of NULL. */
const struct key *keys_of(enum keys_section section);

/* "task", "mail"; "" for KEYS_TOP. */
const char *keys_section_name(enum keys_section section);

/* The section of that name, or KEYS_SECTIONS: there is none. */
enum keys_section keys_find_section(const char *name);

/*
 * The word nearest to `word` among the keys and, at the top level, the
 * sections that may stand in `section`; NULL when none is near.
 */
const char *keys_nearest(enum keys_section section, const char *word);

#endif
