/* The JSON that is written: commas, nesting, lines, what bytes become. */
#include <stdlib.h>

#include "base/json.h"
#include "tap.h"

/* The same document for both; every kind of value in every kind of place. */
static void
write_all(struct json *j)
{
	json_object(j, NULL);
	json_string(j, "s", "a\"\\\n\x01\xff");
	json_string(j, "none", NULL);
	json_list(j, "empty");
	json_end(j);
	json_list(j, "list");
	json_object(j, NULL);
	json_bool(j, "b", true);
	json_end(j);
	json_object(j, NULL);
	json_list(j, "in");
	json_int(j, NULL, -1);
	json_uint(j, NULL, UINT64_MAX);
	json_object(j, NULL);
	json_end(j);
	json_end(j);
	json_end(j);
	json_end(j);
	json_seconds(j, "x", 1250);
	json_seconds(j, "y", -5);
	json_instant(j, "t", 1795489564479);
	json_instant(j, "never", 0);
	json_signature(j, "h", 255);
	json_signature(j, "no", 0);
	json_end(j);
}

static void
test_text(void)
{
	char out[512];
	struct text t;
	struct json j;

	text_init(&t, out, sizeof(out));
	json_to_text(&j, &t);
	write_all(&j);
	tap_is(out,
	    "{\"s\":\"a\\\"\\\\\\n\\u0001\xef\xbf\xbd\",\"none\":null,"
	    "\"empty\":[],"
	    "\"list\":[{\"b\":true},{\"in\":[-1,18446744073709551615,{}]}],"
	    "\"x\":1.25,\"y\":0,\"t\":\"2026-11-24T03:06:04.479Z\","
	    "\"never\":null,\"h\":\"00000000000000ff\",\"no\":null}",
	    "into a text: one line without blanks");
	for (size_t size = 1; size < sizeof(out); size++) {
		char *small = malloc(size);
		bool was_short = t.length >= size;
		struct text s;

		text_init(&s, small, size);
		json_to_text(&j, &s);
		write_all(&j);
		if (s.is_short != was_short)
			tap_ok(false, "a text of %zu bytes", size);
		free(small);
	}
	tap_ok(true, "a text that is too small is never overrun");
}

static void
test_stream(void)
{
	char *large = malloc(100001), *bytes = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&bytes, &size);
	struct json j;

	json_to_stream(&j, out);
	write_all(&j);
	fclose(out);
	tap_is(bytes,
	    "{\"s\": \"a\\\"\\\\\\n\\u0001\xef\xbf\xbd\", \"none\": null, "
	    "\"empty\": [], \"list\": [\n  {\"b\": true},\n  {\"in\": [-1, "
	    "18446744073709551615,\n    {}]}], \"x\": 1.25, \"y\": 0, "
	    "\"t\": \"2026-11-24T03:06:04.479Z\", \"never\": null, "
	    "\"h\": \"00000000000000ff\", \"no\": null}",
	    "on a stream: each object of a list on its line");
	free(bytes);
	/* Two-byte characters at odd offsets: every cut is tried. */
	large[0] = 'x';
	for (size_t i = 1; i < 100001 - 1; i += 2) {
		large[i] = '\xc3';
		large[i + 1] = '\xa4';
	}
	large[99999] = '\0';
	out = open_memstream(&bytes, &size);
	json_to_stream(&j, out);
	json_string(&j, NULL, large);
	fclose(out);
	tap_ok(size == 100001 && !memcmp(bytes + 1, large, 99999),
	    "a long string is cut between characters only");
	free(bytes);
	free(large);
}

static void
test_budget(void)
{
	static const struct {
		const char *s;
		size_t budget;
		const char *json;
	} rows[] = {
	    {"abc", 3, "\"abc\""},
	    {"abc", 2, "\"ab\""},
	    {"a\nb", 2, "\"a\""},
	    {"a\nb", 3, "\"a\\n\""},
	    {"a\xe2\x82\xac", 3, "\"a\""},
	    {"a\xe2\x82\xac", 4, "\"a\xe2\x82\xac\""},
	    {"\x7f", 5, "\"\""},
	    {"\x7f", 6, "\"\\u007f\""},
	    {"\xff", 3, "\"\xef\xbf\xbd\""},
	    {"", 0, "\"\""},
	    {NULL, 0, "null"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char out[32];
		struct text t;
		struct json j;

		text_init(&t, out, sizeof(out));
		json_to_text(&j, &t);
		json_string_within(&j, NULL, rows[i].s, rows[i].budget);
		tap_is(out, rows[i].json, "within %zu bytes", rows[i].budget);
	}
}

int
main(void)
{
	test_text();
	test_stream();
	test_budget();
	return tap_done();
}
