#include "answer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runner_notify.h"

/* What stands for `length` bytes at `s` must fit whole, or not at all. */
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

void
answer_say(const char *fmt, ...)
{
	char raw[RUNNER_NOTIFY_ANSWER_SIZE], line[RUNNER_NOTIFY_ANSWER_SIZE];
	struct text words;
	const char *left = line;
	size_t size;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	text_init(&words, line, sizeof(line));
	answer_add(&words, raw, strlen(raw));
	/* The NUL's place takes the newline: the line is as long as it says. */
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
