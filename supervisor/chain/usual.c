#include "usual.h"

#include <stdlib.h>
#include <string.h>

void
usual_note(struct usual *u, int64_t duration_ms)
{
	u->ms[u->next] = duration_ms;
	u->next = (u->next + 1) % USUAL_MAX;
	if (u->count < USUAL_MAX)
		u->count++;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int64_t
usual_median_ms(const struct usual *u)
{
	int64_t sorted[USUAL_MAX];

	if (u->count < USUAL_MIN)
		return -1;
	memcpy(sorted, u->ms, u->count * sizeof(*sorted));
	qsort(sorted, u->count, sizeof(*sorted), compare);
	return sorted[u->count / 2];
}
