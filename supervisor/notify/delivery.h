/*
 * delivery: the job that a helper is given, from the settings.  Pure.
 */
#ifndef RUNNER_DELIVERY_H
#define RUNNER_DELIVERY_H

#include <stdint.h>

#include "base/diagnostics.h"
#include "base/ping_url.h"
#include "base/text.h"
#include "channel.h"
#include "config/config.h"
#include "runner_notify.h"

enum {
	DELIVERY_JOB_SIZE = RUNNER_NOTIFY_JOB_SIZE + 1,
	PING_TIMEOUT_MS = 10000,
	PING_MESSAGE_SIZE = 512,
};

/* All borrowed. */
struct delivery {
	const struct channel *channel;
	const struct config *config;
	char *const *admins; /* mail: whom it is for; NULL-ended */
	char *const *urls;   /* mail: instead of the configured; or NULL */
	const char *user;    /* whom to become; or NULL */
	const char *unique;  /* mail: what makes a repetition known */
	const char *only;    /* mail: these recipients; "" or NULL: all */
	size_t verdict_at;   /* runner_notify.h; 0: nowhere */
};

/* Adds "KEY VALUE"; what cannot be in a line is dropped. */
void delivery_add(struct text *job, const char *key, const char *value);

/*
 * The file of a preset: beside the program (DIR/share/webhook in the
 * build tree, DIR/../share/runner/webhook when installed), else where `make
 * install` put it.
 */
void delivery_find_preset(const char *preset, char *path, size_t path_size);

/*
 * Writes the job (is_short: it is too long); returns its time limit in
 * milliseconds.
 */
int64_t delivery_make_job(const struct delivery *d, struct text *job);

/* What is told of a run; borrowed. */
struct ping_event {
	const char *task;
	const char *url;
	const char *url_file; /* instead of it; or NULL */
	enum ping_dialect dialect;
	enum ping_state state;
	const char *rid;
	int64_t duration_ms; /* -1: not known yet */
	int exit;            /* as a shell tells it; -1: not known yet */
	const char *message;
	const char *body; /* of which the last characters are taken */
	size_t body_size;
};

/* Writes the job of one ping; its time limit is PING_TIMEOUT_MS. */
void delivery_make_ping_job(
    struct text *job, const struct ping_event *e, const char *chain);

/*
 * For `check`: fills the template of every webhook with a sample of each
 * reason, and the words of notify_command; what is wrong goes to `errors` with
 * file and line.
 */
void template_check(const struct config *config, struct diagnostics *errors);

#endif
