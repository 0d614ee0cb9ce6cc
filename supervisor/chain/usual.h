/*
 * usual: how long a task's runs usually take.  Pure.
 *
 * The median of its last successful runs; it takes a few of them to know.
 */
#ifndef RUNNER_USUAL_H
#define RUNNER_USUAL_H

#include <stddef.h>
#include <stdint.h>

enum { USUAL_MIN = 3, USUAL_MAX = 31 };

struct usual {
	size_t count;
	size_t next; /* a ring */
	int64_t ms[USUAL_MAX];
};

/* A run succeeded that took so long. */
void usual_note(struct usual *u, int64_t duration_ms);

/* The median, or -1: fewer than USUAL_MIN runs are known. */
int64_t usual_median_ms(const struct usual *u);

#endif
