/*
 * Any bytes as an SMTP session: the words stay bounded and clean, and a
 * message is taken only when a 2yz answered the end of data.  Input: lines; one
 * that starts with '>' is a command, any other a reply.  Links
 * supervisor/deliver/dialog and answer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "deliver/dialog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void
check_dialog(const struct dialog *d)
{
	const char *s = d->words.data;

	check(strlen(s) == d->words.length, "the words end where they say");
	for (size_t i = 0; i < d->words.length; i++) {
		size_t left = d->words.length - i;

		check((unsigned char)s[i] >= 0x20 && s[i] != 0x7f,
		    "no control character");
		check(text_utf8_length(s + i, left) != 0, "UTF-8");
		i += text_utf8_length(s + i, left) - 1;
	}
	check(!d->is_taken || d->step == DIALOG_END_OF_DATA || d->is_over ||
		  dialog_status(d) == EX_OK,
	    "taken stays taken");
	check(d->code == 0 || (d->code >= 200 && d->code < 600), "a code");
	check(*dialog_step_name(d) != '\0', "a step has a name");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dialog d;

	dialog_init(&d);
	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) + 1 : size;
		/* A copy, so that reading beyond the line is noticed. */
		char *line = malloc(length);
		bool was_taken = d.is_taken;

		if (!line)
			break;
		memcpy(line, data, length);
		if (*line == '>')
			dialog_command(&d, line + 1, length - 1);
		else
			dialog_reply(&d, line, length);
		check(!was_taken || d.is_taken, "taken stays taken");
		check(was_taken || !d.is_taken ||
			  (d.step == DIALOG_END_OF_DATA && d.code / 100 == 2),
		    "taken only by a 2yz at the end of data");
		check_dialog(&d);
		free(line);
		data += length;
		size -= length;
	}
	return 0;
}
