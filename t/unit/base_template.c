/* Templates: what is a fault, what is filled in, and that it stays JSON. */
#include <stdlib.h>

#include "base/json_read.h"
#include "base/template.h"
#include "tap.h"

static const char document[] =
    "{\"text\":\"[t] <!channel> *x* & y\",\"reason\":\"new\",\"message\":null,"
    "\"task\":\"t\",\"exit\":3,\"failed\":true,"
    "\"stderr\":\"one\\ntwo \\\"q\\\" \\u0007 \xc3\xa4\xe2\x82\xac\xf0\x9f\x98"
    "\x80\",\"failures\":[1,2],\"id\":\"<a.b@c>\","
    "\"time\":\"2026-11-26T00:01:07.429Z\"}";

static const struct template_values values = {
    document, sizeof(document) - 1, {"s\"_1", NULL}};

/* Parses and fills; faults as "LINE: WORDS; ". */
static const char *
fill(const char *file, char *buffer, size_t size)
{
	struct template_faults f = {0};
	struct template t;
	struct text out;

	text_init(&out, buffer, size);
	if (!template_parse(&t, file, strlen(file), &f)) {
		const struct template_body *b = template_find(&t, "new");

		if (!b)
			return "no body";
		if (!template_fill(&t, b, &values, &out, &f))
			return buffer;
	}
	text_clear(&out);
	for (size_t i = 0; i < f.count; i++)
		text_addf(&out, "%s%u: %s", i ? "; " : "", f.list[i].line,
		    f.list[i].words);
	return buffer;
}

static void
test_fill(void)
{
	static const struct {
		const char *file, *want;
	} rows[] = {
	    {"{\"a\":\"%{task}\"}", "{\"a\":\"t\"}"},
	    {"{\"a\":%{task}}", "{\"a\":\"t\"}"},
	    {"{\"a\":%{exit},\"b\":\"%{exit}\"}", "{\"a\":3,\"b\":\"3\"}"},
	    {"{\"a\":%{failed}}", "{\"a\":true}"},
	    {"{\"a\":%{message},\"b\":\"%{message}\"}",
		"{\"a\":null,\"b\":\"\"}"},
	    {"[%{failures}]", "[[1,2]]"},
	    {"{\"a\":\"100% \\\"%{task}\\\"\"}", "{\"a\":\"100% \\\"t\\\"\"}"},
	    {"{\"a\":\"%{secret}\"}", "{\"a\":\"s\\\"_1\"}"},
	    {"{\"a\":%{secret}}", "{\"a\":\"s\\\"_1\"}"},
	    {"# c\n\nmarkup slack\n{\"a\":\"%{text}\"}\n",
		"{\"a\":\"[t] &lt;!channel&gt; *x* &amp; y\"}"},
	    {"markup html\n{\"a\":\"%{text:9}\"}",
		"{\"a\":\"[t] &lt;\xe2\x80\xa6\"}"},
	    {"markup markdown\n{\"a\":\"%{text:12}\"}",
		"{\"a\":\"\\\\[t\\\\] \\\\<\\\\!c\xe2\x80\xa6\"}"},
	    {"markup markdown\n[%{time}, \"%{time}\", \"%{secret}\"]",
		"[\"2026-11-26T00:01:07.429Z\", "
		"\"2026-11-26T00:01:07.429Z\", \"s\\\"_1\"]"},
	    {"{\"a\":\"%{text:8b}\"}", "{\"a\":\"[t] <\xe2\x80\xa6\"}"},
	    /* The end of stderr; the last character weighs two. */
	    {"{\"a\":\"%{stderr:8}\"}",
		"{\"a\":\"\xe2\x80\xa6 \xc3\xa4\xe2\x82\xac\xf0\x9f\x98"
		"\x80\"}"},
	    {"{\"a\":\"%{stderr:10b}\"}",
		"{\"a\":\"\xe2\x80\xa6\xe2\x82\xac\xf0\x9f\x98\x80\"}"},
	    {"{\"a\":\"%{stderr}\"}",
		"{\"a\":\"one\\ntwo \\\"q\\\" \\\\x07 "
		"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}"},
	    {"on healed\n{\"a\":1}\non first, new\n{\"b\":2}\non any\n"
	     "{\"c\":3}\n",
		"{\"b\":2}"},
	    {"on healed\n{\"a\":1}\non any\n{\n\"c\":3}", "{\n\"c\":3}"},
	    {"on healed\n{\"a\":1}\n", "no body"},
	};
	char buffer[4096];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *got = fill(rows[i].file, buffer, sizeof(buffer));

		tap_is(got, rows[i].want, "%s", rows[i].file);
	}
}

static void
test_faults(void)
{
	static const struct {
		const char *file, *want;
	} rows[] = {
	    {"", "1: has no body: a line that begins with { is missing"},
	    {"url x\n", "1: has no body: a line that begins with { is missing"},
	    {"urk x\nmethod GET\n{}",
		"1: unknown attribute 'urk'; 2: method is none of POST, PUT"},
	    {"method\n{}", "1: is not ATTRIBUTE VALUE"},
	    {"markup bold\nsize x\n{}",
		"1: markup is none of none, slack, html, markdown; "
		"2: size is not a number of bytes, 64 to 1048576"},
	    {"{\n\"a\":\"%{taks}\",\n\"b\":\"%{nix}\"}",
		"2: unknown field 'taks'; 3: unknown field 'nix'"},
	    {"{\"a\":\"%{task}", "1: is no JSON: a string has no end"},
	    {"{\n\"a\":1,\n}", "3: is no JSON: a name in quotes is missing"},
	    {"{\"a\":%{task}x}", "1: is no JSON: a comma or } is missing"},
	    {"{\"a\":\"%{task\n}\"}", "1: a %{ has no }"},
	    {"{\"a\":\"%{failures}\"}",
		"1: field 'failures' is a list, which cannot be inside quotes"},
	    {"{\"a\":\"%{secret_2}\"}",
		"1: %{secret_2} wants a second line in secret_file"},
	    {"{\"a\":\"%{task:0}\"}",
		"1: %{task:...} needs a limit from 8 to 1048576, in "
		"characters, or in bytes with a b after it"},
	    {"size 64\n{\"a\":\"0123456789012345678901234567890123456789"
	     "0123456789012345678901234567890123456789\"}",
		"2: the body is larger than its size"},
	};
	char buffer[4096];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		tap_is(fill(rows[i].file, buffer, sizeof(buffer)), rows[i].want,
		    "fault: %s", rows[i].file);
}

static void
test_lines(void)
{
	static const struct {
		enum template_line kind;
		const char *line, *want;
	} rows[] = {
	    {TEMPLATE_WORD, "-t=%{task}", "-t=t"},
	    {TEMPLATE_WORD, "%{message}", ""},
	    {TEMPLATE_WORD, "%{stderr:8b}", "\xe2\x80\xa6\xf0\x9f\x98\x80"},
	    {TEMPLATE_URL, "/%{id}/close?a=%{text:8b}",
		"/%3Ca.b%40c%3E/close?a=%5Bt%5D%20%3C%E2%80%A6"},
	    {TEMPLATE_HEADER, "X: %{stderr:17b}",
		"X: \xe2\x80\xa6\\x07 \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
	};
	char buffer[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct template_span line = {
		    rows[i].line, strlen(rows[i].line), 1};
		struct template_faults f = {0};
		struct text out;

		text_init(&out, buffer, sizeof(buffer));
		template_fill_line(&line, rows[i].kind, &values, &out, &f);
		tap_is(buffer, rows[i].want, "line %s", rows[i].line);
	}
}

/* Whatever a task wrote: JSON, no larger than said, no raw control. */
static void
test_laws(void)
{
	static const char *const files[] = {
	    "size 512\nmarkup slack\n{\"a\":\"%{s}\",\"b\":%{s:40b}}",
	    "size 300\nmarkup markdown\n[\"x%{s:100}%{s}\"]",
	    "markup html\n{\"a\":\"%{stderr:64}\",\"b\":\"%{stderr:64b}\"}",
	};
	static const char odd[] = "<@\"\\\n\x80\xc3\xe2\x9f%{}";
	unsigned long bad = 0, rounds = 3000;
	uint64_t random = 88172645463325252u;

	for (unsigned long n = 0; n < rounds; n++) {
		static char doc[9000], raw[700], out_buffer[9000];
		struct template_faults f = {0};
		struct template t;
		struct text d, out;
		size_t size, at;

		for (size = 0; size < n % sizeof(raw); size++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			raw[size] = n & 1 ? (char)random
					  : odd[random % (sizeof(odd) - 1)];
		}
		text_init(&d, doc, sizeof(doc));
		text_add_string(&d, "{\"s\":\"");
		text_add_json(&d, raw, size);
		text_add_string(&d, "\",\"stderr\":\"");
		text_add_json(&d, raw, size);
		text_add_string(&d, "\"}");
		for (int i = 0; i < 3; i++) {
			struct template_values v = {d.data, d.length, {0}};

			text_init(&out, out_buffer, sizeof(out_buffer));
			if (template_parse(
				&t, files[i], strlen(files[i]), &f) ||
			    template_fill(&t, t.bodies, &v, &out, &f) ||
			    json_check(out.data, out.length, &at) ||
			    (t.size_max && out.length > t.size_max)) {
				if (!bad++)
					printf("# %s\n# %s: %s\n", doc,
					    files[i],
					    f.count ? f.list[0].words : "?");
			}
		}
	}
	tap_is_int(
	    (long long)bad, 0, "%lu values stay JSON within the size", rounds);
}

int
main(void)
{
	test_fill();
	test_faults();
	test_lines();
	test_laws();
	return tap_done();
}
