#include "envelope.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "message/mime.h"
#include "base/units.h"

enum { QUEUED_DIGITS = 15, NUMBER_DIGITS = 8 };

const char *
channel_name(enum outbox_channel channel)
{
	return channel == CHANNEL_WEBHOOK ? "webhook" : "mail";
}

/* Rewrites a field of `size` bytes in place. */
static void
clean_field(char *field, size_t size)
{
	char buffer[4 * sizeof(((struct outbox_entry *)NULL)->subject)];
	struct text t;

	text_init(&t, buffer, sizeof(buffer));
	mime_add_shown(&t, field, strnlen(field, size - 1), false);
	t.length = text_cut(buffer, t.length, size - 1);
	memcpy(field, buffer, t.length);
	field[t.length] = '\0';
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

static bool
is_unique_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
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
		if (!is_unique_char(*c))
			*c = '_';
	if (e->queued_wall_ms < 0)
		e->queued_wall_ms = 0;
}

void
envelope_set_answer(struct outbox_entry *e, const char *answer)
{
	size_t n = text_cut(answer, strlen(answer), sizeof(e->answer) - 1);

	memcpy(e->answer, answer, n);
	e->answer[n] = '\0';
	clean_padded(e->answer, sizeof(e->answer));
}

void
envelope_write(
    struct text *t, const struct outbox_entry *e, size_t message_size)
{
	text_addf(t, "channel %s\n", channel_name(e->channel));
	text_addf(t, "task %s\n", e->task);
	text_addf(t, "reason %s\n", reason_name(e->reason));
	text_addf(t, "subject %s\n", e->subject);
	text_addf(t, "queued %" PRId64 "\n", e->queued_wall_ms);
	text_addf(t, "unique %s\n", e->unique);
	text_addf(t, "size %zu\n", message_size);
	text_addf(t, "only %-*s\n", ENVELOPE_ONLY_SIZE - 1, e->only);
	text_addf(t, "answer %-*s\n\n", ENVELOPE_ANSWER_SIZE - 1, e->answer);
}

size_t
envelope_answer_offset(size_t offset)
{
	return offset - 2 - (ENVELOPE_ANSWER_SIZE - 1);
}

size_t
envelope_only_offset(size_t offset)
{
	return envelope_answer_offset(offset) - strlen("\nanswer ") -
	       (ENVELOPE_ONLY_SIZE - 1);
}

/* Copies a value into a field; a value that is too long is no value of ours. */
static bool
take_string(char *field, size_t field_size, const char *value, size_t size)
{
	if (size >= field_size || memchr(value, '\0', size))
		return false;
	memcpy(field, value, size);
	field[size] = '\0';
	return true;
}

static bool
take_number(int64_t *number, const char *value, size_t size)
{
	char digits[24];

	return take_string(digits, sizeof(digits), value, size) &&
	       units_parse_int(digits, 0, INT64_C(1) << 53, number) == 0;
}

static bool
take_reason(enum reason *reason, const char *value, size_t size)
{
	for (enum reason r = REASON_FIRST; r < REASON_COUNT; r++)
		if (strlen(reason_name(r)) == size &&
		    !memcmp(reason_name(r), value, size)) {
			*reason = r;
			return true;
		}
	return false;
}

static bool
take_channel(enum outbox_channel *channel, const char *value, size_t size)
{
	for (enum outbox_channel c = CHANNEL_MAIL; c < CHANNEL_COUNT; c++)
		if (strlen(channel_name(c)) == size &&
		    !memcmp(channel_name(c), value, size)) {
			*channel = c;
			return true;
		}
	return false;
}

enum {
	HAS_CHANNEL = 1 << 0,
	HAS_REASON = 1 << 1,
	HAS_QUEUED = 1 << 2,
	HAS_SIZE = 1 << 3,
	HAS_ANSWER = 1 << 4, /* in the line before */
	HAS_ALL = (1 << 5) - 1,
};

/* A value that fills its field, without its padding. */
static bool
take_padded(char *field, size_t field_size, const char *value, size_t size)
{
	if (size != field_size - 1)
		return false;
	while (size && value[size - 1] == ' ')
		size--;
	return take_string(field, field_size, value, size);
}

static bool
take_text(struct outbox_entry *e, const char *key, const char *v, size_t size)
{
	if (!strcmp(key, "task"))
		return take_string(e->task, sizeof(e->task), v, size);
	if (!strcmp(key, "subject"))
		return take_string(e->subject, sizeof(e->subject), v, size);
	if (!strcmp(key, "unique"))
		return take_string(e->unique, sizeof(e->unique), v, size);
	if (!strcmp(key, "only"))
		return take_padded(e->only, sizeof(e->only), v, size);
	return true;
}

/* One "KEY VALUE".  Returns which of the needed keys it was, or -1. */
static int
take_line(struct outbox_entry *e, int64_t *message_size, const char *line,
    size_t size)
{
	const char *space = memchr(line, ' ', size), *v;
	char key[32];
	size_t n;

	if (!space || !take_string(key, sizeof(key), line, space - line))
		return -1;
	v = space + 1;
	n = line + size - v;
	if (!strcmp(key, "channel"))
		return take_channel(&e->channel, v, n) ? HAS_CHANNEL : -1;
	if (!strcmp(key, "reason"))
		return take_reason(&e->reason, v, n) ? HAS_REASON : -1;
	if (!strcmp(key, "queued"))
		return take_number(&e->queued_wall_ms, v, n) ? HAS_QUEUED : -1;
	if (!strcmp(key, "size"))
		return take_number(message_size, v, n) ? HAS_SIZE : -1;
	if (!strcmp(key, "answer"))
		return take_padded(e->answer, sizeof(e->answer), v, n)
			   ? HAS_ANSWER
			   : -1;
	return take_text(e, key, v, n) ? 0 : -1;
}

int
envelope_read(const char *bytes, size_t size, struct outbox_entry *e,
    size_t *offset, size_t *message_size)
{
	size_t at = 0;
	int64_t said_size = 0;
	int has = 0, which = 0;

	*e = (struct outbox_entry){0};
	for (;;) {
		const char *end = memchr(bytes + at, '\n', size - at);
		size_t length;

		if (!end)
			return errno = EBADMSG, -1;
		length = (size_t)(end - bytes) - at;
		if (!length)
			break;
		which = take_line(e, &said_size, bytes + at, length);
		if (which < 0)
			return errno = EBADMSG, -1;
		has |= which;
		at += length + 1;
	}
	if (has != HAS_ALL || which != HAS_ANSWER)
		return errno = EBADMSG, -1;
	/* Nobody but the owner writes here, and yet it goes into logs. */
	envelope_clean(e);
	*offset = at + 1;
	*message_size = (size_t)said_size;
	return 0;
}

void
envelope_format_name(char name[ENVELOPE_NAME_SIZE], const char *chain,
    int64_t queued, uint32_t number, enum outbox_channel channel)
{
	snprintf(name, ENVELOPE_NAME_SIZE,
	    "%.200s,%0*" PRId64 "-%0*" PRIx32 ",%s", chain, QUEUED_DIGITS,
	    queued, NUMBER_DIGITS, number, channel_name(channel));
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
	if (*name++ != ',' || (strcmp(name, channel_name(CHANNEL_MAIL)) &&
				  strcmp(name, channel_name(CHANNEL_WEBHOOK))))
		return false;
	*queued = value;
	return true;
}
