/*
 * clean: bytes as they come, cut anywhere, become lines of clean text.
 *
 * A line holds valid UTF-8 without control characters: escape sequences are
 * gone, a backspace has removed what it struck, a carriage return has begun
 * the line anew (unless blanks followed: the picture before them stays), a tab
 * is a blank, and each byte that is no UTF-8 is U+FFFD.  It is trimmed at the
 * right, is never blank, and ends at CLEAN_LINE_MAX bytes, never inside a
 * character.  The lines do not depend on how the bytes were cut.
 */
#ifndef RUNNER_SIGNATURE_CLEAN_H
#define RUNNER_SIGNATURE_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLEAN_LINE_MAX = 4096, CLEAN_PADDING = 16 };

/* Takes one line, ended by a NUL; the callee may write into it. */
typedef void clean_line_fn(void *context, char *line, size_t size);

struct clean {
	clean_line_fn *take;
	void *context;
	uint8_t state;
	bool has_return;  /* the last byte was a carriage return */
	bool has_printed; /* there is more than blanks in `text` */
	uint8_t pending;  /* bytes of an unfinished UTF-8 sequence */
	char sequence[4];
	size_t size;         /* of `text` */
	size_t earlier_size; /* of what a carriage return put aside */
	char *text;          /* one of `buffers`, `earlier` is the other */
	char *earlier;
	char buffers[2][CLEAN_LINE_MAX + CLEAN_PADDING];
};

void clean_begin(struct clean *c, clean_line_fn *take, void *context);
void clean_feed(struct clean *c, const char *bytes, size_t size);

/* The end of the stream: hands over a line that has no newline. */
void clean_finish(struct clean *c);

#endif
