/*
 * ping_url: what a service that watches scheduled jobs wants to be asked, in
 * the dialects of several of them.
 *
 * One table has a row for each dialect.  A row says for each state what is
 * appended to the path of the configured URL and which members its query has;
 * %{FIELD} in either, and in the URL, is replaced by the field's value, percent
 * encoded.  Members that the dialect sets replace those that the URL has, since
 * people copy whole URLs from these services; all others stay.  Pure.
 */
#ifndef RUNNER_PING_URL_H
#define RUNNER_PING_URL_H

#include <stdbool.h>

#include "text.h"

enum ping_dialect { PING_HEALTHCHECKS, PING_CRONITOR, PING_SENTRY, PING_KUMA };
enum ping_state { PING_START, PING_SUCCESS, PING_FAIL, PING_TEST, PING_STATES };

/* What the words are: duration in seconds, message one line, rid a UUID. */
enum ping_field {
	PING_RID,
	PING_DURATION,
	PING_DURATION_MS,
	PING_EXIT,
	PING_MESSAGE,
	PING_TASK,
	PING_CHAIN,
	PING_FIELDS
};

/* Of a URL that is asked for, and of one as it is written in runner.conf. */
enum { PING_URL_SIZE = 6144, PING_SETTING_MAX = 2047 };

/* Their words, for parse and print (words.h). */
extern const char *const ping_dialect_words[];
extern const char *const ping_state_words[];
extern const char *const ping_field_words[];

/* Is there anything to send in that state? */
bool ping_is_sent(enum ping_dialect dialect, enum ping_state state);

/* May a request have a body, the end of what a failed run wrote? */
bool ping_has_body(enum ping_dialect dialect);

/*
 * Adds the URL to ask for.  A field that is NULL is empty.  What is no field of
 * ours stays as it is.
 */
void ping_add_url(struct text *t, const char *url, enum ping_dialect dialect,
    enum ping_state state, const char *const fields[PING_FIELDS]);

/* What is wrong with the fields of a URL, or NULL. */
const char *ping_url_fault(const char *url);

#endif
