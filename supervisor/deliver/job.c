#include "job.h"

#include <stdio.h>
#include <string.h>

#include "base/json_read.h"
#include "base/keyvalue.h"
#include "base/text.h"
#include "base/units.h"
#include "base/words.h"
#include "runner_notify.h"

/* Which kinds of job a key belongs to. */
enum {
	MAIL = 1 << JOB_MAIL,
	WEBHOOK = 1 << JOB_WEBHOOK,
	COMMAND = 1 << JOB_COMMAND,
	PING = 1 << JOB_PING,
	NETWORK = MAIL | WEBHOOK | PING,
	EVERY = NETWORK | COMMAND,
};

struct key {
	const char *name;
	unsigned kinds;
	bool is_list;   /* may repeat */
	bool is_needed; /* by the kinds it belongs to */
	/* Returns a complaint; NULL: what is put at `offset` is a string, */
	const char *(*set)(struct job *job, char *value);
	size_t offset;
	const char *const *words; /* or, with these, an enum */
};

static const char *
set_url(struct job *job, char *value)
{
	size_t max = job->kind == JOB_MAIL ? RUNNER_NOTIFY_URLS_MAX : 1;

	if (!*value)
		return "is empty";
	if (job->url_count == max)
		return "is given too often";
	job->urls[job->url_count++] = value;
	return NULL;
}

/*
 * Nothing that could end the path in MAIL FROM:<...> early and add a parameter
 * to the command; a space only inside a quoted local part (RFC 5321, 4.1.2).
 */
static const char *
check_address(const char *value)
{
	size_t length = strlen(value);

	if (length > JOB_ADDRESS_LENGTH_MAX)
		return "is too long";
	if (strpbrk(value, "<>") || (*value != '"' && strchr(value, ' ')))
		return "is not a bare address";
	for (size_t i = 0; i < length;) {
		size_t step = text_utf8_length(value + i, length - i);

		if (!step)
			return "is not UTF-8";
		i += step;
	}
	return NULL;
}

static const char *
set_from(struct job *job, char *value)
{
	job->from = value;
	return check_address(value);
}

static const char *
set_rcpt(struct job *job, char *value)
{
	if (!*value)
		return "is empty";
	if (job->rcpt_count == RUNNER_NOTIFY_RCPTS_MAX)
		return "is given too often";
	job->rcpts[job->rcpt_count++] = value;
	return check_address(value);
}

static const char *
set_timeout(struct job *job, char *value)
{
	if (units_parse_int(value, 1, JOB_TIMEOUT_MS_MAX, &job->timeout_ms))
		return "is not a number of milliseconds, 1 to 86400000";
	return NULL;
}

static const char *
set_verdict_at(struct job *job, char *value)
{
	if (units_parse_int(value, 1, INT32_MAX, &job->verdict_at))
		return "is no offset";
	return NULL;
}

static const char *
set_header(struct job *job, char *value)
{
	if (job->header_count == JOB_HEADERS_MAX)
		return "is given too often";
	job->headers[job->header_count++] = value;
	return NULL;
}

static const char *
set_unique(struct job *job, char *value)
{
	size_t length =
	    strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			  "0123456789._-");

	job->unique = value;
	if (!length || value[length])
		return "is not [A-Za-z0-9._-]+";
	return length > JOB_UNIQUE_LENGTH_MAX ? "is too long" : NULL;
}

/* Decodes the JSON string in place: what it says is never longer. */
static const char *
set_word(struct job *job, char *value)
{
	size_t size = strlen(value), at, length = 0;
	char *out = value;

	if (*value != '"' || json_check(value, size, &at))
		return "is not a JSON string";
	if (job->word_count == RUNNER_NOTIFY_WORDS_MAX)
		return "is given too often";
	for (at = 1; at + 1 < size;) {
		char c[4];

		at +=
		    json_next_character(value + at, size - 1 - at, c, &length);
		if (!*c)
			return "holds a NUL";
		memcpy(out, c, length);
		out += length;
	}
	*out = '\0';
	job->words[job->word_count++] = value;
	return NULL;
}

/* "NAME VALUE" */
static const char *
set_field(struct job *job, char *value)
{
	for (size_t i = 0; i < PING_FIELDS; i++) {
		size_t length = strlen(ping_field_words[i]);

		if (strncmp(value, ping_field_words[i], length) ||
		    value[length] != ' ')
			continue;
		job->fields[i] = value + length + 1;
		return NULL;
	}
	return "is no NAME VALUE";
}

static const char *const kind_words[] = {
    [JOB_MAIL] = "mail", "webhook", "command", "ping", NULL};
static const char *const tls_words[] = RUNNER_NOTIFY_TLS_WORDS;

/* `kind` is the first: it decides which others may follow. */
#define STRING(field) .offset = offsetof(struct job, field)
#define WORD(field, list) .offset = offsetof(struct job, field), .words = list

static const struct key keys[] = {
    {RUNNER_NOTIFY_KIND, EVERY, false, true, WORD(kind, kind_words)},
    {RUNNER_NOTIFY_USER, EVERY, false, false, STRING(user)},
    {RUNNER_NOTIFY_URL, NETWORK, true, false, .set = set_url},
    {RUNNER_NOTIFY_URL_FILE, WEBHOOK | PING, false, false, STRING(url_file)},
    {RUNNER_NOTIFY_SECRET_FILE, WEBHOOK, false, false, STRING(secret_file)},
    {RUNNER_NOTIFY_TEMPLATE, WEBHOOK, false, false, STRING(template)},
    {RUNNER_NOTIFY_WORD, COMMAND, true, true, .set = set_word},
    {RUNNER_NOTIFY_CWD, COMMAND, false, false, STRING(cwd)},
    {RUNNER_NOTIFY_HELO, MAIL, false, false, STRING(helo)},
    {RUNNER_NOTIFY_FROM, MAIL, false, true, .set = set_from},
    {RUNNER_NOTIFY_RCPT, MAIL, true, false, .set = set_rcpt},
    {RUNNER_NOTIFY_USERNAME, MAIL, false, false, STRING(username)},
    {RUNNER_NOTIFY_PASSWORD_FILE, MAIL, false, false, STRING(password_file)},
    {RUNNER_NOTIFY_TLS, NETWORK, false, false, WORD(tls, tls_words)},
    {RUNNER_NOTIFY_CA_FILE, NETWORK, false, false, STRING(ca_file)},
    {RUNNER_NOTIFY_TIMEOUT, EVERY, false, true, .set = set_timeout},
    {RUNNER_NOTIFY_VERDICT_AT, MAIL | WEBHOOK | COMMAND, false, false,
	.set = set_verdict_at},
    {RUNNER_NOTIFY_HEADER, WEBHOOK, true, false, .set = set_header},
    {RUNNER_NOTIFY_UNIQUE, MAIL, false, true, .set = set_unique},
    {RUNNER_NOTIFY_DIALECT, PING, false, false,
	WORD(dialect, ping_dialect_words)},
    {RUNNER_NOTIFY_STATE, PING, false, false, WORD(state, ping_state_words)},
    {RUNNER_NOTIFY_FIELD, PING, true, false, .set = set_field},
};

enum { KEY_COUNT = sizeof(keys) / sizeof(*keys) };

enum { COMPLAINT_SIZE = 128 };

/* Puts the enum's value.  Returns a complaint, in `room`. */
static const char *
put_word(struct job *job, const struct key *k, const char *value, char *room)
{
	int found = words_find(k->words, value);
	struct text t;

	if (found >= 0) {
		memcpy((char *)job + k->offset, &found, sizeof(found));
		return NULL;
	}
	text_init(&t, room, COMPLAINT_SIZE);
	text_add_string(&t, "is not ");
	words_list(&t, k->words);
	return room;
}

/* Ends the value in place and takes it.  Returns a complaint. */
static const char *
take_line(struct job *job, const struct keyvalue *line, unsigned *seen,
    const char **name, char *room)
{
	char *value = (char *)line->value;
	size_t i = 0;

	while (i < KEY_COUNT && !keyvalue_is(line, keys[i].name))
		i++;
	if (i == KEY_COUNT)
		return "has an unknown key";
	*name = keys[i].name;
	if (i != 0 && !(*seen & 1))
		return "comes before kind";
	if (i != 0 && !(keys[i].kinds & 1U << job->kind))
		return "does not belong to this kind";
	if (!keys[i].is_list && *seen & 1U << i)
		return "is given twice";
	value[line->value_size] = '\0';
	if (text_has_control(value))
		return "holds a control character";
	*seen |= 1U << i;
	if (keys[i].set)
		return keys[i].set(job, value);
	if (keys[i].words)
		return put_word(job, &keys[i], value, room);
	*(const char **)((char *)job + keys[i].offset) = value;
	return *value ? NULL : "is empty";
}

/* What is missing from the whole.  Returns a complaint. */
static const char *
check_whole(const struct job *job, unsigned seen, const char **name)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (keys[i].is_needed && !(seen & 1U << i) &&
		    (i == 0 || keys[i].kinds & 1U << job->kind)) {
			*name = keys[i].name;
			return "is missing";
		}
	if (!job->url_count && (job->kind == JOB_MAIL ||
				   (job->kind == JOB_PING && !job->url_file) ||
				   (job->kind == JOB_WEBHOOK &&
				       !job->url_file && !job->template))) {
		*name = RUNNER_NOTIFY_URL;
		return "is missing";
	}
	if (job->kind != JOB_MAIL || job->rcpt_count)
		return NULL;
	for (size_t i = 0; i < job->url_count; i++)
		if (!job_url_rest(job->urls[i], "maildir:")) {
			*name = RUNNER_NOTIFY_RCPT;
			return "is missing";
		}
	return NULL;
}

int
job_parse(struct job *job, char *text, size_t size, char *why, size_t why_size)
{
	const char *complaint = NULL, *name = "job", *at = text;
	enum keyvalue_result found = KEYVALUE_END;
	unsigned number = 0, seen = 0;
	char room[COMPLAINT_SIZE];
	struct keyvalue line;

	*job = (struct job){.tls = TLS_OPPORTUNISTIC, .state = PING_SUCCESS};
	if (size > RUNNER_NOTIFY_JOB_SIZE)
		complaint = "is too long";
	else if (memchr(text, '\0', size))
		complaint = "holds a NUL";
	while (!complaint) {
		found = keyvalue_next(&at, text + size, &line);
		if (found == KEYVALUE_END)
			break;
		number++;
		name = found == KEYVALUE_CUT ? "job" : "line";
		if (found == KEYVALUE_CUT)
			complaint = "ends within a line";
		else if (found != KEYVALUE_LINE)
			complaint = "is not KEY VALUE";
		else
			complaint = take_line(job, &line, &seen, &name, room);
	}
	if (complaint) {
		snprintf(why, why_size, "job, line %u: %s %s", number, name,
		    complaint);
		return -1;
	}
	complaint = check_whole(job, seen, &name);
	if (complaint)
		snprintf(why, why_size, "job: %s %s", name, complaint);
	return complaint ? -1 : 0;
}

const char *
job_url_rest(const char *url, const char *scheme)
{
	size_t length = strlen(scheme);

	return strncmp(url, scheme, length) ? NULL : url + length;
}
