/*
 * How many megabytes of standard error a second does the signature take?
 *
 * One line per kind of input: MB per second of processor time, best of a few
 * passes, so that others on the machine do not matter much.  With a
 * number as argument, ends with 1 when a line-based input is slower than that;
 * with a word behind it, only the inputs are measured that have it in the name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "signature/signature.h"

enum { INPUT_SIZE = 16 << 20, READ_SIZE = 65536, PASSES = 5 };

/* A small generator, so that every run measures the same bytes. */
static uint32_t
chance(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void
add_log_line(struct text *t, uint32_t *seed, unsigned i)
{
	static const char *const verbs[] = {"fetched", "stored", "checked",
	    "queued", "sent", "merged", "indexed", "rendered"};
	static const char *const things[] = {"invoice", "order", "page",
	    "customer record", "thumbnail", "delivery note", "mail", "report"};

	text_addf(t,
	    "2026-03-02 04:%02u:%02u,%03u INFO [worker-%u] shop.jobs: %s %s "
	    "%u of %u in %u.%u ms (request %08x)\n",
	    i / 60 % 60, i % 60, i % 1000, chance(seed) % 8,
	    verbs[chance(seed) % 8], things[chance(seed) % 8], i, 999999u,
	    chance(seed) % 900, chance(seed) % 10, chance(seed));
}

static void
add_plain_line(struct text *t, uint32_t *seed, unsigned i)
{
	text_addf(t,
	    "copying /srv/data/part%u/file-%u.csv to the archive, %u bytes, "
	    "left %u:%02u\n",
	    chance(seed) % 9, i, chance(seed), i % 60, i % 60);
}

static void
add_repeated_line(struct text *t, uint32_t *seed, unsigned i)
{
	(void)seed;
	(void)i;
	text_add_string(
	    t, "WARNING: connection to the broker is slow, trying once more\n");
}

static void
add_error_line(struct text *t, uint32_t *seed, unsigned i)
{
	text_addf(t,
	    "2026-03-02T04:10:07Z ERROR cannot store object %u: connection "
	    "to 10.0.%u.%u:5432 refused\n",
	    i, chance(seed) % 250, chance(seed) % 250);
}

static void
add_traceback(struct text *t, uint32_t *seed, unsigned i)
{
	text_addf(t,
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/jobs/import.py\", line %u, in <module>\n"
	    "    main(sys.argv)\n"
	    "  File \"/srv/app/jobs/import.py\", line 88, in main\n"
	    "    row = parse(line)\n"
	    "ValueError: invalid literal for int() with base 10: '%u'\n",
	    chance(seed) % 400, i);
}

static void
add_progress(struct text *t, uint32_t *seed, unsigned i)
{
	(void)seed;
	text_addf(t, "\r\033[32m%3u%%\033[0m |%.*s| %u/100", i % 100,
	    (int)(i % 20), "####################", i % 100);
}

static void
add_json(struct text *t, uint32_t *seed, unsigned i)
{
	text_addf(t,
	    "{\"level\":\"info\",\"ts\":1767323407.%03u,\"caller\":\"app/"
	    "main.go:12\",\"msg\":\"stored object\",\"id\":%u,\"ms\":%u}\n",
	    i % 1000, i, chance(seed) % 100);
}

static void
add_binary(struct text *t, uint32_t *seed, unsigned i)
{
	char bytes[64];

	(void)i;
	for (size_t k = 0; k < sizeof(bytes); k++)
		bytes[k] = (char)(chance(seed) & 0xff);
	text_add(t, bytes, sizeof(bytes));
}

static void
add_digits(struct text *t, uint32_t *seed, unsigned i)
{
	text_addf(t, "%u.%u:%x-%u/", chance(seed), i, chance(seed), i);
	if (i % 200 == 0)
		text_add_string(t, "\n");
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The best of a few passes, in MB/s. */
static double
measure(struct signature *s, const char *bytes, size_t size)
{
	const struct outcome o = {.exit = 1};
	struct signature_result result;
	double best = 0;

	for (int pass = 0; pass < PASSES; pass++) {
		double start = seconds(), rate;

		signature_begin(s, NULL);
		for (size_t at = 0; at < size; at += READ_SIZE)
			signature_feed(s, bytes + at,
			    size - at < READ_SIZE ? size - at : READ_SIZE);
		signature_finish(s, &o, &result);
		rate = (double)size / 1e6 / (seconds() - start);
		if (rate > best)
			best = rate;
	}
	return best;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*add)(struct text *t, uint32_t *seed, unsigned i);
		bool is_line_based;
	} inputs[] = {
	    {"distinct log lines", add_log_line, true},
	    {"distinct plain lines", add_plain_line, true},
	    {"distinct error lines", add_error_line, true},
	    {"one line repeated", add_repeated_line, true},
	    {"tracebacks", add_traceback, true},
	    {"json log lines", add_json, true},
	    {"progress and colours", add_progress, false},
	    {"digits and marks", add_digits, false},
	    {"binary", add_binary, false},
	};
	double floor = argc > 1 ? atof(argv[1]) : 0;
	char *buffer = malloc(INPUT_SIZE);
	struct signature *s = signature_new();
	int status = 0;

	if (!buffer || !s)
		return 1;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++) {
		struct text t;
		uint32_t seed = 1;
		double rate;

		if (argc > 2 && !strstr(inputs[i].name, argv[2]))
			continue;
		text_init(&t, buffer, INPUT_SIZE);
		for (unsigned n = 0; !t.is_short; n++)
			inputs[i].add(&t, &seed, n);
		rate = measure(s, t.data, t.length);
		printf("%-24s %8.0f MB/s\n", inputs[i].name, rate);
		if (inputs[i].is_line_based && rate < floor)
			status = 1;
	}
	signature_free(s);
	free(buffer);
	return status;
}
