/*
 * settings: what runner.conf, --set and the defaults say, as plain values.
 *
 * Pure data, filled in by config, read by everybody, changed by nobody.  All
 * pointers are owned by the struct config that the value lives in, and live
 * until config_free().  A string list is NULL-ended; an empty one is a pointer
 * to a NULL, never NULL itself.  An absent string is NULL.
 */
#ifndef RUNNER_SETTINGS_H
#define RUNNER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/patterns.h"
#include "base/ping_url.h"
#include "runner_notify.h"

enum if_running {
	IF_RUNNING_REPLACE,
	IF_RUNNING_REFUSE,
	IF_RUNNING_WAIT,
	IF_RUNNING_ALLOW
};
extern const char *const if_running_words[]; /* ended by NULL */
enum on_failure { ON_FAILURE_CONTINUE, ON_FAILURE_RESTART };
enum resume_cooldown { RESUME_CRASH, RESUME_ALWAYS, RESUME_NEVER };
enum leftovers { LEFTOVERS_KILL, LEFTOVERS_KEEP };
enum log_format {
	LOG_FORMAT_PLAIN,
	LOG_FORMAT_TIMESTAMP,
	LOG_FORMAT_JSON,
	LOG_FORMAT_JOURNAL
};
enum log_time { LOG_TIME_UTC, LOG_TIME_LOCAL };
enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_ERROR
};

/* How much of something it takes: a number of times, or a time. */
struct threshold {
	int64_t count; /* 0: `ms` counts */
	int64_t ms;
};

/* A command: one argv, or several joined by pipes. */
struct command {
	size_t count;  /* of stages; 0: none is given */
	char ***argv;  /* `count` NULL-ended lists */
	char *written; /* as a person reads it, for messages and check */
};

/* Every task key, resolved: default, top level, task section, --set. */
struct task_settings {
	char *name;
	struct command command;
	int64_t success_cooldown_ms;
	int64_t fail_cooldown_ms;
	int64_t fail_cooldown_max_ms;        /* at least fail_cooldown_ms */
	int64_t non_recoverable_downtime_ms; /* 0: never */
	int64_t timeout_ms;                  /* 0: none */
	int64_t stop_timeout_ms;
	bool success_exit[256];
	bool fail_on_stderr;
	enum on_failure on_failure;
	enum leftovers leftovers;
	struct patterns *signature_ignore; /* or NULL: none */
	struct patterns *signature_mask;
	struct patterns *signature_keep;
	char *cwd;               /* absolute */
	char **environment;      /* "NAME=VALUE" */
	char *environment_file;  /* absolute, or NULL */
	char **environment_keep; /* names, "PREFIX*"; NULL: not given */
	char *user;              /* a name or number, known to exist; or NULL */
	char *group;             /* the same */
	bool has_nice;
	int nice;                    /* -20..19 */
	int umask;                   /* 0..0777, or -1: as inherited */
	int64_t limit_memory_bytes;  /* RLIMIT_AS, or -1: none */
	int64_t limit_files;         /* RLIMIT_NOFILE, or -1 */
	int64_t limit_cpu_s;         /* RLIMIT_CPU, or -1 */
	int heal_after;              /* 1 and more */
	int64_t healthy_after_ms;    /* 0: never */
	struct threshold slow_after; /* count: per mille of the usual time */
	enum resume_cooldown resume_cooldown;
	bool rerun_on_change;
	struct threshold notify_after;
	int64_t remember_ms; /* 0: for ever */
	char **admins;       /* or NULL: none of its own */
	char *ping_url;      /* or NULL */
	char *ping_url_file; /* absolute, instead of it; or NULL */
	enum ping_dialect ping;
};

struct log_settings {
	enum log_level level;
	bool has_format; /* false: the journal is recognised, see log */
	enum log_format format;
	enum log_time time;
	char *file;             /* absolute, or NULL: standard error */
	int64_t max_size_bytes; /* 0: never rotated */
	int keep;
};

struct mail_settings {
	char **admins;
	char **urls; /* at least one, tried in order; maildir: is absolute */
	char *from;
	char *username;
	char *password_file; /* absolute, as ca_file */
	enum tls tls;
	char *ca_file;
	int64_t timeout_ms;
	int64_t max_per_hour; /* 0: no cap */
	char *helo;           /* or NULL: the host's full name */
	char *subject_prefix; /* never NULL */
};

/* What has a preset, in the order of webhook_settings.preset; NULL-ended. */
extern const char *const webhook_presets[];

/* The words of enum reason (policy.h), which `only` takes. */
#define SETTINGS_REASONS                                                       \
	{                                                                      \
		"none", "first", "new", "downtime", "downtime again",          \
		    "healed", "digest", "test", "slow", "refused", NULL        \
	}

struct webhook_settings {
	char *name;        /* or NULL: webhook { } */
	char *url;         /* or NULL */
	char *url_file;    /* absolute, as the next; or NULL */
	char *secret_file; /* or NULL */
	bool has_preset;
	int preset;     /* an index of webhook_presets */
	char *body;     /* a template of the user's own, absolute; or NULL */
	char **only;    /* words of enum reason; empty: all */
	char **headers; /* "NAME: VALUE" or "NAME: @FILE" */
	int64_t max_per_hour;
};

enum { CHAIN_TASKS_MAX = 256 };

/* What `chain NAME { }` says, or what a command line amounts to. */
struct chain_settings {
	char *name;
	bool is_name_given; /* by chain NAME or --name; else derived */
	char **words;       /* the tasks as they were written */
	char *user;         /* or NULL; the whole chain's, see cmd_start */
	char *group;
	bool has_nice;
	int nice;
	char *log_file; /* absolute; or NULL: log.file */
	char **admins;  /* or NULL: none of its own */
	enum if_running if_running;
	char **lease_command; /* empty: none; %c not yet replaced */
};

#endif
