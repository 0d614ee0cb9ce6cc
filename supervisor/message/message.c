#include "message.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/units.h"
#include "excerpt.h"
#include "header.h"
#include "message_body.h"
#include "mime.h"

enum {
	ID_HOST_MAX = 35, /* so that the field fits in a line of 78 */
	SUBJECT_SIZE = HEADER_VALUE_MAX + 256,
	CHUNK = 3072, /* a multiple of 3 */
};

/* The letters of RFC 4648's base32hex, without padding. */
static void
add_base32(struct text *t, uint64_t value)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	char out[16];
	size_t i = sizeof(out);

	do {
		out[--i] = digits[value & 31];
		value >>= 5;
	} while (value);
	text_add(t, out + i, sizeof(out) - i);
}

/* As much of a host as fits, as a dot-atom; never empty. */
static void
add_id_host(struct text *t, const char *host)
{
	size_t start = t->length;

	for (; *host && t->length - start < ID_HOST_MAX; host++) {
		bool is_first = t->length == start;
		char last = is_first ? '.' : t->data[t->length - 1];

		if (text_is_alnum(*host) || *host == '-' ||
		    (*host == '.' && last != '.'))
			text_add(t, host, 1);
	}
	while (t->length > start &&
	       (t->data[t->length - 1] == '.' || t->data[t->length - 1] == '-'))
		t->data[--t->length] = '\0';
	if (t->length == start)
		text_add_string(t, "localhost");
}

void
message_make_id(char id[MESSAGE_ID_SIZE], const char *host, const char *chain,
    const char *task, int64_t wall_ms, uint64_t number)
{
	uint64_t hash = HASH_FNV64;
	struct text t;

	hash = hash_fnv64_string(hash, host ? host : "");
	hash = hash_fnv64_string(hash, chain ? chain : "");
	hash = hash_fnv64_string(hash, task ? task : "");
	text_init(&t, id, MESSAGE_ID_SIZE);
	text_add_string(&t, "<");
	add_base32(&t, (uint64_t)wall_ms);
	text_add_string(&t, ".");
	add_base32(&t, number);
	text_add_string(&t, ".");
	add_base32(&t, hash);
	text_add_string(&t, "@");
	add_id_host(&t, host ? host : "");
	text_add_string(&t, ">");
}

/* Subject: PREFIX[TASK] REASON */
static void
add_subject(struct text *t, const struct notification *n, const char *prefix)
{
	char message[HEADER_VALUE_MAX + 1], what[HEADER_VALUE_MAX + 64];
	char buffer[4 * HEADER_VALUE_MAX];
	const char *who = n->task && *n->task ? n->task : n->chain;
	struct text subject;

	text_copy(message, sizeof(message), n->message ? n->message : "");
	reason_describe(n->reason, message, what, sizeof(what));
	text_init(&subject, buffer, sizeof(buffer));
	text_addf(&subject, "%.512s", prefix ? prefix : "");
	if (who && *who)
		text_addf(&subject, "[%.256s] ", who);
	text_add_string(&subject, what);
	header_add(t, "Subject", buffer);
}

/* The ids: its own, and the thread's, which it answers. */
static void
add_ids(struct text *t, const struct notification *n)
{
	char made[MESSAGE_ID_SIZE];
	const char *id = n->id;

	if (!id || !header_is_id(id)) {
		message_make_id(
		    made, n->host, n->chain, n->task, n->now_wall_ms, n->run);
		id = made;
	}
	text_addf(t, "Message-ID: %s\r\n", id);
	if (!n->thread || !header_is_id(n->thread) || !strcmp(n->thread, id))
		return;
	text_addf(t, "In-Reply-To: %s\r\n", n->thread);
	text_addf(t, "References: %s\r\n", n->thread);
}

static void
add_header(struct text *t, const struct notification *n,
    const struct mail_settings *mail, char *const *admins)
{
	char date[UNITS_TEXT_SIZE], signature[17];
	char *from[2] = {mail->from, NULL};
	const char *host = n->host ? n->host : "";

	units_format_date(n->now_wall_ms, date);
	text_addf(t, "Date: %s\r\n", date);
	header_add_mailboxes(t, "From", from, host);
	header_add_mailboxes(t, "To", admins, host);
	add_subject(t, n, mail->subject_prefix);
	add_ids(t, n);
	/* RFC 3834: no robot answers; the second is what Exchange heeds. */
	text_add_string(t, "Auto-Submitted: auto-generated\r\n"
			   "X-Auto-Response-Suppress: All\r\n");
	if (n->chain && *n->chain)
		header_add(t, "X-Runner-Chain", n->chain);
	if (n->task && *n->task)
		header_add(t, "X-Runner-Task", n->task);
	header_add(t, "X-Runner-Reason", reason_name(n->reason));
	if (n->signature) {
		text_format_hex64(n->signature, signature);
		header_add(t, "X-Runner-Signature", signature);
	}
	text_add_string(t, "MIME-Version: 1.0\r\n");
}

/* Of the bytes that the text shows, are so many no ASCII that base64 pays? */
static enum mime_encoding
choose_encoding(const struct notification *n)
{
	struct excerpt x =
	    excerpt_of(&n->err, MESSAGE_STDERR_HEAD, MESSAGE_STDERR_TAIL);
	size_t size = excerpt_kept_size(&n->err);
	size_t foreign = 0, seen = 0;
	char chunk[CHUNK];

	for (size_t i = 0, got; i < size; i += got) {
		got = excerpt_copy(&n->err, i, chunk, sizeof(chunk));
		for (size_t k = 0; k < got; k++) {
			if (i + k >= x.head_end && i + k < x.tail_start)
				continue;
			seen++;
			foreign += (chunk[k] & 0x80) != 0;
		}
	}
	return foreign * 6 > seen ? MIME_BASE64_TEXT : MIME_QUOTED_PRINTABLE;
}

static void
add_text_part(struct text *t, const struct notification *n)
{
	enum mime_encoding encoding = choose_encoding(n);
	struct mime_body b;

	text_addf(t,
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: %s\r\n\r\n",
	    mime_encoding_name(encoding));
	mime_body_begin(&b, t, encoding);
	message_write_body(&b, n);
	mime_body_end(&b);
}

/*
 * All that is kept of stderr, byte for byte, with a line in the gap.  It is no
 * text/plain: that would have to have CRLF line ends (RFC 2046, 4.1.1).
 */
static void
add_stderr_part(struct text *t, const struct captured *kept)
{
	size_t size = excerpt_kept_size(kept);
	struct mime_body b;

	text_addf(t,
	    "Content-Type: application/octet-stream; "
	    "name=\"stderr.txt\"\r\n"
	    "Content-Disposition: attachment; "
	    "filename=\"stderr.txt\"\r\n"
	    "Content-Transfer-Encoding: %s\r\n\r\n",
	    mime_encoding_name(MIME_BASE64));
	mime_body_begin(&b, t, MIME_BASE64);
	mime_body_add(&b, kept->head, kept->head_size);
	if (kept->left_out) {
		mime_body_add(&b, "\n", size ? 1 : 0);
		message_write_gap(&b, kept->left_out);
	}
	mime_body_add(&b, kept->tail, kept->tail_size);
	mime_body_end(&b);
}

void
message_compose_mail(struct text *t, const struct notification *n,
    const struct mail_settings *mail, char *const *admins)
{
	/* "=_" is in no quoted-printable and in no base64 (RFC 2045). */
	static const char boundary[] = "=_runner_part";
	struct excerpt x =
	    excerpt_of(&n->err, MESSAGE_STDERR_HEAD, MESSAGE_STDERR_TAIL);

	add_header(t, n, mail, admins);
	if (!x.is_cut || !message_has_run(n)) {
		add_text_part(t, n);
		return;
	}
	text_addf(t,
	    "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n"
	    "--%s\r\n",
	    boundary, boundary);
	add_text_part(t, n);
	text_addf(t, "--%s\r\n", boundary);
	add_stderr_part(t, &n->err);
	text_addf(t, "--%s--\r\n", boundary);
}
