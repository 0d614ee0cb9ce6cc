#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "runner_notify.h"

/* What was said of recipients, and where the verdict is noted. */
static char said_bytes[RUNNER_NOTIFY_VERDICT_SIZE + 1];
static struct text said = {.data = said_bytes, .size = sizeof(said_bytes)};
static off_t note_at;

/* What is written for `length` bytes at `s` must fit whole, or not at all. */
static void
add_whole(struct text *words, const char *s, size_t length)
{
	if (words->is_short || words->length + length >= words->size)
		words->is_short = true;
	else
		text_add(words, s, length);
}

void
answer_add(struct text *words, const char *bytes, size_t size)
{
	size_t length;

	for (size_t i = 0; i < size; i += length) {
		char hex[8];

		length = text_utf8_length(bytes + i, size - i);
		if (length && !text_harmful(bytes + i, length)) {
			add_whole(words, bytes + i, length);
			continue;
		}
		length = 1;
		if (bytes[i] == '\t') {
			add_whole(words, " ", 1);
			continue;
		}
		snprintf(hex, sizeof(hex), "\\x%02x", (unsigned char)bytes[i]);
		add_whole(words, hex, 4);
	}
}

int
answer_fail(struct text *words, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_vaddf(words, fmt, ap);
	va_end(ap);
	return status;
}

/* One line, made fit to print. */
static void
line_say(const char *raw)
{
	char line[RUNNER_NOTIFY_ANSWER_SIZE];
	const char *left = line;
	struct text words;
	size_t size;

	text_init(&words, line, sizeof(line));
	answer_add(&words, raw, strlen(raw));
	/* What that server said of recipients does not count. */
	if (!strncmp(line, "passed over: ", 13))
		text_clear(&said);
	if (!strncmp(line, "refused ", 8) || !strncmp(line, "deferred ", 9)) {
		add_whole(&said, line, words.length);
		add_whole(&said, "\t", 1);
	}
	/* The newline is written over the NUL: the line is as long as it says.
	 */
	size = words.length;
	line[size++] = '\n';
	while (size) {
		ssize_t n = write(STDOUT_FILENO, left, size);

		if (n <= 0)
			return; /* nobody listens: the exit status is left */
		left += n;
		size -= (size_t)n;
	}
}

void
answer_say(const char *fmt, ...)
{
	char raw[RUNNER_NOTIFY_ANSWER_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	line_say(raw);
}

/* Reads the note; it is empty when there is none. */
static void
note_read(char note[RUNNER_NOTIFY_VERDICT_SIZE + 1])
{
	ssize_t n = pread(RUNNER_NOTIFY_MESSAGE_FD, note,
	    RUNNER_NOTIFY_VERDICT_SIZE, note_at);

	while (n > 0 && note[n - 1] == ' ')
		n--;
	note[n > 0 ? n : 0] = '\0';
}

bool
answer_recall(int64_t verdict_at, int *status)
{
	char note[RUNNER_NOTIFY_VERDICT_SIZE + 1], *line, *rest;

	note_at = verdict_at;
	if (!note_at)
		return false;
	note_read(note);
	*status = (int)strtol(note, &rest, 10);
	if (rest == note || (*status != EX_OK && *status != EX_UNAVAILABLE))
		return false;
	for (rest++; (line = strsep(&rest, "\t"));)
		line_say(line);
	return true;
}

void
answer_note(int status, const char *last)
{
	char note[RUNNER_NOTIFY_VERDICT_SIZE + 1];
	struct text t;

	if (!note_at || said.is_short ||
	    (status != EX_OK && status != EX_UNAVAILABLE))
		return;
	note_read(note);
	if (*note)
		return;
	text_init(&t, note, sizeof(note));
	text_addf(&t, "%d %s", status, said.data);
	answer_add(&t, last, strlen(last));
	if (t.is_short)
		return;
	memset(note + t.length, ' ', sizeof(note) - t.length);
	if (pwrite(RUNNER_NOTIFY_MESSAGE_FD, note, RUNNER_NOTIFY_VERDICT_SIZE,
		note_at) > 0)
		fdatasync(RUNNER_NOTIFY_MESSAGE_FD);
}
