#include "patterns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
patterns_add(struct patterns *p, const char *source, char *why, size_t why_size)
{
	int error;

	if (p->count == PATTERNS_MAX) {
		snprintf(why, why_size, "more than %d patterns", PATTERNS_MAX);
		return -1;
	}
	if (!*source || strlen(source) > PATTERN_LENGTH_MAX) {
		snprintf(why, why_size, "a pattern has 1 to %d characters",
		    PATTERN_LENGTH_MAX);
		return -1;
	}
	error = regcomp(&p->compiled[p->count], source, REG_EXTENDED);
	if (error) {
		regerror(error, &p->compiled[p->count], why, why_size);
		return -1;
	}
	p->source[p->count] = strdup(source);
	if (!p->source[p->count]) {
		regfree(&p->compiled[p->count]);
		snprintf(why, why_size, "out of memory");
		return -1;
	}
	p->count++;
	return 0;
}

void
patterns_release(struct patterns *p)
{
	for (size_t i = 0; i < p->count; i++) {
		regfree(&p->compiled[i]);
		free(p->source[i]);
	}
	p->count = 0;
}
