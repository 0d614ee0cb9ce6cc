#include "envelope.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/keyvalue.h"
#include "base/words.h"
#include "message/mime.h"

enum { QUEUED_DIGITS = 15, NUMBER_DIGITS = 8 };

/* As file names end. */
static const char *const kind_words[] = {
    [CHANNEL_MAIL] = "mail",
    [CHANNEL_WEBHOOK] = "webhook",
    [CHANNEL_COMMAND] = "command",
    NULL,
};

int
channel_kind_of(const char *name, enum channel_kind *kind)
{
	if (!strcmp(name, "mail"))
		*kind = CHANNEL_MAIL;
	else if (!strcmp(name, "notify_command"))
		*kind = CHANNEL_COMMAND;
	else if (!strcmp(name, "webhook") ||
		 (!strncmp(name, "webhook ", 8) && text_is_name(name + 8)))
		*kind = CHANNEL_WEBHOOK;
	else
		return -1;
	return 0;
}

/* Rewrites a field of `size` bytes in place. */
static void
clean_field(char *field, size_t size)
{
	char buffer[4 * sizeof(((struct outbox_entry *)NULL)->subject)];
	struct text t;

	text_init(&t, buffer, sizeof(buffer));
	mime_add_shown(&t, field, strnlen(field, size - 1), false);
	text_copy(field, size, buffer);
}

/* In the file it is padded, so it ends in no blank. */
static void
clean_padded(char *field, size_t size)
{
	size_t n;

	clean_field(field, size);
	n = strlen(field);
	while (n && field[n - 1] == ' ')
		field[--n] = '\0';
}

void
envelope_clean(struct outbox_entry *e)
{
	clean_field(e->task, sizeof(e->task));
	clean_field(e->subject, sizeof(e->subject));
	clean_padded(e->answer, sizeof(e->answer));
	clean_padded(e->only, sizeof(e->only));
	e->unique[sizeof(e->unique) - 1] = '\0';
	for (char *c = e->unique; *c; c++)
		if (!text_is_alnum(*c) && !strchr("._-", *c))
			*c = '_';
	if (e->queued_wall_ms < 0)
		e->queued_wall_ms = 0;
}

void
envelope_set_answer(struct outbox_entry *e, const char *answer)
{
	text_copy(e->answer, sizeof(e->answer), answer);
	clean_padded(e->answer, sizeof(e->answer));
}

void
envelope_write(
    struct text *t, const struct outbox_entry *e, size_t message_size)
{
	text_addf(t, "format %d\n", ENVELOPE_FORMAT);
	text_addf(t, "channel %s\n", e->channel);
	text_addf(t, "task %s\n", e->task);
	text_addf(t, "reason %s\n", reason_name(e->reason));
	text_addf(t, "subject %s\n", e->subject);
	text_addf(t, "queued %" PRId64 "\n", e->queued_wall_ms);
	text_addf(t, "unique %s\n", e->unique);
	text_addf(t, "size %zu\n", message_size);
	text_addf(t, "verdict %-*s\n", RUNNER_NOTIFY_VERDICT_SIZE, "");
	text_addf(t, "only %-*s\n", ENVELOPE_ONLY_SIZE - 1, e->only);
	text_addf(t, "answer %-*s\n\n", ENVELOPE_ANSWER_SIZE - 1, e->answer);
}

size_t
envelope_answer_offset(size_t offset)
{
	return offset - 2 - (ENVELOPE_ANSWER_SIZE - 1);
}

static size_t
only_offset(size_t offset)
{
	return envelope_answer_offset(offset) - strlen("\nanswer ") -
	       (ENVELOPE_ONLY_SIZE - 1);
}

size_t
envelope_verdict_offset(size_t offset)
{
	return only_offset(offset) - strlen("\nonly ") -
	       RUNNER_NOTIFY_VERDICT_SIZE;
}

size_t
envelope_format_only(char *bytes, const struct outbox_entry *e, size_t offset)
{
	size_t at = e->has_verdict_room ? envelope_verdict_offset(offset)
					: only_offset(offset);

	snprintf(bytes, ENVELOPE_SIZE, "%*s%-*s",
	    (int)(only_offset(offset) - at),
	    e->has_verdict_room ? "\nonly " : "", ENVELOPE_ONLY_SIZE - 1,
	    e->only);
	return at;
}

enum {
	HAS_CHANNEL = 1 << 0,
	HAS_REASON = 1 << 1,
	HAS_QUEUED = 1 << 2,
	HAS_SIZE = 1 << 3,
	HAS_ANSWER = 1 << 4, /* in the line before */
	HAS_ALL = (1 << 5) - 1,
	HAS_VERDICT = 1 << 5, /* may be missing */
};

/* A value that fills its field, without its padding. */
static int
copy_padded(struct keyvalue line, char *field, size_t field_size)
{
	if (line.value_size != field_size - 1)
		return -1;
	while (line.value_size && line.value[line.value_size - 1] == ' ')
		line.value_size--;
	return keyvalue_copy(&line, field, field_size);
}

/* Returns which of the needed keys it was, or -1 with errno. */
static int
read_line(
    struct outbox_entry *e, int64_t *message_size, const struct keyvalue *line)
{
	static const int64_t max = INT64_C(1) << 53; /* JSON reads it */
	enum channel_kind kind;
	char word[32];
	int64_t format;
	int value;

	errno = EBADMSG;
	if (keyvalue_is(line, "format")) {
		if (keyvalue_number(line, 1, max, &format))
			return -1;
		return format > ENVELOPE_FORMAT ? (errno = EPROTO, -1) : 0;
	}
#define COPY(field) keyvalue_copy(line, e->field, sizeof(e->field))
#define COPY_PADDED(field) copy_padded(*line, e->field, sizeof(e->field))
	if (keyvalue_is(line, "channel")) {
		if (COPY(channel) || channel_kind_of(e->channel, &kind))
			return -1;
		return HAS_CHANNEL;
	}
	if (keyvalue_is(line, "reason")) {
		if (keyvalue_copy(line, word, sizeof(word)))
			return -1;
		value = reason_find(word);
		e->reason = (enum reason)value;
		return value <= REASON_NONE ? -1 : HAS_REASON;
	}
	if (keyvalue_is(line, "queued"))
		return keyvalue_number(line, 0, max, &e->queued_wall_ms)
			   ? -1
			   : HAS_QUEUED;
	if (keyvalue_is(line, "size"))
		return keyvalue_number(line, 0, max, message_size) ? -1
								   : HAS_SIZE;
	if (keyvalue_is(line, "answer"))
		return COPY_PADDED(answer) ? -1 : HAS_ANSWER;
	if (keyvalue_is(line, "verdict"))
		return HAS_VERDICT;
	if (keyvalue_is(line, "only"))
		return COPY_PADDED(only);
	if (keyvalue_is(line, "task"))
		return COPY(task);
	if (keyvalue_is(line, "subject"))
		return COPY(subject);
	if (keyvalue_is(line, "unique"))
		return COPY(unique);
	return 0;
#undef COPY
#undef COPY_PADDED
}

int
envelope_read(const char *bytes, size_t size, struct outbox_entry *e,
    size_t *offset, size_t *message_size)
{
	const char *at = bytes, *end = bytes + size, *verdict = NULL;
	enum keyvalue_result found;
	struct keyvalue line;
	int64_t said_size = 0;
	int has = 0, which = 0;

	*e = (struct outbox_entry){0};
	while ((found = keyvalue_next(&at, end, &line)) == KEYVALUE_LINE) {
		which = read_line(e, &said_size, &line);
		if (which < 0)
			return -1;
		if (which == HAS_VERDICT)
			verdict = line.value;
		has |= which;
	}
	if (found != KEYVALUE_EMPTY)
		return errno = EBADMSG, -1;
	if ((has & HAS_ALL) != HAS_ALL || which != HAS_ANSWER)
		return errno = EBADMSG, -1;
	/* Nobody but the owner writes here, and yet it goes into logs. */
	envelope_clean(e);
	*offset = (size_t)(at - bytes);
	e->has_verdict_room =
	    verdict == bytes + envelope_verdict_offset(*offset);
	*message_size = (size_t)said_size;
	return 0;
}

void
envelope_format_name(char name[ENVELOPE_NAME_SIZE], const char *chain,
    int64_t queued, uint32_t number, enum channel_kind kind)
{
	snprintf(name, ENVELOPE_NAME_SIZE,
	    "%.200s,%0*" PRId64 "-%0*" PRIx32 ",%s", chain, QUEUED_DIGITS,
	    queued, NUMBER_DIGITS, number, kind_words[kind]);
}

void
envelope_renumber(
    char name[ENVELOPE_NAME_SIZE], const char *old, uint32_t number)
{
	const char *end = strrchr(old, ',');

	snprintf(name, ENVELOPE_NAME_SIZE, "%.*s%0*" PRIx32 "%s",
	    (int)(end - old) - NUMBER_DIGITS, old, NUMBER_DIGITS, number, end);
}

bool
envelope_parse_name(const char *name, const char *chain, int64_t *queued)
{
	size_t n = strlen(chain);
	int64_t value = 0;

	if (strncmp(name, chain, n) || name[n] != ',')
		return false;
	name += n + 1;
	for (int i = 0; i < QUEUED_DIGITS; i++, name++) {
		if (*name < '0' || *name > '9')
			return false;
		value = value * 10 + (*name - '0');
	}
	if (*name++ != '-' || strspn(name, "0123456789abcdef") != NUMBER_DIGITS)
		return false;
	name += NUMBER_DIGITS;
	if (*name++ != ',' || words_find(kind_words, name) < 0)
		return false;
	*queued = value;
	return true;
}
