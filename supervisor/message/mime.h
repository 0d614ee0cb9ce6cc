/*
 * mime: how a body travels (RFC 2045, 6): quoted-printable and base64.
 *
 * Pure.  Whatever bytes are added, what comes out is ASCII in lines of at most
 * 76 characters that end in CRLF, without trailing blanks, and no line starts
 * with a dot or with "From ", so that no transport has to change it.
 */
#ifndef RUNNER_MIME_H
#define RUNNER_MIME_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum mime_encoding {
	MIME_QUOTED_PRINTABLE, /* text: a newline becomes a line break */
	MIME_BASE64_TEXT,      /* text: a newline becomes CRLF, encoded */
	MIME_BASE64,           /* bytes as they are */
};

/* A body on its way into `t`, which is borrowed. */
struct mime_body {
	struct text *t;
	enum mime_encoding encoding;
	size_t column;        /* characters in the line that is written */
	char blank;           /* a space or tab that may be the line's last */
	uint32_t group;       /* base64: bytes that are no group of three yet */
	unsigned group_count; /* and how many */
};

void mime_body_begin(
    struct mime_body *b, struct text *t, enum mime_encoding encoding);
void mime_body_add(struct mime_body *b, const char *bytes, size_t size);

/* Writes what is kept back; the body then ends with a line break. */
void mime_body_end(struct mime_body *b);

/* The value of Content-Transfer-Encoding. */
const char *mime_encoding_name(enum mime_encoding encoding);

/* Adds `size` bytes in base64, in one line. */
void mime_add_base64(struct text *t, const char *bytes, size_t size);

/*
 * Foreign bytes made fit to show: valid UTF-8, tabs and, when `has_lines`,
 * newlines stay; every byte of anything else is written \xNN (what is harmful,
 * see text_harmful(), or not UTF-8).  At most four times as long.
 */
void mime_add_shown(
    struct text *t, const char *bytes, size_t size, bool has_lines);

#endif
