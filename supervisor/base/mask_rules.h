/*
 * mask_rules: what mask.h takes for secret by itself, and how a part of a line
 * is hidden.  Pure.
 */
#ifndef RUNNER_MASK_RULES_H
#define RUNNER_MASK_RULES_H

#include <stdbool.h>
#include <stddef.h>

/* A line, or a piece of one, and what is kept of it so far. */
struct mask_line {
	char *in;
	size_t size, at; /* `at`: what was looked at */
	size_t out;      /* what is kept, from `in` on; never beyond `at` */
};

/* Keeps what is before `end`. */
void mask_keep_until(struct mask_line *l, size_t end);

/* What is at `at`, of that size, is secret. */
void mask_hide(struct mask_line *l, size_t size);

/* The same further on; what is before it is kept. */
void mask_hide_at(struct mask_line *l, size_t at, size_t size);

/* Keeps the rest.  Returns the new size. */
size_t mask_finish(struct mask_line *l);

/* Masks a line in place by the rules.  Returns the new size. */
size_t mask_apply_rules(char *bytes, size_t size);

/* Is it a word that is no secret, wherever it is? */
bool mask_is_ordinary(const char *s, size_t size);

/* May it be in a token, as of a bearer? */
bool mask_is_token_char(char c);

#endif
