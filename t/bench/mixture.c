/*
 * How fast is the signature on 50 MB of what many programs print, of which no
 * two lines are alike, and what does a user's pattern cost?
 *
 * The lines are those of t/corpus/tune (run it from the top of the tree); in
 * each copy one word is replaced by another of the corpus, so that neither the
 * line nor its template was seen before.  Each figure is the best of a few
 * passes; the factor is that of one pattern on ordinary log lines.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "signature/signature.h"

enum { INPUT_SIZE = 50 << 20, READ_SIZE = 65536, PASSES = 2, WORDS_MAX = 8192 };

static struct text lines;
static const char *words[WORDS_MAX];
static size_t word_sizes[WORDS_MAX], word_count;

static uint32_t
chance(void)
{
	static uint32_t state = 1;

	state = state * 1664525u + 1013904223u;
	return state >> 8;
}

/* Adds the outputs of a case, whose format t/corpus/README.md tells. */
static void
read_case(const char *file)
{
	FILE *f = fopen(file, "rb");
	char line[4096];
	size_t size;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "output %zu", &size) != 1)
			continue;
		while (size--)
			text_add(&lines, &(char){(char)getc(f)}, 1);
		text_add(&lines, "\n", 1);
	}
	if (f)
		fclose(f);
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* The next word of four small letters and more in [p, end); or `end`. */
static const char *
find_word(const char *p, const char *end, size_t *size)
{
	for (; p < end; p += *size + !*size) {
		for (*size = 0; p + *size < end && is_letter(p[*size]);)
			++*size;
		if (*size >= 4)
			return p;
	}
	return end;
}

static void
read_corpus(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char file[512];
	size_t size;

	while (dir && (entry = readdir(dir))) {
		snprintf(file, sizeof(file), "%s/%s", directory, entry->d_name);
		if (entry->d_name[0] != '.')
			read_case(file);
	}
	if (dir)
		closedir(dir);
	for (const char *p = lines.data, *end = p + lines.length;
	     word_count < WORDS_MAX && (p = find_word(p, end, &size)) < end;
	     p += size) {
		words[word_count] = p;
		word_sizes[word_count++] = size;
	}
}

/* Adds a line with one of its words replaced. */
static void
add_changed(struct text *t, const char *line, const char *end)
{
	size_t size, found = 0, other = chance() % word_count;
	const char *word = end, *p = line;

	for (; (p = find_word(p, end, &size)) < end; p += size)
		if (chance() % ++found == 0)
			word = p;
	text_add(t, line, (size_t)(word - line));
	find_word(word, end, &size);
	if (word < end)
		text_add(t, words[other], word_sizes[other]);
	else
		size = 0;
	text_add(t, word + size, (size_t)(end - word) - size);
	text_add(t, "\n", 1);
}

static void
add_mixture(struct text *t)
{
	const char *p = lines.data, *end = p + lines.length;

	while (!t->is_short) {
		const char *next = memchr(p, '\n', (size_t)(end - p));

		if (next > p)
			add_changed(t, p, next);
		p = next && next + 1 < end ? next + 1 : lines.data;
	}
}

static void
add_ordinary(struct text *t)
{
	for (unsigned i = 0; !t->is_short; i++)
		text_addf(t,
		    "2026-03-02 04:%02u:%02u,%03u INFO [worker-%u] shop.jobs: "
		    "stored %.*s %u of %u in %u.%u ms (request %08x)\n",
		    i / 60 % 60, i % 60, i % 1000, chance() % 8,
		    (int)word_sizes[i % word_count], words[i % word_count], i,
		    999999u, chance() % 900, chance() % 10, chance());
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* The best of a few passes with a pattern or without (NULL), in MB/s. */
static double
measure(const struct text *t, const struct user_patterns *patterns)
{
	const struct outcome o = {.exit = 1};
	struct signature *s = signature_new();
	struct signature_result result;
	double best = 0;

	for (int pass = 0; s && pass < PASSES; pass++) {
		double start = seconds(), rate;

		signature_begin(s, patterns);
		for (size_t at = 0; at < t->length; at += READ_SIZE)
			signature_feed(s, t->data + at,
			    t->length - at < READ_SIZE ? t->length - at
						       : READ_SIZE);
		signature_finish(s, &o, &result);
		rate = (double)t->length / 1e6 / (seconds() - start);
		if (rate > best)
			best = rate;
	}
	signature_free(s);
	return best;
}

int
main(void)
{
	static const char *const sources[] = {"^known chatter",
	    "customer '[^']*'", "shard [0-9]+", "(slow|late) (reply|answer)$",
	    "[0-9]+ rows? (left|lost)", "connection .* closed"};
	static char memory[4 << 20];
	static const struct {
		const char *name;
		void (*add)(struct text *t);
	} inputs[] = {{"mixture", add_mixture}, {"ordinary", add_ordinary}};
	char *buffer = malloc(INPUT_SIZE), why[80];

	text_init(&lines, memory, sizeof(memory));
	read_corpus("t/corpus/tune");
	if (!buffer || !word_count)
		return fputs("no corpus here\n", stderr), 1;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++) {
		struct text t;
		double plain;

		text_init(&t, buffer, INPUT_SIZE);
		inputs[i].add(&t);
		plain = measure(&t, NULL);
		printf("%-10s %-32s %6.0f MB/s\n", inputs[i].name, "no pattern",
		    plain);
		for (size_t k = 0; k < sizeof(sources) / sizeof(*sources);
		     k++) {
			static struct patterns p;
			const struct user_patterns uses[] = {
			    {.ignore = &p}, {.mask = &p}};
			size_t use = k % 2;
			double rate;

			if (patterns_add(&p, sources[k], why, sizeof(why)))
				return fprintf(stderr, "%s\n", why), 1;
			rate = measure(&t, &uses[use]);
			printf("%-10s %-6s %-25s %6.0f MB/s, factor %.1f\n",
			    inputs[i].name, use ? "mask" : "ignore", sources[k],
			    rate, plain / rate);
			patterns_release(&p);
		}
	}
	free(buffer);
	return 0;
}
