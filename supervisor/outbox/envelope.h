/*
 * envelope: what is known of a message on its way, and how a file of the outbox
 * says it: its name, and the lines before the message.
 *
 * Pure.  A file is named CHAIN,QUEUED-NUMBER,KIND (a comma cannot be in a
 * chain's name; KIND is mail, webhook or command): QUEUED is 15 digits that
 * grow with every message of a process, so that names sort in the order of
 * putting, and NUMBER tells processes apart. The lines are "KEY VALUE": format
 * (1.0.0 wrote none), channel, task, reason, subject, queued, unique, size (of
 * the message, so that a torn file is recognised), and last verdict, only and
 * answer, padded with blanks so that they can be filled in without room on the
 * disk; an empty line ends them.  The verdict is runner-notify's own note of
 * what came of the delivery (include/runner_notify.h); older files have none.
 * Unknown keys are passed over.
 */
#ifndef RUNNER_ENVELOPE_H
#define RUNNER_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "policy/policy.h"
#include "runner_notify.h"

enum channel_kind { CHANNEL_MAIL, CHANNEL_WEBHOOK, CHANNEL_COMMAND };

enum {
	ENVELOPE_FORMAT = 1,  /* larger where 1 must not be read */
	ENVELOPE_SIZE = 4096, /* no envelope is larger */
	ENVELOPE_NAME_SIZE = 256,
	ENVELOPE_ANSWER_SIZE = 256,
	ENVELOPE_ONLY_SIZE = 512,
	ENVELOPE_CHANNEL_SIZE = 72,
};

/* What is known of one message. */
struct outbox_entry {
	char channel[ENVELOPE_CHANNEL_SIZE]; /* see channel_kind_of() */
	enum reason reason;
	char task[256];
	char subject[768]; /* as the log says it, after "[TASK] " */
	char unique[256];  /* stable; [A-Za-z0-9._-] */
	int64_t queued_wall_ms;
	uint32_t tries;                    /* of this process */
	char answer[ENVELOPE_ANSWER_SIZE]; /* the last one, or empty */
	/*
	 * The recipients that are still to be reached, with blanks between;
	 * empty: all.
	 */
	char only[ENVELOPE_ONLY_SIZE];
	bool has_verdict_room; /* its file has room for one */
};

/*
 * The kind of a channel by its name: "mail", "webhook", "webhook NAME" or
 * "notify_command".  Returns 0, or -1: it is no such name.
 */
int channel_kind_of(const char *name, enum channel_kind *kind);

/* Makes every field fit for a line: no control characters, valid UTF-8. */
void envelope_clean(struct outbox_entry *e);

/* The same for one answer, into a field of an entry. */
void envelope_set_answer(struct outbox_entry *e, const char *answer);

/* Writes the envelope of a clean entry; `t` wants ENVELOPE_SIZE. */
void envelope_write(
    struct text *t, const struct outbox_entry *e, size_t message_size);

/*
 * Reads an envelope from the first bytes of a file.  Returns 0 with the offset
 * and size of the message, or -1 (EBADMSG; EPROTO: of a later format); `*e` is
 * then not to be used.
 */
int envelope_read(const char *bytes, size_t size, struct outbox_entry *e,
    size_t *offset, size_t *message_size);

/*
 * Where in the file, whose message is at `offset`, the
 * RUNNER_NOTIFY_VERDICT_SIZE bytes of the verdict are, and the
 * ENVELOPE_ANSWER_SIZE - 1 of the answer.
 */
size_t envelope_verdict_offset(size_t offset);
size_t envelope_answer_offset(size_t offset);

/*
 * Writes to `bytes` (ENVELOPE_SIZE) a blank verdict and `only`, as a string, as
 * the file has them.  Returns their offset in the file.
 */
size_t envelope_format_only(
    char *bytes, const struct outbox_entry *e, size_t offset);

/* Writes a file's name. */
void envelope_format_name(char name[ENVELOPE_NAME_SIZE], const char *chain,
    int64_t queued, uint32_t number, enum channel_kind kind);

/* The same name with another NUMBER; `old` is such a name. */
void envelope_renumber(
    char name[ENVELOPE_NAME_SIZE], const char *old, uint32_t number);

/* Is it such a name of this chain?  QUEUED goes to `*queued`. */
bool envelope_parse_name(const char *name, const char *chain, int64_t *queued);

#endif
