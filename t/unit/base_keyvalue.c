/* What is a line "KEY VALUE", what is none, and what its value is. */
#include <errno.h>
#include <stdlib.h>

#include "base/keyvalue.h"
#include "base/words.h"
#include "tap.h"

static const struct {
	const char *name, *text;
	enum keyvalue_result result;
	const char *key, *value, *rest;
} lines[] = {
    {"a line", "a b\nrest", KEYVALUE_LINE, "a", "b", "rest"},
    {"an empty value", "a \n", KEYVALUE_LINE, "a", "", ""},
    {"a value with blanks", "a  b c \n", KEYVALUE_LINE, "a", " b c ", ""},
    {"an empty key", " b\n", KEYVALUE_LINE, "", "b", ""},
    {"an empty line", "\na b\n", KEYVALUE_EMPTY, NULL, NULL, "a b\n"},
    {"no blank", "ab\nc d\n", KEYVALUE_NO_VALUE, NULL, NULL, "ab\nc d\n"},
    {"no newline", "a b", KEYVALUE_CUT, NULL, NULL, "a b"},
    {"nothing", "", KEYVALUE_END, NULL, NULL, ""},
};

static void
test_lines(void)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		/* Without its NUL, so that a read too far is seen. */
		size_t size = strlen(lines[i].text);
		char *copy = malloc(size ? size : 1), value[16] = "?";
		const char *at = copy, *end = copy + size;
		struct keyvalue line = {0};

		memcpy(copy, lines[i].text, size);
		tap_is_int(keyvalue_next(&at, end, &line), lines[i].result,
		    "%s: what it is", lines[i].name);
		tap_ok((size_t)(end - at) == strlen(lines[i].rest),
		    "%s: what is left", lines[i].name);
		if (lines[i].key) {
			tap_ok(keyvalue_is(&line, lines[i].key), "%s: its key",
			    lines[i].name);
			tap_ok(!keyvalue_is(&line, "other"), "%s: not another",
			    lines[i].name);
			keyvalue_copy(&line, value, sizeof(value));
			tap_is(value, lines[i].value, "%s: its value",
			    lines[i].name);
		}
		free(copy);
	}
}

static void
test_values(void)
{
	struct keyvalue line = {.value = "abc", .value_size = 3};
	char small[3] = "x";
	int64_t n = 7;

	errno = 0;
	tap_ok(
	    keyvalue_copy(&line, small, 3) && errno == EBADMSG && *small == 'x',
	    "a value that does not fit is refused");
	line.value = "a\0c";
	tap_ok(keyvalue_copy(&line, small, 3), "so is one with a NUL");
	line.value = "-42";
	tap_ok(!keyvalue_number(&line, -42, 0, &n) && n == -42, "a number");
	errno = 0;
	tap_ok(
	    keyvalue_number(&line, 0, 99, &n) && n == -42 && errno == EBADMSG,
	    "a number beyond its limits is refused");
	line.value = "4 2";
	tap_ok(keyvalue_number(&line, 0, 99, &n), "two numbers are none");
}

static void
test_words(void)
{
	static const char *const words[] = {"none", "first", "new", NULL};
	static const char *const pair[] = {"on", "off", NULL};
	char buffer[64];
	struct text t;

	tap_is_int(words_find(words, "none"), 0, "the first word");
	tap_is_int(words_find(words, "new"), 2, "the last");
	tap_is_int(words_find(words, "ne"), -1, "a part of one is none");
	tap_is_int(words_find(words, ""), -1, "no word");
	text_init(&t, buffer, sizeof(buffer));
	words_list(&t, words);
	tap_is(buffer, "none, first or new", "three words for people");
	text_clear(&t);
	words_list(&t, pair);
	tap_is(buffer, "on or off", "two words");
	text_clear(&t);
	words_list(&t, words + 2);
	tap_is(buffer, "new", "one");
}

int
main(void)
{
	test_lines();
	test_values();
	test_words();
	return tap_done();
}
