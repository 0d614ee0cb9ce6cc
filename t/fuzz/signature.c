/*
 * libFuzzer target: no bytes crash the signature or make it slow, and the
 * answer depends neither on how they were cut nor on a pattern that matches
 * nothing.
 *
 * Built with clang -fsanitize=fuzzer,address,undefined.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signature/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_subject(const char *subject)
{
	if (!*subject || strlen(subject) >= SIGNATURE_SUBJECT_SIZE)
		abort();
	for (const char *p = subject; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			abort();
}

static void
run(struct signature *s, const struct user_patterns *patterns,
    const char *bytes, size_t size, size_t piece,
    struct signature_result *result)
{
	const struct outcome o = {.exit = 1};

	signature_begin(s, patterns);
	while (size) {
		/* a copy, so that reading beyond a piece is noticed */
		size_t n = size < piece ? size : piece;
		char *copy = malloc(n);

		if (!copy)
			abort();
		memcpy(copy, bytes, n);
		signature_feed(s, copy, n);
		free(copy);
		bytes += n;
		size -= n;
	}
	signature_finish(s, &o, result);
	check_subject(result->subject);
}

static void
compare(const char *what, const struct signature_result *a,
    const struct signature_result *b)
{
	if (a->value == b->value && !strcmp(a->subject, b->subject))
		return;
	fprintf(stderr, "%s: %s | %s\n", what, a->subject, b->subject);
	abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct patterns never;
	const struct user_patterns patterns = {.ignore = &never};
	struct signature *s = signature_new();
	struct signature_result whole, cut, full;
	size_t piece = size ? data[0] % 13 + 1u : 1;
	char why[64];

	if (!s)
		return 0;
	if (!never.count &&
	    patterns_add(&never, "^(no line is like this)?$", why, sizeof(why)))
		abort();
	run(s, &patterns, (const char *)data, size, size + 1, &full);
	run(s, NULL, (const char *)data, size, piece, &cut);
	run(s, NULL, (const char *)data, size, size + 1, &whole);
	compare("cut", &whole, &cut);
	compare("pattern", &whole, &full);
	for (size_t i = 0; i < signature_evidence_count(s); i++)
		if (!signature_evidence(s, i))
			abort();
	signature_free(s);
	return 0;
}
