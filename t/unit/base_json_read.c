/* What is JSON and what is not, members found, characters decoded. */
#include "base/json_read.h"
#include "tap.h"

static void
test_check(void)
{
	static const struct {
		const char *text;
		const char *fault; /* NULL: it is JSON */
		int at;
	} rows[] = {
	    {"{}", NULL, 2},
	    {" [ ] \n", NULL, 6},
	    {"{\"a\":[1,-2.5e+3,true,false,null,\"x\\n\\u00e4\"]}", NULL, 42},
	    {"0", NULL, 1},
	    {"\"\xc3\xa4\"", NULL, 4},
	    {"", "a value is missing", 0},
	    {"{", "a name in quotes is missing", 1},
	    {"{\"a\" 1}", "a colon is missing", 5},
	    {"{\"a\":}", "a value is missing", 5},
	    {"{\"a\":1,}", "a name in quotes is missing", 7},
	    {"[1 2]", "a comma or ] is missing", 3},
	    {"{\"a\":1", "a comma or } is missing", 6},
	    {"[01]", "a number begins with 0", 2},
	    {"[1.]", "a digit is missing", 3},
	    {"[-]", "a digit is missing", 2},
	    {"nul", "a value is missing", 0},
	    {"\"a", "a string has no end", 2},
	    {"\"\\x\"", "an unknown escape in a string", 2},
	    {"\"\\u12g4\"", "\\u wants four digits", 2},
	    {"\"\xff\"", "bytes that are no UTF-8", 1},
	    {"\"a\nb\"", "a control character or line end in a string", 2},
	    {"{} x", "something follows the end", 3},
	};
	char deep[3 * JSON_READ_DEPTH_MAX];
	size_t at;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *fault =
		    json_check(rows[i].text, strlen(rows[i].text), &at);

		tap_is(fault, rows[i].fault, "%s", rows[i].text);
		if (fault)
			tap_is_int((long long)at, rows[i].at, "%s: where",
			    rows[i].text);
	}
	memset(deep, '[', sizeof(deep));
	tap_is(json_check(deep, sizeof(deep), &at), "too deep",
	    "brackets without end");
}

static void
test_find(void)
{
	static const char text[] =
	    "{ \"a\" : \"x\\\"y\", \"ab\":[1,{\"c\":2}],\"n\":null }";
	struct json_value v;

	tap_ok(json_find(text, strlen(text), "a", &v) && v.size == 6 &&
		   !memcmp(v.bytes, "\"x\\\"y\"", 6),
	    "a string with its quotes");
	tap_ok(json_find(text, strlen(text), "ab", &v) && v.size == 11,
	    "a list as a whole");
	tap_ok(json_find(text, strlen(text), "n", &v) && v.size == 4,
	    "null is a value");
	tap_ok(!json_find(text, strlen(text), "c", &v) && !v.bytes,
	    "a member of a member is none");
	tap_ok(!json_find("[1]", 3, "c", &v), "a list has no members");
	tap_ok(!json_find("{}", 2, "c", &v), "nothing has no members");
}

static void
test_characters(void)
{
	static const struct {
		const char *inside, *utf8;
		size_t taken;
	} rows[] = {
	    {"a", "a", 1},
	    {"\\n", "\n", 2},
	    {"\\\"", "\"", 2},
	    {"\\/", "/", 2},
	    {"\\u0041", "A", 6},
	    {"\\u00E4", "\xc3\xa4", 6},
	    {"\\u20ac", "\xe2\x82\xac", 6},
	    {"\\ud83d\\ude00", "\xf0\x9f\x98\x80", 12},
	    {"\\ud83dx", "\xef\xbf\xbd", 6},
	    {"\xc3\xa4", "\xc3\xa4", 2},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char c[4];
		size_t length;
		size_t taken = json_next_character(
		    rows[i].inside, strlen(rows[i].inside), c, &length);

		tap_ok(taken == rows[i].taken &&
			   length == strlen(rows[i].utf8) &&
			   !memcmp(c, rows[i].utf8, length),
		    "the character %s", rows[i].inside);
	}
}

int
main(void)
{
	test_check();
	test_find();
	test_characters();
	return tap_done();
}
