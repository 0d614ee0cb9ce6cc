/*
 * scan: one evidence line becomes its normal form.
 *
 * One pass from left to right.  What is known to be volatile is replaced by a
 * placeholder that names its class (<ts> <n> <hex> <id> <uuid> <ip> <mac>
 * <port> <tmp> <email> <bytes>); everything else is kept.  Runs of blanks
 * become one, and a placeholder that is repeated after one or two marks or
 * blanks is written once, so that lists of different length agree.
 */
#ifndef RUNNER_SIGNATURE_SCAN_H
#define RUNNER_SIGNATURE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "chars.h"
#include "signature.h"

enum {
	SCAN_OUT_MAX = 512,
	SCAN_OUT_SIZE = SCAN_OUT_MAX + 1,
};

struct scan {
	const char *text; /* the whole line, for looking back */
	size_t end;       /* where the part that is being scanned ends */
	char *out;        /* SCAN_OUT_SIZE bytes */
	size_t size;      /* written so far */
	bool has_letters; /* outside placeholders */
	bool has_at;      /* the line holds an '@' */
	bool is_asked;    /* whether a word of the network is on the line: */
	bool has_network; /* then, the answer */
	const char *mark; /* the placeholder written last */
	size_t mark_end;  /* where it ends in `out` */
	struct span word; /* the last word of `text`, and the one before it */
	struct span earlier;
	size_t kept_end; /* after the last position in code that was kept */
};

/* Begins a line (NUL-ended, 16 bytes after its end are readable). */
void scan_begin(struct scan *s, const char *text, size_t size, char *out);

/* Normalises text[from, to); text[to] must be a NUL for the time. */
void scan_part(struct scan *s, size_t from, size_t to);

/* Takes bytes over as they are; writes a placeholder. */
void scan_copy(struct scan *s, const char *bytes, size_t size);
void scan_mark(struct scan *s, const char *placeholder);

/* Ends the line: trims it, adds the NUL.  Returns its size. */
size_t scan_end(struct scan *s);

/* All of the above for a line without patterns; `s` then tells about it. */
size_t scan_line(const char *text, size_t size, char *out, struct scan *s);

/*
 * user_patterns.c: is the line to be ignored; and scan_line() with the user's
 * patterns (NULL: none), the line restored when it returns.  What `keep`
 * matches is taken over as it is, what `mask` matches of the rest becomes <*>.
 * A line is matched in its first 512 bytes only and a bounded number of times,
 * so that no pattern makes capturing slow.
 */
bool user_patterns_ignore(
    const struct user_patterns *patterns, const char *text);
size_t user_patterns_scan(const struct user_patterns *patterns,
    const char *text, size_t size, char *out, struct scan *s);

/*
 * keep.c: where the last of the line's first positions in code ends, or 0.  It
 * is the number's end, or that of the file's name after it.
 */
size_t keep_place_end(const char *line);

#endif
