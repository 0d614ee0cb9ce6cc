/*
 * line_cache: what was learned of a line is used when its like comes again.
 *
 * Lines are known by a key: the hash of a line's template and of the state in
 * which it came.  Two lines of one template differ only in numbers, times,
 * addresses and hexadecimal ids that stand alone, and these are of the same
 * kinds.
 *
 * The contract: whoever remembers something of a line has made sure that every
 * line of this key would do the same.  So the state has all that decides what
 * a line does, and nothing is remembered of a line of which something was used
 * that a template leaves out.  Then a log of a million lines costs little more
 * than its few templates.
 *
 * Remembered is that a line is idle: it changes nothing but what stands in
 * struct cached_line.  The table forgets by being written over, which costs
 * time and changes no answer; it begins small and grows with what is added, so
 * that a short run touches little memory.  All zeros is valid for
 * line_cache_begin(), which forgets everything.
 */
#ifndef RUNNER_SIGNATURE_LINE_CACHE_H
#define RUNNER_SIGNATURE_LINE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LINE_CACHE_SLOTS_FIRST = 32,
	LINE_CACHE_SLOTS = 2048,
	/* A known line saves as much as so many looks for it cost. */
	LINE_CACHE_GAIN = 3,
	/* So many looks may be for nothing; then so many lines are not tried.
	 */
	LINE_CACHE_CREDIT = 2048,
	LINE_CACHE_PAUSE = 8 * LINE_CACHE_CREDIT,
};

struct cached_line {
	uint64_t key;
	uint32_t epoch;     /* it is idle in this one */
	bool is_error;      /* lines may go on with it */
	bool is_remembered; /* it may be the header of a trace */
	uint8_t context;    /* what it is to the next line */
};

struct line_cache {
	uint64_t run; /* part of each key: older ones are not met again */
	uint32_t epoch;
	unsigned slots, count;
	unsigned credit; /* looks that it may still cost */
	unsigned pause;  /* lines that are still not tried */
	struct cached_line lines[LINE_CACHE_SLOTS];
};

void line_cache_begin(struct line_cache *c);

/* Asked of each line: is a look worth its time? */
bool line_cache_is_worth(struct line_cache *c);

/*
 * The key of a clean line (NUL-ended) in a state, which is given by its hash.
 * `scratch` has room for `size` bytes.
 */
uint64_t line_cache_key(const struct line_cache *c, const char *line,
    size_t size, uint64_t state, char *scratch);

/* What is known of an idle line with this key, or NULL. */
const struct cached_line *line_cache_find(struct line_cache *c, uint64_t key);

/* Remembers that a line is idle, until the next line_cache_forget(). */
void line_cache_add(struct line_cache *c, const struct cached_line *line);
void line_cache_forget(struct line_cache *c);

#endif
