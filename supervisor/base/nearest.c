#include "nearest.h"

#include <stdio.h>
#include <string.h>

enum { LENGTH_MAX = 63 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment, with three rows of its table. */
size_t
nearest_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	size_t row[3][LENGTH_MAX + 1];
	size_t *before = row[0], *last = row[1], *now = row[2];

	if (la > LENGTH_MAX || lb > LENGTH_MAX)
		return LENGTH_MAX + 1;
	for (size_t j = 0; j <= lb; j++)
		last[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *oldest = before;

		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t change = last[j - 1] + (a[i - 1] != b[j - 1]);

			now[j] = least(change, least(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		before = last;
		last = now;
		now = oldest;
	}
	return last[lb];
}

struct nearest
nearest_to(const char *word)
{
	size_t length = strlen(word);
	size_t edits = length < 4 ? 1 : length < 9 ? 2 : 3;

	return (struct nearest){
	    .word = word,
	    .limit = least(length, edits + 1),
	};
}

void
nearest_try(struct nearest *n, const char *candidate)
{
	size_t distance = nearest_distance(n->word, candidate);

	if (distance < n->limit) {
		n->limit = distance;
		n->found = candidate;
	}
}

void
nearest_hint(const struct nearest *n, char hint[NEAREST_HINT_SIZE])
{
	hint[0] = '\0';
	if (n->found)
		snprintf(hint, NEAREST_HINT_SIZE, "; did you mean '%.200s'?",
		    n->found);
}
