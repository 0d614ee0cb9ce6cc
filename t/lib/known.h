/*
 * known: a table of failures, of which each is to be known again and all are
 * to be told apart.
 */
#ifndef RUNNER_KNOWN_H
#define RUNNER_KNOWN_H

#include <stdlib.h>

#include "signature/signature.h"
#include "tap.h"

enum { KNOWN_OUTPUTS_MAX = 4, KNOWN_FAILURES_MAX = 256 };

struct failure {
	const char *name;
	const char *subject; /* NULL: it differs with the output */
	const char *outputs[KNOWN_OUTPUTS_MAX];
};

/* The signature of one output, fed in pieces of `piece` bytes. */
static struct signature_result
sign(struct signature *s, const struct user_patterns *patterns,
    const struct outcome *o, const char *text, size_t piece)
{
	struct signature_result result;
	size_t size = strlen(text);

	signature_begin(s, patterns);
	for (size_t at = 0; at < size; at += piece)
		signature_feed(
		    s, text + at, size - at < piece ? size - at : piece);
	signature_finish(s, o, &result);
	return result;
}

static void
print_evidence(const struct signature *s)
{
	for (size_t i = 0; i < signature_evidence_count(s); i++)
		printf("#   %s\n", signature_evidence(s, i));
}

/* Returns the signature of a failure's outputs, having compared them. */
static uint64_t
check_failure(struct signature *s, const struct failure *f)
{
	const struct outcome o = {.exit = 1};
	uint64_t value = 0;

	for (size_t i = 0; i < KNOWN_OUTPUTS_MAX && f->outputs[i]; i++) {
		struct signature_result r =
		    sign(s, NULL, &o, f->outputs[i], 1 + i * 7);

		if (f->subject)
			tap_is(r.subject, f->subject, "%s: subject", f->name);
		if (i && !tap_ok(r.value == value,
			     "%s: output %zu is known again", f->name, i + 1))
			print_evidence(s);
		value = r.value;
	}
	return value;
}

static inline int
check_failures(const struct failure *failures, size_t count)
{
	static uint64_t values[KNOWN_FAILURES_MAX];
	struct signature *s = signature_new();

	if (!s || count > KNOWN_FAILURES_MAX)
		return 1;
	for (size_t i = 0; i < count; i++) {
		size_t same = i;

		values[i] = check_failure(s, &failures[i]);
		for (size_t k = 0; k < i; k++)
			if (values[k] == values[i])
				same = k;
		tap_ok(same == i, "%s: told apart from %s", failures[i].name,
		    same == i ? "the others" : failures[same].name);
	}
	signature_free(s);
	return tap_done();
}

#endif
