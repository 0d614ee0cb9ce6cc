/* excerpt: what is shown and what is left out add up to what there was. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "message/excerpt.h"
#include "tap.h"

static uint64_t state = 88172645463325252;

static uint64_t
random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static const struct row {
	const char *name;
	const char *head;
	const char *tail;
	uint64_t left_out;
	size_t head_max;
	size_t tail_max;
	const char *want; /* the shown parts, '|' where a gap is */
} rows[] = {
    {"what fits is whole", "abc\n", "def\n", 0, 4, 4, "abc\ndef\n"},
    {"a gap stays where it is", "abc\n", "x\ndef\n", 7, 9, 9, "abc\n|def\n"},
    {"a cut falls on line ends", "one\ntwo\nthree\nfour\n", "", 0, 6, 8,
	"one\n|four\n"},
    {"one line is cut at characters", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", "", 0,
	3, 3, "\xc3\xa9|\xc3\xa9"},
    {"bytes that are not UTF-8 are cut anywhere", "\xff\xff\xff\xff", "", 0, 1,
	2, "\xff|\xff\xff"},
    {"a cut through head and tail", "one\ntwo\n", "three\nfour\n", 0, 4, 6,
	"one\n|four\n"},
    {"nothing", "", "", 0, 4, 4, ""},
    {"a tail alone", "", "rest of a line\nlast\n", 100, 0, 64, "|last\n"},
    {"a tail that is one line", "", "rest of a line\n", 100, 0, 64,
	"|rest of a line\n"},
};

static void
test_row(const struct row *r)
{
	struct captured kept = {.head = r->head,
	    .tail = r->tail,
	    .head_size = strlen(r->head),
	    .tail_size = strlen(r->tail),
	    .left_out = r->left_out};
	struct excerpt x = excerpt_of(&kept, r->head_max, r->tail_max);
	char buffer[256];
	size_t n = excerpt_copy(&kept, 0, buffer, x.head_end);

	if (x.left_out)
		buffer[n++] = '|';
	n += excerpt_copy(&kept, x.tail_start, buffer + n, 200);
	buffer[n] = '\0';
	tap_is(buffer, r->want, "%s", r->name);
}

static bool
is_sound(const struct captured *kept, const struct excerpt *x, size_t head_max,
    size_t tail_max)
{
	size_t size = excerpt_kept_size(kept);
	uint64_t shown = x->head_end + (size - x->tail_start);

	if (x->head_end > x->tail_start || x->tail_start > size)
		return false;
	if (shown + x->left_out != size + kept->left_out)
		return false;
	if (x->is_cut != (size > head_max + tail_max))
		return false;
	/* The gap is never in what is shown. */
	if (kept->left_out &&
	    (x->head_end > kept->head_size || x->tail_start < kept->head_size))
		return false;
	return !x->is_cut ||
	       (x->head_end <= head_max && size - x->tail_start <= tail_max);
}

static void
test_random(void)
{
	static char bytes[4096];
	int faults = 0, cut = 0;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = random64() % 30 ? (char)random64() : '\n';
	for (int i = 0; i < 500000; i++) {
		size_t head_max = random64() % 1500;
		size_t tail_max = random64() % 1500;
		struct captured kept = {.head = bytes,
		    .head_size = random64() % 2000,
		    .tail_size = random64() % 2000};
		struct excerpt x;

		kept.tail = bytes + kept.head_size;
		kept.left_out = random64() % 2 ? random64() % 100000 : 0;
		x = excerpt_of(&kept, head_max, tail_max);
		faults += !is_sound(&kept, &x, head_max, tail_max);
		cut += x.is_cut;
	}
	tap_is_int(faults, 0, "half a million excerpts add up");
	tap_ok(cut > 100000, "many of them cut");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		test_row(&rows[i]);
	test_random();
	return tap_done();
}
