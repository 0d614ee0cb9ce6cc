/*
 * answer: what runner-notify tells the supervisor, on descriptor 1.
 *
 * Whatever a server says may end up here, so a line is bounded
 * (RUNNER_NOTIFY_ANSWER_SIZE with its newline), is valid UTF-8 and holds no
 * control character: everything else is written \xNN.  The last line is the
 * answer that decided.
 *
 * The same lines, and the exit status that goes with them, are noted in the
 * message's file, where there is room for them (runner_notify.h, verdict_at):
 * so a runner that was killed meanwhile has a successor that knows.
 */
#ifndef RUNNER_NOTIFY_ANSWER_H
#define RUNNER_NOTIFY_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Enough for the words of any answer; a `struct text` of this is passed on. */
enum { ANSWER_WORDS_SIZE = 768 };

/* Adds foreign bytes, made fit to print. */
void answer_add(struct text *words, const char *bytes, size_t size);

/* Adds why a delivery fails.  Returns `status`. */
int answer_fail(struct text *words, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* One line, at once.  The text is made fit to print as a whole. */
void answer_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Before anything is delivered: is there a verdict at `verdict_at` (0: there is
 * no room for one)?  Then its lines are said, and `*status` is the result.
 */
bool answer_recall(int64_t verdict_at, int *status);

/*
 * The result is known: notes it, with what was said of recipients and `last`,
 * and syncs it.  Only EX_OK and EX_UNAVAILABLE are noted, and only once; what
 * does not fit is not noted at all.
 */
void answer_note(int status, const char *last);

#endif
