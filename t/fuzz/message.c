/*
 * Whatever bytes a notification is made of: the mail fits, is ASCII in CRLF
 * lines of legal length, has each field once and none that came from outside,
 * has no boundary but its own; the JSON document fits and is one.
 *
 * The input is cut into strings at its 0xfe bytes; the first bytes choose.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message/message.h"

enum { STRINGS = 9, ROWS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

/* An address may have UTF-8 (RFC 6532), which an operator wrote. */
static int
is_address_field(const char *line)
{
	return !strncmp(line, "To: ", 4) || !strncmp(line, "From: ", 6);
}

static void
check_lines(const struct text *t)
{
	size_t start = 0;
	int is_header = 1, is_address = 0;

	for (size_t i = 0; i < t->length; i++) {
		unsigned char c = (unsigned char)t->data[i];

		if (i == start && c != ' ')
			is_address = is_header && is_address_field(t->data + i);
		check(c >= 0x20 || c == '\t' || c == '\r', "no controls");
		check(
		    c < 0x7f || (is_address && ((c & 0xc0) == 0x80 ||
						   text_utf8_length(t->data + i,
						       t->length - i))),
		    "a mail is ASCII, save addresses");
		if (c != '\r')
			continue;
		check(t->data[i + 1] == '\n', "a line ends in CRLF");
		check(i - start <= 998, "a line is of legal length");
		is_header = is_header && i > start;
		check(t->data[start] != '.' &&
			  strncmp(t->data + start, "From ", 5) != 0,
		    "no line is changed on its way");
		start = i++ + 2;
	}
	check(start == t->length, "the last line ends");
}

/* Only the fields that message writes. */
static void
check_fields(const char *mail)
{
	static const char *const names[] = {"Date", "From", "To", "Subject",
	    "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
	    "X-Auto-Response-Suppress", "X-Runner-Chain", "X-Runner-Task",
	    "X-Runner-Reason", "X-Runner-Signature", "MIME-Version",
	    "Content-Type", "Content-Transfer-Encoding"};
	enum { NAMES = sizeof(names) / sizeof(*names) };
	int seen[NAMES] = {0};

	for (const char *s = mail; strncmp(s, "\r\n", 2);
	     s = strchr(s, '\n') + 1) {
		size_t n = strcspn(s, ":"), i = 0;

		if (*s == ' ')
			continue;
		while (i < NAMES &&
		       (strlen(names[i]) != n || strncmp(names[i], s, n)))
			i++;
		check(i < NAMES && !seen[i]++, "each field is ours, and once");
	}
	check(seen[0] && seen[1] && seen[2] && seen[3] && seen[4],
	    "the fields that must be there are");
}

static void
check_parts(const char *mail)
{
	int found = 0;

	for (const char *s = mail; (s = strstr(s, "\r\n--=_")); s++)
		found++;
	check(found == 0 || found == 3, "the boundaries are ours");
}

/* Quotes pair, brackets nest, and nothing is raw that JSON forbids. */
static void
check_json(const struct text *t)
{
	int depth = 0, is_string = 0;

	for (size_t i = 0; i < t->length; i += 1) {
		unsigned char c = (unsigned char)t->data[i];

		check(c >= 0x20 || i + 1 == t->length, "no raw control");
		check(text_utf8_length(t->data + i, t->length - i) ||
			  (c & 0xc0) == 0x80,
		    "UTF-8");
		if (is_string && c == '\\')
			i++;
		else if (c == '"')
			is_string = !is_string;
		else if (!is_string)
			depth +=
			    (c == '{' || c == '[') - (c == '}' || c == ']');
		check(depth > 0 || i + 2 >= t->length, "one document");
	}
	check(!depth && !is_string, "which ends");
}

/* The next string of the input, ended by a NUL in `copy`. */
static char *
take_string(const uint8_t **data, size_t *size, char *copy)
{
	const uint8_t *end = memchr(*data, 0xfe, *size);
	size_t n = end ? (size_t)(end - *data) : *size;

	memcpy(copy, *data, n);
	copy[n] = '\0';
	*data += end ? n + 1 : n;
	*size -= end ? n + 1 : n;
	return copy;
}

static void
compose(const struct notification *n, const struct mail_settings *mail)
{
	static char buffer[MESSAGE_SIZE];
	struct text t;

	text_init(&t, buffer, MESSAGE_SIZE);
	message_compose_mail(&t, n, mail, mail->admins);
	check(!t.is_short, "a mail fits");
	check_lines(&t);
	check_fields(buffer);
	check_parts(buffer);
	text_init(&t, buffer, MESSAGE_JSON_SIZE);
	message_compose_json(&t, n);
	check(!t.is_short, "a document fits");
	check_json(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct notification n = {.now_wall_ms = 1795489564479};
	struct mail_settings mail = {0};
	struct failure_count rows[ROWS] = {0};
	struct throttle held = {0};
	char *s[STRINGS], *admins[3] = {NULL}, *bytes;

	if (size < 6)
		return 0;
	n.reason = REASON_FIRST + data[0] % (REASON_COUNT - 1);
	n.outcome = (struct outcome){.exit = data[1], .signal = data[2] % 65};
	n.failure_count = data[3] % (ROWS + 1);
	n.signature = data[4];
	bytes = malloc(STRINGS * (size + 1));
	if (!bytes)
		return 0;
	/* Stands for the size that the fuzzer cannot reach: a large gap. */
	n.err.left_out = data[5] % 2 ? UINT64_MAX / 2 : 0;
	data += 6;
	size -= 6;
	for (size_t i = 0; i < STRINGS; i++)
		s[i] = take_string(&data, &size, bytes + i * (size + 1));
	n.message = s[0];
	n.task = s[1];
	n.host = s[2];
	n.chain = s[3];
	n.command = s[4];
	n.id = s[5];
	n.thread = s[6];
	mail = (struct mail_settings){
	    .admins = admins, .from = s[2], .subject_prefix = s[7]};
	admins[0] = s[8];
	admins[1] = *s[1] ? s[1] : NULL;
	for (size_t i = 0; i < n.failure_count; i++)
		snprintf(rows[i].subject, sizeof(rows[i].subject), "%s", s[i]);
	n.failures = rows;
	throttle_hold(&held, s[1], n.reason, n.signature, s[0], 1);
	n.held = &held;
	n.err.head = (const char *)data;
	n.err.head_size = size / 2;
	n.err.tail = (const char *)data + size / 2;
	n.err.tail_size = size - size / 2;
	n.err.total = size;
	n.out = n.err;
	compose(&n, &mail);
	free(bytes);
	return 0;
}
