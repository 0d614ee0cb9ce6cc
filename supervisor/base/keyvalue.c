#include "keyvalue.h"

#include <errno.h>
#include <string.h>

#include "units.h"

enum keyvalue_result
keyvalue_next(const char **at, const char *end, struct keyvalue *line)
{
	size_t left = (size_t)(end - *at);
	const char *newline = left ? memchr(*at, '\n', left) : NULL;
	const char *blank;

	if (!left)
		return KEYVALUE_END;
	if (!newline)
		return KEYVALUE_CUT;
	if (newline == *at)
		return *at = newline + 1, KEYVALUE_EMPTY;
	blank = memchr(*at, ' ', (size_t)(newline - *at));
	if (!blank)
		return KEYVALUE_NO_VALUE;
	*line = (struct keyvalue){
	    .key = *at,
	    .key_size = (size_t)(blank - *at),
	    .value = blank + 1,
	    .value_size = (size_t)(newline - blank - 1),
	};
	*at = newline + 1;
	return KEYVALUE_LINE;
}

bool
keyvalue_is(const struct keyvalue *line, const char *key)
{
	return strlen(key) == line->key_size &&
	       !memcmp(key, line->key, line->key_size);
}

int
keyvalue_copy(const struct keyvalue *line, char *out, size_t out_size)
{
	if (line->value_size >= out_size ||
	    memchr(line->value, '\0', line->value_size))
		return errno = EBADMSG, -1;
	memcpy(out, line->value, line->value_size);
	out[line->value_size] = '\0';
	return 0;
}

int
keyvalue_number(
    const struct keyvalue *line, int64_t min, int64_t max, int64_t *n)
{
	return units_parse_digits(line->value, line->value_size, min, max, n)
		   ? (errno = EBADMSG, -1)
		   : 0;
}
