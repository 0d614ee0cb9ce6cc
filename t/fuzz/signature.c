/*
 * libFuzzer target: no bytes crash the signature or make it slow, and the
 * answer does not depend on how they were cut.
 *
 * Built with clang -fsanitize=fuzzer,address,undefined.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "signature.h"

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
run(struct signature *s, const char *bytes, size_t size, size_t piece,
    struct signature_result *result)
{
	const struct outcome o = {.exit = 1};

	signature_begin(s, NULL);
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct signature *s = signature_new();
	struct signature_result whole, cut;
	size_t piece = size ? data[0] % 13 + 1u : 1;

	if (!s)
		return 0;
	run(s, (const char *)data, size, size + 1, &whole);
	run(s, (const char *)data, size, piece, &cut);
	if (whole.value != cut.value || strcmp(whole.subject, cut.subject)) {
		fprintf(stderr, "cut to %zu: %s | %s\n", piece, whole.subject,
		    cut.subject);
		abort();
	}
	for (size_t i = 0; i < signature_evidence_count(s); i++)
		if (!signature_evidence(s, i))
			abort();
	signature_free(s);
	return 0;
}
