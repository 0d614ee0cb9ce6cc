/*
 * Whatever a file of the outbox holds: reading it ends, reads nothing beyond
 * it, and what was read is written and read again as the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outbox/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static int
is_same(const struct outbox_entry *a, const struct outbox_entry *b)
{
	return !strcmp(a->channel, b->channel) && a->reason == b->reason &&
	       a->queued_wall_ms == b->queued_wall_ms &&
	       !strcmp(a->task, b->task) && !strcmp(a->subject, b->subject) &&
	       !strcmp(a->unique, b->unique) && !strcmp(a->answer, b->answer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char buffer[ENVELOPE_SIZE], *copy = malloc(size + 1);
	struct outbox_entry first, second;
	size_t offset, message_size, again_size;
	struct text t;
	int64_t queued;

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	copy[size] = '\0';
	envelope_parse_name(copy, "chain", &queued);
	/* Without the NUL, so that a read too far is seen. */
	copy = realloc(copy, size ? size : 1);
	if (!envelope_read(copy, size, &first, &offset, &message_size)) {
		check(offset <= size, "the envelope ends within the file");
		text_init(&t, buffer, sizeof(buffer));
		envelope_write(&t, &first, message_size);
		check(!t.is_short, "an envelope fits");
		check(!envelope_read(
			  buffer, t.length, &second, &offset, &again_size),
		    "what is written can be read");
		check(offset == t.length && again_size == message_size,
		    "and ends where it ends");
		check(is_same(&first, &second), "and says the same");
	}
	free(copy);
	return 0;
}
