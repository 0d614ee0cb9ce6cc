/*
 * message: what a notification says, as a mail and as JSON.
 *
 * Pure: everything is an argument.  The mail is a valid RFC 5322 message with
 * MIME (RFC 2045-2049) whatever bytes the task wrote, with CRLF line ends; no
 * byte of a task's output becomes a header.  The decisive lines come first.
 */
#ifndef RUNNER_MESSAGE_H
#define RUNNER_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/captured.h"
#include "base/mask.h"
#include "base/outcome.h"
#include "base/text.h"
#include "config/settings.h"
#include "policy/policy.h"
#include "policy/tally.h"
#include "policy/throttle.h"

enum {
	MESSAGE_SIZE = 1 << 20, /* a mail never needs more */
	MESSAGE_JSON_SIZE = 64 << 10,
	MESSAGE_ID_SIZE = 512, /* with < > and NUL */
};

/* Everything that a message tells.  All borrowed.  0 and NULL: not known. */
struct notification {
	enum reason reason;
	const char *message; /* MESSAGE, the signature's subject */
	const char *host;
	const char *chain;
	const char *task;
	const char *command;
	const char *version;     /* of runner */
	const char *config_file; /* or NULL */
	uint64_t signature;
	struct outcome outcome;
	int64_t started_wall_ms;
	int64_t duration_ms;
	int64_t down_since_wall_ms; /* 0: it is not down */
	int64_t downtime_ms;
	uint64_t consecutive_failures; /* healed: of the past downtime */
	uint64_t run;                  /* RUNNER_RUN */
	int64_t next_run_wall_ms;      /* 0: none (once) */
	int64_t now_wall_ms;           /* when it is composed: the Date */
	int64_t expires_wall_ms;       /* 0: five minutes later */
	int64_t told_wall_ms;          /* when it was first tried, for its id */
	struct captured err;
	struct captured out;
	const struct failure_count *failures;
	size_t failure_count;
	const struct acknowledgement *acknowledged; /* or NULL */
	const struct throttle *held; /* what was held back before, or NULL */
	const char *refused;         /* the subject of what a channel refused */
	const struct mask_values *secrets; /* of the task, not told; or NULL */
	/*
	 * The thread: the first message of a downtime has id == thread, the
	 * others refer to it.  Both in angle brackets.
	 */
	const char *id;
	const char *thread; /* or NULL */
};

/*
 * Makes the Message-ID of a message, or of a downtime's first message, from
 * parts that stay the same when it is made again.  `wall_ms`: the downtime's
 * start or the message's time; `number` tells kinds of messages apart.
 */
void message_make_id(char id[MESSAGE_ID_SIZE], const char *host,
    const char *chain, const char *task, int64_t wall_ms, uint64_t number);

/*
 * Composes the mail: one text part, and when stderr is larger than that shows
 * (MESSAGE_STDERR_HEAD and _TAIL) a second with all that is kept of it, as
 * stderr.txt.  An id that is no valid one is replaced or left out.
 * `admins`: whom it is for, NULL-ended.  `t` wants a buffer of MESSAGE_SIZE.
 * Never fails: what does not fit was left out with a line that says how much.
 */
void message_compose_mail(struct text *t, const struct notification *n,
    const struct mail_settings *mail, char *const *admins);

/*
 * Composes the webhook's JSON document (RFC 8259), one object and a newline;
 * `t` wants MESSAGE_JSON_SIZE, which always holds it.  Every field is always
 * there; what is not known is null, an instant is RFC 3339 in UTC, and a string
 * that is too long is cut at a character.
 *
 *   text        a summary of two or three lines; "&", "<" and ">" are escaped
 *               as Slack wants it, so that no output of a task calls anybody
 *   summary     the same as it is, for templates, which escape it themselves
 *   subject     "[TASK] New exception caught: MESSAGE", as a mail's
 *   reason      first, new, downtime, downtime again, healed, digest, test,
 *               slow, refused
 *   severity    critical (downtime), error (first, new), warning, or info
 *               (healed, test)
 *   host chain task command message
 *               strings; message is MESSAGE, the failure's one line; null when
 *               it healed
 *   signature   16 hexadecimal digits
 *   id thread   as Message-ID and References of the mail
 *   version     of runner
 *   time        when this was composed
 *   expires     when an alert ends that is not sent again
 *   result      how the run ended, in words: "exit status 3"
 *   exit        the exit status, or null: a signal ended it
 *   signal      the number of the signal that ended it, or null
 *   timed_out   true when runner ended it for its timeout
 *   run         RUNNER_RUN of the run
 *   started     when it began
 *   seconds     how long it took
 *   down_since  when the downtime began
 *   downtime_seconds
 *               how long it lasts; of a healed one, how long it lasted
 *   consecutive_failures
 *               in a row; of a healed downtime, how many there were
 *   next_run    when the next run is
 *   stderr_bytes
 *               how much the run wrote to stderr
 *   stderr      the end of it, up to 8 KiB
 *   failures    up to 16 distinct failures of this process, objects of
 *               signature, count, first, last, message
 *   failures_left_out
 *               how many more there are
 *   held_back   how many notifications were held back before this one
 *   held        which: objects of task, reason, count, first, last, subject
 *               (the newest's), signature (null: of no failure)
 *   acknowledged_by acknowledged_why
 *               who said that the downtime is known (runner ack), and why
 */
void message_compose_json(struct text *t, const struct notification *n);

#endif
