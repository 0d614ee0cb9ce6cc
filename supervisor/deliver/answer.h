/*
 * answer: what runner-notify tells the supervisor, on descriptor 1.
 *
 * Whatever a server says may end up here, so a line is bounded
 * (RUNNER_NOTIFY_ANSWER_SIZE with its newline), is valid UTF-8 and holds no
 * control character: everything else is written \xNN.  The last line is the
 * answer that decided.
 */
#ifndef RUNNER_NOTIFY_ANSWER_H
#define RUNNER_NOTIFY_ANSWER_H

#include <stddef.h>

#include "base/text.h"

/* Enough for the words of any answer; a `struct text` of this is passed on. */
enum { ANSWER_WORDS_SIZE = 768 };

/* Adds foreign bytes, made fit to print. */
void answer_add(struct text *words, const char *bytes, size_t size);

/* One line, at once.  The text is made fit to print as a whole. */
void answer_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
