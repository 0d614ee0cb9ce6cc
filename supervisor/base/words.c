#include "words.h"

#include <string.h>

int
words_find(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return i;
	return -1;
}

void
words_list(struct text *t, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (i)
			text_add_string(t, words[i + 1] ? ", " : " or ");
		text_add_string(t, words[i]);
	}
}
