/*
 * rules: the frame of a function whose body is a rule of re2c.
 *
 * TEXT(p) sets up what the generated code reads by, LENGTH is how much of the
 * text the rule that matched has taken.
 */
#ifndef RUNNER_SIGNATURE_RULES_H
#define RUNNER_SIGNATURE_RULES_H

#define TEXT(p)                                                                \
	const unsigned char *const from = (const unsigned char *)(p),          \
				   *s = from, *m = from, *c = from;            \
	(void)m, (void)c
#define LENGTH ((size_t)(s - from))

#endif
